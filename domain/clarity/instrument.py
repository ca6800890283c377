"""The clarity check's two opinions together: the phrase lexicon for the rules, the weights for the second opinion."""

import hashlib
from functools import cached_property

from domain.base import Frozen
from domain.clarity.learned import Learned
from domain.clarity.lexicon import Lexicon


class Instrument(Frozen):
    """Everything a verdict depends on besides the reply and the code."""

    lexicon: Lexicon
    learned: Learned

    @cached_property
    def version(self) -> str:
        """A short fingerprint of lexicon and weights; stored with each verdict."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]
