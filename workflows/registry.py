"""Every workflow and activity once: read by the worker, the replay gate and the tests.

The worker runs workflows outside Temporal's sandbox, which would cost a quarter of its processor time and sees only
`workflows/`: `domain/` must be passed through it. tests/architecture look for what it forbids, in both; the replay
gate runs in it.
"""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.register import LeadersOf, RegisterActivities
from domain.ports import Register
from workflows.consultation import ConsultationWorkflow

WORKFLOWS = [ConsultationWorkflow]
# Passed through so that a class imported by the worker and by the workflow is one class, and models load once.
PASSED = ("domain", "activities", "pydantic", "pydantic_core", "annotated_types", "structlog")


def sandbox() -> SandboxedWorkflowRunner:
    """Temporal's sandbox, for the replay gate."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED))


def build_worker(
    client: Client,
    register: Register,
    task_queue: str,
    *,
    leaders_of: LeadersOf | None = None,
    deployment: WorkerDeploymentConfig | None = None,
    cached: int = 1000,
) -> Worker:
    """A worker of everything listed here; production and tests build the same one. `cached`: workflows in memory."""
    activities = RegisterActivities(register, leaders_of)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=[activities.record, activities.undelivered],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=cached,
        # A killed worker's successor must not wait the default ten seconds for work that stuck to the dead one.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        deployment_config=deployment,
    )
