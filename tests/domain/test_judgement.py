"""The judgement of one agency: by its nearest function in force, by rule, or with who does it today."""

from datetime import date
from pathlib import Path

import pytest

from adapters.lexicon import load_synonyms
from adapters.rules import load_messages, load_rulebook
from domain.logistic import Sum
from domain.refusals import Code, Refused
from domain.relevance import Suggester, suggest
from domain.relevance.judgement import About, Judgement, Verdict, judge

RULES = Path(__file__).parents[2] / "rules"
DIRECTORY, MESSAGES = load_rulebook(RULES).directory, load_messages(RULES)
# The plainest weighing, of the draft's words alone: how well the shipped weights do is not the question here.
PLAIN = Suggester(
    synonyms=load_synonyms(RULES), weighing=Sum(bias=-6.0, weights={"words": 6.0, "place": 9.0}), shown_from=0.5
)
DAY = date(2026, 5, 4)
MARKET = "Kế hoạch sắp xếp chợ đêm ven sông"
FIRE = "38 quầy lấn lối thoát hiểm, xe cứu hỏa không vào được; cần phương án chữa cháy và vị trí lấy nước chữa cháy."
CLOUD = "Thẩm định dự án công nghệ thông tin, nền tảng dữ liệu dùng chung, chữ ký số."


def judged(agency: str, text: str = FIRE, subject: str = MARKET, day: date = DAY, **more: str) -> Judgement:
    return judge(agency, About(subject, text, DIRECTORY, PLAIN, **more), day)  # type: ignore[arg-type]


def said(found: Judgement) -> str:
    return MESSAGES.text(found.reason.key, **found.reason.params)


@pytest.mark.clause("H28")
def test_an_agency_is_related_by_its_nearest_function() -> None:
    found = judged("CAT")
    assert (found.verdict, found.function) == (Verdict.RELATED, "CAT-02")
    assert found.score >= 0.5
    assert 1 <= len(found.nearest) <= 3
    assert found.nearest[0].function == "CAT-02"
    assert all(one.agency == "CAT" for one in found.nearest)
    assert [one.score for one in found.nearest] == sorted((one.score for one in found.nearest), reverse=True)


@pytest.mark.clause("H29")
def test_an_unrelated_agency_is_shown_the_function_that_would_come_nearest() -> None:
    found = judged("BHXH", "Kẻ lại vạch đỗ xe trong sân cơ quan, sơn màu trắng.", "Kẻ vạch sân")
    assert found.verdict is Verdict.NOT_RELATED
    assert found.score < 0.5
    assert "ngày 04/5/2026" in said(found)


def test_the_judgement_agrees_with_what_is_suggested() -> None:
    suggested = {one.agency: one for one in suggest(MARKET, FIRE, None, DAY, DIRECTORY, PLAIN, limit=99)}
    for agency in ("CAT", "STC", "SYT", "SXD"):
        found = judged(agency)
        assert (found.verdict is Verdict.RELATED) == (agency in suggested)
        if agency in suggested:
            assert (found.function, found.score) == (suggested[agency].function, suggested[agency].score)


@pytest.mark.clause("H28")
def test_a_rule_that_obliges_goes_before_the_words() -> None:
    found = judged("STP", draft_kind="QD_CT")
    assert found.verdict is Verdict.MANDATORY
    assert "51a" in said(found)
    assert judged("STP").verdict is not Verdict.MANDATORY


def test_an_abolished_agency_is_not_related_and_names_who_it_is_now() -> None:
    found = judged("STTTT", CLOUD, "Kho dữ liệu")
    assert (found.verdict, found.function, found.nearest) == (Verdict.NOT_RELATED, None, ())
    assert "SKHCN" in found.successors
    assert "nay là Sở Khoa học và Công nghệ" in said(found)
    assert judged("STTTT", CLOUD, "Kho dữ liệu", date(2025, 2, 28)).verdict is Verdict.RELATED


def test_an_agency_that_does_not_stand_yet_names_who_stands_in_its_place() -> None:
    found = judged("SNNMT", "Cấp giấy phép khai thác khoáng sản.", "Mỏ đá", date(2024, 9, 15))
    assert "STNMT" in found.successors
    assert "chưa hoạt động vào ngày 15/9/2024; khi đó là" in said(found)


def test_a_function_that_moved_away_is_told_of_with_its_new_holder() -> None:
    text = "Đề nghị cấp giấy phép khai thác khoáng sản, xác nhận trữ lượng mỏ."
    before = judged("SNNMT", text, "Mỏ đá", date(2026, 9, 14))
    assert (before.verdict, before.function, before.moved) == (Verdict.RELATED, "SNNMT-14", None)
    after = judged("SNNMT", text, "Mỏ đá", date(2026, 9, 15))
    assert after.function != "SNNMT-14"
    assert after.successors == ("SCT",)
    assert after.moved is not None
    assert "nay là" in MESSAGES.text(after.moved.key, **after.moved.params)
    assert "Sở Công Thương" in MESSAGES.text(after.moved.key, **after.moved.params)
    assert all(DIRECTORY.function(one.function).in_force(date(2026, 9, 15)) for one in after.nearest)


def test_an_empty_matter_relates_nobody() -> None:
    found = judged("CAT", "", "")
    assert (found.verdict, found.function, found.score) == (Verdict.NOT_RELATED, None, 0.0)


@pytest.mark.parametrize(
    ("agency", "more", "code"),
    [("KHONG_CO", {}, Code.AGENCY_UNKNOWN), ("CAT", {"field": "KHONG_CO"}, Code.FIELD_UNKNOWN)],
)
def test_what_the_directory_does_not_know_is_refused(agency: str, more: dict[str, str], code: Code) -> None:
    with pytest.raises(Refused) as refused:
        judged(agency, **more)
    assert refused.value.code is code
