"""Replies as officials write them, with what a careful reader says of each; agencies and drafts are invented."""

from pathlib import Path
from typing import NamedTuple

from adapters.lexicon import load_instrument
from domain.clarity import Assessment, Position, Reply, assess

INSTRUMENT = load_instrument(Path(__file__).parents[2] / "rules")
LEXICON = INSTRUMENT.lexicon
AGREE, AMEND = Position.AGREE, Position.AGREE_WITH_AMENDMENTS
DISAGREE, OUT = Position.DISAGREE, Position.OUT_OF_FUNCTION


class Sample(NamedTuple):
    """One reply and whether it is clear."""

    position: Position
    text: str
    clear: bool


def judged(position: Position, text: str, *questions: str, **parts: object) -> Assessment:
    """The verdict on a reply of the invented Sở Tài chính about an invented draft."""
    reply = {"position": position, "text": text, "questions": questions, "agency": "Sở Tài chính", **parts}
    return assess(Reply.model_validate({"subject": "Đề án sắp xếp trường, lớp", **reply}), INSTRUMENT)


SAMPLES = (
    Sample(AGREE, "Thống nhất với dự thảo.", True),
    Sample(AGREE, "Thống nhất.", True),
    Sample(AGREE, "Cơ bản thống nhất với dự thảo.", True),
    Sample(AGREE, "Đồng ý trình, chịu trách nhiệm về phần kinh phí.", True),
    Sample(AGREE, "Thống nhất, không đề nghị chỉnh sửa, bổ sung.", True),
    Sample(AGREE, "Sở thống nhất hướng tuyến; phần đất rừng đề nghị lấy ý kiến Sở Nông nghiệp và Môi trường.", True),
    Sample(AGREE, "Sở không đồng ý với ý kiến cho rằng phải chờ; Sở thống nhất với dự thảo.", True),
    Sample(AGREE, "Đề nghị thực hiện theo quy định.", False),
    Sample(AGREE, "Đề nghị cân đối phù hợp khả năng ngân sách, thực hiện theo phân cấp hiện hành.", False),
    Sample(AGREE, "Đề nghị báo cáo UBND tỉnh xem xét, quyết định.", False),
    Sample(AGREE, "Thống nhất nếu các sở khác thống nhất.", False),
    Sample(AGREE, "Ghi nhận và sẽ phối hợp.", False),
    Sample(AGREE, "Sở không có ý kiến.", False),
    Sample(AGREE, "Để bảo đảm thống nhất, đồng bộ, đề nghị rà soát.", False),
    Sample(AGREE, "Cơ bản thống nhất; đề nghị cơ quan chủ trì nghiên cứu, xem xét hoàn thiện.", False),
    Sample(AGREE, "Sở đồng ý, song còn vài điểm chưa tiện nêu trong văn bản này.", False),
    Sample(AGREE, "Sở thống nhất với dự thảo. Đề nghị bỏ Điều 8 và viết lại Điều 9.", False),
    Sample(AMEND, "Thống nhất; khoản 3 Điều 10 bổ sung cụm từ “trong thời hạn 05 ngày làm việc”.", True),
    Sample(AMEND, "Thống nhất với dự thảo nếu bổ sung dự toán 350 triệu đồng.", True),
    Sample(AMEND, "Đề nghị thực hiện theo khoản 2 Điều 5, không cần quy định lại tại Điều 9.", True),
    Sample(AMEND, "Cơ bản thống nhất; đề nghị đưa mỏ đá ra khỏi quy hoạch vì chồng lấn đất ở.", True),
    Sample(AMEND, "Nhất trí, bỏ Điều 9.", True),
    Sample(AMEND, "Thống nhất, tuy nhiên cần chỉnh sửa một số nội dung cho phù hợp thực tiễn.", False),
    Sample(AMEND, "Nhất trí về nguyên tắc. Đề nghị sửa Điều 3, Điều 4 và Điều 10.", False),
    Sample(AMEND, "Sở đồng ý giữ nguyên văn, không phải sửa đổi điều khoản nào.", False),
    Sample(DISAGREE, "Không thống nhất: 6,8 ha chồng lấn mỏ đã cấp phép.", True),
    Sample(DISAGREE, "UBND xã không nhất trí vì 37/52 hộ dân chưa đồng thuận.", True),
    Sample(DISAGREE, "Không thống nhất: năm 2026 chỉ cân đối được 7,2 tỷ đồng, đề nghị chia hai năm.", True),
    Sample(DISAGREE, "Không thống nhất.", False),
    Sample(DISAGREE, "Không thống nhất. Lý do: còn bất cập.", False),
    Sample(DISAGREE, "Sở tán thành phương án và sẽ chỉ đạo thực hiện ngay.", False),
    Sample(OUT, "Không thuộc chức năng; an toàn thông tin do Công an tỉnh quản lý từ 2025.", True),
    Sample(OUT, "Từ 15/9 do Sở Công Thương tham mưu, đề nghị chuyển hồ sơ.", True),
    Sample(OUT, "Không thuộc chức năng, nhiệm vụ của Sở.", False),
    Sample(OUT, "Không thuộc chức năng. Sở đồng ý mức chi và sẽ ký thẩm định.", False),
)
