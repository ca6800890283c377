"""When a reply counts as nothing to say: nothing but agreement and courtesy; in doubt something was said."""

import pytest

from domain.relevance.burden import Asked, History, histories, says_no_more


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Sở Tài chính thống nhất với dự thảo.",
        "So Tai chinh thong nhat voi du thao.",
        "Sở Nội vụ nhất trí với toàn bộ nội dung dự thảo Kế hoạch năm 2026.",
        "Không có ý kiến gì thêm.",
        "Kính gửi Sở Giáo dục và Đào tạo. Sau khi nghiên cứu, Sở Y tế đồng ý với nội dung dự thảo. Trân trọng.",
        "Phúc đáp Công văn số 123/SGDĐT-KH ngày 05/01/2026, Sở Nội vụ thống nhất với dự thảo.",
        "Công an tỉnh thống nhất cao.",
        "Cơ bản thống nhất với dự thảo; đề nghị cơ quan chủ trì tổng hợp, trình Ủy ban nhân dân tỉnh.",
    ],
)
def test_agreement_and_courtesy_say_nothing_more(text: str) -> None:
    assert says_no_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thống nhất cân đối 12,5 tỷ đồng từ dự phòng ngân sách.",
        "Thống nhất với dự thảo. Nguồn vốn đã có trong dự toán.",
        "Thống nhất với dự thảo, tuy nhiên lưu ý thời hạn trình.",
        "Thống nhất với dự thảo; đề nghị bổ sung căn cứ pháp lý.",
        "Đồng ý bố trí quỹ đất tại khu Mẫu Đông.",
        "Sở Xây dựng không thống nhất.",
        "Quỹ đất hiện còn đủ.",
        "Thong nhat voi du thao, tuy nhien de nghi bo sung can cu.",
        "Thống nhất với dự thảo. " + "Nội dung dự thảo đầy đủ. " * 40,
    ],
)
def test_whatever_goes_beyond_was_said(text: str) -> None:
    assert not says_no_more(text)


@pytest.mark.clause("G17")
def test_accepted_out_of_function_and_plain_agreements_count_and_the_unknown_does_not() -> None:
    plain = "Sở Tài chính thống nhất với dự thảo."
    found = histories(
        [
            Asked("STC", 3, text=plain),
            Asked("STC", 2, out_of_function=True),
            Asked("STC", 4),
            Asked("STC", 1, text="Đề nghị giảm mức chi."),
            Asked("SNV", 1),
        ]
    )
    assert found == {"STC": History(asked=10, nothing_to_say=5), "SNV": History(asked=1, nothing_to_say=0)}
