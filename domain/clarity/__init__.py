"""Whether a reply is a clear position: the check's one interface. Replace what is behind it, keep these names.

`assess(reply, instrument)` is pure, quotes the words it judges, and never raises on a text.
"""

from domain.clarity.assess import assess, says_nothing
from domain.clarity.flaw import message_keys
from domain.clarity.instrument import Instrument
from domain.clarity.learned import Learned
from domain.clarity.lexicon import Lexicon
from domain.clarity.model import Amendment, Assessment, Fault, Finding, Position, Question, Reply
from domain.note import Note

__all__ = [
    "Amendment",
    "Assessment",
    "Fault",
    "Finding",
    "Instrument",
    "Learned",
    "Lexicon",
    "Note",
    "Position",
    "Question",
    "Reply",
    "assess",
    "message_keys",
    "says_nothing",
]
