"""Rule files that are sound one by one but do not fit together: each is told by file, line and field."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.spoiled import MAU, copy_of_rules, replace, wrong


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return copy_of_rules(tmp_path)


def directory(rules: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the directory file as data, one entry a line as shipped."""
    path = rules / "directory" / "mau.json"
    data = json.loads(path.read_text("utf-8"))
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def entry(data: dict[str, Any], section: str, key: str, value: str) -> dict[str, Any]:
    found = next(row for row in data[section] if row[key] == value)
    assert isinstance(found, dict)
    return found


CROSS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "function of an unknown agency": (
        lambda d: entry(d, "functions", "id", "SNV-01").update(agency="SZZ"),
        "functions[0].agency: không có cơ quan SZZ",
    ),
    "function of an unknown field": (
        lambda d: entry(d, "functions", "id", "SNV-02").update(field="ZZ"),
        "functions[1].field: không có lĩnh vực ZZ",
    ),
    "moved to nowhere": (
        lambda d: entry(d, "functions", "id", "BDT-01").update(moved_to="CAT-99"),
        "moved_to: không có chức năng CAT-99",
    ),
    "moved but never ended": (
        lambda d: entry(d, "functions", "id", "SGTVT-01").update(effective_to=None),
        "effective_to: chức năng đã chuyển phải có ngày kết thúc",
    ),
    "a day without a holder": (
        lambda d: entry(d, "functions", "id", "STP-07").update(effective_to="2025-02-20"),
        "moved_to: chức năng kế tiếp CAT-06 phải bắt đầu vào ngày 21/02/2025",
    ),
    "leader of an unknown field": (
        lambda d: d["leaders"][0]["fields"].append("ZZ"),
        "không có lĩnh vực ZZ",
    ),
    "two leaders of one field at once": (
        lambda d: d["leaders"][1]["fields"].append("NGAN_SACH"),
        "trùng thời gian với nhiệm kỳ khác cùng phụ trách NGAN_SACH",
    ),
    "unknown stand-in": (
        lambda d: d["absences"][0].update(stand_in="PCT9"),
        "absences[0].stand_in: không có lãnh đạo PCT9",
    ),
    "unknown successor": (
        lambda d: entry(d, "agencies", "code", "SKHDT").update(successors=["SZZ"]),
        "successors[0]: không có cơ quan SZZ",
    ),
    "unknown superior": (
        lambda d: d["agencies"][0].update(superior="ZZ"),
        "agencies[0].superior: không có cơ quan cấp trên ZZ",
    ),
    "unknown watcher": (
        lambda d: d["agencies"][0].update(watched_by="PCT9"),
        "agencies[0].watched_by: không có lãnh đạo PCT9",
    ),
    "unknown parent field": (lambda d: d["fields"][3].update(parent="ZZ"), "fields[3].parent: không có lĩnh vực ZZ"),
    "a field above itself": (lambda d: d["fields"][0].update(parent="BO_MAY"), "lĩnh vực cha tạo thành vòng lặp"),
    "unknown duty": (
        lambda d: d["mandatory"][0]["agencies"].append("SZZ"),
        "mandatory[0].agencies[4]: không có cơ quan SZZ",
    ),
    "duty for an unknown kind": (lambda d: d["mandatory"][0].update(draft_kind="ZZ"), "không có loại dự thảo ZZ"),
    "one code twice": (
        lambda d: d["agencies"].append(dict(d["agencies"][0])),
        "agencies[50].code: mã SNV bị khai hai lần",
    ),
    "days reversed": (
        lambda d: d["absences"][0].update(effective_to="2026-08-01"),
        "effective_to: ngày cuối (01/8/2026)",
    ),
    "no chairman": (lambda d: d["meta"].update(chairman="XX"), "meta.chairman: không có lãnh đạo XX"),
}


def test_what_the_directory_names_must_exist_and_fit(rules):
    """All at once, because one load tells everything."""
    for change, _ in CROSS.values():
        directory(rules, change)
    problems = wrong(rules)
    untold = [name for name, (_, said) in CROSS.items() if not any(said in problem for problem in problems)]
    assert untold == [], problems
    assert all(problem.startswith("rules/directory/mau.json:") for problem in problems)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (MAU, "draft_kinds: [CONG_VAN, DU_AN, KE_HOACH]", "draft_kinds: [ZZ]", "lines[1].draft_kinds[0]: không có"),
        (MAU, "clauses: [H30, G18, K07]", "clauses: [H99]", "lines[0].clauses[0]: không có điều H99"),
        (MAU, "    default: true\n", "", "lines: bộ quy tắc phải có đúng một dòng mặc định"),
        (MAU, "code: MAU_7", "code: MAU_5", "lines[1].code: mã MAU_5 bị khai hai lần"),
        (MAU, '    basis: "Quy chế quản lý cụm', '    name2: "Quy chế quản lý cụm', "lines[2].name2: trường lạ"),
        (MAU, "anchor: at_due", "anchor: due_morning", "đúng một nấc tại"),
        (MAU, "code: due_morning, anchor", "code: half_time, anchor", "rungs[2].code: mã half_time bị khai"),
        (MAU, "code: due_morning, anchor", "code: at_lunch, anchor", "rungs[2].code: nấc at_lunch không có"),
        ("national.yaml", "    national: R10", "    national: R99", "không có quy tắc chung R99"),
        ("national.yaml", "    national: R10", "    national: R2", "silence: hệ quả im lặng khác với quy tắc R2"),
        ("national.yaml", "    national: R10\n", "", "silence: im lặng chỉ có hệ quả khi nêu căn cứ"),
        ("national.yaml", 'S: "{citation}"', 'S: "căn cứ"', "lời phải có {citation}"),
        ("national.yaml", "  S2:", "  G:", "citation_forms.G: trường lạ"),
        ("own_authority.yaml", "agency: SNV", "agency: SZZ", "matters[0].agency: không có cơ quan SZZ"),
        ("own_authority.yaml", "accepted: false", "accepted: true", "lý do than_trong không được chấp nhận"),
        ("directory/uy-quyen.yaml", "fields: [DAT_DAI]", "fields: [ZZ]", "không có lĩnh vực ZZ"),
        ("calendar.yaml", "years: [2023, 2024, 2025, 2026, 2027]", "years: [2023, 2024, 2025, 2026]", "notices"),
        ("provinces/ha-tinh-2023.yaml", "refusal:not_directly_related", "refusal:no_such", "mã từ chối no_such"),
        ("provinces/ha-tinh-2023.yaml", "engine:deadline", "engine:magic", "hệ thống không có năng lực magic"),
        ("provinces/ha-tinh-2023.yaml", "ladder:half_time", "ladder:third", "thang nhắc việc không có nấc third"),
        ("provinces/ha-tinh-2023.yaml", "features: [F41]", "features: [F51]", "mã tính năng F51"),
        ("provinces/ha-tinh-2023.yaml", "{id: H02", "{id: H01", "mã H01 bị khai hai lần"),
    ],
)  # fmt: skip
def test_what_the_rules_name_must_exist_and_fit(rules, file, old, new, said):
    replace(rules, file, old, new)
    problems = wrong(rules)
    assert any(said in problem or file == "calendar.yaml" for problem in problems), problems
    assert all(problem.startswith(f"rules/{file}:") for problem in problems), problems


def test_a_missing_year_between_two_is_told(rules):
    path = rules / "calendar.yaml"
    lines = [line for line in path.read_text("utf-8").splitlines() if "date: 2025" not in line]
    path.write_text("\n".join(lines).replace("2024, 2025, 2026", "2024, 2026"), "utf-8")
    assert any("years: thiếu năm 2025" in problem for problem in wrong(rules))


def test_a_calendar_that_does_not_reach_next_year_is_told(rules):
    path = rules / "calendar.yaml"
    lines = [line for line in path.read_text("utf-8").splitlines() if "date: 2027" not in line]
    path.write_text("\n".join(lines).replace(", 2027]", "]"), "utf-8")
    assert any("years: thiếu lịch năm 2027" in problem for problem in wrong(rules))
