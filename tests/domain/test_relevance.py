"""Who is suggested for a draft, on which day and why; what is not done relates nobody."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from adapters.lexicon import load_suggester
from adapters.rules import load_rulebook
from domain.refusals import Code, Refused
from domain.relevance import Example, Suggestion, suggest
from domain.relevance.suggest import Matter

RULES = Path(__file__).parents[2] / "rules"
DIRECTORY = load_rulebook(RULES).directory
SUGGESTER = load_suggester(RULES)
DAY = date(2026, 5, 4)

MARKET = "Kế hoạch sắp xếp chợ đêm ven sông"
FIRE = "38 quầy lấn lối thoát hiểm, xe cứu hỏa không vào được; cần phương án chữa cháy và vị trí lấy nước chữa cháy."
MONEY = "Tổng chi 12,5 tỷ đồng mỗi năm từ ngân sách tỉnh, mức hỗ trợ 2 triệu đồng/hộ."


def found(text: str, subject: str = MARKET, day: date = DAY, **more: object) -> dict[str, Suggestion]:
    given = suggest(subject, text, None, day, DIRECTORY, SUGGESTER, **more)  # type: ignore[arg-type]
    return {one.agency: one for one in given}


@pytest.mark.clause("H28", "G17")
def test_an_agency_is_suggested_under_the_function_the_draft_touches_with_the_words_that_say_so() -> None:
    fire = found(FIRE)["CAT"]
    assert fire.function == "CAT-02"
    assert 0.5 <= fire.score <= 1
    assert fire.reason.key == "relevance.statement"
    assert fire.reason.params["statement"] in FIRE
    assert "chữa cháy" in fire.reason.params["words"]


@pytest.mark.clause("H29", "G17")
def test_what_the_draft_says_it_does_not_do_relates_nobody() -> None:
    assert "STC" in found(MONEY)
    assert "STC" not in found("Kinh phí trong dự toán đã giao, không phát sinh chi từ ngân sách tỉnh.")
    assert "CAT" not in found("Không bàn phòng cháy, không có lối thoát hiểm nào bị lấn, không thay xe cứu hỏa.")


def test_words_of_the_trade_lead_to_words_of_the_directory() -> None:
    assert (
        found("Tuyến cắt 6,3 ha rừng phi lao, phải trồng thay thế.", "Đường nối cảng")["SNNMT"].function == "SNNMT-03"
    )


@pytest.mark.clause("H28")
def test_only_functions_in_force_on_the_day_are_suggested() -> None:
    text = "Đề nghị cấp giấy phép khai thác khoáng sản mỏ đá, xác nhận trữ lượng, thu hồi đất đá."
    before, after = found(text, "Mỏ đá", date(2026, 9, 14)), found(text, "Mỏ đá", date(2026, 9, 15))
    assert before["SNNMT"].function == "SNNMT-14"
    assert after["SCT"].function == "SCT-13"
    every = suggest("Mỏ đá", text, None, date(2026, 9, 15), DIRECTORY, SUGGESTER)
    assert all(DIRECTORY.function(one.function).in_force(date(2026, 9, 15)) for one in every)


def test_an_abolished_agency_is_never_suggested_after_its_last_day() -> None:
    text = "Thẩm định dự án công nghệ thông tin, nền tảng dữ liệu dùng chung, chữ ký số."
    assert "STTTT" in found(text, "Kho dữ liệu", date(2025, 2, 28))
    assert "STTTT" not in found(text, "Kho dữ liệu", date(2025, 3, 1))


def test_an_old_name_leads_to_who_does_it_today() -> None:
    assert "SXD" in found("Lấy ý kiến Sở Giao thông vận tải như các lần trước.", "Tuyến đường liên xã")


def test_a_commune_is_suggested_where_its_place_is_named_and_only_there() -> None:
    named = found("Bãi thải mở rộng về phía thôn Khe Vôi.", "Bãi thải")["X06"]
    assert named.reason.key == "relevance.place"
    assert named.reason.params == {"place": "Khe Vôi"}
    assert not [code for code in found("Bãi thải mở rộng về phía đông.", "Bãi thải") if code.startswith("X")]


def test_the_lead_is_never_suggested_to_itself() -> None:
    assert "CAT" not in found(FIRE, exclude_lead="CAT")


@pytest.mark.clause("H28")
def test_an_obliged_agency_comes_marked_and_takes_nobodys_place() -> None:
    every = suggest(MARKET, FIRE, None, DAY, DIRECTORY, SUGGESTER, draft_kind="QD_CT", exclude_lead="SCT", limit=1)
    obliged = [one for one in every if one.mandatory]
    assert [one.agency for one in obliged] == ["STC", "SNV", "STP", "SKHCN"]
    assert [one.agency for one in every if not one.mandatory] == ["CAT"]
    assert obliged[0].reason.key == "relevance.mandatory"
    assert "51a" in obliged[0].reason.params["basis"]


def test_no_more_agencies_are_suggested_than_asked_for() -> None:
    everything = " ".join(function.text for function in DIRECTORY.functions_on(DAY))
    assert len(suggest(MARKET, everything, None, DAY, DIRECTORY, SUGGESTER, limit=3)) == 3


def test_the_way_of_typing_does_not_change_who_is_suggested() -> None:
    composed = found(FIRE + MONEY)
    decomposed = found(unicodedata.normalize("NFD", FIRE + MONEY), unicodedata.normalize("NFD", MARKET))
    assert list(composed) == list(decomposed)


def test_a_draft_without_diacritics_still_finds_the_function() -> None:
    assert "CAT" in found("Lap phuong an phong chay, chua chay; lam loi thoat hiem.", "Sap xep cho dem")


def test_a_matter_that_touches_nobody_suggests_nobody() -> None:
    assert found("Giao chuyên viên trực điện thoại theo lịch.", "Phân công trực") == {}
    assert found("", "") == {}


def test_an_unknown_field_is_refused_not_guessed() -> None:
    with pytest.raises(Refused) as refused:
        suggest(MARKET, FIRE, "KHONG_CO", DAY, DIRECTORY, SUGGESTER)
    assert refused.value.code is Code.FIELD_UNKNOWN


def chance(matter: str, function: str, *lessons: Example) -> float:
    suggestions = Matter(MARKET, matter, DAY, DIRECTORY, SUGGESTER, lessons=lessons).ranked
    return next(match.chance for match in suggestions if match.function.id == function)


def test_a_lesson_raises_or_lowers_its_function_and_nothing_is_left_of_it_once_it_is_gone() -> None:
    matter = "Bãi giữ xe của chợ đêm nằm trên nắp cống hộp, phải thỏa thuận tải trọng trước khi cho xe vào."
    before = chance(matter, "SXD-07")
    learned = chance(matter, "SXD-07", Example(function="SXD-07", text=matter, source="c1"))
    unlearned = chance(matter, "SXD-07", Example(function="SXD-07", text=matter, related=False, source="c2"))
    assert unlearned < before < learned
    assert chance(matter, "SXD-07") == before


def test_a_denied_statement_is_never_the_reason() -> None:
    text = "Không đấu giá quyền khai thác, không nổ mìn. Xin xác nhận khối lượng đất đá thu hồi từ mỏ vật liệu."
    asked = found(text, "Mỏ đất đắp")["SNNMT"]
    assert asked.reason.params["statement"] == "Xin xác nhận khối lượng đất đá thu hồi từ mỏ vật liệu"


def test_the_reason_names_whole_stretches_of_the_statement() -> None:
    asked = found("Xin bổ sung từ kế hoạch đầu tư công trung hạn 12 tỷ đồng.", "Trụ nước chữa cháy")["STC"]
    statement = asked.reason.params["statement"].lower()
    named = asked.reason.params["words"].split(", ")
    assert "đầu tư công trung hạn" in asked.reason.params["words"]
    assert all(stretch in statement for stretch in named)
