"""The command line as people and scripts meet it: results, refusals in Vietnamese, exit codes, JSON."""

import asyncio
import json
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.database import connect
from adapters.lexicon import load_instrument
from adapters.register.accounts import Account, Accounts
from adapters.register.contents import content_of, store
from adapters.register.instruments import Instruments
from adapters.settings import load_settings
from api.passwords import Passwords
from cli import app
from commands.deadline import read_received
from domain.clarity import Fault
from domain.commands import Rule
from domain.state import Verdict
from tests.adapters.registers import record, running

RULES = Path(__file__).parent.parent / "rules"


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("YKIEN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YKIEN_SESSIONS", str(tmp_path / "sessions.json"))


def ykien(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=typed)


def good(*words: str, typed: str | None = None) -> Result:
    result = ykien(*words, typed=typed)
    assert result.exit_code == 0, result.output
    return result


def answer(*words: str) -> Any:
    """The JSON on standard output, which holds nothing else."""
    return json.loads(good(*words, "--json").stdout)


def refused(*words: str, typed: str | None = None) -> str:
    result = ykien(*words, typed=typed)
    assert result.exit_code == 1, result.output
    assert "Không thực hiện được" in result.stderr
    return result.stderr


# --- deadline


@pytest.mark.clause("H30", "G18")
@pytest.mark.parametrize(
    ("received", "limit", "due_on"),
    [
        ("2026-01-05", "5 wd", "2026-01-10"),
        ("2026-02-09", "7 cd", "2026-02-23"),
        ("2026-02-10", "7 wd", "2026-02-26"),
        ("2026-04-22", "5 wd", "2026-05-04"),
        ("2026-08-17", "5 wd", "2026-08-22"),
        ("2026-08-24", "7 cd", "2026-09-03"),
    ],
)
def test_the_command_counts_as_the_official_calendar_does(received: str, limit: str, due_on: str) -> None:
    found = answer("deadline", received, "--limit", limit)

    assert found["due_on"] == due_on
    assert found["due_at"].endswith("T00:00:00+07:00")
    assert found["provisional"] is False
    assert found["days"][0] == {
        "date": received,
        "counted": False,
        "reason": found["days"][0]["reason"],
        "code": "first_day",
        "source": "",
        "provisional": False,
    }


def test_a_provisional_day_shows_both_instants() -> None:
    found = answer("deadline", "2026-11-17", "--limit", "5 wd")

    assert (found["due_on"], found["provisional"]) == ("2026-11-25", True)
    assert found["due_at_if_worked"] == "2026-11-25T00:00:00+07:00"
    assert "đang chờ xác nhận" in good("deadline", "2026-11-17", "--limit", "5 wd").stdout


def test_a_person_sees_the_days_in_a_table_without_colour() -> None:
    shown = good("deadline", "05/01/2026 10:00", "--limit", "5 wd").stdout

    assert "Hạn trả lời: 00:00 ngày 11/01/2026" in shown
    assert "Thứ Bảy 10/01/2026" in shown
    assert "12729/VPCP-KGVX" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    "text", ["2026-01-05T10:00", "2026-01-05T10:00:00+07:00", "05/01/2026 10:00", "2026-01-05T03:00Z"]
)
def test_an_instant_may_be_written_as_officials_and_machines_do(text: str) -> None:
    assert read_received(text).at.isoformat() == "2026-01-05T10:00:00+07:00"


def test_a_rule_of_the_province_gives_its_limit() -> None:
    assert answer("deadline", "2026-07-13T10:00", "--rule", "R10")["due_on"] == "2026-07-15"
    assert answer("deadline", "2026-03-13T16:10", "--rule", "QD_CT")["due_on"] == "2026-03-20"
    assert (
        "Nghị định số 217/2026/NĐ-CP (cần kiểm tra lại văn bản gốc)"
        in good("deadline", "2026-07-13T10:00", "--rule", "R10").stdout
    )


def test_a_closing_hour_and_hours_on_the_clock() -> None:
    assert answer("deadline", "2026-01-05", "--limit", "5 wd", "--closes-at", "17:00")["due_at"] == (
        "2026-01-10T17:00:00+07:00"
    )
    assert answer("deadline", "2026-01-09T22:00", "--limit", "4 h")["due_at"] == "2026-01-10T02:00:00+07:00"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("2030-01-05", "--limit", "5 wd"), "calendar_year_missing"),
        (("0001-01-01", "--limit", "5 wd"), "calendar_year_missing"),
        (("2026-01-05", "--limit", "5 ngày"), "limit_invalid"),
        (("2026-01-05", "--limit", "0 wd"), "limit_invalid"),
        (("2026-01-05", "--rule", "R99"), "rule_unknown"),
        (("hôm qua", "--limit", "5 wd"), "2026-01-05"),
        (("2026-02-30", "--limit", "5 wd"), "2026-01-05"),
        (("9999-12-31T23:00", "--limit", "5 wd"), "calendar_year_missing"),
        (("2026-01-05", "--limit", "2 h"), "giờ nhận"),
        (("2026-01-05", "--limit", "5 wd", "--closes-at", "25:00"), "17:00"),
    ],
)
def test_a_deadline_that_cannot_be_is_refused_with_the_way_out(words: tuple[str, ...], code: str) -> None:
    assert code in refused("deadline", *words)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("deadlin",), "Ý bạn là: deadline"),
        (("deadline",), "Thiếu NGÀY_NHẬN"),
        (("deadline", "2026-01-05"), "--limit hoặc --rule"),
        (("deadline", "2026-01-05", "--limt", "5 wd"), "Không có tùy chọn --limt"),
        (("up", "--fresh"), "--fresh"),
        (("up", "--port", "nhiều"), "--port"),
        (("account", "lit"), "Ý bạn là: list"),
    ],
)
def test_a_slip_of_the_pen_is_told_in_vietnamese(words: tuple[str, ...], sentence: str) -> None:
    result = ykien(*words)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Cách dùng" in result.stderr


def test_every_verb_explains_itself_in_vietnamese() -> None:
    shown = good("--help").stdout
    verbs = ("up", "deadline", "assess", "relevance", "overrulings", "login", "get", "post", "upload", "demo", "token")
    for verb in (*verbs, "verify", "migrate", "serve", "work", "account", "rules"):
        assert f" {verb} " in shown
        text = good(verb, "--help").stdout
        assert "Hiện hướng dẫn này rồi thoát." in text
        assert "Show this message" not in text


# --- assess, relevance


def lines(path: Path, *documents: Any) -> str:
    path.write_text(
        "\n".join(d if isinstance(d, str) else json.dumps(d, ensure_ascii=False) for d in documents), "utf-8"
    )
    return str(path)


CLEAR = {
    "id": "a",
    "position": "agree",
    "text": "Sở Tài chính thống nhất với dự thảo Kế hoạch.",
    "clear": True,
    "faults": [],
}
EMPTY = {
    "id": "b",
    "position": "agree",
    "text": "Đề nghị thực hiện theo quy định của pháp luật hiện hành.",
    "clear": False,
    "faults": ["generic"],
}


@pytest.mark.clause("H33")
def test_every_reply_gets_its_verdict_and_a_bad_line_stops_nobody(tmp_path: Path) -> None:
    file = lines(tmp_path / "in.jsonl", CLEAR, "không phải JSON", {"id": "c"}, EMPTY, {**CLEAR, "position": "vâng"})

    result = ykien("assess", file)

    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first == {"id": "a", "clear": True, "findings": []}
    assert (second["id"], second["clear"]) == ("b", False)
    for finding in second["findings"]:
        assert EMPTY["text"][finding["start"] : finding["end"]] == finding["quote"]
        assert finding["explanation"]
        assert finding["suggestion"]
        assert 0 <= finding["weight"] <= 1
    assert result.exit_code == 1
    assert "Dòng 2" in result.stderr
    assert "Dòng 3" in result.stderr
    assert "position: thiếu" in result.stderr
    assert "Dòng 5" in result.stderr


def test_a_score_goes_to_standard_error(tmp_path: Path) -> None:
    file = lines(tmp_path / "in.jsonl", CLEAR, EMPTY)

    result = good("assess", file, "--score")
    assert len([json.loads(line) for line in result.stdout.splitlines()]) == 2
    assert "not_clear" in result.stderr

    score = json.loads(good("assess", file, "--score", "--json").stderr)
    assert score["not_clear"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "right": 1, "wrong": 0, "missed": 0}


def test_lines_without_labels_cannot_be_scored(tmp_path: Path) -> None:
    assert "clear, faults" in refused(
        "assess", lines(tmp_path / "in.jsonl", {k: CLEAR[k] for k in ("id", "position", "text")}), "--score"
    )


def test_a_lone_surrogate_does_not_stop_the_stream(tmp_path: Path) -> None:
    odd = '{"id": "\\ud800", "position": "agree", "text": "Thống nhất với dự thảo."}'

    assert good("assess", lines(tmp_path / "in.jsonl", odd)).stdout.startswith('{"id": "\\ud800"')


def test_a_draft_gets_the_agencies_it_concerns_and_the_obliged_ones_apart(tmp_path: Path) -> None:
    draft = {
        "id": 1,
        "on": "2026-03-13",
        "lead": "SNNMT",
        "draft_kind": "QD_CT",
        "field": "THUY_LOI",
        "subject": "Quy định phối hợp vận hành công trình thủy lợi",
        "text": "Nguồn kinh phí bảo trì công trình do ngân sách tỉnh bố trí trong dự toán hằng năm.",
    }
    found = json.loads(good("relevance", lines(tmp_path / "in.jsonl", draft)).stdout)

    assert list(found) == ["id", "agencies", "mandatory"]
    assert "SNNMT" not in found["agencies"]
    assert not [code for code in found["agencies"] if code in found["mandatory"]]
    assert "STP" in [*found["agencies"], *found["mandatory"]]


def test_lines_may_come_from_standard_input() -> None:
    result = good("assess", "-", typed=json.dumps(CLEAR) + "\n")

    assert json.loads(result.stdout)["clear"] is True


def test_a_kept_version_judges_as_it_did_after_the_lexicon_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good("migrate")
    first = load_instrument(RULES)
    on_register(lambda db: Instruments(db).keep(first))
    file = lines(tmp_path / "in.jsonl", CLEAR, EMPTY, {**EMPTY, "id": "c", "text": ""})
    before = good("assess", file).stdout

    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    phrases = rules / "lexicon" / "clarity.yaml"
    phrases.write_text(phrases.read_text("utf-8").replace("\nplatitude:\n", "\nplatitude:\n  - câu sáo mới\n"), "utf-8")
    weights = rules / "lexicon" / "clarity.weights.json"
    weights.write_text(json.dumps({**json.loads(weights.read_text("utf-8")), "unclear_from": 0.0}), "utf-8")
    monkeypatch.setenv("YKIEN_RULES_DIR", str(rules))

    assert good("assess", file).stdout != before
    assert good("assess", file, "--version", first.version).stdout == before


def test_a_version_nobody_kept_is_refused_and_the_kept_ones_are_named(tmp_path: Path) -> None:
    file = lines(tmp_path / "in.jsonl", CLEAR)
    assert "ykien up" in refused("assess", file, "--version", "0123456789ab")
    good("migrate")
    first = load_instrument(RULES)
    on_register(lambda db: Instruments(db).keep(first))

    told = refused("assess", file, "--version", "0123456789ab")
    assert "0123456789ab" in told
    assert first.version in told


def test_a_province_sees_its_own_error_rate(tmp_path: Path) -> None:
    """`ykien overrulings > f.jsonl; ykien assess f.jsonl --score`."""
    good("migrate")
    on_register(overruled)

    shown = good("overrulings")
    (line,) = (json.loads(line) for line in shown.stdout.splitlines())
    assert "1 trả lời" in shown.stderr
    assert (line["id"], line["text"], line["subject"]) == ("c1/STC/1", CLEAR["text"], "Đề án sắp xếp trường, lớp")
    assert (line["clear"], line["faults"], line["act"], line["by"]) == (True, [], "accepted_as_clear", "người.sgddt")
    assert (line["why"], line["machine"]) == (
        "Đã nêu rõ.",
        {"clear": False, "faults": ["generic"], "version": "0123456789ab"},
    )

    (tmp_path / "f.jsonl").write_text(shown.stdout, "utf-8")
    score = json.loads(good("assess", str(tmp_path / "f.jsonl"), "--score", "--json").stderr)
    assert (score["not_clear"]["right"], score["not_clear"]["missed"]) == (0, 0)


async def overruled(db: Any) -> None:
    """A reply the machine held unclear, and the lead did not."""
    said = {"kind": "reply", "text": CLEAR["text"], "answers": [{"question": "q1", "position": "agree"}]}
    reply, reason = content_of(said), content_of({"kind": "ruling", "reason": "Đã nêu rõ."})
    desk = running()
    async with db.begin() as connection:
        await store(connection, [reply, reason], desk.now)
    verdict = Verdict(clear=False, faults=(Fault.GENERIC,), version="0123456789ab")
    desk.reply("STC", verdict=verdict, content=reply.sha256)
    desk.do(Rule, asked="STC", ruling="accept_clear", content=reason.sha256)
    await record(db, desk, subject="Đề án sắp xếp trường, lớp")


def test_without_overrulings_there_is_nothing_to_score(tmp_path: Path) -> None:
    assert "ykien up" in refused("overrulings")
    good("migrate")
    assert good("overrulings").stdout == ""


def test_a_missing_file_is_named() -> None:
    assert "khong-co.jsonl" in refused("assess", "khong-co.jsonl")


# --- rules


def test_the_rules_that_come_with_the_code_are_sound() -> None:
    assert answer("rules", "check") == {"ok": True, "problems": []}
    assert "Bộ quy tắc hợp lệ" in good("rules", "check").stdout


def test_a_fault_in_the_rules_is_named_with_file_line_and_field(tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    file = tmp_path / "rules" / "provinces" / "mau.yaml"
    text = file.read_text("utf-8").replace("leader_days: 1", "leader_days: nhiều")
    file.write_text(text, "utf-8")
    line = 1 + text[: text.index("leader_days")].count("\n")

    result = ykien("rules", "check", str(tmp_path / "rules"))

    assert result.exit_code == 1
    assert f"rules/provinces/mau.yaml:{line}: ladder.leader_days: " in result.stdout


# --- the register: accounts and verification


def test_the_demonstration_accounts_are_loaded_once_with_argon2id() -> None:
    good("migrate")

    first, again = answer("demo", "--empty"), answer("demo", "--empty")

    assert (first["added"], first["kept"]) == (61, 0)
    assert (again["added"], again["kept"]) == (0, 61)
    kept = on_register(lambda db: Accounts(db).find("gd.stc"))
    assert kept.password_hash.startswith("$argon2id$")
    assert first["password"] in good("demo", "--empty").stdout


def test_the_demonstration_consultations_are_loaded_once_and_more_only_when_asked_for() -> None:
    good("migrate")

    first, again, more = answer("demo"), answer("demo"), answer("demo", "--asks", "120")

    assert first["consultations"] > 40
    assert (first["there"], first["left_out"], first["asks"]) == (0, [], 0)
    assert (again["consultations"], again["there"]) == (0, first["consultations"])
    assert (more["added"], more["asks"] >= 120) == (0, True)
    assert answer("verify")["ok"]


def test_demonstration_accounts_never_enter_a_production_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YKIEN_PROFILE", "production")
    monkeypatch.setenv("YKIEN_DATABASE_URL", "postgresql+asyncpg://ykien@127.0.0.1:1/ykien")
    monkeypatch.setenv("YKIEN_PAYLOAD_KEYS_DIR", "keys")

    assert "mật khẩu ai cũng biết" in refused("demo")
    assert "mật khẩu ai cũng biết" in refused("token", "gd.stc")
    assert "không dùng cho hệ thống chính thức" in refused("up")


def test_an_account_is_added_listed_given_a_new_password_and_barred() -> None:
    good("migrate")
    added = ("account", "add", "cv.syt.2", "--name", "Lý Mẫu Thử", "--role", "handler", "--agency", "SYT")
    good(*added, typed="mat-khau-dau-tien\n")
    assert "đã có" in refused(*added, typed="mat-khau-dau-tien\n")
    (listed,) = answer("account", "list")
    assert (listed["username"], listed["agency"], listed["roles"]) == ("cv.syt.2", "SYT", ["handler"])
    assert "password_hash" not in listed

    good("account", "password", "cv.syt.2", typed="mat-khau-thu-hai\n")
    kept = on_register(lambda db: Accounts(db).find("cv.syt.2"))
    assert asyncio.run(Passwords().matches(kept.password_hash, "mat-khau-thu-hai"))

    good("account", "disable", "cv.syt.2")
    assert answer("account", "list") == []


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("x y", "--name", "A", "--role", "handler"), "mat-khau-du-dai\n", "không dùng được"),
        (("a", "--name", "A", "--role", "vua"), "mat-khau-du-dai\n", "lead_officer"),
        (("a", "--name", "A", "--role", "handler", "--agency", "SX"), "mat-khau-du-dai\n", "agency_unknown"),
        (("a", "--name", "A", "--role", "leader", "--leader", "PCT9"), "mat-khau-du-dai\n", "PCT4"),
        (("a", "--name", "A", "--role", "handler"), "ngắn\n", "ít nhất 10"),
    ],
)
def test_an_account_that_cannot_be_is_refused(words: tuple[str, ...], typed: str, told: str) -> None:
    assert told in refused("account", "add", *words, typed=typed)


def test_a_token_is_given_for_demonstration_accounts_only() -> None:
    good("migrate")
    good("demo", "--empty")
    found = answer("token", "gd.stc")
    assert found["token_type"] == "bearer"
    assert good("token", "gd.stc").stdout.strip() != found["access_token"]

    on_register(lambda db: Accounts(db).create_account(Account(username="that", full_name="T", password_hash="-")))
    assert "trình diễn" in refused("token", "that")


def on_register(work: Any) -> Any:
    async def run() -> Any:
        database = connect(load_settings().database_url.get_secret_value())
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


@pytest.mark.clause("Q37")
def test_verify_finds_a_changed_byte(tmp_path: Path) -> None:
    good("migrate")
    on_register(lambda db: record(db, running(), subject="Đề án sắp xếp trường, lớp"))
    before = answer("verify")
    assert before["ok"]
    assert before["entries"] > 3
    assert "Sổ cái nguyên vẹn" in good("verify").stdout

    shutil.copytree(tmp_path / "var", tmp_path / "sua")
    with sqlite3.connect(tmp_path / "sua" / "ykien.db") as file:
        file.execute("DROP TRIGGER ledger_update_refused")
        file.execute("UPDATE ledger SET actor = actor || 'x' WHERE seq = 2")

    found = json.loads(ykien("verify", "--data-dir", "sua", "--json").stdout)
    assert (found["ok"], found["first_bad"], found["why"]) == (False, 2, "hash")
    changed = ykien("verify", "--data-dir", "sua")
    assert changed.exit_code == 1
    assert "bút toán số 2" in changed.stdout


def test_a_register_that_is_not_there_is_no_good_register() -> None:
    assert "ykien up" in refused("verify")
    assert "ykien up" in refused("token", "gd.stc")
    Path("var").mkdir()
    Path("var/ykien.db").write_bytes(b"")
    assert "ykien up" in refused("verify")
    Path("var/ykien.db").write_bytes(b"day khong phai co so du lieu" * 100)
    assert "YKIEN_DATABASE_URL" in refused("verify")


# --- settings, and the server that is not there


def test_wrong_settings_name_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YKIEN_API_PORT", "rất lớn")

    assert "YKIEN_API_PORT" in refused("verify")


def test_a_server_that_does_not_answer_is_named() -> None:
    assert "127.0.0.1:9" in refused("login", "gd.stc", "--url", "http://127.0.0.1:9", typed="x\n")
    assert "ykien login" in refused("get", "me")


def test_a_drill_leaves_the_real_copys_database_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YKIEN_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'that.db'}")

    good("migrate", "--drill")

    assert not (tmp_path / "that.db").exists()
    assert (tmp_path / "var" / "drill" / "ykien.db").exists()
