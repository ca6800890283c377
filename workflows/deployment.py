"""Which version of the code decides: consultations last weeks, so running ones follow the current worker.

A change of the command order is patched; a new build only has to be made current.
"""

from importlib.metadata import version

from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import WorkerDeploymentConfig

NAME = "ykien"


def build() -> WorkerDeploymentVersion:
    """This installation's version of the code."""
    return WorkerDeploymentVersion(deployment_name=NAME, build_id=version("ykien"))


def versioned() -> WorkerDeploymentConfig:
    """The worker's declaration; a server that knows no deployments (the time-skipping one) must not be given it."""
    return WorkerDeploymentConfig(
        version=build(), use_worker_versioning=True, default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE
    )


async def make_current(client: Client) -> None:
    """Let this build take over new and running consultations; idempotent, and right before the first poll too.

    Temporal closes every connection after five minutes, under a worker's long poll too; the next call on it is then
    cancelled before it was sent. Only a call that says it may be retried is sent again by the SDK.
    """
    current = build()
    await client.workflow_service.set_worker_deployment_current_version(
        SetWorkerDeploymentCurrentVersionRequest(
            namespace=client.namespace,
            deployment_name=current.deployment_name,
            build_id=current.build_id,
            identity=client.identity,
            ignore_missing_task_queues=True,
            allow_no_pollers=True,
        ),
        retry=True,
    )
