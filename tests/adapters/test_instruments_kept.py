"""Instruments: what judged a reply is kept once, comes back as it was, and what cannot come back says why."""

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from adapters.database import Database, connect
from adapters.lexicon import load_instrument
from adapters.register.instruments import AT_HAND, Instruments, NoInstrument
from adapters.tables import instruments
from domain.clarity import Instrument, Lexicon, Position, Reply, assess
from tests.adapters.registers import count, counted, tell, unguard
from tests.adapters.spoiled import RULES

EVASIVE = Reply(
    position=Position.AGREE,
    text="Đề nghị thực hiện theo quy định.",
    questions=("Ngân sách có cân đối được không?",),
    answers=(Position.AGREE,),
)


@pytest.fixture(scope="module")
def first() -> Instrument:
    """The shipped instrument."""
    return load_instrument(RULES)


@pytest.fixture(scope="module")
def changed(first: Instrument) -> Callable[..., Instrument]:
    """The shipped instrument with other phrases in some lists."""

    def change(**lists: tuple[str, ...]) -> Instrument:
        lexicon = Lexicon.model_validate({**first.lexicon.model_dump(), **lists})
        return Instrument(lexicon=lexicon, learned=first.learned)

    return change


@pytest.mark.clause("H33")
async def test_an_old_verdict_is_repeated_after_the_lexicon_changed(
    db: Database, first: Instrument, changed: Callable[..., Instrument]
) -> None:
    second = changed(platitude=("xin chào quý cơ quan",))
    before = assess(EVASIVE, first)
    for instrument in (first, second):
        await Instruments(db).keep(instrument)

    again = assess(EVASIVE, await Instruments(db).find(first.version))

    assert again == before
    assert not again.clear
    assert assess(EVASIVE, await Instruments(db).find(second.version)) == assess(EVASIVE, second) != before


async def test_what_comes_back_has_the_same_fingerprint_and_every_weight(db: Database, first: Instrument) -> None:
    await Instruments(db).keep(first)

    found = await Instruments(db).find(first.version)

    assert found == first
    assert found.version == first.version
    (kept,) = await Instruments(db).versions()
    assert (kept.version, kept.size) == (first.version, len(first.model_dump_json().encode()))


async def test_a_version_is_kept_once_by_however_many_processes(
    db: Database, register_url: str, first: Instrument
) -> None:
    doors = [connect(register_url) for _ in range(4)]
    await asyncio.gather(*(Instruments(door).keep(first) for door in doors))
    for door in doors:
        await door.close()
    kept = Instruments(db)
    await kept.keep(first)
    with counted(db) as sent:
        await kept.keep(first)

    assert sent == []
    assert await count(db, instruments) == 1


async def test_a_kept_instrument_cannot_be_changed_or_removed(db: Database, first: Instrument) -> None:
    await Instruments(db).keep(first)

    for statement in (sa.update(instruments).values(version="x"), sa.delete(instruments)):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            await tell(db, statement)


@pytest.mark.parametrize("version", ["0" * 12, "", "a\0b", "' OR 1=1", "\ud800"])
async def test_a_version_nobody_kept_is_unknown(db: Database, version: str) -> None:
    with pytest.raises(NoInstrument) as none:
        await Instruments(db).find(version)

    assert none.value.why == "unknown"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"document": b"khong phai ban nen"}, "damaged"),
        ({"sha256": "0" * 64}, "damaged"),
        ({"document": b"x\x9cc``\x00\x00\x00\x02\x00\x01", "sha256": "0" * 64}, "damaged"),
    ],
)
async def test_a_kept_instrument_that_was_altered_is_not_used(
    db: Database, first: Instrument, values: dict[str, object], why: str
) -> None:
    await Instruments(db).keep(first)
    await unguard(db, "instruments")
    await tell(db, sa.update(instruments).values(values))

    with pytest.raises(NoInstrument) as none:
        await Instruments(db).find(first.version)

    assert none.value.why == why


async def test_an_instrument_this_code_cannot_read_is_told_apart_from_an_altered_one(db: Database) -> None:
    class Strange(Instrument):
        def model_dump_json(self, **_: object) -> str:  # type: ignore[override]
            return '{"lexicon": {}}'

    strange = Strange.model_construct(lexicon=None, learned=None)
    await Instruments(db).keep(strange)

    with pytest.raises(NoInstrument) as none:
        await Instruments(db).find(strange.version)

    assert none.value.why == "unreadable"


async def test_only_the_few_last_asked_for_stay_at_hand(db: Database, changed: Callable[..., Instrument]) -> None:
    versions = [changed(platitude=(f"câu sáo số {n}",)) for n in range(AT_HAND + 1)]
    kept = Instruments(db)
    for instrument in versions:
        await kept.keep(instrument)
    for instrument in versions:
        await kept.find(instrument.version)

    with counted(db) as sent:
        for instrument in versions[1:]:
            await kept.find(instrument.version)
    assert sent == []
    with counted(db) as sent:
        await asyncio.gather(kept.find(versions[0].version), kept.find(versions[0].version))
    assert len(sent) == 1
