"""Records the replay corpus: one history per branch, from the real workflow on a time-skipping server.

Run `YKIEN_RECORD=yes python -m tests.replay.record` only when a change of the command order was patched and the old
corpus is green; add branches rather than replacing files.
"""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from temporalio.testing import WorkflowEnvironment

from domain.clarity.model import Position
from domain.commands import AnswerRemark, Close, Decide, Interim, Redraft, Rule, Urge, Withdraw
from domain.state import Ask, Pointer
from domain.terms import Silence
from tests.replay.replay import replay
from tests.servers.temporal import add_search_attributes
from tests.workflows.stage import Play, stage
from tests.worlds import at, consultation, draft, terms
from workflows.client import CONVERTER
from workflows.search_attributes import REGISTERED

# What happens; the answer is the run whose history is kept, if not the last.
Branch = Callable[[Play], Awaitable[Any]]
HISTORIES = Path(__file__).parent / "histories"


async def closed(play: Play) -> None:
    """A dissent is answered and the consultation closed."""
    await play.launch(consultation("STP"))
    await play.send(play.reply("STP", Position.DISAGREE))
    await play.do(AnswerRemark, remark="STP.1.1", outcome="accepted")
    await play.do(Close)


async def withdrawn(play: Play) -> None:
    """Withdrawn before anyone answered."""
    await play.launch(consultation("STC"))
    await play.do(Withdraw, content="sha")


async def escalated(play: Play) -> None:
    """Silence, both rungs, and the leader's decision."""
    await play.launch(consultation("STC"))
    await play.pass_to(at("2026-05-08 09:00"))
    await play.do(Decide, "UBT", escalation=f"{play.state.id}.e1", leader="CT", action="proceed_without", content="sha")
    await play.do(Close)


async def deemed(play: Play) -> None:
    """The rule gives silence its effect."""
    await play.launch(consultation("SNNMT", terms=terms(silence=Silence.DEEMED_AGREE_LIABLE)))
    await play.pass_to(at("2026-05-06 09:00"))
    await play.do(Close)


async def rerouted(play: Play) -> None:
    """A pointer is accepted and the right agency answers."""
    await play.launch(consultation("SVHTTDL"))
    pointer = Pointer(question="q1", agency="CAT", competent=True)
    await play.send(play.reply("SVHTTDL", Position.OUT_OF_FUNCTION, pointers=(pointer,), remarks=()))
    seed = Ask(agency="CAT", parts=("d1",), questions=("q1",))
    await play.do(Rule, asked="SVHTTDL", ruling="accept_pointer", reroute=seed)
    await play.send(play.reply("CAT"))
    await play.do(Close)


async def redrafted(play: Play) -> None:
    """A second draft, asked again."""
    await play.launch(consultation("STP"))
    await play.send(play.reply("STP"))
    await play.do(Redraft, draft=draft(2, d1="đổi", d2="b"))
    await play.send(play.reply("STP", draft_sha256="draft-2"))
    await play.do(Close)


async def renewed(play: Play) -> None:
    """The second run after continue-as-new."""
    await play.launch(consultation("STC"))
    await play.do(Interim, "STC", content="sha")
    await play.handle.signal("renew")
    await play.send(play.reply("STC"))
    await play.do(Close)


async def fetched(play: Play) -> None:
    """A stored receipt is fetched before anyone is overdue."""
    await play.launch(consultation("STC", "SNV"))
    play.register.waiting.append(play.reply("STC"))
    await play.pass_to(at("2026-05-05 09:00"))
    await play.do(Withdraw, content="sha")


async def bundled(play: Play) -> None:
    """Three submissions in one message, one of them refused."""
    await play.launch(consultation("STC", "SNV"))
    await play.send_all(play.reply("STC"), play.reply("SYT"), play.reply("SNV"))
    await play.do(Close)


async def handed_over(play: Play) -> None:
    """A run that begins with facts the one before had not recorded."""
    await _pile_up(play)
    await play.do(Close)


async def handing_over(play: Play) -> str | None:
    """The run before: it is told to renew while facts pile up behind a record under way."""
    await _pile_up(play)
    await play.do(Close)
    return play.handle.first_execution_run_id


async def _pile_up(play: Play) -> None:
    await play.launch(consultation("STC", "SNV"))
    await play.register.heard("sent")
    await play.clock.settled(play.handle)  # type: ignore[union-attr]
    play.register.open.clear()
    await play.send(play.reply("STC"))
    await play.send(play.reply("SNV"))
    await play.handle.signal("renew")
    play.register.open.set()


async def urged(play: Play) -> None:
    """The Office urges, the agency answers, the lead closes."""
    await play.launch(consultation("STC"))
    await play.do(Urge, "VPUB", asked="STC", content="sha")
    await play.send(play.reply("STC", Position.AGREE))
    await play.do(Close)


BRANCHES: tuple[Branch, ...] = (
    *(closed, withdrawn, escalated, deemed, rerouted, redrafted, renewed, fetched),
    *(bundled, handed_over, handing_over, urged),
)


async def record(act: Branch) -> dict[str, Any]:
    """Play one branch to its end: its last run's history, or that of the run it names, with what its workflow asked."""
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=shutil.which("temporal-test-server", path=Path(sys.executable).parent.as_posix()),
        data_converter=CONVERTER,
    )
    async with env:
        await add_search_attributes(env.client, dict(REGISTERED))
        with env.auto_time_skipping_disabled():
            async with stage(env, at("2026-04-22 09:00")) as play:
                run = await act(play)
                await play.clock.settled(play.handle)  # type: ignore[union-attr]
                history = await play.client.get_workflow_handle(play.handle.id, run_id=run).fetch_history()
    entry: dict[str, Any] = {"workflow_id": history.workflow_id, "history": history.to_json_dict()}
    return {**entry, "seen": await replay(entry)}


if __name__ == "__main__":
    if os.environ.get("YKIEN_RECORD") != "yes":
        sys.exit("set YKIEN_RECORD=yes to record what the corpus has not yet; name a branch to record it anew")
    for branch in BRANCHES:
        file = HISTORIES / f"{branch.__name__}.json"
        if branch.__name__ in sys.argv[1:] or not file.exists():
            told = json.dumps(asyncio.run(record(branch)), ensure_ascii=False, sort_keys=True, indent=1)
            file.write_text(told + "\n", "utf-8")
