"""Shared openings of the core's tests: a running consultation, and the code an act is refused with."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.refusals import Code, Refused
from tests.worlds import Desk, consultation


def desk(*agencies: str, now: str = "2026-04-22 09:00", **values: object) -> Desk:
    """A running consultation: launched on Wed 22/4/2026, due Mon 04/5/2026 24:00 unless told otherwise."""
    ready = Desk(consultation(*agencies, **values), now)
    ready.launch()
    return ready


def refusal(act: Callable[..., Any], *args: object, **kwargs: object) -> Code:
    """The code an act is refused with."""
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.code
