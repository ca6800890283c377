"""Which of the questions put to the agency its text answers. Says nothing of whether an answer is right."""

from functools import cached_property
from typing import NamedTuple

from domain.clarity.case import Case
from domain.clarity.echo import echoes
from domain.clarity.flaw import Flaw
from domain.clarity.model import Fault
from domain.clarity.reading import Hit

# Share of a question's weight a sentence must repeat to speak about it; a word of the title weighs half.
_ABOUT = 0.4
_NEARLY_BEST = 0.75
# Words beyond the title that make an acknowledgement of receipt more than that.
_MORE_THAN_RECEIPT = 4


class Answer(NamedTuple):
    """How one question fared. `place`: a sentence that speaks about it, None when none does."""

    question: str
    answered: bool
    place: Hit | None


class Answers:
    """The answers of one reply, computed when first asked for, since several rules look at them."""

    def __init__(self, case: Case) -> None:
        self._case = case

    @cached_property
    def told(self) -> tuple[Answer, ...]:
        """One answer per question, in their order, as far as the text gives it."""
        return tuple(self._answer(text) for text in self._case.reply.questions)

    @property
    def open(self) -> tuple[Answer, ...]:
        """Those that got no answer; a position ticked for a question answers it."""
        ticks = self._case.reply.answers
        ticked = [bool(place < len(ticks) and ticks[place]) for place in range(len(self.told))]
        return tuple(answer for answer, tick in zip(self.told, ticked, strict=True) if not (answer.answered or tick))

    @property
    def settled(self) -> bool:
        """Whether there were questions and the text answers every one: a tick does not cover for empty words."""
        if not self._case.reply.text.strip():
            return bool(self.told) and not self.open
        return bool(self.told) and all(answer.answered for answer in self.told)

    def _answer(self, question: str) -> Answer:
        about = self._about[question]
        if not about:
            return Answer(question, self._position_answers(question) or self._speaks_directly(), None)
        counts = self._case.matches("asks_count", question)
        echoed = frozenset(self._case.tokens(question))
        answered = any(self._answers(sentence, counts, echoed) for sentence in about)
        answered = answered or any(self._follows(sentence, question, counts, echoed) for sentence in about)
        return Answer(question, answered, None if answered else about[0])

    @cached_property
    def _about(self) -> dict[str, tuple[Hit, ...]]:
        """For each question the sentences that speak about it."""
        return {question: self._speaking_of(question) for question in self._case.reply.questions}

    def _speaking_of(self, question: str) -> tuple[Hit, ...]:
        """The sentences that repeat enough of the question, best first."""
        scores = list(zip(echoes(self._case, question), self._case.telling, strict=True))
        best = max((score for score, _ in scores), default=0.0)
        enough = max(_ABOUT, best * _NEARLY_BEST)
        found = tuple(sentence for score, sentence in sorted(scores, key=lambda s: -s[0]) if score >= enough)
        return found + tuple(sentence for sentence in self._announced if found and sentence not in found)

    @cached_property
    def _announced(self) -> tuple[Hit, ...]:
        """Sentences that call themselves an answer."""
        return tuple(sentence for sentence in self._case.telling if self._case.hits_in("replies", sentence))

    def _answers(self, sentence: Hit, counts: bool, echoed: frozenset[str]) -> bool:
        """Not evasive, and with a figure where one was asked for."""
        if self._evades(sentence) or self._only_preamble(sentence):
            return False
        return not counts or self._has_figure(sentence, echoed)

    def _evades(self, sentence: Hit) -> bool:
        """Evasive words or passing on, here or in the clause to which a semicolon or colon leads."""
        passed_on = self._case.kept("deferring", "not_deferring")
        clause = sentence
        if self._case.reading.own[sentence.end - 1] in ";:":
            clause = Hit(sentence.start, self._next(sentence).end)
        empty = (*self._case.hits("evasive"), *self._case.hits("platitude"), *passed_on)
        return any(clause.start <= hit.start < clause.end for hit in empty)

    def _next(self, sentence: Hit) -> Hit:
        """The sentence after this one; itself when it is the last."""
        places = self._case.telling
        return places[min(places.index(sentence) + 1, len(places) - 1)]

    def _only_preamble(self, sentence: Hit) -> bool:
        """A sentence that acknowledges the letter and repeats its subject."""
        if not self._case.hits_in("formula", sentence):
            return False
        said = [word for word in self._case.residue(sentence, self._case.subject_words) if not word[0].isdigit()]
        return len(said) < _MORE_THAN_RECEIPT

    def _follows(self, sentence: Hit, question: str, counts: bool, echoed: frozenset[str]) -> bool:
        """Whether the sentence after it opens like an answer or gives the figure, and answers no other question."""
        after = self._next(sentence)
        taken = any(after in about for other, about in self._about.items() if other != question)
        if taken or after == sentence or self._case.hits_in("evasive", after):
            return False
        return self._opens_directly(after) or (counts and self._has_figure(after, echoed))

    def _has_figure(self, sentence: Hit, echoed: frozenset[str]) -> bool:
        """A figure that is neither a citation's number nor an echo of the question's own."""
        said = [hit for hit in self._case.kept("figure", "not_figure") if sentence.start <= hit.start < sentence.end]
        return any(self._case.reading.own[hit.start : hit.end].rstrip(".,") not in echoed for hit in said)

    def _position_answers(self, question: str) -> bool:
        """The agency was asked for its position, and states one."""
        return bool(self._case.stances) and self._case.matches("asks_stance", question)

    def _speaks_directly(self) -> bool:
        """Somewhere an answer is given that speaks about no other question."""
        taken = [sentence for about in self._about.values() for sentence in about]
        free = [sentence for sentence in self._case.telling if sentence not in taken and not self._evades(sentence)]
        return bool(self._case.hits("replies")) or any(self._opens_directly(sentence) for sentence in free)

    def _opens_directly(self, sentence: Hit) -> bool:
        """Whether the sentence begins with yes, no, or "trả lời"."""
        return any(hit.start - sentence.start <= 3 for hit in self._case.hits_in("direct", sentence))


def unanswered(case: Case, answers: Answers) -> tuple[Flaw, ...]:
    """One flaw for each question the text leaves open."""
    return tuple(
        Flaw(Fault.UNANSWERED, answer.place, "evaded" if answer.place else "not_mentioned", answer.question)
        for answer in answers.open
    )
