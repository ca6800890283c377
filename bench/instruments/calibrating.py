"""The suggester's weights from labelled drafts: figures of each function in each draft, then one logistic regression.

The figures of a draft come from a memory that was not taught by this draft.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sklearn.model_selection import KFold

from bench.instruments.drafts import LabelledDraft, taught_by
from bench.instruments.sums import fitted_sum
from domain.directory import Directory
from domain.logistic import Signs, Sum
from domain.relevance.model import Example, Suggester, Synonyms
from domain.relevance.suggest import Matter

FOLDS = 5
_C = 1.0
_BRIEFS = 2
# While weights are only being found, every function has the same chance.
_NO_WEIGHTS = Sum(bias=0.0, weights={})


class Shown(NamedTuple):
    """What one draft shows of every function that shares something with it."""

    draft: LabelledDraft
    signs: dict[str, Signs]


def calibrate(
    drafts: Sequence[LabelledDraft], sentences: Sequence[Example], directory: Directory, synonyms: Synonyms
) -> Sum:
    """The weights, from drafts that have parts."""
    return weights([one for shown in unseen_signs(drafts, sentences, directory, synonyms) for one in shown])


def unseen_signs(
    drafts: Sequence[LabelledDraft], sentences: Sequence[Example], directory: Directory, synonyms: Synonyms
) -> list[list[Shown]]:
    """The figures of every draft, whole and in brief, from a memory taught by the sentences and the other drafts."""
    found: dict[int, list[Shown]] = {}
    for known, held in KFold(FOLDS, shuffle=True, random_state=5).split(list(drafts)):
        examples = (*sentences, *taught_by(drafts[at] for at in known))
        suggester = Suggester(synonyms=synonyms, examples=examples, weighing=_NO_WEIGHTS, shown_from=0.5)
        for at in held:
            whole = Shown(drafts[at], signs_in(drafts[at], directory, suggester))
            briefs = [Shown(brief, signs_in(brief, directory, suggester)) for brief in briefs_of(drafts[at])]
            found[int(at)] = [whole, *briefs]
    return [found[at] for at in range(len(drafts))]


def briefs_of(draft: LabelledDraft) -> list[LabelledDraft]:
    """The same draft as somebody types it at first: its title with one part that concerns somebody, or nobody."""
    concerning = [part for part in draft.parts if part.function and not part.function.startswith("-")]
    others = [part for part in draft.parts if not part.function or part.function.startswith("-")]
    return [
        draft.model_copy(update={"text": part.words, "parts": (part,), "why": {"": part.function}})
        for part in (*concerning[:_BRIEFS], *others[:1])
    ]


def signs_in(draft: LabelledDraft, directory: Directory, suggester: Suggester) -> dict[str, Signs]:
    """The figures of every function in one draft."""
    matter = Matter(draft.subject, draft.words, draft.on, directory, suggester, lead=draft.lead)
    return {match.function.id: match.seen.signs for match in matter.ranked if not match.seen.place}


def weights(shown: Sequence[Shown]) -> Sum:
    """One logistic regression over all functions of all drafts."""
    rows = [signs for one in shown for signs in one.signs.values()]
    labels = [function in one.draft.why.values() for one in shown for function in one.signs]
    return fitted_sum(rows, labels, _C)
