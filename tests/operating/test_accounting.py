"""The accounting of the register by itself: clean after any life, and each kind of tampering under its check."""

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from adapters.database import Database
from adapters.register.accounting_receipts import WITHOUT_COMMAND
from adapters.register.amendments import ENTERED, REVOKED
from adapters.register.contents import content_of
from adapters.register.queries_lessons import RESET, RESTORE
from adapters.register.receipts import Receipts
from adapters.register.recording import SqlRegister
from adapters.register.standing import ask_row
from adapters.tables import asks
from commands.accounting import Accounting, Check
from commands.texts import knows
from domain.calendar import Calendar, DayNotice
from domain.commands import ChangeTerms
from domain.state import Ask
from tests.adapters.registers import a_life, batch_of, tell, unguard
from tests.architecture.sources import sources
from tests.operating.lived import WORDS, keep, running
from tests.worlds import calendar

NOTICE = "open/STC/1/launched"


async def checks(db: Database) -> dict[str, Check]:
    """Every check by its name; the engine is not asked."""
    report = await Accounting(db, None, pause=0).examine(lambda done, total: None)
    return {one.check: one for one in report.checks}


async def differences(db: Database) -> list[tuple[str, str, str]]:
    """Their identities; each must have its words."""
    found = [d for one in (await checks(db)).values() for d in one.differences]
    assert all(knows(f"doctor.{part}.{d.what}") for d in found for part in ("what", "todo"))
    return [d.identity for d in found]


async def test_a_lived_in_register_is_clean_and_everything_was_looked_at(lived_in: Database) -> None:
    found = await checks(lived_in)
    assert [d for one in found.values() for d in one.differences] == []
    assert (found["A1"].looked, found["A5"].looked, found["A7"].looked) == (11, 4, 8)
    assert all(found[check].looked for check in ("A3", "A4", "A6", "A8", "A9", "A10"))
    assert {name: one.state for name, one in found.items() if one.state != "clean"} == {
        "A6": "unasked",
        "A11": "unasked",
    }


@pytest.mark.parametrize("verb", WITHOUT_COMMAND)
async def test_what_the_application_answers_by_itself_is_no_difference(lived_in: Database, verb: str) -> None:
    """A draft's upload, an administrator's retry: stamped and answered, and nothing of it is for the engine."""
    words, store = content_of({"kind": verb}), Receipts(lived_in)
    await store.stamp(
        id="r-own",
        consultation="c1",
        verb=verb,
        actor="quantri",
        agency=None,
        key="k-own",
        request="POST",
        body_sha256=words.sha256,
        contents=[words],
    )
    await store.answer("r-own", 200, {}, "done")
    assert await differences(lived_in) == []


def test_every_act_stamped_without_a_command_is_known_to_the_accounting() -> None:
    """Each is one call of the front desk; one that is forgotten here would be called lost."""
    calls = [found for file in sources("api") for found in re.findall(r'\.stamp_once\((?:"(\w+)"|\w+)', file.text)]
    # Two calls have their verb from a variable: a lesson's and an amendment's acts are each one act forth and back.
    assert calls.count("") == 2
    assert sorted([*filter(None, calls), RESET, RESTORE, ENTERED, REVOKED]) == sorted(WITHOUT_COMMAND)


async def test_no_order_of_acts_makes_a_difference(db: Database) -> None:
    """Returns, pointers, extensions, pauses, redrafts and leaders' decisions: every verdict is found again."""
    for seed in range(25):
        life = a_life(f"c{seed}", seed, acts=30)
        await SqlRegister(db).record(batch_of(life.steps))
    found = await checks(db)
    assert [found[check].differences for check in ("A5", "A7", "A8")] == [(), (), ()]
    assert found["A5"].looked > 100


# What somebody did (of which table's guard they first got rid), and what is named for it.
TAMPERING = [
    ("ledger", "DELETE FROM ledger WHERE receipt = 'open-r2'", "A1 done_without_facts open-r2"),
    ("ledger", "UPDATE ledger SET receipt = 'open-r3' WHERE receipt = 'open-r1'", "A1 done_twice open-r3"),
    ("receipts", "UPDATE receipts SET consultation = 'closed' WHERE id = 'open-r2'", "A1 facts_elsewhere open-r2"),
    ("receipts", "UPDATE receipts SET received_at = {other} WHERE id = 'open-r2'",
     "A1 facts_at_another_instant open-r2"),
    ("ledger", "UPDATE ledger SET agency = 'SYT' WHERE receipt = 'open-r3'", "A1 facts_of_another_agency open-r3"),
    ("", "UPDATE answers SET state = 'refused' WHERE receipt = 'open-r2'", "A2 refused_with_facts open-r2"),
    ("", "UPDATE outbox SET delivered_at = NULL WHERE receipt = 'open-r2'", "A3 answered_but_waiting open-r2"),
    ("", "DELETE FROM outbox WHERE receipt = 'open-r2'", "A3 never_posted open-r2"),
    ("", "DELETE FROM answers WHERE receipt = 'open-r2'", "A3 delivered_unanswered open-r2"),
    ("ledger", "UPDATE ledger SET receipt = 'nobody' WHERE receipt = 'open-r3'", "A4 fact_without_receipt open/9"),
    ("", "UPDATE asks SET state = (SELECT state FROM asks WHERE consultation = 'closed' AND agency = 'STC')"
     " WHERE consultation = 'open' AND agency = 'STC'", "A5 reply_differs open/STC"),
    ("", "UPDATE outbox SET delivered_at = NULL WHERE receipt = 'open-r2'", "A6 waiting open-r2"),
    ("", "UPDATE outbox SET delivered_at = NULL, set_aside_at = received_at WHERE receipt = 'open-r2'",
     "A6 set_aside open-r2"),
    ("", "UPDATE consultations SET seq = seq - 1 WHERE id = 'open'", "A6 row_beside_ledger open"),
    ("", "UPDATE asks SET late = true WHERE consultation = 'closed' AND agency = 'STC'", "A7 row_differs closed/STC"),
    ("", "UPDATE asks SET due_at = sent_at WHERE consultation = 'open' AND agency = 'SNV'", "A7 row_differs open/SNV"),
    ("", "UPDATE asks SET stage = 'sent' WHERE consultation = 'closed' AND agency = 'STC'",
     "A7 row_differs closed/STC"),
    ("", f"UPDATE notices SET mail_state = 'failed' WHERE key = '{NOTICE}'", f"A8 failed_without_reason {NOTICE}"),
    ("", f"UPDATE notices SET mail_state = 'claimed' WHERE key = '{NOTICE}'", f"A8 claim_overdue {NOTICE}"),
    ("", f"UPDATE notices SET mail_state = 'sent' WHERE key = '{NOTICE}'", f"A8 sent_without_time {NOTICE}"),
    ("", f"DELETE FROM notices WHERE key = '{NOTICE}'", f"A8 notice_missing {NOTICE}"),
    ("", f"UPDATE notices SET key = 'x' WHERE key = '{NOTICE}'", "A8 notice_of_another x"),
    ("contents", "UPDATE contents SET data = {bytes}", f"A9 content_changed {WORDS.sha256}"),
    ("receipts", "UPDATE receipts SET body_sha256 = 'x' WHERE id = 'open-r2'", "A9 words_missing open-r2"),
    ("ledger", "UPDATE ledger SET actor = 'x' WHERE seq = 3", "A10 chain_broken 3"),
    ("ledger", "UPDATE ledger SET data = '{{ }}' WHERE seq = 3", "A10 chain_broken 3"),
]  # fmt: skip
SPELT = {
    "sqlite": {"other": "'2026-04-22T02:01:00.000001Z'", "bytes": "x'00'"},
    "postgresql": {"other": "received_at + interval '1 ms'", "bytes": "'\\x00'"},
}


@pytest.mark.clause("Q37")
@pytest.mark.parametrize(("guarded", "statement", "named"), TAMPERING, ids=[named for *_, named in TAMPERING])
async def test_tampering_is_named_under_its_check(lived_in: Database, guarded: str, statement: str, named: str) -> None:
    if guarded:
        await unguard(lived_in, guarded)
    await tell(lived_in, statement.format(**SPELT[lived_in.engine.dialect.name]))
    assert tuple(named.split()) in await differences(lived_in)


@pytest.mark.parametrize(
    ("changed", "columns", "named"),
    [
        ({"due_at": "2026-05-20T17:00:00Z"}, ["due_at"], "A7 due_differs"),
        ({"wake_at": "2026-05-20T17:00:00Z"}, ["wake_at"], "A7 wake_differs"),
        ({"replies": {"late": True, "days_late": 2}}, ["late", "days_late"], "A7 verdict_differs"),
        ({"replies": {"late": True, "days_late": 2}}, ["late", "days_late"], "A5 reply_differs"),
        ({"replies": {"version": 2}}, [], "A5 versions_not_dense"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_a_verdict_changed_consistently_is_found_by_counting_again(
    lived_in: Database, changed: dict[str, Any], columns: list[str], named: str
) -> None:
    mine = sa.and_(asks.c.consultation == "open", asks.c.agency == "STC")
    async with lived_in.begin() as connection:
        state: dict[str, Any] = await connection.scalar(sa.select(asks.c.state).where(mine)) or {}
        reply = {**state["replies"][0], **changed.get("replies", {})}
        state = {**state, **changed, "replies": [reply]}
        row = ask_row("open", 1, 0, Ask.model_validate(state))
        own = {name: row[name] for name in ("due_at", "wake_at", "late", "days_late") if name in columns}
        await connection.execute(sa.update(asks).where(mine).values(state=state, **own))
    assert (*named.split(), "open/STC") in await differences(lived_in)


async def test_a_changed_calendar_proves_nothing_against_what_was_counted_before(db: Database) -> None:
    life = running("c1")
    life.reply("STC")
    life.do(ChangeTerms, calendar=without(calendar(), date(2026, 4, 23)))
    life.reply("SNV")
    await keep(db, [life])
    found = await checks(db)
    assert (found["A5"].state, found["A7"].state) == ("clean", "clean")
    assert life.ask("SNV").due_at != life.ask("STC").due_at


def without(known: Calendar, day: date) -> Calendar:
    """The calendar with one more day off."""
    off = DayNotice(date=day, kind="off", name="Nghỉ đột xuất", basis="Thông báo thử", confidence="S")
    notices = tuple(sorted((*known.notices, off), key=lambda notice: notice.date))
    return known.model_copy(update={"notices": notices, "version": "thử"})
