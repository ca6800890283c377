"""What the past says to whoever is about to ask: how often an agency had nothing to say, and who asked alike before.

Reads and compares; nothing is recorded. A consultation the caller may not see is told of without anything of it: that
there was one, and how long ago. Visible ones come first, so that a hidden one never takes their place.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from adapters.register.queries_burden import burdens
from adapters.register.queries_earlier import asked_in, candidates
from api.front import Front
from api.services import Services
from api.views.relevance import EarlierView, HistoryView
from domain.clock import VIETNAM
from domain.relevance import burden, earlier
from domain.relevance.earlier import Earlier


async def histories(
    services: Services, agencies: Sequence[str], field: str | None, draft_kind: str | None, day: date
) -> dict[str, HistoryView]:
    """Each agency's record on drafts of this kind in this field or what contains it, in the 24 months to the day.

    Nothing where field or kind is not known: a record on all drafts would say little about this one.
    """
    if not field or not draft_kind:
        return {}
    fields = services.rulebook.directory.lineage(field)
    since, until = _window(day, burden.MONTHS)
    found = await burdens(services.database, agencies, fields, draft_kind, since, until)
    known = {agency: HistoryView(**dict(history)) for agency, history in found.items()}
    return {agency: known.get(agency, HistoryView(asked=0, nothing_to_say=0)) for agency in agencies}


async def earlier_ones(front: Front, subject: str, summary: str, day: date) -> tuple[EarlierView, ...]:
    """Similar consultations of the 24 months to the day, at most three."""
    services, common = front.services, front.services.suggester.synonyms.common_words
    since, until = _window(day, earlier.MONTHS)
    sought = earlier.sought(subject, summary, common)
    known = await candidates(services.database, front.caller.viewer, sought, since, until)
    alike = earlier.similar(subject, summary, known, common, day, most=len(known))
    shown = sorted(alike, key=lambda one: not one.candidate.seen)[: earlier.MOST]
    asked = await asked_in(services.database, [one.candidate.id for one in shown if one.candidate.seen])
    return tuple(_view(services, one, asked.get(one.candidate.id, ())) for one in shown)


def _window(day: date, months: int) -> tuple[datetime, datetime]:
    """From so many months before the day to the day's end, as instants."""
    since = datetime.combine(earlier.months_before(day, months), time(), VIETNAM)
    return since, datetime.combine(day, time.max, VIETNAM)


def _view(services: Services, one: Earlier, agencies: tuple[str, ...]) -> EarlierView:
    known, when = one.candidate, one.when
    if not known.seen:
        key = when.key.replace("relevance.earlier.", "relevance.earlier_hidden.")
        return EarlierView(sentence=services.messages.text(key, **when.params))
    lead_name = services.agency_name(known.lead)
    sentence = services.messages.text(when.key, **when.params, subject=known.subject, lead_name=lead_name)
    return EarlierView(
        sentence=sentence,
        id=known.id,
        subject=known.subject,
        lead=known.lead,
        lead_name=lead_name,
        sent_at=known.sent_at,
        closed=known.closed,
        agencies=agencies,
        similarity=one.similarity,
        words=one.words,
    )
