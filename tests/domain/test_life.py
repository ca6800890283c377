"""Any order of acts and any passing of time: what must hold for every consultation, found by Hypothesis."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.advance import advance, wake_at
from domain.clarity.model import Fault, Position
from domain.commands import (
    AnswerRemark,
    AskExtension,
    ClaimIncomplete,
    Close,
    Decide,
    Interim,
    Redraft,
    Rule,
    Urge,
    Withdraw,
)
from domain.decide.conflicts import sides
from domain.refusals import Refused
from domain.state import Consultation, Outcome, Phase, Roll
from domain.synthesis import totals
from domain.terms import Silence
from tests.worlds import Desk, consultation, draft, terms

AGENCIES = ("STC", "SNV", "BHXH")
LATEST = timedelta(days=200)
agencies = st.sampled_from(AGENCIES)
rulings = st.sampled_from(
    [
        "accept_clear",
        "flag_unclear",
        "dispute_pointer",
        "accept_pointer",
        "grant_extension",
        "refuse_extension",
        "dossier_completed",
        "refuse_incomplete",
        "ask_again",
    ]
)
actions = st.sampled_from(
    ["order_reply", "extend", "back_to_lead", "proceed_without", "excuse", "refuse", "accept_clear", "note"]
)


class Life(RuleBasedStateMachine):
    """Acts that are refused change nothing; everything else is kept."""

    @initialize(silence=st.sampled_from([Silence.NONE, Silence.DEEMED_AGREE_LIABLE]), own=st.booleans())
    def launch(self, silence: Silence, own: bool) -> None:
        """Launch with three agencies, one of them central."""
        state = consultation(*AGENCIES, terms=terms(silence=silence), own_authority=own)
        central = state.asks["BHXH"].model_copy(update={"central": True})
        self.desk = Desk(state.model_copy(update={"asks": {**state.asks, "BHXH": central}}), "2026-01-05 09:00")
        self.start = self.desk.now
        self.desk.launch()
        self.replies = 0

    def act(self, act: object, *args: object, **kwargs: object) -> bool:
        """Whether the act was accepted; a refusal must leave the state alone."""
        before = self.desk.state
        try:
            act(*args, **kwargs)  # type: ignore[operator]
        except Refused:
            assert self.desk.state is before
            return False
        return True

    @rule(agency=agencies, position=st.sampled_from(list(Position)), fault=st.none() | st.sampled_from(list(Fault)))
    def reply(self, agency: str, position: Position, fault: Fault | None) -> None:
        """Clear or not, early or late."""
        self.replies += self.act(self.desk.reply, agency, position, *([fault] if fault else []))

    @rule(agency=agencies, competent=st.booleans())
    def point(self, agency: str, competent: bool) -> None:
        """Not ours but theirs."""
        self.replies += self.act(self.desk.point, agency, "SXD", competent)

    @rule(agency=agencies, days=st.integers(1, 30))
    def extension(self, agency: str, days: int) -> None:
        """More time, please."""
        self.act(self.desk.do, AskExtension, agency, until=self.desk.now + timedelta(days=days), content="x")

    @rule(agency=agencies)
    def incomplete(self, agency: str) -> None:
        """Something is missing."""
        self.act(self.desk.do, ClaimIncomplete, agency, items=1, content="x")
        self.act(self.desk.do, Interim, agency, content="x")

    @rule(agency=agencies, ruling=rulings)
    def ruling(self, agency: str, ruling: str) -> None:
        """The lead rules."""
        self.act(self.desk.do, Rule, asked=agency, ruling=ruling, content="x")

    @rule(agency=agencies, side=st.sampled_from(["SGDDT", "VPUB"]))
    def urging(self, agency: str, side: str) -> None:
        """The lead or the Office urges."""
        self.act(self.desk.do, Urge, side, asked=agency)

    @rule(n=st.integers(1, 4), action=actions, days=st.integers(1, 20))
    def decision(self, n: int, action: str, days: int) -> None:
        """The Chairman decides."""
        until = self.desk.now + timedelta(days=days)
        self.act(self.desk.do, Decide, escalation=f"c1.e{n}", leader="CT", action=action, until=until, content="x")

    @rule(agency=agencies, version=st.integers(1, 3))
    def answer(self, agency: str, version: int) -> None:
        """The lead answers a remark and tries to close."""
        self.act(self.desk.do, AnswerRemark, remark=f"{agency}.{version}.1", outcome="accepted")
        self.act(self.desk.do, Close)

    @rule()
    def redraft(self) -> None:
        """Part d1 changes."""
        version = self.desk.state.draft.version + 1
        self.act(self.desk.do, Redraft, draft=draft(version, d1=f"v{version}", d2="b"))

    @rule(really=st.integers(0, 20))
    def withdraw(self, really: int) -> None:
        """Rarely."""
        if really == 20:
            self.act(self.desk.do, Withdraw, content="x")

    @rule(days=st.integers(0, 40), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        """From a moment to forty days, bounded so that the calendar's years suffice."""
        self.desk.now = min(self.desk.now + timedelta(days=days, hours=hours), self.start + LATEST)
        self.desk.keep(advance(self.desk.state, self.desk.now))
        wake = wake_at(self.desk.state)
        assert wake is None or wake > self.desk.now
        assert advance(self.desk.state, self.desk.now).facts == []

    @invariant()
    def facts_are_numbered_without_a_hole(self) -> None:
        """The ledger can be trusted to be whole."""
        numbers = [f.seq for s in self.desk.steps for f in s.facts]
        assert numbers == list(range(1, self.desk.state.seq + 1))

    @invariant()
    def nobody_hears_the_same_thing_twice(self) -> None:
        """A notice's key is its identity."""
        keys = [n.key for s in self.desk.steps for n in s.notices]
        assert sorted(keys) == sorted(dict.fromkeys(keys))

    @invariant()
    def a_running_conflict_has_the_sides_that_counting_anew_finds(self) -> None:
        """Each act moves only those it touched."""
        for conflict in self.desk.state.conflicts:
            if conflict.resolved_at is None:
                assert (conflict.agree, conflict.disagree) == sides(self.desk.state, conflict.part)

    @invariant()
    def what_is_counted_as_it_changes_is_what_counting_anew_finds(self) -> None:
        """And the state before each act keeps its own counts."""
        for state in (self.desk.state, *(s.state for s in self.desk.steps[-2:])):
            kept, anew = state.roll, Roll(dict(state.asks))
            assert (kept.unsettled, kept.against, kept.wakes) == (anew.unsettled, anew.against, anew.wakes)

    @invariant()
    def accepted_replies_never_vanish(self) -> None:
        """Every accepted reply is a version in some ask."""
        assert sum(len(a.replies) for a in self.desk.state.asks.values()) == self.replies

    @invariant()
    def nobody_is_deemed_to_agree_unwarned_or_without_a_rule(self) -> None:
        """Deemed means a rule says so and a reminder or the overdue notice went out before."""
        for agency, ask in self.desk.state.asks.items():
            if ask.outcome is Outcome.DEEMED:
                assert self.desk.state.terms.rule.silence.deems
                warned = [n for n in self.desk.notices if n in (f"reminder>{agency}", f"overdue_head>{agency}")]
                assert warned

    @invariant()
    def the_counts_add_up(self) -> None:
        """Each asked agency is counted once."""
        t = totals(self.desk.state)
        assert t.on_time + t.late + t.silent + t.waiting == t.asked == len(self.desk.state.asks)

    @invariant()
    def the_phase_follows_from_the_asks(self) -> None:
        """Synthesis exactly when everybody is settled."""
        if self.desk.state.phase in (Phase.OPEN, Phase.SYNTHESIS):
            assert self.desk.state.settled == (self.desk.state.phase is Phase.SYNTHESIS)

    @invariant()
    def an_unsettled_agency_is_waited_for_by_someone(self) -> None:
        """No ask may be forgotten: a clock runs, the lead must act, or a leader has the case."""
        if self.desk.state.phase is not Phase.OPEN:
            return
        for ask in self.desk.state.asks.values():
            waited = ask.wake_at or ask.escalation
            assert ask.stage == "settled" or waited, ask

    @invariant()
    def no_case_waits_for_an_agency_that_is_settled(self) -> None:
        """A leader is never asked to decide what is decided; conflicts are about positions, not agencies."""
        settled = [a.agency for a in self.desk.state.asks.values() if a.stage == "settled"]
        for case in self.desk.state.escalations:
            assert case.part or not [a for a in case.undecided if a in settled], case

    @invariant()
    def the_state_survives_its_own_json(self) -> None:
        """What continue-as-new carries is what was there."""
        if self.desk.state.seq % 7 == 0:
            assert Consultation.model_validate_json(self.desk.state.model_dump_json()) == self.desk.state


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
