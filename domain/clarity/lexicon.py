"""The phrase lexicon: data of a province, in the lists the rules ask for. What the lists mean stands in the YAML file.

Pure: reading the file is the adapter's work.
"""

import hashlib
import re
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from domain.base import Frozen
from domain.clarity.phrases import PhraseInvalid, compiled, pattern
from domain.text import fold, nfc, place_tones


def _well_formed(phrase: str) -> str:
    """The phrase, if the little language allows it; otherwise an error of type `phrase_…`."""
    try:
        pattern(phrase)
    except PhraseInvalid as invalid:
        raise PydanticCustomError(f"phrase_{invalid.fault}", "phrase {phrase}", {"phrase": phrase}) from invalid
    return phrase


Phrases = tuple[Annotated[str, AfterValidator(_well_formed)], ...]


class Lexicon(Frozen):
    """Every list of phrases the rules use. Phrases are checked when the lexicon is made."""

    agree: Phrases
    disagree: Phrases
    no_stance: Phrases
    others_say: Phrases
    earlier: Phrases
    condition: Phrases
    limit: Phrases
    resolved: Phrases
    whole_draft: Phrases
    accept: Phrases
    wish_enacted: Phrases
    aim_only: Phrases
    formula: Phrases
    empty: Phrases
    no_opinion: Phrases
    platitude: Phrases
    deferring: Phrases
    adopts: Phrases
    not_deferring: Phrases
    hedged: Phrases
    announced: Phrases
    adversative: Phrases
    vague: Phrases
    qualified: Phrases
    not_hedged: Phrases
    change: Phrases
    elsewhere: Phrases
    deletion: Phrases
    locator: Phrases
    no_change: Phrases
    refusal: Phrases
    demand: Phrases
    not_demand: Phrases
    cause: Phrases
    therefore: Phrases
    adverse: Phrases
    remit: Phrases
    competent_act: Phrases
    asks_stance: Phrases
    asks_count: Phrases
    figure: Phrases
    not_figure: Phrases
    direct: Phrases
    replies: Phrases
    evasive: Phrases
    function_words: Phrases
    draft_words: Phrases

    @cached_property
    def version(self) -> str:
        """A short fingerprint of the whole lexicon."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def matchers(self, bare: bool) -> dict[str, re.Pattern[str]]:
        """One expression for each list; folded for texts typed without diacritics (`bare`)."""
        return self._bare if bare else self._accented

    @cached_property
    def _accented(self) -> dict[str, re.Pattern[str]]:
        return {name: compiled(place_tones(nfc(phrase)) for phrase in phrases) for name, phrases in self}

    @cached_property
    def _bare(self) -> dict[str, re.Pattern[str]]:
        return {name: compiled(fold(phrase) for phrase in phrases) for name, phrases in self}
