"""The province's identity provider, by OpenID Connect: authorization code with PKCE (S256), state and nonce.

Authlib makes the requests and checks the claims, joserfc the signature, httpx carries them. It knows no account and
no page: it says who the provider says somebody is. (Authlib's own httpx client has left httpx; only its
transport-free parts are used here.)
"""

import time
from collections.abc import Sequence
from typing import Any, cast

import httpx
from authlib.common.security import generate_token  # type: ignore[import-untyped]
from authlib.oauth2.base import OAuth2Error  # type: ignore[import-untyped]
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from adapters.settings import Settings
from domain.base import Frozen

DISCOVERY = "/.well-known/openid-configuration"
# Only keys of which the provider alone has the secret half; never `none`, never our own client secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
TIMEOUT_SECONDS = 10.0
KEPT_SECONDS = 300.0
LEEWAY_SECONDS = 60


class Unreachable(Exception):  # noqa: N818 - an answer
    """The provider did not answer, or with nothing we understand."""


class NotProved(Exception):  # noqa: N818 - an answer
    """The provider answered, and it is no proof of who somebody is."""


class Errand(Frozen):
    """One way to the provider and back. `url`: where the browser goes; the rest is compared on its return."""

    url: str
    state: str
    nonce: str
    verifier: str
    redirect: str


class _Client(OAuth2Client):  # type: ignore[misc]
    """Authlib's client over an httpx session."""

    async def _fetch_token(self, url: str, body: str, auth: Any, headers: Any, **_: Any) -> dict[str, Any]:
        to, given, text = auth.prepare("POST", url, dict(headers), body)
        answer = await self.session.post(to, content=text, headers=given)
        return dict(self.parse_response_token(answer))


class Provider:
    """The provider the settings name. Its description is asked for at most every five minutes, its keys each time."""

    def __init__(self, settings: Settings) -> None:
        assert settings.oidc_issuer  # noqa: S101 - whoever makes one has looked
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        secret = settings.oidc_client_secret
        self._secret = secret.get_secret_value() if secret else None
        self._scopes, self._claim = settings.oidc_scopes, settings.oidc_claim
        self._description: dict[str, Any] = {}
        self._asked_at = 0.0
        # Reading the machine's certificates takes a tenth of a second: once.
        self._trust = httpx.create_ssl_context()

    async def errand(self, redirect: str) -> Errand:
        """A fresh way to the provider that comes back to `redirect`. Raises `Unreachable`."""
        about = await self._about()
        state, nonce, verifier = (generate_token(48) for _ in range(3))
        client = self._client(None, about, redirect)
        url, _ = client.create_authorization_url(
            _address(about, "authorization_endpoint"), state=state, nonce=nonce, code_verifier=verifier
        )
        return Errand(url=url, state=state, nonce=nonce, verifier=verifier, redirect=redirect)

    async def person(self, errand: Errand, code: str) -> str:
        """Whom the provider names for the code. Raises `Unreachable`, `NotProved`."""
        about = await self._about()
        try:
            async with self._session() as session:
                client = self._client(session, about, errand.redirect)
                token = await client.fetch_token(
                    _address(about, "token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=errand.verifier,
                    redirect_uri=errand.redirect,
                )
                keys = await _json(session, _address(about, "jwks_uri"))
        except OAuth2Error as error:
            raise NotProved(str(error.error)) from None
        except (httpx.HTTPError, ValueError) as error:
            raise Unreachable(type(error).__name__) from error
        claims = proved(token, keys, issuer=about["issuer"], client=self._client_id or "", nonce=errand.nonce)
        return named(claims, self._claim)

    async def _about(self) -> dict[str, Any]:
        """The provider's discovery document, which must be the issuer's own."""
        if time.monotonic() - self._asked_at > KEPT_SECONDS or not self._description:
            try:
                async with self._session() as session:
                    found = await _json(session, self._issuer + DISCOVERY)
            except (httpx.HTTPError, ValueError) as error:
                raise Unreachable(type(error).__name__) from error
            if str(found.get("issuer", "")).rstrip("/") != self._issuer:
                raise Unreachable("issuer")
            self._description, self._asked_at = found, time.monotonic()
        return self._description

    def _session(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False, verify=self._trust)

    def _client(self, session: httpx.AsyncClient | None, about: dict[str, Any], redirect: str) -> _Client:
        return _Client(
            session,
            client_id=self._client_id,
            client_secret=self._secret,
            token_endpoint_auth_method=_way_of_naming(about, self._secret),
            scope=self._scopes,
            redirect_uri=redirect,
            code_challenge_method="S256",
        )


def proved(token: dict[str, Any], keys: dict[str, Any], *, issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """The claims of the ID token, if it was signed by one of the keys for this client, this errand, now.

    Raises `NotProved`, with what is wrong.
    """
    try:
        found = jwt.decode(
            str(token.get("id_token", "")), KeySet.import_key_set(cast(Any, keys)), algorithms=list(ALGORITHMS)
        )
        options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client}}
        params = {"nonce": nonce, "client_id": client, "access_token": token.get("access_token")}
        claims = CodeIDToken(found.claims, found.header, options, params)
        claims.validate(leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotProved(type(error).__name__) from None
    return dict(claims)


def named(claims: dict[str, Any], claim: str) -> str:
    """The person the claim names. Raises `NotProved` where it is missing, or an address nobody has confirmed."""
    found = claims.get(claim)
    if not isinstance(found, str) or not found.strip():
        raise NotProved(f"no claim {claim}")
    if claim == "email" and claims.get("email_verified") is False:
        raise NotProved("email not verified")
    return found


def _way_of_naming(about: dict[str, Any], secret: str | None) -> str:
    """How the client proves itself at the token endpoint: as the provider takes it."""
    taken: Sequence[str] = about.get("token_endpoint_auth_methods_supported") or ("client_secret_basic",)
    if secret is None:
        return "none"
    return "client_secret_basic" if "client_secret_basic" in taken else "client_secret_post"


def _address(about: dict[str, Any], name: str) -> str:
    found = about.get(name)
    if not isinstance(found, str):
        raise Unreachable(name)
    return found


async def _json(session: httpx.AsyncClient, address: str) -> dict[str, Any]:
    """The JSON object at the address. ValueError for anything else, httpx's errors where nothing comes."""
    answer = await session.get(address, headers={"accept": "application/json"})
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found
