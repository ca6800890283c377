"""Who is directly concerned by a draft: the suggester's one interface. Replace what is behind it, keep these names.

`suggest` proposes agencies with reasons. The launch gate decides by itself, see `domain/gate_match.py`.
"""

from domain.relevance.model import Concept, Example, Suggester, Suggestion, Synonyms
from domain.relevance.suggest import suggest

__all__ = ["Concept", "Example", "Suggester", "Suggestion", "Synonyms", "suggest"]
