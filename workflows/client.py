"""The one way to reach Temporal: the same data converter for worker, API, replay and tests."""

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

CONVERTER = pydantic_data_converter
TASK_QUEUE = "nghiep-vu"


async def connect(address: str, namespace: str) -> Client:
    """A client that decodes what the workflows encode. Raises `RuntimeError` when the server cannot be reached."""
    return await Client.connect(address, namespace=namespace, data_converter=CONVERTER)


def workflow_id(consultation: str) -> str:
    """One workflow per consultation, found by the consultation's own id."""
    return f"lyk:{consultation}"
