"""An identity provider as a process of its own: oidc-provider-mock, made to keep to PKCE and to tell what it was asked.

The mock ignores code challenges; a real provider does not. Around it stands a gate that remembers the challenge of
each code it hands out and refuses a token to whoever does not know the verifier. `/_wire` tells all requests.
Run as `python -m tests.servers.identity`: it prints its port.
"""

import json
import os
import sys
import time
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from subprocess import DEVNULL, PIPE, Popen
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

# Under this path the same provider answers, and calls itself by its own name still.
ELSEWHERE = "/noi-khac"
# Nothing here speaks TLS; preparing for it would cost more than all the rest.
PLAIN = httpx.Client(trust_env=False, verify=False)
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Gate:
    """The provider behind a check of PKCE; `wire`: method, path and parameters of each request."""

    def __init__(self, behind: Wsgi) -> None:
        self._behind = behind
        self._challenges: dict[str, str] = {}
        self.wire: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/_wire":
            return _plain(start, "200 OK", self.wire)
        environ["PATH_INFO"] = path.removeprefix(ELSEWHERE)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        asked = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.wire.append({"method": method, "path": path, "asked": asked, "sent": sent})
        if path.endswith("/token") and self._challenges.get(sent.get("code", "")) != _s256(
            sent.get("code_verifier", "")
        ):
            return _plain(start, "400 BAD REQUEST", {"error": "invalid_grant"})

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            where = dict(headers).get("Location", "")
            for code in parse_qs(urlsplit(where).query).get("code", []):
                self._challenges[code] = asked.get("code_challenge", "")
            return start(status, headers, *rest)

        return self._behind(environ, started)


def _s256(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _plain(start: Callable[..., Any], status: str, value: Any) -> Iterable[bytes]:
    start(status, [("Content-Type", "application/json")])
    return [json.dumps(value).encode()]


def serve() -> None:
    """Run until killed."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    warnings.simplefilter("ignore")
    from oidc_provider_mock import app
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, Gate(app(require_nonce=True)), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


@dataclass
class IdentityProvider:
    """The running provider."""

    issuer: str

    def approve(self, url: str, person: str) -> str:
        """Sign in there as the person, whom it believes; where it sends the browser back to."""
        answer = PLAIN.post(url, data={"sub": person})
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    def deny(self, url: str) -> str:
        """Decline there; where it sends the browser back to."""
        return str(PLAIN.post(url, data={"action": "deny"}).headers["location"])

    def knows(self, person: str, **claims: Any) -> None:
        """Tell the provider what to claim about the person."""
        PLAIN.put(f"{self.issuer}/users/{person}", json=claims).raise_for_status()

    def wire(self) -> list[dict[str, Any]]:
        """Every request until now."""
        found: list[dict[str, Any]] = PLAIN.get(f"{self.issuer}/_wire").json()
        return found


@contextmanager
def provider() -> Iterator[IdentityProvider]:
    """A provider process of the caller's own."""
    command = ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", "tests.servers.identity"]
    with Popen(command, stdout=PIPE, stderr=DEVNULL, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        issuer = f"http://127.0.0.1:{port}"
        _await(issuer)
        try:
            yield IdentityProvider(issuer)
        finally:
            process.kill()


def _await(issuer: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            PLAIN.get(f"{issuer}/.well-known/openid-configuration").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("the identity provider does not answer")


if __name__ == "__main__":
    serve()
