"""Out of function: the pointer is checked against the directory of the day and the words of the question."""

import pytest

from domain.gate_pointer import PointerGround, check_pointer
from domain.refusals import Code, Refused
from tests.domain.plans import at, rulebook

SECURITY = ("Có thống nhất cấp độ, phương án bảo đảm an toàn thông tin mạng không?",)
HEALTH_DATA = ("Có thống nhất cách bảo vệ hồ sơ sức khỏe, bệnh án điện tử, dữ liệu y tế không?",)


def pointer(pointing, pointed, day, field="CHUYEN_DOI_SO", functions=(), texts=()):
    return check_pointer(
        rulebook(), pointing, pointed, field=field, day=at(day).date(), functions=functions, texts=texts
    )


@pytest.mark.clause("H31", "H42", "G19")
def test_a_pointer_to_the_agency_whose_function_is_nearest_is_right():
    found = pointer("SVHTTDL", "CAT", "2026-06-03", functions=["SVHTTDL-08"], texts=SECURITY)
    assert found.competent
    assert (found.ground, found.function) == (PointerGround.HELD, "CAT-03")


@pytest.mark.clause("H33", "H42", "Q27")
def test_a_pointer_away_from_ones_own_function_is_wrong():
    found = pointer("SYT", "BHXH", "2026-06-05", functions=["SYT-01"], texts=HEALTH_DATA)
    assert not found.competent
    assert (found.ground, found.function) == (PointerGround.OWN_MATTER, "SYT-01")


@pytest.mark.clause("H31", "G19")
def test_a_function_that_moved_decides_by_itself():
    moved = pointer("SNNMT", "SCT", "2026-09-17", field="GIAO_THONG", functions=["SNNMT-14", "SNNMT-10"])
    assert moved.competent
    assert (moved.ground, moved.function) == (PointerGround.MOVED, "SCT-13")
    before = pointer("SNNMT", "SCT", "2026-09-14", field="GIAO_THONG", functions=["SNNMT-14"])
    assert not before.competent


def test_a_pointer_to_oneself_or_to_an_abolished_agency_is_wrong():
    assert pointer("SYT", "SYT", "2026-06-05").ground is PointerGround.ITSELF
    assert pointer("SYT", "STTTT", "2026-06-05").ground is PointerGround.NOT_IN_FORCE


def test_where_no_word_tells_the_field_does():
    found = pointer("SYT", "SKHCN", "2026-06-05", texts=("Có thống nhất không?",))
    assert (found.competent, found.ground) == (True, PointerGround.FIELD)
    assert pointer("SYT", "SDTTG", "2026-06-05", texts=("Có thống nhất không?",)).ground is PointerGround.NOT_HELD


def test_a_pointer_to_nobody_known_is_refused():
    with pytest.raises(Refused) as refused:
        pointer("SYT", "SZZ", "2026-06-05")
    assert refused.value.code is Code.AGENCY_UNKNOWN
