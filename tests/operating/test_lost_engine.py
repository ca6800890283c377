"""The whole of it, with real processes: Temporal's file is thrown away between two replies, and nobody loses a word."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from adapters.demo import demo_accounts
from bench.rig import RULES, Rig
from commands.doctor import examine
from commands.rebuild import as_figures, restore
from tests.operating.place import quiet
from tests.test_up import PART, PLAN, QUESTION

JSON = dict[str, Any]
SNV = {
    "agency": "SNV",
    "functions": ["SNV-02"],
    "parts": ["d2"],
    "questions": [{"id": "q1", "text": "Phương án biên chế có phù hợp không?", "closed": True, "part": "d2"}],
}
ASKS = [{"agency": "STC", "functions": ["STC-01"], "parts": ["d1"], "questions": [QUESTION]}, SNV]
PARTS = [PART, {"id": "d2", "label": "Mục II. Biên chế", "text": "Biên chế giáo viên dôi dư sau sắp xếp."}]
TEXTS = {
    "STC": "Sở Tài chính thống nhất với mức kinh phí 12,5 tỷ đồng tại Mục III của dự thảo.",
    "SNV": "Sở Nội vụ thống nhất với phương án biên chế tại Mục II của dự thảo.",
}


class People:
    """The demonstration's people before the copy's HTTP interface."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._tokens: dict[str, str] = {}

    async def call(self, user: str, method: str, path: str, **content: Any) -> JSON:
        """A request that must be accepted."""
        if user not in self._tokens:
            form = {"username": user, "password": demo_accounts(RULES).password}
            self._tokens[user] = (await self._http.post("/api/v1/auth/token", data=form)).json()["access_token"]
        headers = {"Authorization": f"Bearer {self._tokens[user]}", "Idempotency-Key": uuid4().hex}
        response = await self._http.request(method, f"/api/v1{path}", headers=headers, **content)
        assert response.status_code in (200, 201), response.text
        return response.json()  # type: ignore[no-any-return]

    async def launch(self) -> str:
        """A running consultation of two agencies."""
        file = {"file": ("du-thao.txt", "Dự thảo Đề án".encode(), "text/plain")}
        draft = await self.call("gd.sgddt", "POST", "/drafts", files=file)
        plan = {**PLAN, "parts": PARTS, "asks": ASKS, "draft": draft["id"]}
        return str((await self.call("gd.sgddt", "POST", "/consultations", json=plan))["id"])

    async def reply(self, id: str, agency: str) -> JSON:
        """The head agrees."""
        head = f"gd.{agency.lower()}"
        view = await self.call(head, "GET", f"/consultations/{id}")
        answers = [{"question": "q1", "position": "agree"}]
        body = {"draft_sha256": view["draft"]["sha256"], "answers": answers, "text": TEXTS[agency]}
        return await self.call(head, "POST", f"/consultations/{id}/asks/{agency}/reply", json=body)


async def test_a_copy_whose_engine_lost_everything_goes_on_from_the_register(tmp_path: Path) -> None:
    rig = Rig(tmp_path / "copy")
    await rig.prepare()
    try:
        await rig.start()
        async with httpx.AsyncClient(base_url=rig.url, trust_env=False, timeout=60) as http:
            people = People(http)
            id = await people.launch()
            await people.reply(id, "STC")
            before = await people.call("gd.sgddt", "GET", f"/consultations/{id}")
            await rig.kill("worker", "temporal")
            for file in rig.folder.glob("temporal.db*"):
                file.unlink()
            await rig.start("temporal", "worker")
            assert await differences(rig) == [("A11", "workflow_missing", id)]
            assert as_figures(await restore(rig.settings, None, False, quiet))["started"] == 1
            assert as_figures(await restore(rig.settings, None, False, quiet))["running"] == 1
            after = await people.call("gd.sgddt", "GET", f"/consultations/{id}")
            assert due_instants(after) == due_instants(before)
            assert (await people.reply(id, "SNV"))["decision"]["phase"] == "synthesis"
            await people.call("gd.sgddt", "POST", f"/consultations/{id}/closure", json={})
        report = await examine(rig.settings, None, quiet)
        assert report.clean, [d.identity for one in report.checks for d in one.differences]
    finally:
        await rig.stop()


async def differences(rig: Rig) -> list[tuple[str, str, str]]:
    """Everything the doctor names."""
    report = await examine(rig.settings, None, quiet)
    assert report.complete
    return [d.identity for one in report.checks for d in one.differences]


def due_instants(view: JSON) -> dict[str, str]:
    """When each agency's answer is due."""
    return {ask["agency"]: ask["due_at"] for ask in view["asks"]}
