"""What every request and answer passes through: size limits, protective headers, the mark of a drill, the counters.

It never looks at what is said, except to put the drill's mark into a JSON object.
"""

import json
import time
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics

log = structlog.get_logger()

MIB = 1024 * 1024
# A reply's text is at most 64,000 characters; a launch asks up to 4,000 agencies.
JSON_LIMIT = 4 * MIB
FILE_LIMIT = 25 * MIB
# The file's own limit plus the form around it.
FORM_LIMIT = FILE_LIMIT + 64 * 1024
DRILL = "DIỄN TẬP"
PROTECTION = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


def is_form(headers: Headers) -> bool:
    """Whether the body is a form that may carry a file."""
    return headers.get("content-type", "").startswith("multipart/form-data")


class BodyLimit:
    """Refuses a body that is too large before anybody parses it, by its declared length or as it comes in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is received."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = FORM_LIMIT if is_form(headers) else JSON_LIMIT
        declared = headers.get("content-length", "")
        left = -1 if declared.isdecimal() and int(declared) > limit else limit

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


class Marks:
    """Puts the protective headers on every answer, and in a drill its mark into every header and JSON object."""

    def __init__(self, app: ASGIApp, drill: bool) -> None:
        self._app = app
        self._drill = drill

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the answer on with its marks."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        marking = _Marking(send) if self._drill else None

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in PROTECTION.items():
                    headers.setdefault(name, value)
            await (marking(message) if marking else send(message))

        await self._app(scope, receive, marked)


class _Marking:
    """Holds a JSON answer back until it is whole, then sends it with the drill's mark."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["x-ykien-mode"] = "DIEN TAP"
            if "json" not in headers.get("content-type", ""):
                await self._send(message)
                return
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            await self._whole(self._start, message)

    async def _whole(self, start: Message, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = mark(self._body)
        MutableHeaders(scope=start)["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def mark(body: bytes) -> bytes:
    """The JSON object with the member `mode`; anything else as it is."""
    found: Any = json.loads(body) if body else None
    if not isinstance(found, dict):
        return body
    return json.dumps({"mode": DRILL, **found}, ensure_ascii=False).encode()


class Counting:
    """Counts and logs requests by route and status; never an address with ids or a name in it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on and count."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route, seconds = getattr(scope.get("route"), "path", "other"), time.perf_counter() - began
            self._metrics.request(scope["method"], route, status, seconds)
            log.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))
