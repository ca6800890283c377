"""The instruments that judged replies: each version is kept once, so that an old verdict can be repeated.

It keeps and gives back lexicon and weights; it judges nothing, and the code that reads them is not kept.
"""

import asyncio
import hashlib
import zlib
from collections import OrderedDict
from datetime import datetime

import sqlalchemy as sa
from pydantic import ValidationError

from adapters.clock import Clock, DatabaseClock
from adapters.database import Database
from adapters.register.sql import insert_new
from adapters.tables import instruments
from domain.base import Frozen
from domain.clarity import Instrument

# Some forty megabytes each once read.
AT_HAND = 3


class KeptInstrument(Frozen):
    """One kept version. `kept_at`: when a process first ran with it; `size`: bytes before compression."""

    version: str
    kept_at: datetime
    size: int


class NoInstrument(LookupError):  # noqa: N818 - an answer to whoever asks for an old verdict
    """The version cannot be had. `why`: unknown, damaged, unreadable (this code no longer understands it)."""

    def __init__(self, version: str, why: str) -> None:
        super().__init__(f"instrument {version}: {why}")
        self.version = version
        self.why = why


class Instruments:
    """Keeps instruments, never overwrites one; the few last asked for stay at hand."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or DatabaseClock()
        self._kept: dict[str, None] = {}
        self._at_hand: OrderedDict[str, Instrument] = OrderedDict()
        self._reading = asyncio.Lock()

    async def keep(self, instrument: Instrument) -> None:
        """Keep the version unless it is kept; any number of processes may do it at once."""
        version = instrument.version
        if version in self._kept:
            return
        if await _row(self._db, version) is None:
            row = await asyncio.to_thread(_packed, instrument)
            async with self._db.begin() as connection:
                await insert_new(connection, instruments, [{**row, "kept_at": await self._clock.now(connection)}])
        self._kept[version] = None

    async def find(self, version: str) -> Instrument:
        """The instrument of that version. Raises `NoInstrument`."""
        async with self._reading:
            if version not in self._at_hand:
                self._at_hand[version] = await self._read(version)
                while len(self._at_hand) > AT_HAND:
                    self._at_hand.popitem(last=False)
            self._at_hand.move_to_end(version)
            return self._at_hand[version]

    async def _read(self, version: str) -> Instrument:
        if not version.isalnum():
            raise NoInstrument(version, "unknown")
        columns = (instruments.c.document, instruments.c.sha256)
        async with self._db.read() as connection:
            row = (await connection.execute(sa.select(*columns).where(instruments.c.version == version))).one_or_none()
        if row is None:
            raise NoInstrument(version, "unknown")
        return await asyncio.to_thread(_unpacked, version, row.document, row.sha256)

    async def versions(self) -> tuple[KeptInstrument, ...]:
        """All that are kept, oldest first."""
        columns = [instruments.c[name] for name in KeptInstrument.model_fields]
        query = sa.select(*columns).order_by(instruments.c.kept_at, instruments.c.version)
        async with self._db.read() as connection:
            return tuple(KeptInstrument.model_validate(row._asdict()) for row in await connection.execute(query))


async def _row(db: Database, version: str) -> str | None:
    async with db.read() as connection:
        found: str | None = await connection.scalar(
            sa.select(instruments.c.version).where(instruments.c.version == version)
        )
        return found


def _packed(instrument: Instrument) -> dict[str, object]:
    """The very bytes the version is the fingerprint of: with the keys sorted anew it would be another's."""
    document = instrument.model_dump_json().encode()
    return {
        "version": instrument.version,
        "sha256": hashlib.sha256(document).hexdigest(),
        "size": len(document),
        "document": zlib.compress(document),
    }


def _unpacked(version: str, packed: bytes, sha256: str) -> Instrument:
    try:
        document = zlib.decompress(packed)
    except zlib.error as error:
        raise NoInstrument(version, "damaged") from error
    if hashlib.sha256(document).hexdigest() != sha256:
        raise NoInstrument(version, "damaged")
    try:
        instrument = Instrument.model_validate_json(document)
    except ValidationError as error:
        raise NoInstrument(version, "unreadable") from error
    # Made here, beside the loop: the expressions take a fifth of a second.
    instrument.lexicon.matchers(False)
    instrument.lexicon.matchers(True)
    return instrument
