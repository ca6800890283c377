"""What the relevance suggester speaks of: suggestions with their reasons, and the synonyms it reads drafts with.

Shapes only. A suggestion is advice to the lead; the gate decides.
"""

import hashlib
from functools import cached_property

from domain.base import Frozen
from domain.logistic import Sum
from domain.note import Note


class Suggestion(Frozen):
    """One agency, under the function that makes it related. `score`: 0 to 1, 0.5 is where a suggestion begins.

    `mandatory`: a rule obliges to ask it about this kind of draft, whatever the score.
    """

    agency: str
    function: str
    score: float
    reason: Note
    mandatory: bool = False


class Example(Frozen):
    """Words that once concerned a function, or that looked so and did not (`related` false).

    `source`: the consultation it was learned from; empty for one that the rules folder gives.
    """

    function: str
    text: str
    related: bool = True
    source: str = ""


class Concept(Frozen):
    """When a draft says one of `said`, read it as if it said `means`, unless it says one of `cancelled_by`."""

    means: str
    said: tuple[str, ...]
    cancelled_by: tuple[str, ...] = ()


class Synonyms(Frozen):
    """How drafts are read. Phrases in lower case with diacritics."""

    negations: tuple[str, ...]
    common_words: tuple[str, ...]
    own_matters: tuple[str, ...] = ()
    concepts: tuple[Concept, ...]
    old_names: tuple[Concept, ...] = ()


class Suggester(Frozen):
    """Everything a suggestion depends on besides the draft, the directory and the code.

    `shown_from`: the chance from which on an agency is suggested.
    """

    synonyms: Synonyms
    weighing: Sum
    shown_from: float
    examples: tuple[Example, ...] = ()

    @cached_property
    def version(self) -> str:
        """A short fingerprint of synonyms, examples and weights."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]
