"""Sessions: they live between two limits, end with their account's rights, and hand over without living longer."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.database import Database
from adapters.register.accounts import Account, Accounts
from adapters.register.sessions import Sessions
from tests.adapters.registers import FixedClock

IDLE, LIFETIME = timedelta(minutes=60), timedelta(hours=12)
MINUTE = timedelta(minutes=1)
OFFICER = Account(
    username="cv.stc", full_name="Đỗ Thị Mẫu", agency="STC", roles=("handler", "clerk"), password_hash="x"
)
OTHER = OFFICER.model_copy(update={"username": "cv.snv", "agency": "SNV"})
ONE, TWO, THREE = ("a" * 64, "b" * 64, "c" * 64)


class Desk:
    """Accounts and sessions over one clock."""

    def __init__(self, db: Database) -> None:
        self.clock = FixedClock()
        self.accounts = Accounts(db, self.clock)
        self.sessions = Sessions(db, IDLE, LIFETIME, self.clock)

    async def begin(self, sha256: str, username: str = "cv.stc", role: str | None = None) -> None:
        id = f"p-{sha256[:6]}"
        given: dict[str, Any] = {"sha256": sha256, "id": id, "username": username, "role": role}
        await self.sessions.start(**given, source="10.0.0.1", browser="Firefox")

    async def lives(self, sha256: str) -> bool:
        return await self.sessions.find(sha256) is not None


@pytest.fixture
async def desk(db: Database) -> Desk:
    found = Desk(db)
    await found.accounts.put_accounts([OFFICER, OTHER])
    return found


async def test_a_session_is_found_with_its_account_until_nobody_uses_it(desk: Desk) -> None:
    await desk.begin(ONE, role="clerk")
    found = await desk.sessions.find(ONE)
    assert found is not None
    assert (found.account.username, found.session.role, found.session.source) == ("cv.stc", "clerk", "10.0.0.1")
    desk.clock.instant += IDLE - MINUTE
    assert await desk.lives(ONE)
    desk.clock.instant += IDLE - MINUTE
    assert await desk.lives(ONE)
    desk.clock.instant += IDLE
    assert not await desk.lives(ONE)


async def test_a_session_ends_by_age_however_busy_it_is(desk: Desk) -> None:
    await desk.begin(ONE)
    for _ in range(23):
        desk.clock.instant += LIFETIME / 24
        assert await desk.lives(ONE)
    desk.clock.instant += LIFETIME / 24
    assert not await desk.lives(ONE)


async def test_being_seen_is_written_at_most_once_a_minute(desk: Desk) -> None:
    await desk.begin(ONE)
    began = desk.clock.instant
    desk.clock.instant += MINUTE / 2
    await desk.sessions.find(ONE)
    assert (await desk.sessions.live("cv.stc"))[0].seen_at == began
    desk.clock.instant += MINUTE
    await desk.sessions.find(ONE)
    assert (await desk.sessions.live("cv.stc"))[0].seen_at == desk.clock.instant


async def test_a_disabled_account_loses_its_sessions_and_does_not_get_them_back(desk: Desk) -> None:
    await desk.begin(ONE)
    await desk.begin(TWO, "cv.snv")
    await desk.accounts.save_token(THREE, "cv.stc", LIFETIME)
    await desk.accounts.disable("cv.stc")
    assert not await desk.lives(ONE)
    assert await desk.lives(TWO)
    await desk.accounts.enable("cv.stc")
    assert not (await desk.accounts.find("cv.stc")).disabled  # type: ignore[union-attr]
    assert not await desk.lives(ONE)
    assert await desk.accounts.account_by_token(THREE) is None


async def test_a_new_password_ends_every_session_but_the_one_that_chose_it(desk: Desk) -> None:
    for secret in (ONE, TWO):
        await desk.begin(secret)
    await desk.begin(THREE, "cv.snv")
    await desk.accounts.set_password("cv.stc", "y", but=ONE)
    assert [await desk.lives(secret) for secret in (ONE, TWO, THREE)] == [True, False, True]
    await desk.accounts.set_password("cv.stc", "z")
    assert not await desk.lives(ONE)


async def test_other_rights_end_the_sessions_another_name_does_not(desk: Desk) -> None:
    await desk.begin(ONE)
    renamed = OFFICER.model_copy(update={"full_name": "Đỗ Thị Mẫu Hai", "email": "mau@example.vn"})
    await desk.accounts.change(renamed, sign_out=False)
    assert await desk.lives(ONE)
    await desk.accounts.change(renamed.model_copy(update={"roles": ("clerk",)}), sign_out=True)
    assert not await desk.lives(ONE)
    found = await desk.accounts.find("cv.stc")
    assert found is not None
    assert (found.full_name, found.roles, found.password_hash) == ("Đỗ Thị Mẫu Hai", ("clerk",), "x")


async def test_a_session_handed_over_lives_no_longer_than_the_first_would_have(desk: Desk) -> None:
    await desk.begin(ONE)
    old = (await desk.sessions.live("cv.stc"))[0]
    desk.clock.instant += LIFETIME / 24
    given: dict[str, Any] = {"sha256": TWO, "id": "p-2", "username": "cv.snv", "role": None}
    assert await desk.sessions.hand_over(old, **given, source="", browser="")
    assert [await desk.lives(secret) for secret in (ONE, TWO)] == [False, True]
    assert (await desk.sessions.live("cv.snv"))[0].expires_at == old.expires_at


async def test_an_ended_session_hands_over_nothing(desk: Desk) -> None:
    await desk.begin(ONE)
    old = (await desk.sessions.live("cv.stc"))[0]
    await desk.sessions.end(ONE)
    given: dict[str, Any] = {"sha256": TWO, "id": "p-2", "username": "cv.stc", "role": None}
    assert not await desk.sessions.hand_over(old, **given, source="", browser="")
    assert not await desk.lives(TWO)


async def test_somebody_ends_their_own_sessions_only(desk: Desk) -> None:
    await desk.begin(ONE)
    await desk.begin(TWO, "cv.snv")
    assert not await desk.sessions.end_by_id(f"p-{TWO[:6]}", "cv.stc")
    assert await desk.sessions.end_by_id(f"p-{ONE[:6]}", "cv.stc")
    assert not await desk.sessions.end_by_id(f"p-{ONE[:6]}", "cv.stc")
    assert [await desk.lives(secret) for secret in (ONE, TWO)] == [False, True]


async def test_live_sessions_are_listed_last_seen_first_and_ended_but_one(desk: Desk) -> None:
    for secret in (ONE, TWO, THREE):
        desk.clock.instant += MINUTE
        await desk.begin(secret)
    assert [one.sha256 for one in await desk.sessions.live("cv.stc")] == [THREE, TWO, ONE]
    assert await desk.sessions.end_all("cv.stc", but=TWO) == 2
    assert [one.session.sha256 for one in await desk.sessions.everybody()] == [TWO]


async def test_everybodys_sessions_leave_out_ended_idle_and_disabled_ones(desk: Desk) -> None:
    await desk.begin(ONE)
    await desk.begin(TWO, "cv.snv")
    assert {one.account.username for one in await desk.sessions.everybody()} == {"cv.stc", "cv.snv"}
    await desk.accounts.disable("cv.snv")
    assert [one.account.username for one in await desk.sessions.everybody()] == ["cv.stc"]
    desk.clock.instant += IDLE
    assert await desk.sessions.everybody() == ()


async def test_accounts_are_listed_by_agency_and_whether_they_are_barred(desk: Desk) -> None:
    await desk.accounts.disable("cv.snv")
    assert [one.username for one in await desk.accounts.listed()] == ["cv.snv", "cv.stc"]
    assert [one.username for one in await desk.accounts.listed(disabled=True)] == ["cv.snv"]
    assert [one.username for one in await desk.accounts.listed("SNV", disabled=False)] == []
    assert [one.username for one in await desk.accounts.listed("STC")] == ["cv.stc"]


async def test_a_page_that_looks_again_by_itself_keeps_no_session_alive(desk: Desk) -> None:
    await desk.begin(ONE)
    desk.clock.instant += IDLE - MINUTE
    assert await desk.sessions.find(ONE, seen=False) is not None
    desk.clock.instant += MINUTE
    assert await desk.sessions.find(ONE) is None
