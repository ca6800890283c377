"""Every workflow once, with the sandbox it runs in: read by the worker, the replay gate and the tests."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.consultation import ConsultationWorkflow

WORKFLOWS = [ConsultationWorkflow]
# Passed through so that a class imported by the worker and by the workflow is one class, and models load once.
PASSED = ("domain", "activities", "pydantic", "pydantic_core", "annotated_types", "structlog")


def runner() -> SandboxedWorkflowRunner:
    """The production sandbox."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED))
