"""Every workflow and activity once, with the sandbox they run in: read by the worker, the replay gate and the tests."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.register import LeadersOf, RegisterActivities
from domain.ports import Register
from workflows.consultation import ConsultationWorkflow

WORKFLOWS = [ConsultationWorkflow]
# Passed through so that a class imported by the worker and by the workflow is one class, and models load once.
PASSED = ("domain", "activities", "pydantic", "pydantic_core", "annotated_types", "structlog")


def runner() -> SandboxedWorkflowRunner:
    """The production sandbox."""
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
        workflow_runner=runner(),
        max_cached_workflows=cached,
        # A killed worker's successor must not wait the default ten seconds for work that stuck to the dead one.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        deployment_config=deployment,
    )
