"""The suggester measured: cross-validated on its own drafts, on the given and the unseen ones, beside a baseline."""

from collections.abc import Sequence
from typing import Any

from sklearn.model_selection import KFold

from adapters.lexicon import load_synonyms
from adapters.rules import load_rulebook
from bench.instruments.calibrating import calibrate, signs_in
from bench.instruments.drafts import LabelledDraft, read_drafts, read_sentences, taught_by
from bench.instruments.making import SHOWN_FROM
from bench.instruments.measured import agencies_table
from bench.instruments.places import DRAFTS, GIVEN_DRAFTS, RULES, SENTENCES, UNSEEN_DRAFTS
from domain.directory import Directory
from domain.logistic import Sum
from domain.relevance.model import Example, Suggester, Synonyms
from domain.relevance.suggest import Matter

FOLDS = 5
MOST = 6
Chances = dict[str, float]


class _Bench:
    """What every measurement needs, read once."""

    def __init__(self) -> None:
        self.directory: Directory = load_rulebook(RULES).directory
        self.synonyms: Synonyms = load_synonyms(RULES)
        self.sentences = read_sentences(SENTENCES)
        self.own = [draft for file in DRAFTS for draft in read_drafts(file)]

    def suggester(self, drafts: Sequence[LabelledDraft], weighing: Sum | None = None) -> Suggester:
        """One that has learned from these drafts."""
        examples = (*self.sentences, *taught_by(drafts))
        weighed = weighing or calibrate(drafts, self.sentences, self.directory, self.synonyms)
        return Suggester(synonyms=self.synonyms, examples=examples, weighing=weighed, shown_from=SHOWN_FROM)

    def chances(self, draft: LabelledDraft, suggester: Suggester) -> Chances:
        """Each agency with its nearest function's chance, best first."""
        matter = Matter(draft.subject, draft.words, draft.on, self.directory, suggester, lead=draft.lead)
        best: Chances = {}
        for match in matter.ranked:
            best.setdefault(match.function.agency, match.chance)
        return best

    def by_words(self, draft: LabelledDraft, words_only: Suggester) -> Chances:
        """The baseline: shared words of draft and function text alone, one half where evidence was held enough."""
        signs = signs_in(draft, self.directory, words_only)
        best: Chances = {}
        for function, found in signs.items():
            agency = self.directory.function(function).agency
            best[agency] = max(best.get(agency, 0.0), found["words"] / (1 + found["words"]))
        return dict(sorted(best.items(), key=lambda item: -item[1]))


def measure() -> dict[str, Any]:
    """Every table, by method and by set of drafts."""
    bench = _Bench()
    suggester = bench.suggester(bench.own)
    plain = Suggester(
        synonyms=Synonyms(negations=(), common_words=bench.synonyms.common_words, concepts=()),
        weighing=Sum(bias=0.0, weights={}),
        shown_from=0.5,
        examples=(Example(function="", text="không", related=False),),
    )
    given, unseen = read_drafts(GIVEN_DRAFTS), read_drafts(UNSEEN_DRAFTS)
    return {
        "words": {
            name: _table(drafts, [bench.by_words(draft, plain) for draft in drafts], 0.5)
            for name, drafts in (("own", bench.own), ("given", given), ("unseen", unseen))
        },
        "suggester": {
            "own": _table(bench.own, _cross_validated(bench), SHOWN_FROM),
            "given": _table(given, [bench.chances(draft, suggester) for draft in given], SHOWN_FROM),
            "unseen": _table(unseen, [bench.chances(draft, suggester) for draft in unseen], SHOWN_FROM),
        },
        "weights": suggester.weighing.model_dump(),
    }


def _cross_validated(bench: _Bench) -> list[Chances]:
    found: list[Chances] = [{}] * len(bench.own)
    for learn, held in KFold(FOLDS, shuffle=True, random_state=1).split(bench.own):
        suggester = bench.suggester([bench.own[at] for at in learn])
        for at in held:
            found[int(at)] = bench.chances(bench.own[at], suggester)
    return found


def _table(drafts: Sequence[LabelledDraft], shown: Sequence[Chances], threshold: float) -> dict[str, Any]:
    """The figures, and every draft for which the shown agencies are not the right ones."""
    errors = [
        {"id": draft.id, "subject": draft.subject, "lead": draft.lead, **wrong}
        for draft, chances in zip(drafts, shown, strict=True)
        if (wrong := _wrong(draft, chances, threshold))
    ]
    labels = [draft.agencies for draft in drafts]
    return {**agencies_table(shown, labels, MOST, threshold), "errors": errors}


def _wrong(draft: LabelledDraft, chances: Chances, threshold: float) -> dict[str, list[str]]:
    found = [agency for agency in list(chances)[:MOST] if chances[agency] >= threshold]
    missed = [f"{agency} ({draft.why[agency]})" for agency in draft.agencies if agency not in found]
    extra = [agency for agency in found if agency not in draft.agencies]
    return {"missed": missed, "extra": extra} if missed or extra else {}
