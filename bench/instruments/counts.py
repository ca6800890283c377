"""What the examples are, counted from the files: how many replies, drafts and sentences, and how many of each kind."""

from collections.abc import Sequence
from typing import Any

from bench.instruments.drafts import LabelledDraft, read_drafts, read_sentences
from bench.instruments.examples import Example, read_examples
from bench.instruments.places import (
    DRAFTS,
    GIVEN_DRAFTS,
    GIVEN_REPLIES,
    REPLIES,
    SENTENCES,
    UNSEEN_DRAFTS,
    UNSEEN_REPLIES,
)


def replies() -> dict[str, Any]:
    """The three sets of replies."""
    own = [one for file in REPLIES for one in read_examples(file)]
    sets = {"own": own, "given": read_examples(GIVEN_REPLIES), "unseen": read_examples(UNSEEN_REPLIES)}
    return {name: _replies(listed) for name, listed in sets.items()}


def drafts() -> dict[str, Any]:
    """The three sets of drafts, and the sentences written for each function."""
    own = [one for file in DRAFTS for one in read_drafts(file)]
    sets = {"own": own, "given": read_drafts(GIVEN_DRAFTS), "unseen": read_drafts(UNSEEN_DRAFTS)}
    told = read_sentences(SENTENCES)
    sentences = {
        "functions": len(dict.fromkeys(one.function for one in told)),
        "related": sum(one.related for one in told),
        "not_related": sum(not one.related for one in told),
    }
    return {**{name: _drafts(listed) for name, listed in sets.items()}, "sentences": sentences}


def _replies(listed: Sequence[Example]) -> dict[str, int]:
    return {
        "replies": len(listed),
        "subjects": len(dict.fromkeys(one.subject for one in listed)),
        "not_clear": sum(bool(one.faults) for one in listed),
        "parts": sum(len(one.parts) for one in listed),
    }


def _drafts(listed: Sequence[LabelledDraft]) -> dict[str, int]:
    return {
        "drafts": len(listed),
        "agencies": sum(len(one.agencies) for one in listed),
        "nobody": sum(not one.agencies for one in listed),
        "parts": sum(len(one.parts) for one in listed),
    }
