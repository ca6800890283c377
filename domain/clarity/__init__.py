"""Whether a reply is a clear position: the check's one interface. Replace what is behind it, keep these names.

`assess(reply, lexicon)` is pure, quotes the words it judges, and never raises on a text.
"""

from domain.clarity.assess import assess, says_nothing
from domain.clarity.flaw import message_keys
from domain.clarity.lexicon import Lexicon
from domain.clarity.model import Amendment, Assessment, Fault, Finding, Position, Question, Reply
from domain.note import Note

__all__ = [
    "Amendment",
    "Assessment",
    "Fault",
    "Finding",
    "Lexicon",
    "Note",
    "Position",
    "Question",
    "Reply",
    "assess",
    "message_keys",
    "says_nothing",
]
