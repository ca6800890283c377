"""The engine's queue in numbers: how much work waits, since when, and when a worker last asked for some.

It reads the server's answers and talks to nobody; the gateway does.
"""

from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, DescribeTaskQueueResponse

from domain.base import Frozen

KINDS = (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)


class QueueSight(Frozen):
    """Both kinds of work together, about as the server guesses it.

    `waiting`: pieces of work nobody has taken; `behind`: how long the oldest of them has waited; `workers`: how many
    asked for work in the last minutes; `heard_at`: when one last did, None if none did.
    """

    waiting: int
    behind: timedelta
    workers: int
    heard_at: datetime | None


def question(namespace: str, task_queue: str, kind: TaskQueueType.ValueType) -> DescribeTaskQueueRequest:
    """What to ask the server."""
    return DescribeTaskQueueRequest(
        namespace=namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=kind,
        report_stats=True,
        report_pollers=True,
    )


def sight(answers: list[DescribeTaskQueueResponse]) -> QueueSight:
    """What the answers say together."""
    polls = [poller for one in answers for poller in one.pollers]
    heard = [poller.last_access_time.ToDatetime(tzinfo=UTC) for poller in polls]
    return QueueSight(
        waiting=sum(one.stats.approximate_backlog_count for one in answers),
        behind=max((one.stats.approximate_backlog_age.ToTimedelta() for one in answers), default=timedelta(0)),
        workers=len(dict.fromkeys(poller.identity for poller in polls)),
        heard_at=max(heard, default=None),
    )
