"""Whether a worker of this machine asks Temporal for work: what a container's health check wants to know."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.service import RPCError

from adapters.settings import Settings
from workflows.client import connect

# The SDK's threads still hold the loop for a moment; ending it under them aborts the process.
SETTLE_SECONDS = 0.3
# A worker asks again every minute; Temporal remembers one that has gone for some minutes more.
RECENT = timedelta(seconds=150)


async def polled_from_here(settings: Settings) -> bool:
    """Whether the task queue has a poller whose identity, `pid@host`, ends in this host's name and who asked lately."""
    try:
        client = await connect(settings.temporal_address, settings.temporal_namespace)
        queue = TaskQueue(name=settings.task_queue)
        kind = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
        asked = DescribeTaskQueueRequest(namespace=client.namespace, task_queue=queue, task_queue_type=kind)
        answer = await client.workflow_service.describe_task_queue(asked, retry=True)
    except (RPCError, RuntimeError):
        return False
    finally:
        await asyncio.sleep(SETTLE_SECONDS)
    since = datetime.now(UTC) - RECENT
    here = [poller for poller in answer.pollers if poller.identity.endswith(f"@{socket.gethostname()}")]
    return any(poller.last_access_time.ToDatetime(UTC) > since for poller in here)
