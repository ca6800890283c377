"""Scoring of labelled lines: bad lines are told and passed over, figures come from counts, progress is reported."""

import json
from datetime import date
from pathlib import Path

import pytest

from adapters.judge import (
    Assessed,
    BadLine,
    Related,
    Score,
    assess_lines,
    relate_lines,
    score_clarity,
    score_relevance,
)
from adapters.lexicon import load_instrument, load_suggester
from adapters.rules import load_rulebook

RULES = Path(__file__).parents[2] / "rules"
INSTRUMENT = load_instrument(RULES)
SUGGESTER = load_suggester(RULES)
DIRECTORY = load_rulebook(RULES).directory


def reply(id: str, text: str, **labels: object) -> str:
    return json.dumps({"id": id, "position": "agree", "subject": "Đề án", "text": text, **labels}, ensure_ascii=False)


def draft(id: str, text: str, **more: object) -> str:
    line = {"id": id, "on": "2026-05-04", "lead": "SCT", "draft_kind": "KE_HOACH", "subject": "Chợ đêm", "text": text}
    return json.dumps({**line, **more}, ensure_ascii=False)


CLEAR = reply("1", "Thống nhất với dự thảo.", clear=True, faults=[])
GENERIC = reply("2", "Đề nghị thực hiện theo quy định.", clear=False, faults=["generic"])
UNSEEN = reply("3", "Thống nhất với dự thảo.", clear=False, faults=["deferring"])
FIRE = draft("a", "Quầy lấn lối thoát hiểm, xe cứu hỏa không vào được, cần chữa cháy.", agencies=["CAT", "SXD"])


def test_every_line_gets_its_verdict_in_order() -> None:
    results = list(assess_lines([CLEAR, GENERIC], INSTRUMENT))
    assert [(r.line.id, r.assessment.clear) for r in results if isinstance(r, Assessed)] == [("1", True), ("2", False)]


@pytest.mark.parametrize(
    ("line", "field", "why"),
    [
        ("{", "", "not_json"),
        ("[1]", "", "not_json"),
        ("[" * 100_000, "", "not_json"),
        (b"\xff\xfe{}", "", "not_json"),
        ('{"id": "x", "text": ""}', "position", "missing"),
        ('{"id": "x", "text": "", "position": "maybe"}', "position", "enum"),
        ('{"id": "x", "text": 5, "position": "agree"}', "text", "string_type"),
        ('{"id": "x", "text": "", "position": "agree", "faults": ["rude"]}', "faults.0", "enum"),
    ],
)
def test_a_bad_line_is_named_and_the_others_go_on(line: str | bytes, field: str, why: str) -> None:
    bad, good = assess_lines([line, CLEAR], INSTRUMENT)
    assert bad == BadLine(line=1, field=field, why=why)
    assert isinstance(good, Assessed)


def test_empty_lines_and_a_byte_order_mark_are_no_content() -> None:
    results = list(assess_lines(["\ufeff" + CLEAR, "", "  \n", GENERIC.encode()], INSTRUMENT))
    assert [type(r) for r in results] == [Assessed, Assessed]


def test_progress_counts_lines_as_they_are_done() -> None:
    seen: list[int] = []
    list(assess_lines([CLEAR, "", GENERIC], INSTRUMENT, seen.append))
    assert seen == [1, 2, 3]


def test_lines_are_read_one_by_one_not_all_at_once() -> None:
    taken: list[int] = []
    stream = assess_lines((taken.append(n) or CLEAR for n in range(3)), INSTRUMENT)  # type: ignore[func-returns-value]
    next(stream)
    assert taken == [0]


def test_the_clarity_table_counts_not_clear_first_then_each_fault() -> None:
    rows = {row.name: row for row in score_clarity(assess_lines([CLEAR, GENERIC, UNSEEN, "{"], INSTRUMENT))}
    assert next(iter(rows)) == "not_clear"
    assert rows["not_clear"] == Score(name="not_clear", right=1, wrong=0, missed=1)
    assert (rows["not_clear"].precision, rows["not_clear"].recall) == (1.0, 0.5)
    assert rows["generic"].f1 == 1.0
    assert rows["deferring"].recall == 0.0
    assert rows["hedged"].f1 is None, "nothing to find and nothing found is no figure"


def test_lines_without_labels_are_not_scored() -> None:
    assert score_clarity(assess_lines([reply("1", "Thống nhất.")], INSTRUMENT)) == ()


def test_direct_and_obliged_agencies_are_told_apart() -> None:
    (related,) = relate_lines(
        [draft("a", "Lối thoát hiểm, xe cứu hỏa, chữa cháy.", draft_kind="QD_CT")], DIRECTORY, SUGGESTER
    )
    assert isinstance(related, Related)
    assert related.agencies == ("CAT",)
    assert related.mandatory == ("STC", "SNV", "STP", "SKHCN")
    assert related.line.on == date(2026, 5, 4)


def test_the_relevance_table_gives_micro_and_macro_figures() -> None:
    score = score_relevance(relate_lines([FIRE, draft("b", "Không bàn gì thêm.", agencies=[])], DIRECTORY, SUGGESTER))
    assert score.drafts == 2
    assert score.micro == Score(name="micro", right=1, wrong=0, missed=1)
    assert [(row.name, row.f1) for row in score.by_agency] == [("CAT", 1.0), ("SXD", 0.0)]
    assert score.macro == 0.5


def test_a_draft_of_an_unknown_field_is_a_bad_line() -> None:
    results = list(relate_lines([draft("a", "x", field="KHONG_CO"), "", FIRE], DIRECTORY, SUGGESTER))
    assert results[0] == BadLine(line=1, field="field", why="field_unknown")
    assert isinstance(results[1], Related)


def test_nothing_to_score_gives_no_figures() -> None:
    score = score_relevance([])
    assert (score.micro.f1, score.macro, score.by_agency) == (None, None, ())
