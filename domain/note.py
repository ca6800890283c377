"""A sentence for a person, as the domain sends it out: a key of the message files and what fills its named places.

The domain never writes Vietnamese prose; whoever shows a note looks the key up in `rules/messages/`.
"""

from domain.base import Frozen


class Note(Frozen):
    """`key`: dotted path in the message files. `params`: values of the sentence's named places, quotes kept short."""

    key: str
    params: dict[str, str] = {}
