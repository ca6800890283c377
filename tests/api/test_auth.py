"""Signing in: tokens, wrong passwords, limits that lock nobody else out, accounts that were disabled."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from adapters.register.accounts import Account
from api.limiting import Window
from api.passwords import Passwords, fingerprint, new_token
from tests.api.world import PASSWORD, World, problem


async def sign_in(world: World, username: str, password: str = PASSWORD) -> httpx.Response:
    """One attempt."""
    return await world.http.post("/api/v1/auth/token", data={"username": username, "password": password})


async def new_account(world: World, **changes: object) -> str:
    """A fresh account's name."""
    name = f"thu.{uuid4().hex[:8]}"
    secret = await world.services.passwords.hash(PASSWORD)
    account = Account(username=name, full_name="Người thử", agency="STC", roles=("handler",), password_hash=secret)
    await world.services.accounts.create_account(account.model_copy(update=changes))
    return name


async def test_a_token_opens_the_interface(world: World) -> None:
    response = await sign_in(world, "pct4")
    assert response.status_code == 200
    token = response.json()
    assert token["token_type"] == "bearer"
    me = await world.http.get("/api/v1/me", headers={"Authorization": f"Bearer {token['access_token']}"})
    assert (me.json()["account"], me.json()["leader"]) == ("pct4", "PCT4")
    assert "PHO_THONG" in me.json()["fields"]
    assert me.json()["role_names"] == ["Lãnh đạo UBND tỉnh"]


async def test_only_the_hash_of_a_token_is_kept(world: World) -> None:
    token = new_token()
    assert len(token) >= 43
    await world.services.accounts.save_token(fingerprint(token), "gd.stc", timedelta(minutes=5))
    assert (await world.services.accounts.account_by_token(fingerprint(token))) is not None
    assert (await world.services.accounts.account_by_token(token)) is None


async def test_signing_out_ends_the_token(world: World) -> None:
    token = (await sign_in(world, "pct4")).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await world.http.post("/api/v1/auth/revocation", headers=headers)).status_code == 204
    problem(await world.http.get("/api/v1/me", headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize("header", [None, "Bearer khong-co", "Basic eDp5", "Bearer "])
async def test_without_a_valid_token_nothing_is_open(world: World, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    response = await world.http.get("/api/v1/consultations", headers=headers)
    problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_wrong_password_and_an_unknown_account_look_alike(world: World) -> None:
    wrong, unknown = await sign_in(world, await new_account(world), "sai"), await sign_in(world, "khong.co", "sai")
    assert problem(wrong, 401, "unauthenticated") == problem(unknown, 401, "unauthenticated")
    assert wrong.json()["detail"] == "Tên đăng nhập hoặc mật khẩu không đúng."


async def test_an_expired_token_and_a_disabled_account_are_out(world: World) -> None:
    token, name = new_token(), await new_account(world)
    await world.services.accounts.save_token(fingerprint(token), name, timedelta(seconds=-1))
    headers = {"Authorization": f"Bearer {token}"}
    problem(await world.http.get("/api/v1/me", headers=headers), 401, "unauthenticated")
    live = (await sign_in(world, name)).json()["access_token"]
    await world.services.accounts.disable(name)
    problem(await world.http.get("/api/v1/me", headers={"Authorization": f"Bearer {live}"}), 401, "unauthenticated")
    problem(await sign_in(world, name), 401, "unauthenticated")


async def test_after_five_wrong_passwords_the_caller_waits_but_nobody_else(world: World) -> None:
    name = await new_account(world)
    for _ in range(5):
        problem(await sign_in(world, name, "sai"), 401, "unauthenticated")
    response = await sign_in(world, name)
    problem(response, 429, "too_many_requests")
    assert int(response.headers["retry-after"]) > 0
    elsewhere = httpx.ASGITransport(world.http._transport.app, client=("10.0.0.7", 1))  # type: ignore[attr-defined]
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://ykien.test") as other:
        form = {"username": name, "password": PASSWORD}
        assert (await other.post("/api/v1/auth/token", data=form)).status_code == 200
    assert (await sign_in(world, await new_account(world))).status_code == 200


async def test_success_forgets_earlier_failures(world: World) -> None:
    name = await new_account(world)
    for _ in range(4):
        await sign_in(world, name, "sai")
    assert (await sign_in(world, name)).status_code == 200
    assert (await sign_in(world, name, "sai")).status_code == 401
    assert (await sign_in(world, name)).status_code == 200


@pytest.mark.parametrize(
    "form", [{}, {"username": "x"}, {"username": "x" * 101, "password": "y"}, {"username": "x", "password": "y" * 257}]
)
async def test_a_form_that_is_none_is_refused(world: World, form: dict[str, str]) -> None:
    problem(await world.http.post("/api/v1/auth/token", data=form), 422, "body_invalid")


@pytest.mark.parametrize("username", ["a\0b", "a\nb", "' OR 1=1 --", "tên có dấu"])
async def test_strange_names_are_only_unknown(world: World, username: str) -> None:
    problem(await sign_in(world, username), 401, "unauthenticated")


async def test_passwords_are_hashed_with_argon2id() -> None:
    passwords = Passwords()
    kept = await passwords.hash("một mật khẩu")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await passwords.matches(kept, "một mật khẩu")
    assert not await passwords.matches(kept, "mật khẩu khác")
    assert not await passwords.matches(None, "một mật khẩu")
    assert not await passwords.matches("hỏng", "một mật khẩu")


def test_a_window_is_bounded_and_forgets() -> None:
    window = Window(2, 0.0)
    window.note("a")
    window.note("a")
    assert not window.full("a")
    tight = Window(2, 60)
    tight.note("a")
    assert not tight.full("a")
    tight.note("a")
    assert tight.full("a")
    assert not tight.full("b")
    tight.forget("a")
    assert not tight.full("a")
