"""What every test may use: the servers' fixtures, the clause report, and Hypothesis without a clock."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.clause_coverage",
    "tests.servers.postgres",
    "tests.servers.databases",
    "tests.servers.temporal",
    "tests.servers.mail",
]

# A slow machine is no failure: no deadline for one example. `YKIEN_EXAMPLES=5000 make test` looks longer.
settings.register_profile(
    "ykien",
    deadline=None,
    max_examples=int(os.environ.get("YKIEN_EXAMPLES", "100")),
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("ykien")
