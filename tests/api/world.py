"""A small province behind the real API, worker, engine and register, for tests of the edge; no time is moved here."""

import hashlib
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from argon2 import PasswordHasher

from adapters.register.accounts import Account
from api.passwords import Passwords
from api.services import Services

JSON = dict[str, Any]
PASSWORD = "mật-khẩu-thử"
STAFF = {"cv": ("lead_officer", "handler"), "gd": ("agency_head",), "vt": ("clerk",)}
AGENCIES = ("SGDDT", "STC", "SNV", "SXD", "SYT", "SNNMT", "SVHTTDL", "CAT", "SKHCN")
OTHERS = {
    "ct": ("UBT", ("leader",), "CT"),
    "pct1": ("UBT", ("leader",), "PCT1"),
    "pct2": ("UBT", ("leader",), "PCT2"),
    "pct4": ("UBT", ("leader",), "PCT4"),
    "vpub": ("VPUB", ("office",), None),
    "thanhtra": ("TTT", ("inspector",), None),
    "danhgia": ("SNV", ("home_affairs",), None),
    "quantri": (None, ("admin",), None),
    "stc.pho": ("STC", ("handler",), None),
}
PARTS = [
    {"id": "d1", "label": "Mục III. Kinh phí", "text": "Tổng kinh phí 12,5 tỷ đồng từ dự toán ngân sách tỉnh 2026."},
    {"id": "d2", "label": "Mục II. Biên chế", "text": "Vị trí việc làm, biên chế giáo viên dôi dư sau sắp xếp."},
]
STC_ASK = {
    "agency": "STC",
    "functions": ["STC-01"],
    "parts": ["d1"],
    "questions": [
        {
            "id": "q1",
            "text": "Ngân sách tỉnh năm 2026 có cân đối được 12,5 tỷ đồng không?",
            "closed": True,
            "part": "d1",
        }
    ],
}
SNV_ASK = {
    "agency": "SNV",
    "functions": ["SNV-02"],
    "parts": ["d2"],
    "questions": [
        {
            "id": "q1",
            "text": "Phương án biên chế, vị trí việc làm dôi dư có phù hợp không?",
            "closed": True,
            "part": "d2",
        }
    ],
}
PLAN: JSON = {
    "subject": "Đề án sắp xếp mạng lưới trường, lớp",
    "field": "PHO_THONG",
    "draft_kind": "DE_AN",
    "own_position": "Sở Giáo dục và Đào tạo thống nhất với phương án trong dự thảo.",
    "proposal": "Trình UBND tỉnh xem xét, ban hành.",
    "legal_basis": "Chương trình công tác của UBND tỉnh.",
    "parts": PARTS,
    "asks": [STC_ASK, SNV_ASK],
}
SAFETY: JSON = {
    "subject": "Kế hoạch bảo đảm an toàn thông tin hệ thống dùng chung",
    "field": "CHUYEN_DOI_SO",
    "draft_kind": "KE_HOACH",
    "parts": [
        {
            "id": "d1",
            "label": "Mục II. An toàn thông tin",
            "text": "An toàn thông tin mạng, thông tin điện tử của hệ thống dùng chung.",
        },
        {"id": "d3", "label": "Mục IV. Dữ liệu y tế", "text": "Dữ liệu khám, chữa bệnh của các cơ sở y tế."},
    ],
    "asks": [
        {
            "agency": "SVHTTDL",
            "functions": ["SVHTTDL-08"],
            "parts": ["d1"],
            "questions": [
                {"id": "q1", "text": "Phương án an toàn thông tin điện tử có phù hợp không?", "part": "d1"},
            ],
        },
        {
            "agency": "SYT",
            "functions": ["SYT-01"],
            "parts": ["d3"],
            "questions": [
                {"id": "q1", "text": "Dữ liệu khám, chữa bệnh tại Mục IV có yêu cầu bảo vệ riêng không?", "part": "d3"}
            ],
        },
    ],
}
NOT_OURS = "Nội dung không thuộc chức năng của Sở; an toàn thông tin do Công an tỉnh quản lý từ năm 2025."
AGREES = {"STC": "Sở Tài chính thống nhất với dự thảo.", "SNV": "Sở Nội vụ thống nhất với dự thảo."}


class World:
    """People by account name: `gd.stc` heads STC, `cv.` prepares and drafts, `vt.` is its clerk."""

    def __init__(self, services: Services, http: httpx.AsyncClient) -> None:
        self.services, self.http = services, http
        self._tokens: dict[str, str] = {}

    async def populate(self) -> None:
        """One account of every kind; they share a cheap hash."""
        self.services.passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        secret = await self.services.passwords.hash(PASSWORD)
        people = [
            _account(f"{desk}.{a.lower()}", a, roles, None, secret) for a in AGENCIES for desk, roles in STAFF.items()
        ]
        people += [_account(name, *rest, secret) for name, rest in OTHERS.items()]
        await self.services.accounts.put_accounts(people)

    async def headers(self, user: str) -> dict[str, str]:
        """A bearer token of the user's."""
        if user not in self._tokens:
            token = uuid4().hex
            digest = hashlib.sha256(token.encode()).hexdigest()
            await self.services.accounts.save_token(digest, user, timedelta(days=1))
            self._tokens[user] = token
        return {"Authorization": f"Bearer {self._tokens[user]}"}

    async def call(self, user: str, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """One request as the user; without a key of its own a POST is keyed by the server."""
        headers = {**await self.headers(user), **kwargs.pop("headers", {})}
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **kwargs)

    async def post(self, user: str, path: str, body: JSON | None = None, status: int = 200) -> JSON:
        """A POST that must be answered with the status."""
        response = await self.call(user, "POST", path, json={} if body is None else body)
        assert response.status_code == status, f"{response.status_code} {response.text}"
        return response.json()  # type: ignore[no-any-return]

    async def get(self, user: str, path: str, status: int = 200) -> JSON:
        """A GET that must be answered with the status."""
        response = await self.call(user, "GET", path)
        assert response.status_code == status, f"{response.status_code} {response.text}"
        return response.json()  # type: ignore[no-any-return]

    async def refused(self, user: str, path: str, body: Any, status: int, code: str) -> JSON:
        """The problem document of a POST that must be refused with the status and code."""
        response = await self.call(user, "POST", path, json=body)
        return problem(response, status, code)

    async def draft(self, user: str, name: str = "du-thao.txt", data: bytes | None = None) -> JSON:
        """An uploaded draft of its own words."""
        file = {"file": (name, data if data is not None else f"Dự thảo {uuid4().hex}".encode(), "text/plain")}
        response = await self.call(user, "POST", "/drafts", files=file)
        assert response.status_code == 201, response.text
        return response.json()  # type: ignore[no-any-return]

    async def plan(self, lead: str = "sgddt", **changes: Any) -> JSON:
        """A whole launch body of the lead."""
        return deepcopy(PLAN) | {"draft": (await self.draft(f"gd.{lead}"))["id"]} | changes

    async def launch(self, lead: str = "sgddt", **changes: Any) -> str:
        """A running consultation's id."""
        launched = await self.post(f"gd.{lead}", "/consultations", await self.plan(lead, **changes), 201)
        return str(launched["id"])

    async def answer(self, id: str, agency: str = "STC", position: str = "agree", **changes: Any) -> JSON:
        """A whole reply body on the current draft."""
        view = await self.get(f"gd.{agency.lower()}", f"/consultations/{id}")
        own = next(a for a in view["asks"] if a["agency"] == agency)
        answers = [{"question": q["id"], "position": position} for q in own["questions"]]
        return {"draft_sha256": view["draft"]["sha256"], "answers": answers, "text": AGREES.get(agency, "")} | changes

    async def reply(self, id: str, agency: str = "STC", position: str = "agree", **changes: Any) -> JSON:
        """The head's signed reply."""
        body = await self.answer(id, agency, position, **changes)
        return await self.post(f"gd.{agency.lower()}", f"/consultations/{id}/asks/{agency}/reply", body)

    async def closed(self) -> str:
        """A consultation that ran its whole way."""
        id = await self.launch()
        await self.reply(id, "STC")
        await self.reply(id, "SNV")
        await self.post("gd.sgddt", f"/consultations/{id}/closure")
        return id


def problem(response: httpx.Response, status: int, code: str) -> JSON:
    """The problem document, checked for shape: a Vietnamese sentence, a way out, the code at the end of the type."""
    assert response.status_code == status, f"{response.status_code} {response.text[:600]}"
    assert response.headers["content-type"] == "application/problem+json"
    body: JSON = response.json()
    assert body["type"].endswith(code), body
    assert body["status"] == status
    assert all(body[part].strip() for part in ("title", "detail", "way_out"))
    assert "{" not in body["detail"] + body["way_out"]
    return body


def _account(name: str, agency: str | None, roles: tuple[str, ...], leader: str | None, secret: str) -> Account:
    return Account(
        username=name, full_name=f"Người {name}", agency=agency, roles=roles, leader=leader, password_hash=secret
    )


def instant(text: str) -> datetime:
    """An RFC 3339 instant."""
    return datetime.fromisoformat(text)
