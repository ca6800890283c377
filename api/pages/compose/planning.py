"""What the buttons beside the agencies do to the form: add, replace, merge, take out, one more question.

Pure: the form in, the form out. Whether the result may be sent is the gate's to say.
"""

from collections.abc import Callable, Iterable
from datetime import date

from api.pages.compose.written import AskWritten, PartWritten, QuestionWritten, Written, free_id
from domain.gate_match import Named
from domain.rulebook import Rulebook

Change = Callable[[Written], Written]


def best_part(rulebook: Rulebook, function: str, parts: Iterable[PartWritten]) -> str:
    """The part whose words come nearest to the function's; the only one where there is one; none where none does."""
    labelled = [part for part in parts if part.label.strip()]
    if len(labelled) == 1:
        return labelled[0].id
    if not function or rulebook.directory.find_function(function) is None:
        return ""
    scored = [(rulebook.matching.evidence(function, Named.of([p.label, p.text[:4000]])), p.id) for p in labelled]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] > 0 else ""


def added(agency: str, function: str, part: str, question: str) -> Change:
    """The agency asked by the function about the part; one that is asked already gets function and part besides."""
    functions, parts = tuple(filter(None, [function])), tuple(filter(None, [part]))

    def change(written: Written) -> Written:
        known = written.ask(agency)
        if known is None:
            first = QuestionWritten(text=question, closed=True, part=part)
            new = AskWritten(agency=agency, functions=functions, parts=parts, questions=(first,))
            return _with(written, (*written.asks, new))
        both = known.model_copy(
            update={"functions": _joined(known.functions, functions), "parts": _joined(known.parts, parts)}
        )
        return _with(written, _put(written.asks, known, both))

    return change


def dropped(agency: str) -> Change:
    """The agency no longer asked."""
    return lambda written: _with(written, tuple(ask for ask in written.asks if ask.agency != agency))


def replaced(agency: str, other: str, function: str) -> Change:
    """The other agency asked instead, by the function, with the same parts and questions."""

    def change(written: Written) -> Written:
        known = written.ask(agency)
        if known is None:
            return written
        functions = tuple(filter(None, [function]))
        moved = known.model_copy(update={"agency": other, "functions": functions, "request_exception": False})
        if agency != other and written.ask(other):
            return merged(other)(_with(written, _put(written.asks, known, moved)))
        return _with(written, _put(written.asks, known, moved))

    return change


def merged(agency: str) -> Change:
    """All the agency's entries made one."""

    def change(written: Written) -> Written:
        same = [ask for ask in written.asks if ask.agency == agency]
        if len(same) < 2:
            return written
        one = same[0].model_copy(
            update={
                "functions": _joined(*(ask.functions for ask in same)),
                "parts": _joined(*(ask.parts for ask in same)),
                "questions": tuple(dict.fromkeys(q for ask in same for q in ask.questions if q.text.strip())),
            }
        )
        others = tuple(ask for ask in written.asks if ask.agency != agency or ask is same[0])
        return _with(written, _put(others, same[0], one))

    return change


def excepted(agency: str, wanted: bool) -> Change:
    """Whether the leader in charge is to be asked to allow this agency."""

    def change(written: Written) -> Written:
        known = written.ask(agency)
        new = known and known.model_copy(update={"request_exception": wanted})
        return _with(written, _put(written.asks, known, new)) if known and new else written

    return change


def questioned(agency: str, part: str = "") -> Change:
    """One more question to the agency."""

    def change(written: Written) -> Written:
        known = written.ask(agency)
        if known is None:
            return written
        new = known.model_copy(update={"questions": (*known.questions, QuestionWritten(closed=True, part=part))})
        return _with(written, _put(written.asks, known, new))

    return change


def unquestioned(agency: str, place: int) -> Change:
    """The agency's question at the place (from 0) taken out."""

    def change(written: Written) -> Written:
        known = written.ask(agency)
        if known is None:
            return written
        left = tuple(q for number, q in enumerate(known.questions) if number != place)
        return _with(written, _put(written.asks, known, known.model_copy(update={"questions": left})))

    return change


def with_part(written: Written) -> Written:
    """One more part of the draft."""
    new = PartWritten(id=free_id(part.id for part in written.parts))
    return written.model_copy(update={"parts": (*written.parts, new)})


def without_part(id: str) -> Change:
    """The part taken out; nobody is asked about it any more."""
    return lambda written: written.model_copy(update={"parts": tuple(p for p in written.parts if p.id != id)})


def duties(rulebook: Rulebook, rule_set: str, written: Written, lead: str, day: date) -> tuple[str, ...]:
    """The agencies a rule obliges to be asked about this kind of draft on the day."""
    laws = rulebook.directory.mandatory(written.draft_kind, day)
    lines = rulebook.lines(rule_set, written.draft_kind, day) if _known(rulebook, written.draft_kind) else ()
    chosen = [line for line in lines if line.code == written.rule] or [line for line in lines if line.default]
    named = [code for law in laws for code in law.agencies]
    named += [code for line in chosen[:1] for code in line.mandatory_agencies]
    standing = [heir for code in named for heir in rulebook.directory.successors(code, day)]
    return tuple(code for code in dict.fromkeys(standing) if code != lead)


def _known(rulebook: Rulebook, draft_kind: str) -> bool:
    return any(kind.code == draft_kind for kind in rulebook.draft_kinds)


def _with(written: Written, asks: tuple[AskWritten, ...]) -> Written:
    return written.model_copy(update={"asks": asks})


def _put(asks: Iterable[AskWritten], old: AskWritten, new: AskWritten) -> tuple[AskWritten, ...]:
    return tuple(new if ask is old else ask for ask in asks)


def _joined(*lists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for listed in lists for one in listed))
