"""A mail server that accepts everything and keeps it, for tests of what leaves by mail."""

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest_asyncio
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """What arrived, oldest first, and where to send. `refuse`: recipients answered with 550."""

    def __init__(self) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self.messages: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.refuse: list[str] = []

    async def handle_RCPT(  # the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Accept the recipient unless the test wants it refused."""
        if address in self.refuse:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep the message."""
        self.envelopes.append(envelope)
        self.messages.append(message_from_bytes(cast(bytes, envelope.content), policy=policy.default))
        return "250 Message accepted"


@pytest_asyncio.fixture
async def smtp_sink() -> AsyncIterator[Sink]:
    """An empty sink of this test's own, on the test's event loop."""
    sink = Sink()

    def protocol() -> Any:
        return SMTP(sink, enable_SMTPUTF8=True, hostname="localhost")

    server = await asyncio.get_running_loop().create_server(protocol, sink.host, 0)
    sink.port = server.sockets[0].getsockname()[1]
    async with server:
        yield sink
