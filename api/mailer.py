"""The relay for mail: claims a notice, sends it, marks it. One bad address stops nobody, no deadline waits for it.

At least once: a crash after sending repeats the mail under the same Message-ID.
"""

import asyncio
import hashlib
from datetime import timedelta
from email.message import EmailMessage

import aiosmtplib
import structlog

from adapters.database import RegisterUnavailable
from adapters.failpoints import reach
from adapters.faults import told
from adapters.register.notices import NoticeRow
from api.noticing import Said, context_of, mailboxes, say
from api.rounds import pause
from api.services import Services

log = structlog.get_logger()

EVERY_SECONDS = 5.0
BATCH = 20
TIMEOUT_SECONDS = 20.0
MOST_TRIES = 10
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=4)
PERMANENT = 500


class Mailer:
    """Does nothing where no mail server is set: the notices stay in the register."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._settings = services.settings

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Until told to stop, after the round under way; or until cancelled."""
        stop = stop or asyncio.Event()
        while self._settings.smtp_host and not stop.is_set():
            try:
                await self.send_once()
            except RegisterUnavailable as error:
                log.warning("mailer waits for the register", error=str(error))
            except Exception:
                log.exception("mailer failed")
            await pause(stop, EVERY_SECONDS)

    async def send_once(self) -> int:
        """Send what is due; how many notices left."""
        claimed = await self._services.notices.claim(BATCH)
        return sum([await self._one(notice) for notice in claimed])

    async def _one(self, notice: NoticeRow) -> bool:
        reach("mail.claimed")
        try:
            context = await context_of(self._services, notice)
            to = await mailboxes(self._services, notice, context)
            if not to:
                await self._failed(notice, "no address", None)
                return False
            await self._send(self._message(notice, say(self._services, notice, context)), to)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            await self._failed(notice, f"{type(error).__name__}: {error}", _retry_in(notice, error))
            return False
        except RegisterUnavailable:
            raise
        except Exception as error:
            # Whatever one notice stumbles over, the others go out.
            await self._failed(notice, told(error), None)
            return False
        reach("mail.sent")
        await self._services.notices.sent(notice.number)
        self._services.metrics.count("ykien_mails_total", result="sent")
        return True

    async def _failed(self, notice: NoticeRow, why: str, retry_in: timedelta | None) -> None:
        log.warning("mail not sent", notice=notice.number, why=why, again=retry_in is not None)
        self._services.metrics.count("ykien_mails_total", result="retry" if retry_in else "failed")
        if retry_in is None:
            self._services.metrics.count("ykien_set_aside_total", kind="mail")
        business = retry_in * self._services.business.rate if retry_in else None
        await self._services.notices.failed(notice.number, why, business)

    def _message(self, notice: NoticeRow, said: Said) -> EmailMessage:
        message = EmailMessage()
        mark = f"[{self._services.messages.text('drill.mark')}] " if self._settings.drill else ""
        message["Subject"] = mark + " ".join(said.subject.split())
        message["From"] = self._settings.smtp_from
        message["Message-ID"] = message_id(notice.key, self._settings.smtp_from)
        message.set_content(said.body + "\n")
        return message

    async def _send(self, message: EmailMessage, to: list[str]) -> None:
        """To each address by itself: nobody sees the others, and a refused one stops no other."""
        settings, refused = self._settings, None
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=password,
            start_tls=settings.smtp_starttls,
            timeout=TIMEOUT_SECONDS,
        )
        async with client:
            for address in to:
                try:
                    await client.send_message(message, recipients=[address])
                except aiosmtplib.SMTPRecipientsRefused as error:
                    refused = error
        if refused and len(to) == 1:
            raise refused


def message_id(key: str, sender: str) -> str:
    """The same for every sending of one notice."""
    domain = sender.partition("@")[2].rstrip("> ") or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _retry_in(notice: NoticeRow, error: Exception) -> timedelta | None:
    """When to try again; never where the server refuses for good, or after many tries."""
    codes = [error.code] if isinstance(error, aiosmtplib.SMTPResponseException) else []
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [one.code for one in error.recipients]
    if notice.tries >= MOST_TRIES or (codes and min(codes) >= PERMANENT):
        return None
    wait: timedelta = FIRST_RETRY * 2 ** (notice.tries - 1)
    return min(wait, LONGEST_RETRY)
