"""One consultation as its pages read it: its state, its words, and what this reader may see and do.

A page of one consultation is made of the engine's state in a constant number of statements, however many agencies were
asked. Permission is the policy's; nothing here decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.register.queries_story import last_redraft
from api.front import Found
from api.pages.page import Page
from api.policy import Action, decide
from api.stored import LaunchWords
from api.views.consultations import Head, PartView, head_fields, launch_words
from domain.base import Frozen
from domain.rulings import RUNNING
from domain.state import Ask, Consultation, Phase

BASE = "/lay-y-kien"
# The pages of a consultation, and what a reader must be allowed to.
TABS = (
    ("overview", "", Action.SEE),
    ("matrix", "/ma-tran", Action.READ_OPINIONS),
    ("synthesis", "/tong-hop", Action.READ_OPINIONS),
    ("story", "/dien-bien", Action.READ_TIMELINE),
    ("ledger", "/so-cai", Action.READ_LEDGER),
)
ACTS = {
    "approve": Action.APPROVE,
    "discard": Action.DISCARD,
    "withdraw": Action.WITHDRAW,
    "redraft": Action.REDRAFT,
    "close": Action.CLOSE,
    "rule": Action.RULE,
    "urge": Action.URGE,
    "answer": Action.ANSWER_REMARK,
    "exception": Action.GRANT_EXCEPTION,
    "opinions": Action.READ_OPINIONS,
    "cases": Action.READ_ESCALATION,
    "draft_file": Action.READ_DRAFT,
}


class Tab(Frozen):
    """One of the consultation's pages."""

    key: str
    path: str
    current: bool


@dataclass(frozen=True)
class Typed:
    """A form that was not accepted: which one, what stood in it, and why not."""

    form: str
    fields: dict[str, Any]
    problem: dict[str, Any]

    @property
    def status(self) -> int:
        """The refusal's status."""
        return int(self.problem["status"])


@dataclass(frozen=True)
class Reading:
    """Everything a page of this consultation may show to this reader. `parts`: those of the current draft."""

    page: Page
    found: Found
    state: Consultation
    launch: LaunchWords
    parts: tuple[PartView, ...]
    now: datetime

    @property
    def path(self) -> str:
        """The consultation's own page."""
        return f"{BASE}/{self.state.id}"

    @property
    def running(self) -> bool:
        """Whether it is sent and has not ended."""
        return self.state.phase in RUNNING

    @property
    def whole(self) -> bool:
        """Whether the reader sees everybody's opinions."""
        return self.may(Action.READ_OPINIONS)

    def may(self, action: Action, ask: str | None = None) -> bool:
        """Whether the policy allows it."""
        resource = self.found.resource.model_copy(update={"ask": ask})
        return decide(self.page.subject, action, resource).allowed

    def asks(self) -> tuple[Ask, ...]:
        """The asks this reader may read."""
        every = tuple(self.state.asks.values())
        return every if self.whole else tuple(ask for ask in every if self._own(ask))

    def others(self) -> tuple[Ask, ...]:
        """The asks of which the reader sees only that they are there."""
        return () if self.whole else tuple(ask for ask in self.state.asks.values() if not self._own(ask))

    def _own(self, ask: Ask) -> bool:
        return ask.agency == self.page.subject.agency and self.may(Action.READ_ASK, ask.agency)

    def label(self, part: str | None) -> str:
        """A part's label, of the current draft or of the first one."""
        return next((one.label for one in self.parts if one.id == part), "") or self.launch.part_label(part)

    def _agencies(self, codes: Sequence[str], most: int = 8) -> str:
        """The first of these agencies by name, and how many more there are."""
        named = "; ".join(self.page.services.agency_name(code) for code in codes[:most])
        if len(codes) <= most:
            return named
        more = self.page.services.messages.text("consultation.more_people", count=len(codes) - most)
        return f"{named} {more}"

    def context(self, tab: str) -> dict[str, Any]:
        """What every page of the consultation shows."""
        fields = head_fields(self.page.services, self.state, self.launch, self.now)
        return {
            "it": Head.model_validate({**fields, "parts": self.parts}),
            "path": self.path,
            "tabs": [
                Tab(key=key, path=self.path + path, current=key == tab)
                for key, path, action in TABS
                if self.may(action)
            ],
            "can": {name: self.may(action) for name, action in ACTS.items()},
            "running": self.running,
            "own": self.found.own,
            "label": self.label,
            "question": lambda ask, id: self.launch.question(ask, id)["text"],
            "agency_list": self._agencies,
            "typed": None,
        }


async def read(page: Page, id: str, action: Action = Action.SEE, ask: str | None = None) -> Reading:
    """The consultation, if the caller may do this to it. Refuses `not_found`, `forbidden`."""
    found = await page.find(id, action, ask)
    state = await page.state(id)
    launch = await launch_words(page.services, state.content)
    parts = await _parts(page, state, launch)
    return Reading(page, found, state, launch, parts, await page.services.now())


async def _parts(page: Page, state: Consultation, launch: LaunchWords) -> tuple[PartView, ...]:
    """The parts with their words: the launch's, or those that came with the newest version."""
    given = launch.words.get("parts") or ()
    if len(state.drafts) > 1:
        named = await last_redraft(page.services.database, state.id)
        receipt = await page.services.receipts.get(named) if named else None
        words = await page.services.words(receipt.body_sha256) if receipt else {}
        given = words.get("parts") or given
    return tuple(PartView.model_validate(part) for part in given)


def prepared(reading: Reading) -> bool:
    """Whether it still waits for its head."""
    return reading.state.phase is Phase.DRAFT
