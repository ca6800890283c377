"""What past consultations taught: which words concerned a function, and which only seemed to. Derived, never stored.

An accepted re-route teaches "related" for the receiver; an accepted reply "không thuộc chức năng" teaches "not
related" for what the agency had been asked under. Only the lead's own words are taken, never an opinion. How much a
lesson weighs is the suggester's business, and whether it was reset is the register's.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from domain.base import Frozen
from domain.clock import VIETNAM
from domain.directory import Directory, Function
from domain.facts import Fact
from domain.note import Note
from domain.relevance.model import Example
from domain.state import Outcome

ACCEPTS = "accept_out_of_function"
# The facts a lesson can be read from, in the order of the ledger.
KINDS = ("sent", "pointed", "pointer_accepted", "settled", "rerouted", "question_added", "decided")
LONGEST_WORDS = 2000


class Lesson(Frozen):
    """One function, the words of a matter, and whether they concerned it. `at`: when a person accepted it.

    `id`: consultation, number of the fact and function, with dots between. `words`: subject and questions, as the lead
    wrote them. `agency`: the function's.
    """

    id: str
    function: str
    agency: str
    words: str
    related: bool
    consultation: str
    at: datetime
    why: Note

    @property
    def example(self) -> Example:
        """The lesson as the suggester learns from it."""
        return Example(function=self.function, text=self.words, related=self.related, source=self.consultation)


class Put(Frozen):
    """A question as the lead put it to an agency at launch; its part's words where the question has none."""

    agency: str
    id: str
    text: str


class Matter(Frozen):
    """The lead's own words of one consultation."""

    consultation: str
    subject: str = ""
    questions: tuple[Put, ...] = ()

    def words(self, chain: Sequence[str], ids: Sequence[str]) -> str:
        """Subject and questions, one a line. `chain`: the agency asked, then those the questions came from."""
        asked = (self._question(chain, id) for id in ids)
        return "\n".join(dict.fromkeys(text for text in (self.subject, *asked) if text))[:LONGEST_WORDS]

    def asked(self, agency: str) -> tuple[str, ...]:
        """The ids of the questions put to the agency at launch."""
        return tuple(put.id for put in self.questions if put.agency == agency)

    def _question(self, chain: Sequence[str], id: str) -> str:
        """A re-routed question keeps its id, or carries the code of the agency it was first put to: `STC.q1`."""
        origin, dot, own = id.partition(".")
        wanted = [(agency, id) for agency in chain] + ([(origin, own)] if dot else [])
        texts = {(put.agency, put.id): put.text for put in self.questions}
        return next((texts[one] for one in wanted if one in texts), "")


def lessons_of(matter: Matter, facts: Sequence[Fact], directory: Directory) -> tuple[Lesson, ...]:
    """What one consultation taught, in the order of its facts.

    `facts`: the consultation's own, in order, at least all of `KINDS`. Functions the directory does not know, or that
    belong to another agency, teach nothing.
    """
    reading = _Reading(matter, facts, directory)
    return tuple(lesson for fact in facts for lesson in reading.taught(fact))


class _Reading:
    """One consultation's facts, read for what they teach."""

    def __init__(self, matter: Matter, facts: Sequence[Fact], directory: Directory) -> None:
        self._matter = matter
        self._facts = facts
        self._directory = directory

    def taught(self, fact: Fact) -> Iterator[Lesson]:
        """The lessons of one fact; most have none."""
        if fact.kind == "pointer_accepted" and fact.agency:
            yield from self._unrelated(fact, fact.agency, "out_of_function")
            yield from self._related(fact, fact.agency)
        elif fact.kind == "decided" and fact.data.get("action") == ACCEPTS:
            for agency in _texts(fact, "agencies"):
                yield from self._unrelated(fact, agency, "leader_accepted")

    def _unrelated(self, fact: Fact, agency: str, why: str) -> Iterator[Lesson]:
        """Only where the whole ask was settled as out of function: an agency that also answered was rightly asked."""
        settled = [f for f in self._same_act(fact, "settled") if f.agency == agency]
        if not any(f.data.get("outcome") == Outcome.OUT_OF_FUNCTION for f in settled):
            return
        words = self._words(fact, agency)
        for function in self._known(self._asked_under(fact, agency), agency):
            # Where the function has moved meanwhile the words were right, and the directory knows whose it is.
            if function.in_force(_day(fact)):
                yield self._lesson(fact, function, words, related=False, why=why)

    def _related(self, fact: Fact, origin: str) -> Iterator[Lesson]:
        words = self._words(fact, origin)
        heirs = tuple(self._heirs(fact, origin))
        for receiver in self._receivers(fact):
            functions = (*self._received_under(fact, receiver), *(f.id for f in heirs if f.agency == receiver))
            for function in self._known(functions, receiver):
                if function.in_force(_day(fact)):
                    yield self._lesson(fact, function, words, related=True, why="rerouted", origin=origin)

    def _receivers(self, fact: Fact) -> tuple[str, ...]:
        """Whoever got the question by this act; those pointed at where they had been asked already."""
        sent_on = [to for f in self._same_act(fact, "rerouted") for to in _texts(f, "to")]
        added = [f.agency for f in self._same_act(fact, "question_added") if f.agency]
        return tuple(dict.fromkeys(sent_on + added or _texts(fact, "to")))

    def _received_under(self, fact: Fact, receiver: str) -> tuple[str, ...]:
        """The functions the lead named for the receiver; of an agency asked before only what the re-route added.

        Where nothing says which of several functions was meant, none is taught.
        """
        before = self._asked_under(fact, receiver)
        sent = [f for f in self._same_act(fact, "sent") if f.agency == receiver]
        if sent:
            named = _texts(sent[-1], "functions")
            return tuple(f for f in named if f not in before) or _only(named)
        return _only(before)

    def _asked_under(self, fact: Fact, agency: str) -> tuple[str, ...]:
        """The functions under which the agency had last been asked before the fact."""
        sent = [f for f in self._before(fact) if f.kind == "sent" and f.agency == agency and f.receipt != fact.receipt]
        return _texts(sent[-1], "functions") if sent else ()

    def _heirs(self, fact: Fact, origin: str) -> Iterator[Function]:
        """What became by the day of the functions the pointing agency had been asked under."""
        for function in self._known(self._asked_under(fact, origin), origin):
            heir = self._directory.current_holder(function.id, _day(fact))
            if heir is not None and heir.id != function.id:
                yield heir

    def _known(self, ids: Sequence[str], agency: str) -> Iterator[Function]:
        for id in dict.fromkeys(ids):
            function = self._directory.find_function(id)
            if function is not None and function.agency == agency:
                yield function

    def _words(self, fact: Fact, agency: str) -> str:
        """The questions last pointed away; all that were put to the agency where it pointed nowhere."""
        chain = self._chain(fact, agency)
        pointed = [f for f in self._before(fact) if f.kind == "pointed" and f.agency == agency]
        last = [f for f in pointed if f.receipt == pointed[-1].receipt]
        ids = [id for f in last for id in _texts(f, "question")]
        return self._matter.words(chain, ids or [id for one in chain for id in self._matter.asked(one)])

    def _chain(self, fact: Fact, agency: str) -> tuple[str, ...]:
        """The agency, and by way of re-routes those its questions came from."""
        chain = [agency]
        for earlier in reversed(self._before(fact)):
            if earlier.kind == "rerouted" and earlier.agency and chain[-1] in _texts(earlier, "to"):
                chain.append(earlier.agency)
        return tuple(dict.fromkeys(chain))

    def _before(self, fact: Fact) -> list[Fact]:
        return [f for f in self._facts if f.seq < fact.seq]

    def _same_act(self, fact: Fact, kind: str) -> list[Fact]:
        """The facts of that kind which the same receipt left."""
        return [f for f in self._facts if f.kind == kind and f.receipt is not None and f.receipt == fact.receipt]

    def _lesson(
        self, fact: Fact, function: Function, words: str, *, related: bool, why: str, origin: str = ""
    ) -> Lesson:
        found = self._directory.find(origin)
        params = {"day": _day(fact).isoformat(), **({"origin": found.name if found else origin} if origin else {})}
        return Lesson(
            id=f"{self._matter.consultation}.{fact.seq}.{function.id}",
            function=function.id,
            agency=function.agency,
            words=words,
            related=related,
            consultation=self._matter.consultation,
            at=fact.at,
            why=Note(key=f"relevance.lessons.{why}", params=params),
        )


def _texts(fact: Fact, name: str) -> tuple[str, ...]:
    """A member of the fact's data that is a text or a list of texts."""
    value = fact.data.get(name)
    listed = value if isinstance(value, list) else [value]
    return tuple(one for one in listed if isinstance(one, str))


def _only(ids: tuple[str, ...]) -> tuple[str, ...]:
    return ids if len(ids) == 1 else ()


def _day(fact: Fact) -> date:
    return fact.at.astimezone(VIETNAM).date()
