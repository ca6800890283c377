"""The workflow as a driver: updates, timers, catch-up, one record for many facts; rules are tested in tests/domain."""

import asyncio

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from domain.clarity.model import Position
from domain.commands import AnswerRemark, Close, Interim, Urge, Withdraw
from domain.state import Phase
from tests.workflows.stage import stage
from tests.worlds import at, consultation

START = at("2026-04-22 09:00")


async def test_a_launch_and_a_reply_come_back_with_their_decisions(time_skipping: WorkflowEnvironment) -> None:
    """The answer of an update is the decision itself; the register hears of it in order."""
    async with stage(time_skipping, START) as play:
        launched = await play.launch(consultation("STC", "SNV"))
        assert (launched.phase, launched.kinds[:2]) == ("open", ("prepared", "launched"))
        decided = await play.send(play.reply("STC"))
        assert (decided.stage, decided.kinds) == ("settled", ("replied", "settled"))
        await play.clock.settled(play.handle)
        assert play.register.seq == decided.seq


@pytest.mark.clause("H30", "T07")
async def test_silence_escalates_by_itself_at_the_instant_that_was_due(time_skipping: WorkflowEnvironment) -> None:
    """Nobody presses anything: timers remind, mark overdue, escalate, go to the second rung."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STC"))
        await play.pass_to(at("2026-05-08 09:00"))
        facts = {f.kind: f.at for f in play.register.facts}
        assert facts["overdue"] == at("2026-05-05 00:00")
        assert facts["escalated"] == at("2026-05-05 08:30")
        assert facts["second_rung"] == at("2026-05-07 00:00")


@pytest.mark.clause("H13")
async def test_urging_is_recorded_by_name_once_a_working_day_and_silence_goes_its_way(
    time_skipping: WorkflowEnvironment,
) -> None:
    """The second of a day is refused at the door, the next day's counts, and no clock has moved."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STC"))
        decided = await play.do(Urge, "VPUB", asked="STC", content="sha")
        assert (decided.agency, decided.stage, decided.kinds) == ("STC", "delivered", ("urged",))
        with pytest.raises(WorkflowUpdateFailedError) as caught:
            await play.do(Urge, "VPUB", asked="STC")
        assert isinstance(caught.value.cause, ApplicationError)
        assert caught.value.cause.type == "urged_today"
        await play.pass_to(at("2026-05-05 08:29"))
        await play.do(Urge, "VPUB", asked="STC")
        await play.pass_to(at("2026-05-05 09:00"))
        facts = [(f.kind, f.actor, f.at) for f in play.register.facts if f.kind in ("urged", "escalated")]
        assert [kind for kind, _, _ in facts] == ["urged", "urged", "escalated"]
        assert facts[0][1] == "người.VPUB"
        assert facts[2][2] == at("2026-05-05 08:30")
        told = [(n.kind, n.audience) for b in play.register.batches for n in b.notices if n.kind.startswith("urged")]
        assert told == [("urged", "agency"), ("urged_overdue", "agency"), ("urged_overdue", "head")]


async def test_a_refusal_leaves_no_trace_in_history(time_skipping: WorkflowEnvironment) -> None:
    """The validator refuses with the domain's code; nothing is recorded."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STC"))
        before = await play.now()
        with pytest.raises(WorkflowUpdateFailedError) as caught:
            await play.send(play.reply("SYT"))
        assert isinstance(caught.value.cause, ApplicationError)
        assert caught.value.cause.type == "not_asked"
        assert await play.now() == before


async def test_a_receipt_delivered_five_times_takes_effect_once(time_skipping: WorkflowEnvironment) -> None:
    """Duplicates under new update ids are recognised by the receipt."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STC", "SNV"))
        reply = play.reply("STC")
        for n in range(5):
            await play.handle.execute_update("submit", reply, id=f"copy-{n}")
        assert len((await play.now()).asks["STC"].replies) == 1


async def test_replies_at_once_are_all_kept_and_recorded_in_few_batches(time_skipping: WorkflowEnvironment) -> None:
    """Thirty agencies at one moment: every fact once and in order, fewer records than replies."""
    agencies = tuple(f"X{n:02}" for n in range(30))
    async with stage(time_skipping, START) as play:
        await play.launch(consultation(*agencies))
        gate = asyncio.Semaphore(8)

        async def send(agency: str) -> None:
            async with gate:
                await play.send(play.reply(agency))

        await asyncio.gather(*(send(a) for a in agencies))
        await play.clock.settled(play.handle)
        assert play.register.kinds.count("replied") == 30
        assert len(play.register.batches) < 30
        assert (await play.now()).phase is Phase.SYNTHESIS


async def test_a_receipt_that_never_reached_the_workflow_is_fetched_before_anyone_is_overdue(
    time_skipping: WorkflowEnvironment,
) -> None:
    """The reply was stored in time; only its delivery failed: no overdue mark, no lateness."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STC"))
        play.register.waiting.append(play.reply("STC"))
        await play.pass_to(at("2026-05-06 09:00"))
        assert "overdue" not in play.register.kinds
        assert play.register.kinds.count("replied") == 1


async def test_more_waiting_receipts_than_a_message_holds_are_all_fetched(time_skipping: WorkflowEnvironment) -> None:
    """Read on until there is no more: nobody is held overdue because others waited before."""
    agencies = tuple(f"X{n}" for n in range(5))
    async with stage(time_skipping, START) as play:
        await play.launch(consultation(*agencies))
        play.register.page = 2
        play.register.waiting += [play.reply(agency) for agency in agencies]
        await play.pass_to(at("2026-05-06 09:00"))
        assert play.register.kinds.count("replied") == 5
        assert "overdue" not in play.register.kinds


async def test_a_bundle_is_decided_one_by_one_and_a_refused_one_changes_nothing(
    time_skipping: WorkflowEnvironment,
) -> None:
    """Each has its own answer, in order; a receipt twice in it takes effect once."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STC", "SNV"))
        first = play.reply("STC")
        handled = await play.send_all(first, play.reply("SYT"), first, play.reply("SNV"))
        assert [one.code for one in handled] == [None, "not_asked", None, None]
        state = await play.now()
        assert [len(ask.replies) for ask in state.asks.values()] == [1, 1]


async def test_facts_that_pile_up_behind_a_record_go_with_the_fresh_run(time_skipping: WorkflowEnvironment) -> None:
    """A steady stream cannot keep a run from ending, and nothing decided is lost or recorded twice."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STC", "SNV"))
        await play.clock.settled(play.handle)
        play.register.open.clear()
        await play.send(play.reply("STC"))
        await play.send(play.reply("SNV"))
        await play.handle.signal("renew")
        play.register.open.set()
        await play.do(Close)
        assert await play.clock.result(play.client.get_workflow_handle(play.handle.id)) == "closed"
        assert [f.seq for f in play.register.facts] == list(range(1, play.register.seq + 1))
        assert play.register.kinds.count("replied") == 2
        described = await play.client.get_workflow_handle(play.handle.id).describe()
        assert described.run_id != play.handle.first_execution_run_id


async def test_a_closed_consultation_ends_its_workflow(time_skipping: WorkflowEnvironment) -> None:
    """Everything recorded, then the run returns its phase."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STP"))
        await play.send(play.reply("STP", Position.DISAGREE))
        await play.do(AnswerRemark, remark="STP.1.1", outcome="accepted")
        await play.do(Close)
        assert await play.clock.result(play.handle) == "closed"
        assert play.register.kinds[-1] == "closed"


async def test_a_withdrawn_consultation_ends_its_workflow(time_skipping: WorkflowEnvironment) -> None:
    """Withdrawn is a state, not a cancellation."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STC"))
        await play.do(Withdraw, content="sha")
        assert await play.clock.result(play.handle) == "withdrawn"


async def test_many_events_continue_as_new_and_lose_nothing(time_skipping: WorkflowEnvironment) -> None:
    """A run that gets long hands its whole state to the next one, with replies arriving meanwhile."""
    async with stage(time_skipping, START) as play:
        await play.launch(consultation("STC"))
        for n in range(12):
            await play.do(Interim, "STC", content=f"lần {n}")
        await play.handle.signal("renew")
        for n in range(12):
            await play.do(Interim, "STC", content=f"lần {12 + n}")
        await play.clock.settled(play.handle)
        state = await play.now()
        assert state.asks["STC"].interims == 24
        described = await play.client.get_workflow_handle(play.handle.id).describe()
        assert described.run_id != play.handle.first_execution_run_id
        assert play.register.kinds.count("interim") == 24


async def test_a_consultation_of_a_thousand_is_launched_reminded_and_escalated(
    time_skipping: WorkflowEnvironment,
) -> None:
    """Payloads and workflow tasks stay within Temporal's limits: many facts are recorded in slices, without a hole."""
    agencies = tuple(f"X{n:04}" for n in range(1000))
    async with stage(time_skipping, START) as play:
        await play.launch(consultation(*agencies))
        await play.pass_to(at("2026-05-05 08:31"))
        kinds = play.register.kinds
        assert (kinds.count("sent"), kinds.count("overdue"), kinds.count("escalated")) == (1000, 1000, 1000)
        assert max(len(b.facts) for b in play.register.batches) <= 500
        recorded = {a.agency: a for b in play.register.batches for a in b.asks}
        assert recorded == (await play.now()).asks
