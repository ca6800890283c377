"""Consultations of a test's own in the shared province, made over the JSON interface: quick, and nobody else's."""

from typing import Any
from uuid import uuid4

import httpx

from adapters.demo import demo_accounts
from commands.texts import RULES
from tests.api.world import PLAN

JSON = dict[str, Any]


class Papers:
    """The demonstration's people at the JSON interface."""

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=f"{url}/api/v1", trust_env=False, timeout=60)
        self._tokens: dict[str, str] = {}

    async def call(self, user: str, method: str, path: str, **content: Any) -> JSON:
        """One request that must be accepted."""
        if user not in self._tokens:
            form = {"username": user, "password": demo_accounts(RULES).password}
            self._tokens[user] = (await self.http.post("/auth/token", data=form)).json()["access_token"]
        headers = {"Authorization": f"Bearer {self._tokens[user]}", "Idempotency-Key": uuid4().hex}
        answer = await self.http.request(method, path, headers=headers, **content)
        assert answer.status_code < 300, answer.text
        found: JSON = answer.json()
        return found

    async def launch(self, **changes: Any) -> str:
        """SGDDT asks STC and SNV; the consultation's id."""
        file = {"file": ("du-thao.txt", f"Dự thảo {uuid4().hex}".encode(), "text/plain")}
        draft = await self.call("gd.sgddt", "POST", "/drafts", files=file)
        made = await self.call("gd.sgddt", "POST", "/consultations", json=PLAN | {"draft": draft["id"]} | changes)
        return str(made["id"])

    async def ask(self, id: str, agency: str = "STC") -> JSON:
        """How one agency's part stands."""
        view = await self.call("vpub", "GET", f"/consultations/{id}")
        found: JSON = next(ask for ask in view["asks"] if ask["agency"] == agency)
        return found
