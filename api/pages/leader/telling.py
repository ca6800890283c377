"""A case in the two sentences that matter: what was asked and who owes what; and what happens if nobody decides.

Everything a list needs is read in a constant number of statements, however many cases there are.
"""

from collections.abc import Sequence

from adapters.register.queries_cases import asks_at, launches
from adapters.register.queries_escalations import EscalationRow
from api.front import Front
from api.pages.words import Urgency, Words
from api.stored import LaunchWords, parsed
from domain.base import Frozen
from domain.choices import quick
from domain.state import Ask, Escalation

# Of a case about thousands of communes the sentence names these many.
NAMED = 3
LONGEST_QUESTION = 260


class Card(Frozen):
    """A case in a list. `mine`: the reader decides it; `quick`: what may be decided without opening it."""

    case: Escalation
    kind: str
    consultation: str
    subject: str
    number: str
    lead: str
    field: str
    what: str
    otherwise: str
    mine: bool = False
    quick: tuple[str, ...] = ()


async def cards(front: Front, rows: Sequence[EscalationRow], words: Words) -> tuple[Card, ...]:
    """The cases in words; two statements."""
    db = front.services.database
    asks = await asks_at(db, [(r.consultation, agency) for r in rows for agency in r.escalation.agencies[:NAMED]])
    found = await launches(db, [row.consultation for row in rows])
    stored = {id: LaunchWords(parsed(data)) for id, data in found.items()}
    return tuple(_card(front, row, asks, stored.get(row.consultation) or LaunchWords({}), words) for row in rows)


def _card(
    front: Front, row: EscalationRow, asks: dict[tuple[str, str], Ask], launch: LaunchWords, words: Words
) -> Card:
    case = row.escalation
    named = [asks[key] for agency in case.agencies[:NAMED] if (key := (row.consultation, agency)) in asks]
    mine = is_mine(front, row)
    return Card(
        case=case,
        kind=kind_of(case),
        **{name: getattr(row, name) for name in ("consultation", "subject", "lead", "field")},
        number=row.doc_number,
        what=what(words, case, row.lead, named, launch),
        otherwise=otherwise(words, case, front.services.rulebook.directory.chairman),
        mine=mine,
        quick=quick(case) if mine else (),
    )


def is_mine(front: Front, row: EscalationRow) -> bool:
    """Whether the reader is expected to decide the case, by today's assignment; the domain checks when it is done."""
    me, case = front.subject.leader, row.escalation
    if me is None:
        return False
    at_the_top = case.rung > 1 and me == front.services.rulebook.directory.chairman
    return row.field in front.caller.viewer.fields or case.leader == me or at_the_top


def kind_of(case: Escalation) -> str:
    """The key of the case's name and sentence."""
    return "report_only" if case.path == "report_only" else case.kind


def what(words: Words, case: Escalation, lead: str, asks: Sequence[Ask], launch: LaunchWords) -> str:
    """Who asked what, and who has not answered properly, how late."""
    kind, first = kind_of(case), asks[0] if asks else None
    key = f"leader.what.{kind}" if words.has(f"leader.what.{kind}") else "leader.what.other"
    if len(case.agencies) > 1:
        key = f"{key}_many" if words.has(f"{key}_many") else key if kind == "conflict" else "leader.what.other"
    extension = next((e for e in first.extensions if e.outcome == "to_leader"), None) if first else None
    return words.text(
        key,
        lead=words.agency(lead),
        agency=words.agency(case.agencies[0]),
        agencies=names(words, case.agencies),
        question=question(launch, first),
        times=len(first.replies) if first else 0,
        late=_late(words, asks),
        until=words.at(extension.until) if extension else "",
        part=launch.part_label(case.part),
    )


def otherwise(words: Words, case: Escalation, chairman: str) -> str:
    """What happens if nobody decides, and when."""
    due = words.at(case.due_at)
    if case.rung > 1 or words.urgency(case.due_at) is Urgency.OVERDUE:
        return words.text("leader.otherwise.second", due=due)
    if case.path == "report_only":
        return words.text("leader.otherwise.report_only", due=due)
    return words.text("leader.otherwise.chairman" if case.leader == chairman else "leader.otherwise.first", due=due)


def names(words: Words, agencies: Sequence[str]) -> str:
    """The agencies' names, the first few of many."""
    shown = ", ".join(words.agency(code) for code in agencies[:NAMED])
    left = len(agencies) - NAMED
    return words.text("leader.and_more", agencies=shown, count=left) if left > 0 else shown


def question(launch: LaunchWords, ask: Ask | None) -> str:
    """The first question put to the agency, cut where it is very long."""
    text = str(launch.question(ask, ask.questions[0]).get("text") or "") if ask and ask.questions else ""
    return text if len(text) <= LONGEST_QUESTION else text[:LONGEST_QUESTION].rsplit(" ", 1)[0] + "…"


def _late(words: Words, asks: Sequence[Ask]) -> str:
    due = min((ask.due_at for ask in asks if ask.due_at), default=None)
    return words.left(due) if words.urgency(due) is Urgency.OVERDUE else words.text("leader.not_late")
