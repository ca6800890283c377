"""Named patience: how long and how often an activity is tried, with the reason."""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig

# A record is owed for ever: the register may be down for a night, and nothing may be skipped because of it. It takes
# less than a second; what has not ended after twenty was in a worker that died, and recording twice does no harm.
RECORD = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=20),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30)),
)
