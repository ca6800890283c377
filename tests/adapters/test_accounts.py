"""Accounts: signing in needs a living account and a living token; nothing secret is shown."""

from datetime import timedelta

from adapters.database import Database
from adapters.register.accounts import Account, Accounts
from tests.adapters.registers import FixedClock
from tests.worlds import at

DAY = timedelta(days=1)
OFFICER = Account(
    username="cv.sgddt",
    full_name="Đỗ Thị Mẫu",
    agency="SGDDT",
    roles=("lead_officer", "clerk"),
    password_hash="$argon2$x",
)
LEADER = Account(username="pct1", full_name="Trần Văn Mẫu", roles=("leader",), leader="PCT1", password_hash="$argon2$y")
TOKEN = "a" * 64


async def test_an_account_is_found_as_it_was_made(db: Database) -> None:
    book = Accounts(db, FixedClock("2026-01-05 09:00"))
    assert await book.create_account(OFFICER)
    found = await book.find("cv.sgddt")
    assert found == OFFICER.model_copy(update={"created_at": at("2026-01-05 09:00")})
    assert await book.find("không có") is None


async def test_a_username_is_given_once(db: Database) -> None:
    book = Accounts(db)
    await book.create_account(OFFICER)
    assert not await book.create_account(OFFICER.model_copy(update={"full_name": "Người khác"}))
    assert (await book.find("cv.sgddt")).full_name == "Đỗ Thị Mẫu"  # type: ignore[union-attr]


async def test_a_password_hash_is_never_shown() -> None:
    assert "argon2" not in repr(OFFICER)
    assert "argon2" not in str(OFFICER)


async def test_a_token_opens_its_account_until_it_expires(db: Database) -> None:
    clock = FixedClock()
    book = Accounts(db, clock)
    await book.create_account(OFFICER)
    assert await book.save_token(TOKEN, "cv.sgddt", DAY) == clock.instant + DAY
    found = await book.account_by_token(TOKEN)
    assert found is not None
    assert found.username == "cv.sgddt"
    assert await book.account_by_token("b" * 64) is None
    clock.instant += DAY
    assert await book.account_by_token(TOKEN) is None


async def test_a_revoked_token_opens_nothing(db: Database) -> None:
    book = Accounts(db)
    await book.create_account(OFFICER)
    await book.save_token(TOKEN, "cv.sgddt", DAY)
    await book.revoke(TOKEN)
    assert await book.account_by_token(TOKEN) is None


async def test_a_disabled_account_has_no_valid_token_and_gets_no_mail(db: Database) -> None:
    book = Accounts(db)
    await book.create_account(OFFICER)
    await book.save_token(TOKEN, "cv.sgddt", DAY)
    await book.disable("cv.sgddt")
    found = await book.find("cv.sgddt")
    assert found is not None
    assert found.disabled
    assert await book.account_by_token(TOKEN) is None
    assert await book.of_agency("SGDDT") == ()


async def test_a_new_password_ends_the_tokens_of_the_old_one(db: Database) -> None:
    book = Accounts(db)
    await book.create_account(OFFICER)
    await book.save_token(TOKEN, "cv.sgddt", DAY)
    await book.set_password("cv.sgddt", "$argon2$z")
    assert await book.account_by_token(TOKEN) is None
    assert (await book.find("cv.sgddt")).password_hash == "$argon2$z"  # type: ignore[union-attr]


async def test_accounts_are_found_by_agency_role_and_leader(db: Database) -> None:
    book = Accounts(db)
    await book.put_accounts([OFFICER, LEADER])
    await book.put_accounts([OFFICER.model_copy(update={"full_name": "Đỗ Thị Mẫu Hai"})])

    assert [a.full_name for a in await book.of_agency("SGDDT", "clerk")] == ["Đỗ Thị Mẫu Hai"]
    assert await book.of_agency("SGDDT", "agency_head") == ()
    assert [a.username for a in await book.of_leader("PCT1")] == ["pct1"]
    assert [a.username for a in await book.of_role("leader")] == ["pct1"]


async def test_failed_attempts_are_counted_until_the_owner_succeeds(db: Database) -> None:
    clock = FixedClock()
    book = Accounts(db, clock)
    for name, source, succeeded in (
        ("a", "s1", False),
        ("a", "s2", False),
        ("b", "s1", False),
        ("b", "s1", True),
        ("b", "s1", False),
    ):
        await book.note_attempt(name, source, succeeded=succeeded)
    assert (await book.failures_of("a", DAY), await book.failures_of("b", DAY)) == (2, 1)
    assert (await book.failures_from("s1", DAY), await book.failures_from("s2", DAY)) == (3, 1)
    clock.instant += 2 * DAY
    assert (await book.failures_of("a", DAY), await book.failures_from("s1", DAY)) == (0, 0)
