"""What a crowd of consultations is about: some hundred plans made from the directory's own functions, used many times.

Each plan has passed the gate on a day of the span in which the directory, the leaders and the year did not change; its
words, its draft and its replies are kept once, whoever uses them.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from adapters.demo_writing import Upload
from adapters.register.contents import Content, content_of, content_of_bytes
from adapters.register.files import FileRow
from api.answered import Reply, Signer
from api.bodies.launch import AskBody, LaunchBody, PartBody, QuestionBody
from api.bodies.reply import ReplyBody
from api.drafts import checked
from api.launching import draft_text, plan_of, state_of, stored
from api.stored import LaunchWords
from commands.demo.world import World
from commands.options import rules_of
from domain.clock import VIETNAM
from domain.commands import SendReply
from domain.directory import Agency, Directory, Function
from domain.gate import DraftFile, Launch, gate
from domain.refusals import Refused
from domain.state import Ask, Consultation

FILE = Path("demo") / "crowd.yaml"
# Plans for each span, and how many agencies a plan asks.
PLANS = 32
FEWEST, SIZES = 8, 3
A_DAY = timedelta(days=1)
MORNING = time(7, 30)


@cache
def sayings(rules: Path) -> dict[str, Any]:
    """The crowd's wordings."""
    told: dict[str, Any] = YAML(typ="safe").load(rules / FILE)
    return told


class Saying(NamedTuple):
    """One reply ready to be sent by whoever and whenever."""

    command: SendReply
    words: Content


class Plan(NamedTuple):
    """A launch that passed the gate, with what was stored and uploaded for it."""

    lead: str
    launch: Launch
    words: Content
    told: LaunchWords
    upload: Upload
    replies: Mapping[str, tuple[Saying, ...]]

    def state(self, world: World, id: str, officer: str, at: datetime) -> Consultation:
        """A consultation of this plan, prepared at the instant."""
        launch = self.launch.model_copy(update={"draft": self.launch.draft.model_copy(update={"at": at})})
        return state_of(launch, id=id, officer=officer, content=self.words.sha256, clock=world.services.business)


class Plans:
    """Makes plans when they are first needed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sayings = sayings(rules_of(world.services.settings))
        self._borders = _borders(world)
        self._made: dict[tuple[int, int], Plan] = {}

    def plan(self, number: int, day: date) -> Plan:
        """The plan for the crowd's consultation of that number, launched on the day. Refuses what the gate refuses.

        Made as on the first morning of the day's span, so that it is the same plan whoever needs it first.
        """
        span = bisect_right(self._borders, day)
        key = span, number % PLANS
        if key not in self._made:
            first = self._borders[span - 1]
            at = datetime.combine(first, MORNING, VIETNAM).astimezone(UTC)
            self._made[key] = self._first(Random(f"{span}/{key[1]}"), key, first, at)  # noqa: S311 - a story, no secret
        return self._made[key]

    def _first(self, chance: Random, key: tuple[int, int], day: date, at: datetime) -> Plan:
        """The first plan by this chance that the gate accepts; the last refusal where it accepts none of twenty."""
        for _ in range(19):
            try:
                return self._make(chance, key, day, at)
            except Refused:
                continue
        return self._make(chance, key, day, at)

    def _make(self, chance: Random, key: tuple[int, int], day: date, at: datetime) -> Plan:
        directory = self._world.services.rulebook.directory
        matter = chance.choice([f for f in directory.functions_on(day) if _leads(directory.agency(f.agency))])
        asked = list(_asked(directory, matter.agency, day, chance))[: FEWEST + key[1] % SIZES]
        kind = chance.choice(list(self._sayings["subjects"]))
        subject = self._sayings["subjects"][kind].format(matter=_lower(matter.title), year=day.year)
        upload = self._upload(matter.agency, subject, asked, key, at)
        body = self._body(subject, kind, matter, asked, upload)
        services, file = self._world.services, upload.row
        draft = DraftFile(file=file.id, sha256=file.sha256, name=file.name)
        plan = plan_of(body, matter.agency, draft)
        launch = gate(plan, services.rulebook, services.settings.rule_set, at, draft_text(body))
        words = stored(body, plan)
        told = LaunchWords(words)
        replies = {ask.agency: self._replies(ask, told, matter.field, file.sha256, at, chance) for ask in launch.asks}
        return Plan(matter.agency, launch, content_of(words), told, upload, replies)

    def _parts(self, asked: list[Function]) -> list[PartBody]:
        label = self._sayings["part"]
        return [
            PartBody(id=f"muc-{n}", label=label.format(number=n, title=f.title), text=f"{f.title}. {f.text}")
            for n, f in enumerate(asked, start=1)
        ]

    def _upload(self, lead: str, subject: str, asked: list[Function], key: tuple[int, int], at: datetime) -> Upload:
        parts = "\n\n".join(f"{part.label}\n{part.text}" for part in self._parts(asked))
        data = self._sayings["draft"].format(subject=subject, parts=parts).encode()
        name = f"du-thao-{key[0]}-{key[1]}.txt"
        content = content_of_bytes(data, checked(name, data))
        row = FileRow(
            id=f"d-minh-hoa-{key[0]}-{key[1]}",
            name=name,
            media_type=content.media_type,
            size=len(data),
            sha256=content.sha256,
            version=1,
            consultation=None,
            uploaded_by=head_of(lead),
            uploaded_at=at,
        )
        return Upload(row, content)

    def _body(self, subject: str, kind: str, matter: Function, asked: list[Function], upload: Upload) -> LaunchBody:
        says = self._sayings
        asks = [
            AskBody(
                agency=f.agency,
                functions=[f.id],
                parts=[f"muc-{n}"],
                questions=[QuestionBody(id="q1", text=says["question"].format(title=f.title), part=f"muc-{n}")],
            )
            for n, f in enumerate(asked, start=1)
        ]
        return LaunchBody(
            subject=subject,
            field=matter.field,
            draft_kind=kind,
            own_position=says["position"],
            proposal=says["proposal"],
            legal_basis=says["basis"],
            draft=upload.row.id,
            parts=self._parts(asked),
            asks=asks,
        )

    def _replies(
        self, ask: Ask, told: LaunchWords, field: str, sha256: str, at: datetime, chance: Random
    ) -> tuple[Saying, ...]:
        """The agency's reply under this plan; a second one where the first commits to nothing."""
        kinds = self._sayings["replies"]
        said = chance.choices(kinds, [kind["share"] for kind in kinds])[0]
        first = self._saying(said, said["text"], ask, told, field, sha256, at)
        if first.command.verdict.clear:
            return (first,)
        again = kinds[0]
        return first, self._saying(again, again["text"], ask, told, field, sha256, at)

    def _saying(
        self, said: Mapping[str, Any], text: str, ask: Ask, told: LaunchWords, field: str, sha256: str, at: datetime
    ) -> Saying:
        services, directory = self._world.services, self._world.services.rulebook.directory
        title, number = directory.function(ask.functions[0]).title, ask.parts[0].removeprefix("muc-")
        filled = {"agency": services.agency_name(ask.agency), "title": title, "number": number}
        given: dict[str, Any] = {n: said[n].format(**filled) for n in ("reason", "alternative") if n in said}
        if "what" in said:
            amendment = {name: said[name].format(**filled) for name in ("where", "what", "why")}
            given["amendments"] = [amendment | {"part": ask.parts[0]}]
        given["answers"] = [{"question": "q1", "position": said["position"]}]
        body = ReplyBody(draft_sha256=sha256, text=text.format(**filled), **given)
        form = Reply(services, body, ask, told, field)
        form.check_at_the_door()
        words = content_of(form.words())
        head = head_of(ask.agency)
        signer = Signer(head, head=True, known=True)
        return Saying(form.command(at=at, receipt="", actor=head, content=words.sha256, signer=signer), words)


def head_of(agency: str) -> str:
    """The account of the agency's head."""
    return f"gd.{agency.lower()}"


def _leads(agency: Agency) -> bool:
    return agency.kind not in ("commune", "central", "don_vi_su_nghiep")


def _asked(directory: Directory, lead: str, day: date, chance: Random) -> Iterator[Function]:
    """One function of each agency reached within the application, in a chance order."""
    for agency in chance.sample(directory.agencies, len(directory.agencies)):
        own = directory.functions_of(agency.code, day) if agency.in_force(day) else ()
        if own and agency.channel == "app" and agency.code != lead:
            yield chance.choice(own)


def _borders(world: World) -> list[date]:
    """The days on which something changes that a launch depends on: who is there, who leads, and the year."""
    directory = world.services.rulebook.directory
    spans = [(x.effective_from, x.effective_to) for x in (*directory.agencies, *directory.functions)]
    spans += [(x.effective_from, x.effective_to) for x in directory.leaders]
    spans += [(x.effective_from, x.effective_to) for x in directory.absences]
    days = [begins for begins, _ in spans]
    days += [ends + A_DAY for _, ends in spans if ends]
    year = world.now.astimezone(VIETNAM).year
    days += [date(y, 1, 1) for y in range(year - 3, year + 2)]
    return sorted(dict.fromkeys(days))


def _lower(title: str) -> str:
    """The title within a sentence; a name that begins with two capitals stays."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
