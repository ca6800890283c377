"""An open-loop load client: launches consultations through the real API and sends replies at a given rate.

A reply leaves when its instant has come, whether or not earlier ones are answered, and its latency counts from that
instant: a server that stalls cannot hide it. Each is journalled before it leaves. It judges nothing it is told.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain, zip_longest
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from adapters.database import connect
from adapters.register.accounts import Account, Accounts
from adapters.register.contents import content_of
from adapters.rules import load_rulebook
from api.bodies.reply import ReplyBody
from api.passwords import fingerprint
from bench.journal import Entry, Journal, Outcome
from bench.rig import RULES, Rig
from domain.clock import VIETNAM
from domain.directory import Agency, Function

LEAD = "SGDDT"
LAUNCHER = "gd.sgddt"
LAUNCHES_AT_ONCE = 4
SESSION = timedelta(days=1)
HEAD = ("agency_head",)
# No password has this hash.
NOBODYS = "!"
# Longer than the API waits for the engine and the register together.
TIMEOUT = httpx.Timeout(30, connect=5)
IN_PROGRESS = 409


class Target(NamedTuple):
    """One ask that can be answered: by whom, with which token, on which draft, where (`url` without a path)."""

    url: str
    consultation: str
    agency: str
    agency_name: str
    draft_sha256: str
    account: str
    token: str

    @property
    def path(self) -> str:
        """Where its reply goes."""
        return f"/api/v1/consultations/{self.consultation}/asks/{self.agency}/reply"


@dataclass(frozen=True)
class Sent:
    """One reply: when it was to leave, left and was answered (seconds of one monotonic clock), and how it ended."""

    key: str
    intended: float
    began: float
    ended: float
    outcome: Outcome
    status: int | None

    @property
    def latency(self) -> float:
        """Seconds from the instant it was to leave."""
        return self.ended - self.intended


@dataclass
class Results:
    """Everything one run sent, in the order in which answers came."""

    sent: list[Sent] = field(default_factory=list)

    def latencies(self, *statuses: int) -> list[float]:
        """Seconds, shortest first; of those statuses only, if any are named."""
        return sorted(one.latency for one in self.sent if not statuses or one.status in statuses)

    def count(self, outcome: Outcome) -> int:
        """How many ended so."""
        return sum(one.outcome == outcome for one in self.sent)

    @property
    def seconds(self) -> float:
        """From the first departure to the last answer."""
        return max(s.ended for s in self.sent) - min(s.intended for s in self.sent) if self.sent else 0.0


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share (0 to 1) of the ordered values lies; 0 for none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


# --- consultations to answer


async def prepare(rig: Rig, consultations: int, asks_each: int, **changes: Any) -> list[Target]:
    """Launch that many consultations, each asking that many agencies (33 at most), through the API of a running rig.

    The targets come round by round: the first ask of every consultation, then the second. `changes`: members of the
    launch body. AssertionError with the answer's words when a launch is not decided within a minute.
    """
    asked = _askable(_today())[:asks_each]
    assert len(asked) == asks_each, f"only {len(asked)} agencies can be asked"  # noqa: S101 - a caller's mistake
    tokens = await sign_in(rig, {LAUNCHER: LEAD, **{_head(agency): agency.code for agency, _ in asked}})
    turn = asyncio.Semaphore(LAUNCHES_AT_ONCE)
    async with client_of(rig.url) as http:

        async def one(number: int) -> list[Target]:
            async with turn:
                id, sha256 = await _launch(http, tokens[LAUNCHER], asked, number, changes)
            return [
                Target(rig.url, id, agency.code, agency.name, sha256, _head(agency), tokens[_head(agency)])
                for agency, _ in asked
            ]

        launched = await asyncio.gather(*(one(number) for number in range(consultations)))
    rounds = zip_longest(*launched)
    return [target for target in chain.from_iterable(rounds) if target is not None]


async def sign_in(rig: Rig, heads: Mapping[str, str]) -> dict[str, str]:
    """A token for each account (name to agency), made in the register: a hundred password checks would be the load.

    Agencies without a demonstration account get a head nobody can sign in as.
    """
    database = connect(rig.settings.database_url.get_secret_value())
    store, tokens = Accounts(database), {name: uuid4().hex for name in heads}
    try:
        for name, agency in heads.items():
            head = Account(username=name, full_name=name, agency=agency, roles=HEAD, password_hash=NOBODYS)
            await store.create_account(head)
            await store.save_token(fingerprint(tokens[name]), name, SESSION)
    finally:
        await database.close()
    return tokens


def _today() -> date:
    return datetime.now(VIETNAM).date()


def _askable(day: date) -> list[tuple[Agency, Function]]:
    """Agencies reached within the application, each with one function in force, in the directory's order."""
    directory = load_rulebook(RULES).directory
    own = [a for a in directory.agencies if a.channel == "app" and a.in_force(day) and a.code != LEAD]
    first = ((agency, next(iter(directory.functions_of(agency.code, day)), None)) for agency in own)
    return [(agency, function) for agency, function in first if function]


def _head(agency: Agency) -> str:
    return f"gd.{agency.code.lower()}"


async def _launch(
    http: httpx.AsyncClient,
    token: str,
    asked: Sequence[tuple[Agency, Function]],
    number: int,
    changes: dict[str, Any],
) -> tuple[str, str]:
    """A launched consultation's id and the hash of its draft."""
    headers = {"Authorization": f"Bearer {token}"}
    file = {"file": (f"du-thao-{number}.txt", f"Dự thảo số {number}, {uuid4().hex}".encode(), "text/plain")}
    uploaded = await http.post("/api/v1/drafts", headers=headers, files=file)
    draft = uploaded.raise_for_status().json()
    headers["Idempotency-Key"] = uuid4().hex
    plan = {**_plan(asked, number), "draft": draft["id"], **changes}
    limit = time.monotonic() + 60
    while True:
        answer = await http.post("/api/v1/consultations", headers=headers, json=plan)
        if answer.status_code == 201:
            return str(answer.json()["id"]), str(draft["sha256"])
        pending = answer.status_code in (202, IN_PROGRESS) and time.monotonic() < limit
        assert pending, f"{answer.status_code} {answer.text}"  # noqa: S101
        await asyncio.sleep(0.5)


def _plan(asked: Sequence[tuple[Agency, Function]], number: int) -> dict[str, Any]:
    """A launch that asks each agency one question about the part that speaks of its own function."""
    parts = [{"id": f"d{n}", "label": f"Mục {n}", "text": f"{f.title}. {f.text}"} for n, (_, f) in enumerate(asked, 1)]
    asks = [
        {
            "agency": agency.code,
            "functions": [function.id],
            "parts": [f"d{n}"],
            "questions": [{"id": "q1", "text": f"{function.title}: nội dung có phù hợp không?", "part": f"d{n}"}],
        }
        for n, (agency, function) in enumerate(asked, 1)
    ]
    return {
        "subject": f"Đề án sắp xếp mạng lưới trường, lớp, đợt {number}",
        "field": "PHO_THONG",
        "draft_kind": "DE_AN",
        "own_position": "Sở Giáo dục và Đào tạo thống nhất với phương án trong dự thảo.",
        "proposal": "Trình UBND tỉnh xem xét, ban hành.",
        "legal_basis": "Chương trình công tác của UBND tỉnh.",
        "parts": parts,
        "asks": asks,
    }


# --- replies


async def send(targets: Sequence[Target], rate: float, journal: Journal) -> Results:
    """One reply to each target, `rate` a second in that order; returns when the last is answered or given up.

    A target that stands in the list again gets another version of its reply. Nothing is sent twice here: what ended
    unknown is the accounting's to ask again.
    """
    results, begin = Results(), time.monotonic()
    async with AsyncExitStack() as clients:
        opened = {
            url: await clients.enter_async_context(client_of(url)) for url in dict.fromkeys(t.url for t in targets)
        }
        async with asyncio.TaskGroup() as group:
            for number, target in enumerate(targets):
                intended = begin + number / rate
                await asyncio.sleep(max(0.0, intended - time.monotonic()))
                group.create_task(_send(opened[target.url], target, intended, journal, results))
    return results


async def _send(http: httpx.AsyncClient, target: Target, intended: float, journal: Journal, results: Results) -> None:
    body = reply_body(target)
    entry = Entry(
        key=uuid4().hex,
        actor=target.account,
        consultation=target.consultation,
        agency=target.agency,
        body_sha256=kept_hash(body),
        sent_at=datetime.now(UTC),
        path=target.path,
        body=body,
    )
    await journal.write(entry)
    began = time.monotonic()
    told = await post(http, entry, target.token)
    results.sent.append(Sent(entry.key, intended, began, time.monotonic(), told.outcome, told.status))
    await journal.write(told)


async def post(http: httpx.AsyncClient, entry: Entry, token: str) -> Entry:
    """Send the entry's body under its key; the entry with what came of it."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": entry.key}
    try:
        answer = await http.post(entry.path, headers=headers, json=entry.body)
        told = answer.json() if answer.content else {}
    except (httpx.HTTPError, ValueError):
        return entry.model_copy(update={"answered_at": datetime.now(UTC), "outcome": "unknown"})
    update = {
        "answered_at": datetime.now(UTC),
        "status": answer.status_code,
        "outcome": _outcome(answer.status_code, told),
        "receipt": told.get("receipt"),
    }
    return entry.model_copy(update=update)


def _outcome(status: int, told: dict[str, Any]) -> Outcome:
    if 200 <= status < 300:
        return "ok"
    in_progress = status == IN_PROGRESS and str(told.get("type", "")).endswith("key_in_progress")
    return "refused" if 400 <= status < 500 and not in_progress else "unknown"


def reply_body(target: Target) -> dict[str, Any]:
    """A clear agreement on the target's one question, in words of its own."""
    text = f"{target.agency_name} thống nhất với dự thảo. Số văn bản: {uuid4().hex[:12]}."
    return {"draft_sha256": target.draft_sha256, "answers": [{"question": "q1", "position": "agree"}], "text": text}


def kept_hash(body: dict[str, Any]) -> str:
    """The hash under which the register keeps a reply of that body."""
    return content_of({"kind": "reply", **ReplyBody.model_validate(body).model_dump(mode="json")}).sha256


def client_of(url: str) -> httpx.AsyncClient:
    """A client of one copy, with as many connections as it takes."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
    return httpx.AsyncClient(base_url=url, trust_env=False, timeout=TIMEOUT, limits=limits)
