"""Single sign-on against a real provider process: the way there and back, whom it lets in, what may fail."""

import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr

from adapters.register.accounts import Account
from adapters.settings import secret_key
from api.identity_provider import NotProved, named, proved
from api.pages.identity.single import COOKIE, LIFETIME
from api.pages.protection import COOKIE as SESSION
from api.sealing import Seal
from api.services import Services
from bench.rig import free_port
from tests.api.conftest import http_to
from tests.api.world import World
from tests.pages.conftest import Browser
from tests.pages.reading import Read
from tests.servers.identity import ELSEWHERE, IdentityProvider, provider

BACK = "http://ykien.test/dang-nhap/mot-lan/ve"


@pytest.fixture(scope="module")
def idp() -> Iterator[IdentityProvider]:
    """The province's identity provider."""
    with provider() as found:
        yield found


def signing_on(province: World, issuer: str, folder: Path, **more: Any) -> Services:
    """The province's application with single sign-on; the register is the same."""
    given = {"oidc_issuer": issuer, "oidc_client_id": "ykien", "oidc_client_secret": SecretStr("bi-mat-cua-ykien")}
    settings = province.services.settings.model_copy(update={**given, "secret_key_file": folder / "secret.key", **more})
    return replace(province.services, settings=settings)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def on(province: World, idp: IdentityProvider, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The application with single sign-on through the provider."""
    services = signing_on(province, idp.issuer, tmp_path_factory.mktemp("single"))
    async with http_to(services) as http:
        yield World(services, http)


async def account(world: World, who: str, agency: str = "STC", roles: tuple[str, ...] = ("handler",)) -> str:
    """An account of the person's."""
    username = f"sso.{uuid4().hex[:10]}"
    given: dict[str, Any] = {"agency": agency, "roles": roles, "person": who, "password_hash": "x"}
    assert await world.services.accounts.create_account(Account(username=username, full_name="Quách Mẫu Linh", **given))
    return username


def somebody() -> str:
    return f"nguoi-{uuid4().hex[:8]}"


async def sent_off(browser: Browser, onward: str = "/") -> str:
    """Where single sign-on sends the browser."""
    answer = await browser.http.get("/dang-nhap/mot-lan", params={"tiep": onward})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def comes_back(browser: Browser, url: str, status: int = 200) -> Read:
    """The page the browser lands on with the provider's answer."""
    assert url.startswith(BACK)
    return await browser.page(path_of(url), status)


def signed_in(browser: Browser) -> bool:
    return SESSION in browser.http.cookies


# --- the way there and back


async def test_a_person_the_provider_names_comes_in_and_goes_on(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    username = await account(on, who)
    sign_in = await browser.page("/duoc-hoi?tat_ca=true")
    url = await sent_off(browser, "/duoc-hoi?tat_ca=true")
    assert path_of(sign_in.link("tài khoản dùng chung")).startswith("/dang-nhap/mot-lan?tiep=/duoc-hoi")
    landed = await comes_back(browser, idp.approve(url, who))
    assert landed.url == "/duoc-hoi?tat_ca=true"
    assert username in landed.text
    assert [one.username for one in await on.services.sessions.live(username)] == [username]


async def test_the_code_is_bound_by_pkce_state_and_nonce(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    await account(on, who)
    url = await sent_off(browser)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert (asked["response_type"], asked["code_challenge_method"], asked["client_id"]) == ("code", "S256", "ykien")
    assert asked["redirect_uri"] == BACK
    assert asked["scope"].split()[0] == "openid"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    await comes_back(browser, idp.approve(url, who))
    sent = [one["sent"] for one in idp.wire() if one["path"].endswith("/token")][-1]
    assert (
        urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest()).decode().rstrip("=")
        == asked["code_challenge"]
    )
    other = await sent_off(Browser(on, None))
    fresh = {name: values[0] for name, values in parse_qs(urlsplit(other).query).items()}
    assert all(fresh[name] != asked[name] for name in ("state", "nonce", "code_challenge"))


async def test_what_the_browser_carries_tells_nothing_and_cannot_be_read_by_script(on: World) -> None:
    answer = await Browser(on, None).http.get("/dang-nhap/mot-lan")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/dang-nhap/mot-lan" in cookie
    state = parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]
    assert state not in answer.headers["set-cookie"]


async def test_behind_a_proxy_people_come_back_to_the_public_address(
    province: World, idp: IdentityProvider, tmp_path: Path
) -> None:
    services = signing_on(province, idp.issuer, tmp_path, public_url="https://ykien.example.vn")
    async with http_to(services) as http:
        url = await sent_off(Browser(World(services, http), None))
    assert parse_qs(urlsplit(url).query)["redirect_uri"] == ["https://ykien.example.vn/dang-nhap/mot-lan/ve"]


async def test_another_claim_may_name_the_person(province: World, idp: IdentityProvider, tmp_path: Path) -> None:
    who, code = somebody(), somebody()
    idp.knows(who, ma_can_bo=code)
    services = signing_on(province, idp.issuer, tmp_path, oidc_claim="ma_can_bo")
    async with http_to(services) as http:
        world = World(services, http)
        await account(world, code)
        browser = Browser(world, None)
        assert "Quách Mẫu Linh" in (await comes_back(browser, idp.approve(await sent_off(browser), who))).text


async def test_the_former_session_ends_where_somebody_signs_in_again(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, "gd.stc")
    await browser.sign_in()
    old = browser.http.cookies[SESSION]
    await account(on, who)
    await comes_back(browser, idp.approve(await sent_off(browser), who))
    stale = Browser(on, None)
    stale.http.cookies.set(SESSION, old)
    assert (await stale.page("/tai-khoan")).form("/dang-nhap")


# --- whom it lets in


async def test_whoever_has_no_account_is_told_whom_to_ask(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    page = await comes_back(browser, idp.approve(await sent_off(browser), who), 403)
    assert who in page.text
    assert "quản trị hệ thống của cơ quan" in page.text
    assert not signed_in(browser)


async def test_a_barred_account_lets_nobody_in(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    await on.services.accounts.disable(await account(on, who))
    await comes_back(browser, idp.approve(await sent_off(browser), who), 403)
    assert not signed_in(browser)


async def test_whoever_has_several_accounts_chooses_before_a_session_begins(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    await account(on, who, "STC")
    there = await account(on, who, "SNV", ("agency_head",))
    page = await comes_back(browser, idp.approve(await sent_off(browser, "/duoc-hoi"), who))
    assert not signed_in(browser)
    assert "Chọn cơ quan làm việc" in page.text
    assert "Sở Nội vụ" in page.text
    landed = await browser.submit(page, "/dang-nhap/mot-lan/chon", username=there)
    assert landed.url == "/duoc-hoi"
    assert "Sở Nội vụ" in landed.text
    assert COOKIE not in browser.http.cookies


async def test_nobody_chooses_an_account_that_is_not_theirs(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    for agency in ("STC", "SNV"):
        await account(on, who, agency)
    page = await comes_back(browser, idp.approve(await sent_off(browser), who))
    await browser.submit(page, "/dang-nhap/mot-lan/chon", 400, username="gd.stc")
    await Browser(on, None).send("/dang-nhap/mot-lan/chon", [("username", "gd.stc")], 400)
    assert not signed_in(browser)


# --- what may fail


async def test_a_wrong_state_begins_nothing_and_spoils_nothing(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    await account(on, who)
    back = idp.approve(await sent_off(browser), who)
    state = parse_qs(urlsplit(back).query)["state"][0]
    wrong = await comes_back(browser, back.replace(state, "khong-phai"), 400)
    assert "không khớp" in wrong.text
    assert not signed_in(browser)
    await comes_back(browser, back)
    assert signed_in(browser)


async def test_a_link_from_somebody_else_begins_nothing(on: World, idp: IdentityProvider) -> None:
    who, attacker, victim = somebody(), Browser(on, None), Browser(on, None)
    await account(on, who)
    page = await comes_back(victim, idp.approve(await sent_off(attacker), who), 400)
    assert "quá thời gian" in page.text
    assert not signed_in(victim)


async def test_a_code_counts_once(on: World, idp: IdentityProvider) -> None:
    who, browser, other = somebody(), Browser(on, None), Browser(on, None)
    await account(on, who)
    back = idp.approve(await sent_off(browser), who)
    await comes_back(browser, back)
    # Once more in the same browser, and with an errand of its own in another.
    await comes_back(browser, back, 400)
    used = parse_qs(urlsplit(back).query)["code"][0]
    state = parse_qs(urlsplit(await sent_off(other)).query)["state"][0]
    page = await comes_back(other, f"{BACK}?code={used}&state={state}", 403)
    assert "Chưa xác nhận được" in page.text
    assert not signed_in(other)


async def test_a_code_of_another_errand_fails_for_its_verifier(on: World, idp: IdentityProvider) -> None:
    who, thief, owner = somebody(), Browser(on, None), Browser(on, None)
    await account(on, who)
    stolen = parse_qs(urlsplit(idp.approve(await sent_off(owner), who)).query)["code"][0]
    state = parse_qs(urlsplit(await sent_off(thief)).query)["state"][0]
    await comes_back(thief, f"{BACK}?code={stolen}&state={state}", 403)
    assert not signed_in(thief)


async def test_a_wrong_nonce_proves_nobody(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    await account(on, who)
    url = await sent_off(browser)
    nonce = parse_qs(urlsplit(url).query)["nonce"][0]
    page = await comes_back(browser, idp.approve(url.replace(nonce, "mot-nonce-khac"), who), 403)
    assert "Chưa xác nhận được" in page.text
    assert not signed_in(browser)


async def test_an_errand_older_than_ten_minutes_is_over(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    await account(on, who)
    back = idp.approve(await sent_off(browser), who)
    seal = Seal(secret_key(on.services.settings), "single sign-on: errand")
    carried = seal.opened(browser.http.cookies[COOKIE], LIFETIME)
    assert carried is not None
    late = int(time.time() - LIFETIME.total_seconds() - 1)
    browser.http.cookies.delete(COOKIE)
    browser.http.cookies.set(COOKIE, seal.seal(carried, at=late), path="/dang-nhap/mot-lan")
    assert "quá thời gian" in (await comes_back(browser, back, 400)).text


async def test_what_was_not_sealed_here_for_this_is_no_errand(on: World, tmp_path: Path) -> None:
    key = secret_key(on.services.settings)
    value = {"state": "s", "nonce": "n", "verifier": "v", "redirect": BACK, "onward": "/"}
    person = Seal(key, "single sign-on: person").seal(value)
    foreign = Seal(SecretStr("x" * 40), "single sign-on: errand").seal(value)
    for sealed in (person, foreign, "", "gAAAA", "ê"):
        browser = Browser(on, None)
        if sealed.isascii():
            browser.http.cookies.set(COOKIE, sealed)
        assert "quá thời gian" in (await browser.page("/dang-nhap/mot-lan/ve?code=c&state=s", 400)).text


async def test_whoever_declines_there_is_told_so_here(on: World, idp: IdentityProvider) -> None:
    browser = Browser(on, None)
    url = await sent_off(browser)
    state = parse_qs(urlsplit(url).query)["state"][0]
    assert "error=access_denied" in idp.deny(url)
    page = await comes_back(browser, f"{BACK}?error=access_denied&state={state}", 403)
    assert "đã từ chối" in page.text


async def test_without_a_provider_that_answers_the_page_says_so(province: World, tmp_path: Path) -> None:
    services = signing_on(province, f"http://127.0.0.1:{free_port()}", tmp_path)
    async with http_to(services) as http:
        page = await Browser(World(services, http), None).page("/dang-nhap/mot-lan", 503)
    assert "chưa trả lời" in page.text
    assert "Đăng nhập bằng mật khẩu" in page.text


async def test_a_provider_that_goes_away_meanwhile_begins_nothing(province: World, tmp_path: Path) -> None:
    with provider() as short:
        services = signing_on(province, short.issuer, tmp_path)
        http = http_to(services)
        browser = Browser(World(services, http), None)
        back = short.approve(await sent_off(browser), somebody())
    async with http:
        assert "chưa trả lời" in (await comes_back(browser, back, 503)).text
    assert not signed_in(browser)


async def test_a_provider_that_is_another_than_the_settings_say_is_not_asked(
    province: World, idp: IdentityProvider, tmp_path: Path
) -> None:
    services = signing_on(province, f"{idp.issuer}{ELSEWHERE}", tmp_path)
    async with http_to(services) as http:
        page = await Browser(World(services, http), None).page("/dang-nhap/mot-lan", 503)
    assert "chưa trả lời" in page.text


async def test_without_settings_there_is_no_single_sign_on(browser: Any) -> None:
    nobody = await browser()
    assert "tài khoản dùng chung" not in (await nobody.page("/dang-nhap")).text
    for path in ("/dang-nhap/mot-lan", "/dang-nhap/mot-lan/ve", "/dang-nhap/mot-lan/chon"):
        await nobody.page(path, 404)


async def test_nobody_is_sent_on_to_another_site(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    await account(on, who)
    landed = await comes_back(browser, idp.approve(await sent_off(browser, "https://noi-khac.example/"), who))
    assert landed.url == "/"


# --- what was typed when the session ended


async def test_what_was_typed_is_sent_on_after_signing_in_in_another_tab(on: World, idp: IdentityProvider) -> None:
    who, browser = somebody(), Browser(on, None)
    username = await account(on, who)
    typed = [("ghi_chu", "Đã nhận đủ hồ sơ"), ("_ma", "cũ")]
    asked = await browser.send("/duoc-hoi/c-1/tiep-nhan", typed, 401)
    assert asked.form("/dang-nhap/gui-tiep").value("carried")
    still = await browser.submit(asked, "/dang-nhap/gui-tiep")
    assert still.form("/dang-nhap/gui-tiep")
    await comes_back(browser, idp.approve(await sent_off(browser), who))
    onward = await browser.submit(asked, "/dang-nhap/gui-tiep")
    form = onward.form("/duoc-hoi/c-1/tiep-nhan")
    assert (form.value("ghi_chu"), username in onward.text) == ("Đã nhận đủ hồ sơ", True)
    # The token is the new session's: there is no such request, but it was let through to be looked for.
    await browser.submit(onward, "/duoc-hoi/c-1/tiep-nhan", 404)


# --- the proof itself

KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"}, private=True)
KEYS: dict[str, Any] = {"keys": [KEY.as_dict(private=False)]}
NOW = int(time.time())
CLAIMS: dict[str, Any] = {
    "iss": "https://id.example.vn",
    "aud": "ykien",
    "sub": "nguoi-1",
    "nonce": "n-1",
    "iat": NOW,
    "exp": NOW + 600,
}


def checked(claims: dict[str, Any], key: Any = KEY, alg: str = "RS256") -> dict[str, Any]:
    token = jwt.encode({"alg": alg, "kid": "k1"}, claims, key, algorithms=["RS256", "HS256"])
    return proved({"id_token": token}, KEYS, issuer="https://id.example.vn", client="ykien", nonce="n-1")


def test_a_signed_token_for_us_for_this_errand_now_is_a_proof() -> None:
    assert checked(CLAIMS)["sub"] == "nguoi-1"


@pytest.mark.parametrize(
    "claims",
    [
        {**CLAIMS, "iss": "https://khac.example.vn"},
        {**CLAIMS, "aud": "he-thong-khac"},
        {**CLAIMS, "aud": ["he-thong-khac"]},
        {**CLAIMS, "azp": "he-thong-khac"},
        {**CLAIMS, "nonce": "n-2"},
        {**CLAIMS, "exp": NOW - 600},
        {**CLAIMS, "iat": NOW + 6000, "exp": NOW + 9000},
        *({name: value for name, value in CLAIMS.items() if name != gone} for gone in ("iss", "aud", "exp", "nonce")),
    ],
)
def test_a_token_for_somebody_else_another_errand_or_time_is_none(claims: dict[str, Any]) -> None:
    with pytest.raises(NotProved):
        checked(claims)


def test_a_token_that_the_provider_did_not_sign_is_none() -> None:
    other = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
    secret = OctKey.import_key("x" * 40)
    plain = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    with pytest.raises(NotProved):
        checked(CLAIMS, other)
    with pytest.raises(NotProved):
        checked(CLAIMS, secret, "HS256")
    for text in (f"{plain}.e30.", "", "a.b.c"):
        with pytest.raises(NotProved):
            proved({"id_token": text}, KEYS, issuer="https://id.example.vn", client="ykien", nonce="n-1")


def test_a_claim_names_nobody_when_it_is_empty_or_an_unconfirmed_address() -> None:
    assert named({"sub": "nguoi-1"}, "sub") == "nguoi-1"
    assert named({"email": "mau@example.vn", "email_verified": True}, "email") == "mau@example.vn"
    for claims, claim in (({}, "sub"), ({"sub": " "}, "sub"), ({"sub": 5}, "sub")):
        with pytest.raises(NotProved):
            named(claims, claim)
    with pytest.raises(NotProved):
        named({"email": "mau@example.vn", "email_verified": False}, "email")
