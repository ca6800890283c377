"""The rule files: loaded fast, checked whole, and wrong ones told by file, line and field."""

from datetime import date
from pathlib import Path

import pytest

from adapters.rules import RulesInvalid, load_messages, load_rulebook
from domain.refusals import Code
from domain.rulebook import Rulebook
from tests.adapters.spoiled import MAU, RULES, copy_of_rules, replace, wrong
from tests.clause_coverage import CLAUSES

SEEDS = {
    "ha-tinh-2023": "Hà Tĩnh",
    "quang-tri": "Quảng Trị",
    "gia-lai-2024": "Gia Lai",
    "kon-tum-2023": "Kon Tum",
    "thai-nguyen-2024": "Thái Nguyên",
}


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook(RULES)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return copy_of_rules(tmp_path)


# --- what is shipped


@pytest.mark.parametrize(("code", "name"), SEEDS.items())
def test_each_seed_province_holds_exactly_its_clauses_in_order(shipped, code, name):
    assert [clause.id for clause in shipped.rule_set(code).clauses] == CLAUSES[name]


def test_a_quote_is_short_and_an_enforced_clause_says_by_what(shipped):
    for code in SEEDS:
        for clause in shipped.rule_set(code).clauses:
            assert 0 < len([word for word in clause.quote.split() if word != "…"]) <= 12, clause.id
            assert clause.enforced_by is None or clause.enforced_by, clause.id


def test_a_seed_text_sets_no_number_and_its_data_says_so(shipped):
    for code in SEEDS:
        assert {line.limit_source for line in shipped.rule_set(code).lines} == {"default"}
        assert all(line.national is None and line.basis is None for line in shipped.rule_set(code).lines)


def test_the_demonstration_province_is_marked_invented(shipped):
    assert shipped.rule_set("mau").invented
    assert shipped.rule_set("mau").confidence == "G"
    assert shipped.directory.invented


def test_the_version_follows_every_byte_of_every_file(rules, shipped):
    assert load_rulebook(rules).version == shipped.version
    replace(rules, "own_authority.yaml", "# Những việc", "# Nhung việc")
    assert load_rulebook(rules).version != shipped.version


def test_the_messages_are_found_in_their_folder_or_the_one_around_it():
    assert load_messages(RULES) == load_messages(RULES / "messages")


def test_a_province_adds_a_rule_without_touching_code(rules):
    added = """  - code: MAU_10
    name: "Đề án lớn"
    draft_kinds: [DE_AN]
    limit: {n: 10, unit: working_day}
    limit_source: province
    reroute_limit: {n: 3, unit: working_day}
  - code: MAU_7
"""
    replace(rules, MAU, "  - code: MAU_7\n", added)
    assert load_rulebook(rules).line("mau", "DE_AN", date(2026, 5, 4), "MAU_10").limit.n == 10


# --- what is wrong in one file


def test_a_wrong_value_is_told_with_file_line_and_field(rules):
    line = replace(rules, MAU, "limit: {n: 7, unit: working_day}", "limit: {n: 0, unit: working_day}")
    assert wrong(rules) == [f"rules/provinces/mau.yaml:{line}: lines[1].limit.n: phải là số nguyên dương"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (MAU, "limit_source: province", "limit_source: tinh", "lines[0].limit_source: phải là một trong: "),
        (MAU, "limit_source: province", "limit_sorce: province", "lines[0].limit_sorce: trường lạ"),
        (MAU, 'name: "Thời hạn chung của tỉnh"', "name: 5", "lines[0].name: phải là một chuỗi chữ"),
        (MAU, "  escalate_after_hours: 1", "  escalate_afer_hours: 1", "ladder.escalate_afer_hours: trường lạ"),
        (MAU, 'opens_at: "08:00"', 'opens_at: "tám giờ"', "ladder.opens_at: phải là giờ"),
        (MAU, "extensions_allowed: 1", "extensions_allowed: -1", "lines[0].extensions_allowed: phải từ 0 trở lên"),
        (MAU, "effective_from: 2024-01-01", "effective_from: hôm nay", "effective_from: phải là ngày"),
        (MAU, "default: true", "default: có", "lines[0].default: phải là true hoặc false"),
        ("draft_kinds.yaml", "decided_by: ubnd", "decided_by: toi", "draft_kinds[1].decided_by: phải là một trong"),
        ("national.yaml", "confidence: S}", "confidence: A}", "national[0].limits[0].confidence: phải là một trong"),
        ("own_authority.yaml", "matters:", "matter:", "matters: thiếu mục này"),
        ("directory/mau.json", '"name": "Sở Nội vụ", ', "", "agencies[0].name: thiếu trường này"),
        ("calendar.yaml", "2023-01-01, kind: off", "2023-01-01, kind: nghỉ", "notices[0].kind: phải là một trong"),
    ],
)
def test_each_kind_of_slip_has_its_own_words(rules, file, old, new, said):
    line = replace(rules, file, old, new)
    found = [problem for problem in wrong(rules) if f"rules/{file}:" in problem and said in problem]
    assert len(found) == 1, (said, wrong(rules))
    assert abs(int(found[0].split(":")[1]) - line) <= 1 or "thiếu mục" in found[0]


def test_every_problem_is_told_not_only_the_first(rules):
    replace(rules, MAU, "limit: {n: 7, unit: working_day}", "limit: {n: 0, unit: working_day}")
    replace(rules, "draft_kinds.yaml", "decided_by: ubnd", "decided_by: toi")
    assert len(wrong(rules)) == 2


def test_a_file_that_is_no_yaml_or_json_is_told_with_its_line(rules):
    replace(rules, MAU, "lines:\n", "lines: [\n")
    replace(rules, "directory/mau.json", '"superiors": [', '"superiors": [,')
    mau, directory_file = sorted(wrong_first(rules), reverse=True)[:2]
    assert mau.startswith("rules/provinces/mau.yaml:")
    assert directory_file.startswith("rules/directory/mau.json:")
    assert "không đọc được" in mau


def wrong_first(rules: Path) -> list[str]:
    return [problem for problem in wrong(rules) if "không đọc được" in problem]


def test_a_missing_file_is_told_by_name(rules):
    (rules / "calendar.yaml").unlink()
    assert "rules/calendar.yaml: thiếu tệp calendar.yaml" in wrong(rules)


# --- sentences


def test_a_code_without_a_sentence_stops_the_start(rules):
    line = replace(rules, "messages/refusals.vi.yaml", '    title: "Cơ quan chủ trì tự hỏi mình"', '    title: ""')
    with pytest.raises(RulesInvalid) as invalid:
        load_messages(rules)
    (problem,) = invalid.value.problems
    assert str(problem) == (
        f"rules/messages/refusals.vi.yaml:{line}: refusals.self_ask.title: thiếu lời cho khóa refusals.self_ask.title"
    )


def test_a_broken_or_doubled_sentence_is_told(rules):
    replace(rules, "messages/refusals.vi.yaml", "{agency_name} là cơ quan chủ trì", "{agency là cơ quan chủ trì")
    replace(rules, "messages/notices.vi.yaml", "{lead_name} rút việc", "{who} rút việc")
    (rules / "messages" / "zz.vi.yaml").write_text('recorded:\n  "yes": "Hai lần"\n', "utf-8")
    with pytest.raises(RulesInvalid) as invalid:
        load_messages(rules)
    said = "\n".join(str(problem) for problem in invalid.value.problems)
    assert "lời có dấu ngoặc hỏng ở khóa refusals.self_ask.detail" in said
    assert "dùng nơi điền who chưa khai" in said
    assert "khóa recorded.yes bị khai ở hai tệp" in said


def test_unusable_messages_still_let_the_problems_be_read(rules):
    (rules / "messages" / "rules.vi.yaml").write_text("rules: [", "utf-8")
    replace(rules, MAU, "limit: {n: 7, unit: working_day}", "limit: {n: 0, unit: working_day}")
    assert any("lines[1].limit.n: positive" in problem for problem in wrong(rules))


@pytest.mark.clause("H10", "G07")
def test_every_refusal_code_has_its_three_sentences():
    loaded = load_messages(RULES)
    for code in Code:
        assert all(loaded.has(f"refusals.{code}.{part}") for part in ("title", "detail", "way_out")), code
