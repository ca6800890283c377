"""One reply on the table: its reading, what the lexicon finds in it, and what is left when empty words are taken away.

The rules share this; it names no fault.
"""

import re
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from domain.clarity.lexicon import Lexicon
from domain.clarity.model import Reply
from domain.clarity.reading import Hit, Reading
from domain.text import words

_WORD = re.compile(r"¤+|[^\W_]+(?:[.,/]\d+)*")
# How far before a stance its speaker is looked for.
_SPEAKER_REACH = 45
# So many sentences of a long text are weighed at its beginning, and as many at its end.
_READ_AT_EACH_END = 30
# Besides names a courtesy has few words, and none of these.
_COURTESY_WORDS = 4
_MORE_THAN_COURTESY = (
    *("agree", "disagree", "accept", "no_opinion", "platitude", "deferring", "adopts", "hedged", "announced"),
    *("change", "deletion", "refusal", "demand", "evasive", "remit", "no_change", "wish_enacted"),
)
_CARRY_NOTHING = ("formula", "empty", "function_words", "draft_words")


class Side(StrEnum):
    """Which way a stance goes."""

    FOR = "for"
    AGAINST = "against"


class Stance(NamedTuple):
    """The agency's own present word for or against."""

    side: Side
    hit: Hit


class Case:
    """A reply with everything the rules ask about it, each looked up once."""

    def __init__(self, reply: Reply, lexicon: Lexicon) -> None:
        self.reply = reply
        self.reading = Reading(reply.text)
        self._lexicon = lexicon
        self._expressions = lexicon.matchers(self.reading.bare)
        self._hits: dict[str, tuple[Hit, ...]] = {}
        self._tokens: dict[str, tuple[str, ...]] = {}

    def hits(self, name: str) -> tuple[Hit, ...]:
        """Every hit of one list of the lexicon in the agency's own words."""
        if name not in self._hits:
            self._hits[name] = self.reading.find(self._expressions[name])
        return self._hits[name]

    def hits_in(self, name: str, within: Hit) -> tuple[Hit, ...]:
        """The hits of one list that begin inside the stretch."""
        return tuple(hit for hit in self.hits(name) if within.start <= hit.start < within.end)

    def kept(self, name: str, *against: str) -> tuple[Hit, ...]:
        """The hits of one list that no hit of the other lists touches."""
        others = [other for twin in against for other in self.hits(twin)]
        return tuple(hit for hit in self.hits(name) if not any(hit.meets(other) for other in others))

    @property
    def sentences(self) -> tuple[Hit, ...]:
        """The sentences of the text."""
        return self.reading.sentences

    @cached_property
    def telling(self) -> tuple[Hit, ...]:
        """The sentences that are more than courtesy, all of them when none is; of a long text the first and the last.

        Positions stand at the beginning and the end; between them are annexes, in which anything can be found.
        """
        found = tuple(sentence for sentence in self.sentences if not self._courtesy(sentence)) or self.sentences
        return found if len(found) <= 2 * _READ_AT_EACH_END else found[:_READ_AT_EACH_END] + found[-_READ_AT_EACH_END:]

    @cached_property
    def only_stance(self) -> bool:
        """Whether the text says for or against and nothing else."""
        stances = tuple(stance.hit for stance in self.stances)
        return bool(stances) and not any(self.residue(one, self.subject_words, but=stances) for one in self.telling)

    def _courtesy(self, sentence: Hit) -> bool:
        """Addressee, receipt or closing, and nothing that could be a word on the draft."""
        formulas = self.hits_in("formula", sentence)
        if not formulas or any(self._says_beyond(name, sentence, formulas) for name in _MORE_THAN_COURTESY):
            return False
        said = [word for word in self.residue(sentence, self.subject_words) if not word[0].isdigit()]
        return len(said) <= _COURTESY_WORDS

    def _says_beyond(self, name: str, sentence: Hit, formulas: tuple[Hit, ...]) -> bool:
        """Whether the sentence has a hit of the list that is no part of a formula: "kính gửi Sở Y tế" is no remit."""
        return any(not any(hit.meets(formula) for formula in formulas) for hit in self.hits_in(name, sentence))

    @cached_property
    def stances(self) -> tuple[Stance, ...]:
        """The agency's own present stances, in order."""
        against = [Stance(Side.AGAINST, hit) for hit in self.kept("disagree", "no_stance")]
        favour = [Stance(Side.FOR, hit) for hit in self.kept("agree", "no_stance", "disagree")]
        return tuple(sorted((s for s in against + favour if self._own_and_present(s.hit)), key=lambda s: s.hit))

    def sides(self, side: Side) -> tuple[Hit, ...]:
        """The hits of the stances on one side."""
        return tuple(stance.hit for stance in self.stances if stance.side is side)

    def _own_and_present(self, hit: Hit) -> bool:
        """Whether nobody else, and no earlier time, speaks right before the stance."""
        sentence = self.reading.sentence_of(hit)
        before = Hit(max(sentence.start, hit.start - _SPEAKER_REACH), hit.start)
        return not (self.hits_in("others_say", before) or self.hits_in("earlier", before))

    @cached_property
    def _ignored(self) -> frozenset[str]:
        """Words that say nothing new here: the replying agency's own name."""
        return frozenset(self.tokens(self.reply.agency))

    @cached_property
    def subject_words(self) -> frozenset[str]:
        """The words of the draft's title, in the form the text is read in."""
        return frozenset(self.tokens(self.reply.subject))

    def words_in(self, stretch: Hit) -> tuple[str, ...]:
        """The words of a stretch of this reply, quotations included."""
        return tuple(_WORD.findall(self.reading.text, stretch.start, stretch.end))

    def tokens(self, text: str) -> tuple[str, ...]:
        """Words of another text (a question, a title) in the form in which this reply is read."""
        if text not in self._tokens:
            self._tokens[text] = words(text) if self.reading.bare else tuple(_WORD.findall(Reading(text).text))
        return self._tokens[text]

    def content(self, text: str) -> tuple[str, ...]:
        """The tokens of another text without common words."""
        common = self._expressions["function_words"]
        return tuple(token for token in self.tokens(text) if not common.fullmatch(token))

    def matches(self, name: str, text: str) -> bool:
        """Whether another text has a hit of the list."""
        other = Reading(text)
        return bool(self._lexicon.matchers(other.bare)[name].search(other.own))

    @cached_property
    def _covered(self) -> bytearray:
        """One mark for each character that belongs to a formula, an empty phrase or a common word."""
        marks = bytearray(len(self.reading.own))
        for hit in (hit for name in _CARRY_NOTHING for hit in self.hits(name)):
            marks[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
        return marks

    def residue(self, within: Hit, ignored: frozenset[str] = frozenset(), but: tuple[Hit, ...] = ()) -> tuple[str, ...]:
        """The words of the stretch that say something: not formula, not empty, not common, not in `ignored` or `but`.

        A quotation counts as one word, `¤`.
        """
        idle = [hit for hit in but if hit.meets(within)]
        found = _WORD.finditer(self.reading.own, within.start, within.end)
        kept = (match for match in found if self._covered.find(1, *match.span()) < 0)
        kept = (match for match in kept if not any(hit.meets(Hit(*match.span())) for hit in idle))
        plain = (match.group().replace("¤", "") or "¤" for match in kept)
        return tuple(word for word in plain if word not in ignored and word not in self._ignored)
