"""What guards a page against other sites: where a request may come from, the form's token, the content policy.

A browser says where a request was made (Sec-Fetch-Site, Origin); older ones and plain HTTP say nothing, hence the
token too. It knows no accounts.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from fastapi import Request

from api.errors import Problem
from domain.refusals import Code

COOKIE = "ykien"
TOKEN_FIELD = "_ma"  # noqa: S105 - the name of a field
TOKEN_HEADER = "x-form-token"  # noqa: S105
SAFE = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def same_origin(request: Request) -> None:
    """Refuse `forbidden` for a request that changes something and was made by another site's page."""
    if request.method in SAFE:
        return
    made_by = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if made_by in ("same-origin", "none"):
        return
    if made_by is None and (origin is None or urlsplit(origin).netloc == request.headers.get("host")):
        return
    raise Problem(Code.FORBIDDEN)


def form_token(secret: str) -> str:
    """The token of the session's forms, in other letters each time: nothing can be guessed from compressed sizes."""
    mask = secrets.token_bytes(32)
    return base64.urlsafe_b64encode(mask + _mixed(mask, _known(secret))).decode()


def right_token(secret: str, given: str) -> bool:
    """Whether the token was made for this session."""
    try:
        raw = base64.urlsafe_b64decode(given.encode())
    except ValueError:
        return False
    return len(raw) == 64 and hmac.compare_digest(_mixed(raw[:32], raw[32:]), _known(secret))


def _known(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"form", hashlib.sha256).digest()


def _mixed(mask: bytes, value: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(mask, value, strict=True))
