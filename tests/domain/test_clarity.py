"""The clarity check against the traps of official language: what it must flag, and what it must leave alone."""

import pytest

from domain.clarity import Fault, Position, Reply, assess, says_nothing
from domain.clarity.assess import flaws_by_rule
from domain.clarity.case import Case
from tests.domain.replies import AGREE, AMEND, DISAGREE, INSTRUMENT, LEXICON, OUT, SAMPLES, Sample, judged

ASKED = "Ngân sách tỉnh có cân đối được 12,5 tỷ đồng năm 2026 không?"
HOW_MANY = "Xã có bao nhiêu máy gặt?"


def faults(position: Position, text: str, *questions: str, **parts: object) -> list[Fault]:
    return [finding.fault for finding in judged(position, text, *questions, **parts).findings]


@pytest.mark.clause("H02", "H33", "G21", "Q21")
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.text[:40])
def test_a_reply_is_clear_exactly_when_it_takes_a_position_of_its_own(sample: Sample) -> None:
    assert judged(sample.position, sample.text).clear is sample.clear


@pytest.mark.clause("H33", "G21")
def test_what_fits_any_draft_is_generic_and_quoted() -> None:
    text = "Kính gửi Sở Y tế. Đề nghị triển khai theo đúng quy định."
    finding = judged(AGREE, text).findings[0]
    assert finding.fault is Fault.GENERIC
    assert finding.quote == "triển khai theo đúng quy định"
    assert finding.explanation.key == "clarity.generic.platitude.explanation"


@pytest.mark.clause("Q27", "G14")
def test_waiting_for_what_others_think_is_deferring() -> None:
    assert Fault.DEFERRING in faults(AGREE, "Thống nhất theo ý kiến của đa số các cơ quan.")
    assert Fault.DEFERRING in faults(AGREE, "Mức nào thì đề nghị Sở Xây dựng chọn rồi Sở ghi theo. Sở thống nhất.")


def test_uniformity_is_not_agreement() -> None:
    assert faults(AGREE, "Số liệu giữa các phần chưa thống nhất.") == [Fault.GENERIC]
    assert faults(AMEND, "Đồng ý; số liệu chưa thống nhất, đề nghị sửa Phụ lục 2 thành 12,5 tỷ đồng.") == []


def test_a_condition_that_can_be_checked_is_an_amendment_not_a_reservation() -> None:
    assert faults(AMEND, "Đồng ý với điều kiện Điều 6 ghi thời hạn 05 ngày làm việc.") == []


def test_a_list_that_follows_an_announced_remark_makes_it_clear() -> None:
    text = "Sở thống nhất; tuy nhiên còn một số nội dung cần xem xét:\n1. Điều 3: thay 15% bằng 10%.\n2. Bỏ Điều 8."
    assert faults(AMEND, text) == []


def test_words_an_agency_only_cites_are_not_its_own() -> None:
    text = "Sở đồng ý; cụm từ “thực hiện theo quy định” tại Điều 3 đề nghị thay bằng “trong 24 giờ”."
    assert faults(AMEND, text) == []


def test_an_agreement_of_others_or_of_earlier_is_not_the_agencys_own() -> None:
    refused = "Trước đây Sở từng đồng ý khảo sát. Nay Sở không đồng ý thu hồi vì lấn hành lang kênh."
    assert faults(DISAGREE, refused) == []
    of_others = Case(Reply(position=AGREE, text="Các hộ dân đều đồng ý."), LEXICON)
    assert [flaw.fault for flaw in flaws_by_rule(of_others)] == [Fault.GENERIC]


def test_a_no_under_a_ticked_yes_is_contradictory_alone() -> None:
    found = faults(AGREE, "Sở không thống nhất ban hành Đề án.", ASKED)
    assert found == [Fault.CONTRADICTORY]


def test_an_objection_taken_back_contradicts_a_ticked_no() -> None:
    text = "Sở không đồng ý mở tuyến vì thiếu xe. Nay đã có xe, Sở thống nhất mở tuyến như dự thảo."
    assert faults(DISAGREE, text) == [Fault.CONTRADICTORY]


def test_a_way_to_agree_under_a_condition_leaves_a_no_a_no() -> None:
    text = "Sở không đồng ý vì chồng lấn 6,8 ha rừng phòng hộ; nếu cắt phần này thì Sở đồng ý."
    assert faults(DISAGREE, text) == []


def test_a_question_met_with_praise_is_unanswered_and_named() -> None:
    text = "Sở thống nhất. Việc cân đối 12,5 tỷ đồng là vấn đề quan trọng, được nhiều người quan tâm."
    finding = judged(AGREE, text, ASKED).findings[0]
    assert finding.fault is Fault.UNANSWERED
    assert finding.explanation.params == {"detail": ASKED}


@pytest.mark.parametrize(
    "text",
    [
        "Thống nhất. Cân đối được 12,5 tỷ đồng từ nguồn tăng thu.",
        "Có. Sở thống nhất với Đề án.",
        "Sở thống nhất. Trả lời câu hỏi: không cân đối đủ, chỉ bố trí được 7,2 tỷ đồng.",
    ],
)
def test_a_question_answered_in_its_own_words_or_directly_is_answered(text: str) -> None:
    assert Fault.UNANSWERED not in faults(AGREE, text, ASKED)


def test_how_many_wants_a_figure() -> None:
    assert faults(AGREE, "Xã thống nhất. Xã có 37 máy gặt.", HOW_MANY) == []
    assert faults(AGREE, "Xã thống nhất. Số máy gặt của xã đang thống kê.", HOW_MANY) == [Fault.UNANSWERED]


def test_the_number_of_a_document_is_no_figure() -> None:
    text = "Xã thống nhất. Máy gặt thực hiện theo Nghị định số 52."
    assert faults(AGREE, text, HOW_MANY) == [Fault.UNANSWERED]


@pytest.mark.clause("H02")
def test_what_the_form_holds_counts_as_much_as_the_text() -> None:
    amendment = {"where": "khoản 2 Điều 5", "what": "“ngân sách cấp tỉnh và cấp xã”", "why": ""}
    assert faults(AMEND, "Thống nhất với dự thảo.", amendments=[amendment]) == []
    assert faults(DISAGREE, "Không thống nhất.", reason="Vượt thẩm quyền của UBND xã") == []
    assert faults(OUT, "Không thuộc chức năng của Sở.", pointer="Công an tỉnh") == []
    assert faults(AGREE, "Thống nhất.", ASKED, answers=(AGREE,)) == []


def test_an_amendment_without_place_or_change_does_not_count() -> None:
    half = [{"where": "Điều 5", "what": " … "}, {"where": "", "what": "sửa lại"}]
    assert faults(AMEND, "Thống nhất.", amendments=half) == [Fault.NO_AMENDMENT]


def test_a_question_left_unticked_is_looked_for_in_the_text() -> None:
    assert faults(AGREE, "Thống nhất.", ASKED, HOW_MANY, answers=(AGREE, None)) == [Fault.UNANSWERED]


def test_text_without_diacritics_is_read_like_any_other() -> None:
    assert faults(AGREE, "So Tai chinh thong nhat voi du thao.") == []
    assert faults(AGREE, "De nghi thuc hien theo quy dinh.") == [Fault.GENERIC]
    assert faults(DISAGREE, "Khong dong y vi vuot tran cua HDND tinh.") == []


def test_an_empty_reply_is_generic_and_quotes_nothing() -> None:
    finding = judged(AGREE, "  \n ").findings[0]
    assert (finding.fault, finding.quote, finding.start, finding.end) == (Fault.GENERIC, "", 0, 0)


def test_no_opinion_is_recognised_for_the_confirming_question() -> None:
    assert says_nothing(Reply(position=AGREE, text="Sở không có ý kiến."), LEXICON)
    assert not says_nothing(Reply(position=AGREE, text="Thống nhất, không có ý kiến góp ý."), LEXICON)


def test_the_verdict_names_the_lexicon_that_made_it() -> None:
    other = LEXICON.model_copy(update={"platitude": ("cụm từ khác",)})
    assert judged(AGREE, "Thống nhất.").version == INSTRUMENT.version
    assert type(LEXICON).model_validate(other.model_dump()).version != LEXICON.version


def test_disagreeing_with_reasons_is_as_clear_as_agreeing() -> None:
    assert judged(DISAGREE, "Không thống nhất: trùng chức năng hệ thống dùng chung của tỉnh.").clear
    assert assess(Reply(position=AGREE, text="Thống nhất."), INSTRUMENT).clear
