"""The ten scenarios at the gate: those who must be asked pass, those who must not be asked do not."""

from typing import NamedTuple

import pytest

from domain.gate import DraftPart
from domain.refusals import Code
from tests.domain.plans import ask, asking, at, codes, part


class Scenario(NamedTuple):
    """A matter on a day, whom the lead rightly asks (agency, function, part, question), and whom it must not."""

    day: str
    lead: str
    kind: str
    field: str
    rule: str | None
    parts: tuple[DraftPart, ...]
    related: tuple[tuple[str, str, str, str], ...]
    unrelated: tuple[tuple[str, str, str], ...]
    mandatory: tuple[str, ...] = ()


S1 = Scenario(
    "2026-03-13", "SNNMT", "QD_CT", "THUY_LOI", None,
    (
        part("d5", "Điều 5. Đường giao thông cắt qua kênh, thoát nước", "Cống qua đường tỉnh, thoát nước khu dân cư."),
        part("d6", "Điều 6. Vận hành liên hồ chứa thủy điện", "Phối hợp vận hành hồ chứa thủy điện trong mùa lũ."),
        part("d7", "Điều 7. Bàn giao kênh nội đồng", "Bàn giao kênh N3 cánh đồng Bãi Lác và đầu kênh chính Ngàn Sim."),
        part("d9", "Điều 9. Bảo trì công trình thủy lợi", "Quản lý, khai thác kênh mương, trạm bơm, hồ chứa nước."),
    ),
    (
        ("SXD", "SXD-07", "d5", "Có thống nhất yêu cầu kỹ thuật khi kênh cắt qua đường bộ không?"),
        ("SCT", "SCT-07", "d6", "Có thống nhất cơ chế phối hợp vận hành hồ chứa thủy điện không?"),
        ("X10", "X10-01", "d7", "Xã có nhận bàn giao không?"),
        ("X07", "X07-01", "d7", "Xã có nhận bàn giao không?"),
    ),
    (
        ("SYT", "SYT-10", "d9"), ("SYT", "SYT-03", "d9"), ("SGDDT", "SGDDT-01", "d9"), ("SVHTTDL", "SVHTTDL-01", "d9"),
        ("SDTTG", "SDTTG-01", "d9"), ("TTT", "TTT-01", "d9"), ("SNgV", "SNgV-01", "d9"), ("X01", "X01-01", "d7"),
    ),
    mandatory=("STC", "SNV", "STP", "SKHCN"),
)  # fmt: skip
S2 = Scenario(
    "2026-02-10", "SXD", "QUY_HOACH", "QUY_HOACH_XD", "R11",
    (
        part("1", "Ranh giới, đất đai, thoát lũ", "Lấy 41 ha đất bãi, hành lang thoát lũ ven sông, ngoài đê."),
        part("2", "Di tích lân cận", "Ngôi đền đã xếp hạng di tích cách 120 m."),
        part("3", "Giao thông nội bộ, phòng cháy, chữa cháy", "Đường cho xe chữa cháy, nguồn nước chữa cháy."),
        part("4", "Khu vực phòng thủ", "Ảnh hưởng đến thế trận khu vực phòng thủ, quốc phòng."),
        part("5", "Dân cư bãi bồi Soi Dài", "Đồng thuận của người dân."),
    ),
    (
        ("SNNMT", "SNNMT-07", "1", "Có thống nhất hành lang thoát lũ không?"),
        ("SVHTTDL", "SVHTTDL-01", "2", "Vị trí có nằm trong khu vực bảo vệ di tích không?"),
        ("CAT", "CAT-02", "3", "Có thống nhất phương án phòng cháy, chữa cháy không?"),
        ("BCHQS", "BCHQS-02", "4", "Có ảnh hưởng đến quốc phòng không?"),
        ("X03", "X03-01", "5", "Phường có thống nhất ranh giới không?"),
    ),
    (("SYT", "SYT-01", "1"), ("STC", "STC-01", "1")),
)  # fmt: skip
S3 = Scenario(
    "2026-04-22", "SGDDT", "DE_AN", "PHO_THONG", None,
    (
        part("1", "Mục II. Biên chế", "Dôi dư 21 người, điều chỉnh số lượng người làm việc."),
        part("2", "Mục III. Kinh phí", "12,5 tỷ đồng từ ngân sách tỉnh."),
        part("3", "Mục IV. Quy hoạch điểm trường", "Phù hợp quy hoạch đô thị và nông thôn."),
        part("4", "Phụ lục. Danh sách trường sáp nhập", "Bản Nà Sét, bản Pu Lọt."),
    ),
    (
        ("SNV", "SNV-02", "1", "Có thống nhất phương án dôi dư không?"),
        ("STC", "STC-01", "2", "Có thống nhất nguồn kinh phí không?"),
        ("SXD", "SXD-01", "3", "Vị trí có phù hợp quy hoạch không?"),
        ("X09", "X09-01", "4", "Xã có thống nhất sáp nhập không?"),
    ),
    (("SCT", "SCT-01", "2"), ("SVHTTDL", "SVHTTDL-02", "1")),
)  # fmt: skip
S4 = Scenario(
    "2026-05-18", "SCT", "DU_AN", "CONG_NGHIEP", "R7",
    (
        part("1", "Năng lực tài chính, vốn chủ sở hữu", "Ký quỹ bảo đảm thực hiện dự án ngoài ngân sách."),
        part("2", "Vị trí, quy hoạch", "Phù hợp quy hoạch xây dựng, phát triển đô thị và nông thôn."),
        part("3", "Đất đai, khoáng sản, môi trường", "Chuyển mục đích sử dụng đất; mỏ khoáng sản đã cấp phép."),
        part("4", "An ninh trật tự, phòng cháy, chữa cháy", "Khoảng cách an toàn phòng cháy, chữa cháy."),
        part("5", "Cụm công nghiệp Cầu Chai mở rộng", "Hộ kinh doanh quanh chợ."),
    ),
    (
        ("STC", "STC-11", "1", "Nhà đầu tư có đủ năng lực tài chính không?"),
        ("SXD", "SXD-01", "2", "Có thống nhất vị trí không?"),
        ("SNNMT", "SNNMT-10", "3", "Có thống nhất diện tích chuyển mục đích sử dụng đất không?"),
        ("CAT", "CAT-02", "4", "Có thống nhất về phòng cháy, chữa cháy không?"),
        ("X12", "X12-01", "5", "Xã có thống nhất không?"),
    ),
    (("SKHCN", "SKHCN-01", "1"), ("SYT", "SYT-01", "4")),
)  # fmt: skip
S5 = Scenario(
    "2026-06-01", "SKHCN", "KE_HOACH", "CHUYEN_DOI_SO", None,
    (
        part("1", "Mục II. Bảo đảm an toàn thông tin hệ thống dùng chung", "Cấp độ an toàn, trang thông tin điện tử."),
        part("2", "Mục III. Kinh phí", "3,2 tỷ đồng từ nguồn kinh phí ngân sách tỉnh."),
        part("3", "Mục IV. Dữ liệu y tế", "Hồ sơ sức khỏe, bệnh án điện tử của bệnh viện."),
    ),
    (
        ("SVHTTDL", "SVHTTDL-08", "1", "Có thống nhất phương án bảo đảm an toàn thông tin không?"),
        ("STC", "STC-01", "2", "Có thống nhất nguồn kinh phí không?"),
        ("SYT", "SYT-01", "3", "Có thống nhất cách bảo vệ dữ liệu y tế không?"),
        ("CAT", "CAT-03", "1", "Có thống nhất cấp độ an toàn không?"),
    ),
    (("SXD", "SXD-01", "1"), ("SGDDT", "SGDDT-03", "2")),
)  # fmt: skip
S7 = Scenario(
    "2026-07-13", "SXD", "TTHC", "HOAT_DONG_XD", "R10",
    (
        part("1", "Phòng cháy, chữa cháy", "Đường cho xe chữa cháy, nguồn nước chữa cháy của nhà máy."),
        part("2", "Môi trường", "Giấy phép môi trường, nước thải, khí thải của nhà máy."),
    ),
    (
        ("CAT", "CAT-02", "1", "Có thống nhất về phòng cháy, chữa cháy không?"),
        ("SNNMT", "SNNMT-15", "2", "Có thống nhất về môi trường không?"),
    ),
    (("SVHTTDL", "SVHTTDL-01", "1"), ("X02", "X02-01", "2")),
)  # fmt: skip
S8 = Scenario(
    "2026-08-19", "STC", "NQ_HDND", "NGAN_SACH", None,
    (
        part("1", "Điều 2. Mức chi tập huấn", "Mức chi đào tạo, bồi dưỡng cán bộ, công chức, viên chức."),
        part("2", "Điều 3. Căn cứ pháp lý, rà soát văn bản", "Rà soát văn bản, thi hành pháp luật."),
        part("3", "Điều 4. Tập huấn giáo viên, nhà giáo", "Bồi dưỡng nhà giáo, hoạt động giáo dục."),
        part("4", "Điều 5. Tập huấn y tế cơ sở", "Phòng, chống dịch bệnh, y tế trường học."),
    ),
    (
        ("SNV", "SNV-03", "1", "Có thống nhất mức chi không?"),
        ("STP", "STP-02", "2", "Có thống nhất thẩm quyền ban hành không?"),
        ("SGDDT", "SGDDT-03", "3", "Có thống nhất mức chi cho nhà giáo không?"),
        ("SYT", "SYT-03", "4", "Có thống nhất mức chi không?"),
    ),
    (("SCT", "SCT-04", "1"), ("SKHCN", "SKHCN-06", "1")),
)  # fmt: skip
S9 = Scenario(
    "2026-09-10", "SXD", "CONG_VAN", "GIAO_THONG", "MAU_7",
    (
        part("1", "Khai thác đất đắp", "Cấp giấy phép khai thác khoáng sản, mỏ vật liệu, công suất."),
        part("2", "Đất đai", "Thuê đất 12,4 ha, chuyển mục đích sử dụng đất."),
        part("3", "Giá vật liệu", "Phương án giá hàng hóa, dịch vụ do Nhà nước định giá."),
        part("4", "Thôn Khe Vôi", "Đồng thuận của 52 hộ."),
    ),
    (
        ("SNNMT", "SNNMT-14", "1", "Có thống nhất công suất khai thác khoáng sản không?"),
        ("SNNMT", "SNNMT-10", "2", "Có thống nhất thuê đất không?"),
        ("STC", "STC-05", "3", "Có thống nhất phương án giá không?"),
        ("X06", "X06-01", "4", "Xã có thống nhất không?"),
    ),
    (("SYT", "SYT-01", "1"), ("SDTTG", "SDTTG-03", "2")),
)  # fmt: skip
S10 = Scenario(
    "2026-11-17", "SYT", "KE_HOACH", "Y_TE_DP", None,
    (
        part("1", "Mục V. Kinh phí", "2,1 tỷ đồng, sử dụng dự phòng ngân sách."),
        part("2", "Mục III. Trường học", "Tạm dừng hoạt động giáo dục, trường, lớp trong vùng dịch."),
        part("3", "Mục IV. Trật tự tại khu cách ly", "An ninh, trật tự khu dân cư."),
        part("4", "Mục VI. Thanh toán", "Thanh toán chi phí khám, chữa bệnh bảo hiểm y tế."),
        part("5", "Vùng dịch", "Xã Hồ Mẫu, xã Rừng Mẫu, xã Bản Mẫu."),
    ),
    (
        ("STC", "STC-01", "1", "Có thống nhất sử dụng dự phòng không?"),
        ("SGDDT", "SGDDT-01", "2", "Có thống nhất không?"),
        ("CAT", "CAT-01", "3", "Có thống nhất không?"),
        ("BHXH", "BHXH-02", "4", "Có thống nhất cách thanh toán không?"),
        ("X07", "X07-01", "5", "Xã có thống nhất không?"),
        ("X09", "X09-01", "5", "Xã có thống nhất không?"),
    ),
    (("SXD", "SXD-01", "2"), ("SNgV", "SNgV-01", "3"), ("SCT", "SCT-05", "1"), ("X05", "X05-01", "5")),
)  # fmt: skip
SCENARIOS = {"S1": S1, "S2": S2, "S3": S3, "S4": S4, "S5": S5, "S7": S7, "S8": S8, "S9": S9, "S10": S10}


def of_one(scenario: Scenario, agency: str, function: str, of: str, question: str) -> list[Code]:
    """The codes for one addressee, with the duties the scenario's kind of draft brings."""
    duties = [ask(code, None, None, "Có thống nhất không?") for code in scenario.mandatory]
    plan = asking(
        *duties,
        ask(agency, function, of, question),
        lead=scenario.lead,
        draft_kind=scenario.kind,
        field=scenario.field,
        rule_code=scenario.rule,
        subject="Việc của tình huống",
        parts=[p.model_dump() for p in scenario.parts],
    )
    return codes(plan, at(scenario.day))


@pytest.mark.clause("H28", "G17", "K04")
@pytest.mark.parametrize(
    ("name", "asked"), [(name, asked) for name, scenario in SCENARIOS.items() for asked in scenario.related], ids=str
)
def test_who_is_directly_concerned_passes_the_gate(name, asked):
    assert of_one(SCENARIOS[name], *asked) == []


@pytest.mark.clause("H29", "G17", "K04")
@pytest.mark.parametrize(
    ("name", "asked"), [(name, asked) for name, scenario in SCENARIOS.items() for asked in scenario.unrelated], ids=str
)
def test_who_is_not_concerned_is_stopped_at_the_gate(name, asked):
    assert of_one(SCENARIOS[name], *asked, "Có thống nhất không?") == [Code.NOT_DIRECTLY_RELATED]
