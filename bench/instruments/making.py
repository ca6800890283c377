"""Makes what the product ships from the labelled examples: both weights files and the examples of every function."""

import json
from collections.abc import Sequence

from adapters.lexicon import load_lexicon, load_synonyms
from adapters.rules import load_rulebook
from bench.instruments.calibrating import calibrate
from bench.instruments.drafts import read_drafts, read_sentences, taught_by
from bench.instruments.examples import Worked, read_examples, worked
from bench.instruments.fitting import fit
from bench.instruments.places import (
    CLARITY_WEIGHTS,
    DRAFTS,
    EXAMPLES,
    GIVEN_REPLIES,
    RELEVANCE_WEIGHTS,
    REPLIES,
    RULES,
    SENTENCES,
)
from domain.relevance.model import Example

# Chances from which on something counts, chosen by cross-validation: an accusation must rather be missed than wrong.
UNCLEAR_FROM, FAULT_FROM, SHOWN_FROM = 0.55, 0.35, 0.25


def make() -> None:
    """All three files, from all examples that may be learned from."""
    make_clarity()
    make_relevance()


def make_clarity() -> None:
    """The clarity check's weights."""
    learned = fit(learnable(), _sources(), UNCLEAR_FROM, FAULT_FROM)
    CLARITY_WEIGHTS.write_text(learned.model_dump_json() + "\n", "utf-8")


def learnable() -> tuple[Worked, ...]:
    """Every labelled reply that may be learned from, read with the lexicon."""
    files = (*REPLIES, GIVEN_REPLIES)
    return worked((example for file in files for example in read_examples(file)), load_lexicon(RULES))


def _sources() -> dict[str, int]:
    return {file.stem: len(read_examples(file)) for file in (*REPLIES, GIVEN_REPLIES)}


def make_relevance() -> None:
    """The suggester's weights, and the examples it remembers."""
    drafts = [draft for file in DRAFTS for draft in read_drafts(file)]
    sentences = read_sentences(SENTENCES)
    weighing = calibrate(drafts, sentences, load_rulebook(RULES).directory, load_synonyms(RULES))
    shown = {"weighing": weighing.model_dump(), "shown_from": SHOWN_FROM}
    RELEVANCE_WEIGHTS.write_text(json.dumps(shown, indent=1) + "\n", "utf-8")
    _keep((*sentences, *taught_by(drafts)))


def _keep(examples: Sequence[Example]) -> None:
    """One line for each function, what concerns nobody first."""
    lines = []
    for function in sorted(dict.fromkeys(example.function for example in examples)):
        told = [example for example in examples if example.function == function]
        line = {
            "function": function,
            "related": [example.text.strip() for example in told if example.related],
            "not_related": [example.text.strip() for example in told if not example.related],
        }
        lines.append(json.dumps(line, ensure_ascii=False))
    EXAMPLES.write_text("\n".join(lines) + "\n", "utf-8")
