"""What is shipped, looked at: whether it is what was measured, what it weighs, and whether it names who is gone."""

from collections.abc import Iterator, Sequence
from datetime import date
from statistics import pstdev
from typing import Any

from adapters.lexicon import load_instrument, load_suggester
from adapters.rules import load_rulebook
from bench.instruments.drafts import LabelledDraft, read_drafts
from bench.instruments.examples import read_examples
from bench.instruments.making import learnable
from bench.instruments.measured import agencies_table, faults_table
from bench.instruments.places import GIVEN_DRAFTS, RULES, UNSEEN_DRAFTS, UNSEEN_REPLIES
from bench.instruments.relevance import MOST
from domain.clarity import Instrument, assess
from domain.clarity.assess import flaws_by_rule
from domain.clarity.learned import read
from domain.clarity.model import Fault, Position
from domain.clarity.signs import answered_chances, reply_signs
from domain.directory import Directory
from domain.logistic import Signs, Sum
from domain.relevance import Suggester, suggest
from domain.relevance.suggest import Matter

_LARGEST = 5
_PLACES = 2


def clarity_unseen() -> dict[str, Any]:
    """The table of the unseen replies as the shipped instrument judges them."""
    instrument, examples = load_instrument(RULES), read_examples(UNSEEN_REPLIES)
    verdicts = [assess(one.reply, instrument).findings for one in examples]
    found = [tuple(dict.fromkeys(finding.fault for finding in findings)) for findings in verdicts]
    return faults_table(found, [one.faults for one in examples])


def relevance_unseen() -> dict[str, Any]:
    """The table of the unseen drafts as the shipped suggester ranks them."""
    directory, suggester, drafts = load_rulebook(RULES).directory, load_suggester(RULES), read_drafts(UNSEEN_DRAFTS)
    shown = [_chances(draft, directory, suggester) for draft in drafts]
    return agencies_table(shown, [draft.agencies for draft in drafts], MOST, suggester.shown_from)


def _chances(draft: LabelledDraft, directory: Directory, suggester: Suggester) -> dict[str, float]:
    best: dict[str, float] = {}
    for match in Matter(draft.subject, draft.words, draft.on, directory, suggester, lead=draft.lead).ranked:
        best.setdefault(match.function.agency, match.chance)
    return best


def in_force() -> dict[str, int]:
    """Every given and unseen draft put on its own day and on every day on which the directory changes.

    `not_in_force`: suggestions whose agency or function did not stand on that day.
    """
    directory, suggester = load_rulebook(RULES).directory, load_suggester(RULES)
    asked = shown = gone = 0
    for draft in (*read_drafts(GIVEN_DRAFTS), *read_drafts(UNSEEN_DRAFTS)):
        for day in dict.fromkeys((draft.on, *_turns(directory))):
            found = suggest(draft.subject, draft.words, draft.field, day, directory, suggester, exclude_lead=draft.lead)
            asked, shown = asked + 1, shown + len(found)
            gone += sum(not _stands(directory, one.agency, one.function, day) for one in found)
    return {"asked": asked, "suggestions": shown, "not_in_force": gone}


def _turns(directory: Directory) -> Sequence[date]:
    """The first and last days in the directory."""
    entries = (*directory.agencies, *directory.functions)
    return sorted(dict.fromkeys(d for one in entries for d in (one.effective_from, one.effective_to) if d))


def _stands(directory: Directory, agency: str, function: str, day: date) -> bool:
    """Compared by the bare dates, so that the suggester's own question is not asked again."""
    entries = (directory.agency(agency), directory.function(function))
    return all(one.effective_from <= day <= (one.effective_to or date.max) for one in entries)


def clarity_weights() -> dict[str, Any]:
    """Thresholds and, for each position, the signs that move each sum most.

    A sign moves a sum by its weight times how far the sign spreads over the replies of that position.
    """
    instrument = load_instrument(RULES)
    learned, signs = instrument.learned, _signs(instrument)
    return {
        "made_from": learned.made_from,
        "unclear_from": learned.unclear_from,
        "fault_from": {str(fault): chance for fault, chance in learned.fault_from.items()},
        "roles": [str(role) for role in learned.roles.roles],
        "features": len(learned.roles.weights),
        "question": _sum(learned.question),
        "verdicts": {
            str(position): {
                "not_clear": _largest(verdicts.unclear, signs[position]),
                **{str(f): _largest(verdicts.faults[f], signs[position]) for f in Fault if f in verdicts.faults},
            }
            for position, verdicts in learned.verdicts.items()
        },
    }


def relevance_weights() -> dict[str, Any]:
    """The threshold and every weight."""
    suggester = load_suggester(RULES)
    return {"shown_from": suggester.shown_from, "examples": len(suggester.examples), **_sum(suggester.weighing)}


def versions() -> dict[str, str]:
    """The fingerprints of both."""
    return {"clarity": load_instrument(RULES).version, "relevance": load_suggester(RULES).version}


def _signs(instrument: Instrument) -> dict[Position, list[Signs]]:
    """The signs of every reply that may be learned from, by position."""
    found: dict[Position, list[Signs]] = {position: [] for position in Position}
    for one in learnable():
        if one.case.sentences:
            known = read(one.case, instrument.learned)
            answered = answered_chances(known, instrument.learned.question)
            found[one.example.position].append(reply_signs(known, flaws_by_rule(one.case), answered))
    return found


def _largest(weighed: Sum, signs: Sequence[Signs]) -> dict[str, Any]:
    moves = dict(_moves(weighed, signs))
    names = sorted(moves, key=lambda name: (-abs(moves[name]), name))[:_LARGEST]
    rows = [[name, round(weighed.weights[name], _PLACES), round(moves[name], _PLACES)] for name in names]
    return {"bias": round(weighed.bias, _PLACES), "largest": rows}


def _moves(weighed: Sum, signs: Sequence[Signs]) -> Iterator[tuple[str, float]]:
    for name, weight in weighed.weights.items():
        yield name, weight * pstdev(one.get(name, 0.0) for one in signs)


def _sum(weighed: Sum) -> dict[str, Any]:
    return {"bias": weighed.bias, "weights": weighed.weights}
