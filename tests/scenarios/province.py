"""One running province for a scenario: the real API, worker and register, with a clock the scenario moves.

Everything goes through HTTP as the agencies' own systems would; only the clock is the test server's.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from adapters.database import Database, connect
from adapters.register.accounts import Account
from adapters.register.recording import SqlRegister
from adapters.settings import Settings
from api.app import create_app
from api.gateway import Gateway
from api.services import Services
from domain.clock import VIETNAM
from domain.rulebook import Rulebook
from tests.servers.clock import TestClock
from tests.worlds import at
from workflows.client import workflow_id
from workflows.registry import build_worker

JSON = dict[str, Any]
LEADERS = ("CT", "PCT1", "PCT2", "PCT3", "PCT4")
STAFF = {
    "cv": ("lead_officer", "handler"),
    "gd": ("agency_head",),
    "vt": ("clerk",),
}


class RegisterClock:
    """The register's clock port, reading the scenario's clock."""

    def __init__(self, clock: TestClock) -> None:
        self._clock = clock

    async def now(self, connection: AsyncConnection) -> datetime:
        """The business instant."""
        return await self._clock.now()


class Province:
    """Acts of people by account name: `gd.stc` heads STC, `cv.` prepares and drafts, `vt.` is its clerk."""

    def __init__(self, http: httpx.AsyncClient, services: Services, clock: TestClock) -> None:
        self.http, self.services, self.clock = http, services, clock
        self._tokens: dict[str, str] = {}
        self._running: dict[str, WorkflowHandle[Any, Any]] = {}

    async def populate(self, agencies: list[str]) -> None:
        """Accounts of every role in the agencies, of the leaders, the office and the inspector."""
        people = [
            Account(username=f"{desk}.{a.lower()}", full_name=f"{desk} {a}", agency=a, roles=roles, password_hash="-")
            for a in agencies
            for desk, roles in STAFF.items()
        ]
        people += [
            Account(username=c.lower(), full_name=c, agency="UBT", roles=("leader",), leader=c, password_hash="-")
            for c in LEADERS
        ]
        people.append(Account(username="vpub", full_name="vp", agency="VPUB", roles=("office",), password_hash="-"))
        people.append(Account(username="tt", full_name="tt", agency="TTT", roles=("inspector",), password_hash="-"))
        await self.services.accounts.put_accounts(people)

    async def headers(self, user: str) -> dict[str, str]:
        """A bearer token of the user's; made once."""
        if user not in self._tokens:
            token = uuid4().hex
            digest = hashlib.sha256(token.encode()).hexdigest()
            await self.services.accounts.save_token(digest, user, timedelta(days=3650))
            self._tokens[user] = token
        return {"Authorization": f"Bearer {self._tokens[user]}"}

    async def call(self, user: str, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """One request as the user; POSTs carry a fresh idempotency key unless they bring one."""
        headers = {**await self.headers(user), **kwargs.pop("headers", {})}
        if method == "POST":
            headers.setdefault("Idempotency-Key", uuid4().hex)
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **kwargs)

    async def post(self, user: str, path: str, body: JSON | None = None) -> JSON:
        """A POST that must succeed."""
        response = await self.call(user, "POST", path, json=body or {})
        assert response.status_code in (200, 201), f"{response.status_code} {response.text}"
        return response.json()  # type: ignore[no-any-return]

    async def refused(self, user: str, path: str, body: JSON | None = None) -> str:
        """The refusal code of a POST that must fail with a problem document."""
        response = await self.call(user, "POST", path, json=body or {})
        assert 400 <= response.status_code < 500, f"{response.status_code} {response.text}"
        assert response.headers["content-type"].startswith("application/problem+json")
        return str(response.json()["type"]).rsplit("/", 1)[-1].rsplit(":", 1)[-1]

    async def get(self, user: str, path: str) -> JSON:
        """A GET that must succeed."""
        response = await self.call(user, "GET", path)
        assert response.status_code == 200, f"{response.status_code} {response.text}"
        return response.json()  # type: ignore[no-any-return]

    async def draft(self, user: str, name: str = "du-thao.txt") -> JSON:
        """Upload a draft of its own words."""
        file = {"file": (name, f"Dự thảo {uuid4().hex}".encode(), "text/plain")}
        response = await self.call(user, "POST", "/drafts", files=file)
        assert response.status_code == 201, response.text
        return response.json()  # type: ignore[no-any-return]

    async def launch(self, lead: str, **body: Any) -> str:
        """Upload a draft and launch as the lead's head; the consultation's id."""
        launched = await self.post(f"gd.{lead.lower()}", "/consultations", await self.request(lead, **body))
        return await self.follow(launched["id"])

    async def launch_delivered(self, lead: str, **body: Any) -> str:
        """Launch, and let the clerks of agencies reached by exchange or on paper confirm the arrival at once."""
        id = await self.launch(lead, **body)
        for one in (await self.get("vpub", f"/consultations/{id}"))["asks"]:
            if one["stage"] == "sent":
                await self.deliver(id, one["agency"])
        return id

    async def request(self, lead: str, **body: Any) -> JSON:
        """A whole launch body; `asks` and `parts` come from the scenario."""
        draft = await self.draft(f"gd.{lead.lower()}")
        base: JSON = {
            "draft_kind": "KE_HOACH",
            "own_position": "Cơ quan chủ trì thống nhất với phương án trong dự thảo.",
            "proposal": "Trình UBND tỉnh xem xét, ban hành.",
            "legal_basis": "Chương trình công tác của UBND tỉnh.",
            "draft": draft["id"],
        }
        return base | body

    async def follow(self, id: str) -> str:
        """Wait for this consultation's workflow whenever the clock moves."""
        self._running[id] = self.clock.env.client.get_workflow_handle(workflow_id(id))
        await self.clock.settled(self._running[id])
        return id

    async def to(self, instant: str) -> None:
        """Move everybody's clock on to the Vietnamese instant."""
        await self.clock.skip_to(at(instant), *self._running.values())

    async def settled(self) -> None:
        """Let every workflow record what it has decided."""
        await self.clock.settled(*self._running.values())

    async def reply(self, id: str, agency: str, position: str, text: str, **more: Any) -> JSON:
        """The head signs a reply: `position` on every question asked of the agency."""
        path = f"/consultations/{id}/asks/{agency}/reply"
        return await self.post(f"gd.{agency.lower()}", path, await self.reply_body(id, agency, position, text, **more))

    async def reply_body(self, id: str, agency: str, position: str, text: str, **more: Any) -> JSON:
        """A whole reply on the current draft."""
        view = await self.get(f"gd.{agency.lower()}", f"/consultations/{id}")
        own = next(a for a in view["asks"] if a["agency"] == agency)
        answers = [{"question": q["id"], "position": position} for q in own["questions"]]
        base: JSON = {"draft_sha256": view["draft"]["sha256"], "answers": answers, "text": text}
        return base | more

    async def deliver(self, id: str, agency: str, arrived_at: str | None = None) -> JSON:
        """The clerk of an agency reached by exchange or on paper confirms the arrival."""
        body = {"arrived_at": arrived_at} if arrived_at else {}
        return await self.post(f"vt.{agency.lower()}", f"/consultations/{id}/asks/{agency}/receipt", body)

    async def ask(self, id: str, agency: str) -> JSON:
        """The agency's ask as the office sees it."""
        view = await self.get("vpub", f"/consultations/{id}")
        return next(a for a in view["asks"] if a["agency"] == agency)

    async def totals(self, id: str) -> JSON:
        """The computed totals as the office sees them."""
        return (await self.get("vpub", f"/consultations/{id}"))["totals"]  # type: ignore[no-any-return]

    async def facts(self, id: str, kind: str) -> list[JSON]:
        """The ledger's entries of one kind, as the inspector reads them."""
        found: list[JSON] = []
        cursor = ""
        while True:
            page = await self.get("tt", f"/consultations/{id}/ledger?limit=200{cursor}")
            found += page["items"]
            if not page.get("next"):
                return [f for f in found if f["kind"] == kind]
            cursor = f"&cursor={page['next']}"

    async def when(self, id: str, kind: str, agency: str | None = None) -> list[str]:
        """When facts of the kind happened, in Vietnamese time, for one agency or all."""
        facts = [f for f in await self.facts(id, kind) if agency in (None, f["agency"])]
        return [f"{datetime.fromisoformat(f['at']).astimezone(VIETNAM):%Y-%m-%d %H:%M}" for f in facts]

    async def cases(self, leader: str) -> list[JSON]:
        """The leader's open escalations."""
        return (await self.get(leader, "/escalations"))["items"]  # type: ignore[no-any-return]


def question(text: str, part: str = "d1", id: str = "q1") -> JSON:
    """A closed question on a part."""
    return {"id": id, "text": text, "closed": True, "part": part}


def ask(agency: str, function: str | None, text: str, part: str = "d1") -> JSON:
    """One asked agency with one question; a mandatory one needs no function."""
    functions = [function] if function else []
    return {"agency": agency, "functions": functions, "parts": [part], "questions": [question(text, part)]}


def vietnamese(instant: str) -> str:
    """An RFC 3339 instant in Vietnamese time, to the minute."""
    return f"{datetime.fromisoformat(instant).astimezone(VIETNAM):%Y-%m-%d %H:%M}"


@asynccontextmanager
async def province(
    env: WorkflowEnvironment, database_url: str, rulebook: Rulebook, services: Any, start: str
) -> AsyncIterator[Province]:
    """Open the province with its clock at `start`; `services` builds the application's parts around it."""
    clock = await TestClock.starting_at(env, at(start))
    queue = f"q-{uuid4().hex[:8]}"
    settings = Settings(database_url=SecretStr(database_url), task_queue=queue, smtp_host=None)
    database: Database = connect(database_url)

    async def connected() -> Any:
        return env.client

    parts: Services = services(
        settings=settings,
        rulebook=rulebook,
        database=database,
        gateway=Gateway(connected, queue),
        clock=RegisterClock(clock),
        business=clock.business,
    )
    app = create_app(settings, parts)
    transport = httpx.ASGITransport(app=app)
    async with (
        build_worker(env.client, SqlRegister(database, RegisterClock(clock)), queue),
        httpx.AsyncClient(transport=transport, base_url="http://ykien.test") as http,
    ):
        opened = Province(http, parts, clock)
        await opened.populate([a.code for a in rulebook.directory.agencies if a.effective_to is None])
        yield opened
    await database.close()
