"""Replays every history of a folder and prints, per branch, whether its recorded batches came out again."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from workflows.client import CONVERTER
from workflows.registry import WORKFLOWS, sandbox

SEEN: list[Any] = []


class _Out(WorkflowOutboundInterceptor):
    def start_activity(self, input: StartActivityInput) -> Any:
        SEEN.append([input.activity, *[a.model_dump(mode="json") for a in input.args]])
        return super().start_activity(input)


class _In(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_Out(outbound))

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        result = await super().execute_workflow(input)
        SEEN.append(["result", result])
        return result


class KeepInputs(Interceptor):
    """Keeps what the workflow asks of its activities and its result, which Temporal's replay does not compare."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor] | None:
        """One interceptor for every workflow."""
        return _In


async def replay(recorded: dict[str, Any]) -> list[Any]:
    """The activity inputs and the result of one replay; raises on any non-determinism."""
    SEEN.clear()
    history = WorkflowHistory.from_json(recorded["workflow_id"], recorded["history"])
    replayer = Replayer(
        workflows=WORKFLOWS, workflow_runner=sandbox(), data_converter=CONVERTER, interceptors=[KeepInputs()]
    )
    await replayer.replay_workflow(history)
    return list(SEEN)


def holds(recorded: Any, replayed: Any) -> bool:
    """Whether everything recorded came out again; models grow, so newer code may say more, never less or otherwise."""
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        return all(key in replayed and holds(value, replayed[key]) for key, value in recorded.items())
    if isinstance(recorded, list) and isinstance(replayed, list):
        return len(recorded) == len(replayed) and all(map(holds, recorded, replayed))
    return bool(recorded == replayed)


async def _verdicts(corpus: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {n: "same" if holds(r["seen"], await replay(r)) else "different" for n, r in corpus.items()}


if __name__ == "__main__":
    files = sorted(Path(sys.argv[1]).glob("*.json"))
    recorded = {file.stem: json.loads(file.read_text("utf-8")) for file in files}
    sys.stdout.write(json.dumps(asyncio.run(_verdicts(recorded))))
    sys.stdout.flush()
    # The SDK's own threads must have left the interpreter before it ends, or it aborts after all is done and said.
    time.sleep(0.5)
