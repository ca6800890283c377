"""Who is directly concerned by a draft: the suggester's one interface. Replace what is behind it, keep these names.

`suggest` proposes agencies with reasons, `nearest` the functions that come nearest to a text.
"""

from domain.relevance.model import Concept, Suggestion, Synonyms
from domain.relevance.suggest import nearest, suggest

__all__ = ["Concept", "Suggestion", "Synonyms", "nearest", "suggest"]
