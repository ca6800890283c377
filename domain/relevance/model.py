"""What the relevance suggester speaks of: suggestions with their reasons, and the synonyms it reads drafts with.

Shapes only. A suggestion is advice to the lead; the gate decides.
"""

from domain.base import Frozen
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


class Concept(Frozen):
    """When a draft says one of `said`, read it as if it said `means`, unless it says one of `cancelled_by`."""

    means: str
    said: tuple[str, ...]
    cancelled_by: tuple[str, ...] = ()


class Synonyms(Frozen):
    """How drafts are read. Phrases in lower case with diacritics."""

    negations: tuple[str, ...]
    common_words: tuple[str, ...]
    concepts: tuple[Concept, ...]
    old_names: tuple[Concept, ...] = ()
