"""The second opinion on one reply: the chance that it is unclear, of each fault, and the sentence that shows the fault.

It weighs what the rules found together with what each sentence does. It says how sure it is and never decides alone:
a fault counts when the whole reply is likely unclear and the fault is the likeliest, or likely by itself.
"""

from functools import cached_property

from domain.clarity.case import Case
from domain.clarity.flaw import Flaw
from domain.clarity.learned import Learned, read
from domain.clarity.model import Fault, Position
from domain.clarity.reading import Hit
from domain.clarity.role import Role
from domain.clarity.signs import answered_chances, reply_signs
from domain.text import words

# Below this chance a question counts as left open.
_OPEN = 0.5
# From this chance on a sentence is quoted as evading the question.
_PLAIN = 0.5
# What the sentence does that shows a fault, the plainest first.
_SHOWS: dict[Fault, tuple[Role, ...]] = {
    Fault.GENERIC: (Role.NONE, Role.PLATITUDE, Role.RECITAL),
    Fault.DEFERRING: (Role.DEFER,),
    Fault.HEDGED: (Role.HEDGE,),
    Fault.NO_REASON: (Role.EMPTY_REASON, Role.BARE_REMIT, Role.NO),
    Fault.NO_AMENDMENT: (Role.EMPTY_CHANGE, Role.PLATITUDE),
}
_AGAINST_TICK: dict[Position, tuple[Role, ...]] = {
    Position.AGREE: (Role.NO, Role.CHANGE),
    Position.AGREE_WITH_AMENDMENTS: (Role.NO,),
    Position.DISAGREE: (Role.YES,),
    Position.OUT_OF_FUNCTION: (Role.YES, Role.NO),
}


def settled_by_form(case: Case) -> tuple[Fault, ...]:
    """The faults that the form's own fields rule out, whatever the letter says."""
    reply = case.reply
    changes = any(words(change.where) and words(change.what) for change in reply.amendments)
    grounds = any(words(part) for part in (reply.reason, reply.basis, reply.pointer))
    counted = any(case.matches("asks_count", question) for question in reply.questions)
    ticked = bool(reply.answers) and all(reply.answers) and len(reply.answers) >= len(reply.questions)
    settled = {
        Fault.NO_AMENDMENT: changes,
        Fault.NO_REASON: grounds,
        Fault.GENERIC: changes or grounds or any(reply.answers),
        Fault.UNANSWERED: ticked and not counted,
    }
    return tuple(fault for fault, holds in settled.items() if holds)


class SecondOpinion:
    """One reply that has at least one sentence, weighed; local to one assessment."""

    def __init__(self, case: Case, ruled: tuple[Flaw, ...], learned: Learned) -> None:
        self._case = case
        self._learned = learned
        self._read = read(case, learned)
        self._answered = answered_chances(self._read, learned.question)
        self._signs = reply_signs(self._read, ruled, self._answered)
        self._verdicts = learned.verdicts[case.reply.position]

    @cached_property
    def unclear(self) -> float:
        """The chance that the reply is no clear position."""
        return self._verdicts.unclear.chance(self._signs)

    @cached_property
    def chances(self) -> dict[Fault, float]:
        """The chance of each fault this position can have."""
        settled = settled_by_form(self._case)
        return {
            fault: weighed.chance(self._signs)
            for fault, weighed in self._verdicts.faults.items()
            if fault not in settled and (fault is not Fault.UNANSWERED or self._case.reply.questions)
        }

    def faults(self) -> tuple[Fault, ...]:
        """The faults that count, in the order of `Fault`."""
        likeliest = max(self.chances, key=lambda fault: self.chances[fault])
        if (self.unclear + self.chances[likeliest]) / 2 < self._learned.unclear_from:
            return ()
        likely = [fault for fault, chance in self.chances.items() if chance >= self._learned.fault_from[fault]]
        if not settled_by_form(self._case):
            likely.append(likeliest)
        return tuple(fault for fault in Fault if fault in likely)

    def flaws(self, fault: Fault) -> tuple[Flaw, ...]:
        """How the fault shows where no rule saw it."""
        if fault is Fault.UNANSWERED:
            return self._left_open()
        hit, _ = self._shown_by(_SHOWS.get(fault) or _AGAINST_TICK[self._case.reply.position])
        return (Flaw(fault, hit, self._variant(fault)),)

    @property
    def _open_questions(self) -> tuple[int, ...]:
        """The questions that are likely open; the likeliest when none is."""
        found = tuple(place for place, chance in enumerate(self._answered) if chance < _OPEN)
        return found or (min(range(len(self._answered)), key=lambda place: self._answered[place]),)

    def _left_open(self) -> tuple[Flaw, ...]:
        """One flaw for each open question; where only one was asked, with the sentence that plainly evades it."""
        questions = self._case.reply.questions
        hit, chance = self._shown_by((Role.EVADE,))
        if len(questions) == 1 and chance >= _PLAIN:
            return (Flaw(Fault.UNANSWERED, hit, "evaded", questions[0]),)
        return tuple(Flaw(Fault.UNANSWERED, None, "not_mentioned", questions[at]) for at in self._open_questions)

    def _shown_by(self, roles: tuple[Role, ...]) -> tuple[Hit, float]:
        """The sentence that most plainly plays one of the roles, and how surely it does."""
        chances = [max(one.get(role, 0.0) for role in roles) for one in self._read.roles]
        best = max(range(len(chances)), key=chances.__getitem__)
        return self._case.telling[best], chances[best]

    def _variant(self, fault: Fault) -> str:
        return {
            Fault.GENERIC: "no_position",
            Fault.DEFERRING: "passes_on",
            Fault.HEDGED: "reservation",
            Fault.CONTRADICTORY: _AGAINST_VARIANT[self._case.reply.position],
            Fault.NO_REASON: _GROUNDLESS.get(self._case.reply.position, "disagreement"),
            Fault.NO_AMENDMENT: "empty_change",
        }[fault]


_AGAINST_VARIANT = {
    Position.AGREE: "against_yes",
    Position.AGREE_WITH_AMENDMENTS: "both_sides",
    Position.DISAGREE: "yes_under_no",
    Position.OUT_OF_FUNCTION: "judges_after_all",
}
_GROUNDLESS = {Position.DISAGREE: "disagreement", Position.OUT_OF_FUNCTION: "out_of_function"}
