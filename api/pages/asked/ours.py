"""The caller's agency's own part of a consultation, read once for every page about it. It changes nothing."""

from dataclasses import dataclass
from enum import StrEnum

from api.answered import Signer
from api.errors import Problem
from api.front import Found
from api.pages.page import Page
from api.policy import Action, Role, decide
from api.stored import LaunchWords
from api.views.asks import AskView
from api.views.consultations import ConsultationView, page_view
from domain.clock import VIETNAM
from domain.refusals import Code
from domain.state import Ask, Consultation, Phase, Roll, Stage

RUNNING = (Phase.OPEN, Phase.SYNTHESIS)
# Named with their forms of signing in Decree 30/2020.
FORMS = ("head", "KT", "TL", "TUQ")


class Step(StrEnum):
    """What this person does next about the request, or whom the agency waits for; key of its words."""

    ACKNOWLEDGE = "acknowledge"
    UNCONFIRMED = "unconfirmed"
    ASSIGN = "assign"
    WRITE = "write"
    SIGN = "sign"
    CLARIFY = "clarify"
    COLLEAGUE = "colleague"
    PAUSED = "paused"
    POINTING = "pointing"
    WITH_LEAD = "with_lead"
    DONE = "done"
    ENDED = "ended"


@dataclass(frozen=True)
class Ours:
    """One agency's part. `it`: the consultation with this ask alone; `others`: who else was asked, by name.

    `names`: full names of the agency's people by account; `signs`: the forms in which the caller may sign today.
    """

    page: Page
    found: Found
    state: Consultation
    it: ConsultationView
    ask: AskView
    own: Ask
    launch: LaunchWords
    others: tuple[str, ...]
    names: dict[str, str]
    signs: tuple[str, ...]

    def may(self, action: Action) -> bool:
        """Whether the policy allows this person the action on this ask."""
        return decide(self.page.subject, action, self.found.resource).allowed

    def name(self, account: str | None) -> str:
        """The person's name; the account itself where it is no longer known."""
        return self.names.get(account or "", account or "")

    @property
    def part_options(self) -> list[tuple[str, str]]:
        """The parts of the draft an amendment may be about."""
        return [(part.id, part.label) for part in self.it.parts]

    @property
    def running(self) -> bool:
        """Whether anything can still be sent."""
        return self.state.phase in RUNNING

    @property
    def step(self) -> Step:
        """What comes next for this person."""
        return _step(self)


async def ours(page: Page, id: str, action: Action = Action.READ_ASK) -> Ours:
    """The caller's agency's part. Refuses `not_found` where it was not asked, `forbidden`."""
    agency = page.subject.agency or ""
    found = await page.find(id, action, agency)
    state, launch = await page.state(id), await page.services.launch_of(id)
    own = state.asks.get(found.own_ask.agency)
    if own is None or launch is None:
        raise Problem(Code.NOT_FOUND)
    # Nothing of the others is read: neither their words nor, in a large consultation, their thousands of rows.
    alone = state.model_copy(update={"asks": Roll({agency: own})})
    it = await page_view(page.services, alone, page.subject, found.resource, await page.services.now())
    people = await page.services.accounts.of_agency(agency)
    return Ours(
        page=page,
        found=found,
        state=state,
        it=it,
        ask=it.asks[0],
        own=own,
        launch=launch,
        others=tuple(code for code in state.asks if code != agency),
        names={person.username: person.full_name for person in people},
        signs=await _signs(page, agency, state.field),
    )


async def _signs(page: Page, agency: str, field: str) -> tuple[str, ...]:
    """The forms in which the caller may sign for the agency today, as the door will judge it."""
    account = page.caller.account
    signer = Signer(account.username, head=Role.AGENCY_HEAD in account.roles, known=True)
    day = (await page.services.now()).astimezone(VIETNAM).date()
    return tuple(form for form in FORMS if signer.may_sign(page.services, agency, form, day, field))


def _step(mine: Ours) -> Step:
    standing = _of_others(mine)
    if standing is not None:
        return standing
    if mine.own.acknowledged_at is None and mine.may(Action.RECEIPT):
        return Step.ACKNOWLEDGE
    if mine.own.stage is Stage.SENT:
        return Step.UNCONFIRMED
    return _own_turn(mine)


def _of_others(mine: Ours) -> Step | None:
    """Nothing to do here: over, or somebody else's turn."""
    if not mine.running:
        return Step.ENDED
    if mine.own.open_pause:
        return Step.PAUSED
    waits = {Stage.SETTLED: Step.DONE, Stage.POINTING: Step.POINTING, Stage.WITH_LEAD: Step.WITH_LEAD}
    return waits.get(mine.own.stage)


def _own_turn(mine: Ours) -> Step:
    handler, me = mine.own.handler, mine.page.subject.account
    writes = mine.may(Action.REPLY)
    if mine.own.stage is Stage.RETURNED and writes and (mine.signs or handler in (None, me)):
        return Step.CLARIFY
    if handler is None and mine.may(Action.ASSIGN):
        return Step.ASSIGN
    if writes and handler in (None, me):
        return Step.WRITE
    return Step.SIGN if writes and mine.signs else Step.COLLEAGUE
