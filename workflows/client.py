"""The one way to reach Temporal: the same data converter for worker, API, replay and tests."""

from pathlib import Path

from temporalio.client import Client

from adapters.codec import converter

# Without keys; it reads what was stored plain or compressed.
CONVERTER = converter()
TASK_QUEUE = "nghiep-vu"


async def connect(address: str, namespace: str, keys: Path | None = None) -> Client:
    """A client that decodes what the workflows encode. `keys`: the folder of payload keys, if payloads are sealed.

    Raises `RuntimeError` when the server cannot be reached, `KeysUnusable` for a folder without good keys.
    """
    return await Client.connect(address, namespace=namespace, data_converter=converter(keys))


def workflow_id(consultation: str) -> str:
    """One workflow per consultation, found by the consultation's own id."""
    return f"lyk:{consultation}"
