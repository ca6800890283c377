"""What every fault test ends with: the accounting, printed into the report whatever comes out."""

from collections.abc import Callable

import pytest

from bench.accounting import Counts

Proved = Callable[[Counts], None]


@pytest.fixture
def proved(request: pytest.FixtureRequest) -> Proved:
    """Show the accounting's line in the test's report, and demand that nothing is lost, doubled or otherwise wrong."""

    def prove(counts: Counts) -> None:
        request.node.add_report_section("call", "accounting", counts.line)
        assert counts.faults == ()
        assert (counts.lost, counts.doubled, counts.unknown) == (0, 0, 0)
        assert counts.sent > 0

    return prove
