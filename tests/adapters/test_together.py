"""Answers that come together are kept in few transactions; each caller learns what became of its own."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from adapters.database import Database, RegisterUnavailable, connect
from adapters.register.receipts import Receipts
from adapters.register.together import Together
from bench.rig import free_port
from tests.adapters.registers import counted
from tests.adapters.test_receipts import stamp


async def test_forty_answers_at_once_need_few_transactions_and_each_is_kept(db: Database) -> None:
    for n in range(40):
        await stamp(db, f"r{n}")
    box = Receipts(db)
    with counted(db) as sent:
        await asyncio.gather(*(box.answer(f"r{n}", 200, {"n": n}, "done") for n in range(40)))
    assert sum("INSERT INTO answers" in statement for statement in sent) <= 3
    found = await box.of([f"r{n}" for n in range(41)])
    assert {id: receipt.answer for id, receipt in found.items()} == {f"r{n}": {"n": n} for n in range(40)}
    assert (await box.backlog()).count == 0


async def test_of_two_answers_to_one_receipt_that_come_together_the_first_is_kept(db: Database) -> None:
    await stamp(db, "r1")
    box = Receipts(db)
    await asyncio.gather(*(box.answer("r1", 200 + n, {"n": n}, "done") for n in range(3)))
    found = await box.get("r1")
    assert found is not None
    assert (found.status, found.answer) == (200, {"n": 0})


async def test_an_answer_that_cannot_be_kept_fails_alone(db: Database) -> None:
    for n in range(3):
        await stamp(db, f"r{n}")
    box = Receipts(db)
    bad: Any = {"at": datetime(2026, 5, 4)}  # noqa: DTZ001 - no JSON, whatever its zone
    answers = ({"n": 0}, bad, {"n": 2})
    ended = await asyncio.gather(
        *(box.answer(f"r{n}", 200, answer, "done") for n, answer in enumerate(answers)), return_exceptions=True
    )
    assert [isinstance(one, Exception) for one in ended] == [False, True, False]
    assert [w.receipt for w in await box.waiting()] == ["r1"]


async def test_a_register_that_cannot_serve_is_told_to_everybody_who_waited() -> None:
    db = connect(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/ykien")
    box = Receipts(db)
    ended = await asyncio.gather(*(box.answer(f"r{n}", 200, {}, "done") for n in range(3)), return_exceptions=True)
    assert all(isinstance(one, RegisterUnavailable) for one in ended)
    await db.close()


async def test_a_caller_that_goes_away_takes_nobody_with_it() -> None:
    written: list[int] = []
    let_go = asyncio.Event()

    async def write(items: Any) -> None:
        await let_go.wait()
        written.extend(items)

    together = Together(write)
    first, second, third = (asyncio.create_task(together.give(n)) for n in (1, 2, 3))
    await asyncio.sleep(0)
    second.cancel()
    let_go.set()
    await asyncio.gather(first, third)
    with pytest.raises(asyncio.CancelledError):
        await second
    assert written == [1, 2, 3]
