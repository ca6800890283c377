"""The dated directory: who existed, held what and led what on a day."""

from datetime import date

import pytest

from domain.directory import Delegation, Directory, Function, Leader
from domain.refusals import Code, Refused
from domain.terms import Absence, Charge
from tests.domain.plans import at, rulebook

BEFORE, AFTER = date(2025, 2, 28), date(2025, 3, 1)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return rulebook().directory


def refusal(call, *args) -> Code:
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.code


def test_unknown_codes_are_refused_never_guessed(directory):
    assert refusal(directory.agency, "SZZ") is Code.AGENCY_UNKNOWN
    assert refusal(directory.field, "ZZ") is Code.FIELD_UNKNOWN
    assert refusal(directory.function, "ZZ-01") is Code.FUNCTION_UNKNOWN
    assert directory.find("SZZ") is None


def test_an_agency_exists_from_its_first_to_its_last_day(directory):
    assert directory.in_force("SKHDT", BEFORE)
    assert not directory.in_force("SKHDT", AFTER)
    assert not directory.in_force("SNNMT", BEFORE)
    assert directory.in_force("SNNMT", AFTER)


@pytest.mark.clause("H06", "H31")
def test_successors_are_followed_through_several_reforms_to_those_that_exist(directory):
    assert directory.successors("STC", AFTER) == ("STC",)
    assert directory.successors("CTHUE", date(2025, 6, 30)) == ("CCTKV",)
    assert directory.successors("CTHUE", date(2025, 7, 1)) == ("THUE",)
    assert directory.successors("SGTVT", AFTER) == ("SXD", "CAT")


def test_before_its_founding_an_agency_stands_for_those_it_was_made_from(directory):
    assert directory.successors("THUE", date(2025, 3, 1)) == ("CCTKV",)
    assert directory.successors("THUE", BEFORE) == ("CTHUE",)


def test_functions_are_those_in_force_on_the_day(directory):
    on = [f.id for f in directory.functions_of("SNNMT", date(2026, 9, 14))]
    later = [f.id for f in directory.functions_of("SNNMT", date(2026, 9, 15))]
    assert [id for id in on if id not in later] == ["SNNMT-14"]


@pytest.mark.clause("H31", "G19")
def test_a_moved_function_is_followed_to_its_holder_of_the_day(directory):
    def holder(day: date) -> str:
        found = directory.current_holder("STNMT-04", day)
        assert found
        return found.id

    assert holder(BEFORE) == "STNMT-04"
    assert holder(date(2026, 9, 14)) == "SNNMT-14"
    assert holder(date(2026, 9, 15)) == "SCT-13"
    before = directory.current_holder("SCT-13", date(2026, 9, 14))
    assert before
    assert before.id == "SNNMT-14"


def test_fields_match_along_the_tree_but_not_between_siblings(directory):
    assert directory.field_matches("NGAN_SACH", "NGAN_SACH")
    assert directory.field_matches("TAI_CHINH", "NGAN_SACH")
    assert directory.field_matches("NGAN_SACH", "TAI_CHINH")
    assert not directory.field_matches("NGAN_SACH", "GIA")


@pytest.mark.clause("T07", "T11")
def test_the_leader_is_who_holds_the_field_on_the_day_and_the_stand_in_while_away(directory):
    minerals = directory.leader_table("KHOANG_SAN", date(2026, 7, 1))
    assert minerals.in_charge(at("2026-07-31")) == Charge(leader="PCT2")
    assert minerals.in_charge(at("2026-08-03")) == Charge(leader="PCT3", acting_for="PCT2")
    assert minerals.in_charge(at("2026-08-15")) == Charge(leader="PCT2")
    assert minerals.in_charge(at("2026-10-01")) == Charge(leader="PCT1")


def test_a_field_nobody_holds_falls_to_the_holder_of_its_parent(directory):
    bare = directory.model_copy(
        update={
            "leaders": tuple(Leader(**{**x.model_dump(), "fields": _without(x, "NHA_O")}) for x in directory.leaders)
        }
    )
    assert bare.leader_table("NHA_O", date(2026, 7, 1)).in_charge(at("2026-07-31")).leader == "PCT3"


def _without(leader: Leader, field: str) -> tuple[str, ...]:
    return tuple(code for code in leader.fields if code != field)


def test_a_gap_between_terms_falls_to_the_parent_and_then_to_the_chairman(directory):
    day = date(2024, 5, 6)
    assert directory.leader_table("NHA_O", day).in_charge(at("2024-05-06")).leader == "CT"


def test_terms_and_absences_that_are_over_do_not_travel(directory):
    table = directory.leader_table("KHOANG_SAN", date(2026, 11, 2))
    assert [term.leader for term in table.terms] == ["PCT1", "PCT2"]  # the parent field's holder is the fallback
    assert table.absences == ()


def test_a_copy_answers_from_its_own_entries_not_from_the_old_index(directory):
    assert directory.find("STC")
    smaller = directory.model_copy(update={"agencies": directory.agencies[:2]})
    assert smaller.find("STC") is None
    assert directory.find("STC")


def test_the_watcher_is_the_leader_who_watches_or_the_chairman_where_no_term_runs(directory):
    assert directory.watcher("STC", date(2026, 5, 6)) == "PCT1"
    assert directory.watcher("STC", date(2024, 5, 6)) == "CT"


@pytest.mark.clause("H06")
def test_central_agencies_are_known_with_the_body_above_them(directory):
    assert directory.is_central("BHXH")
    assert not directory.is_central("STC")
    above = directory.superior("BHXH")
    assert above
    assert above.name == "Bảo hiểm xã hội Việt Nam, Bộ Tài chính"


def test_duties_to_ask_are_dated(directory):
    assert directory.mandatory("QD_CT", date(2025, 6, 30)) == ()
    (duty,) = directory.mandatory("QD_CT", date(2025, 7, 1))
    assert duty.agencies == ("STC", "SNV", "STP", "SKHCN")
    assert directory.mandatory("DE_AN", date(2025, 7, 1)) == ()


@pytest.mark.clause("H31", "G19")
def test_competence_is_the_heir_of_the_function_or_else_the_field(directory):
    moved = date(2026, 9, 17)
    assert directory.competent("SCT", "GIAO_THONG", moved, "SNNMT-14")
    assert not directory.competent("SXD", "GIAO_THONG", moved, "SNNMT-14")
    assert not directory.competent("SCT", "GIAO_THONG", date(2026, 9, 14), "SNNMT-14")
    assert directory.competent("SXD", "GIAO_THONG", moved)
    assert not directory.competent("SGTVT", "GIAO_THONG", moved)


@pytest.mark.clause("H32", "G20")
def test_only_the_head_or_a_delegate_in_force_signs(directory):
    ended, day = date(2026, 9, 17), date(2026, 9, 14)
    assert directory.may_sign("SNNMT", "anybody", ended, head=True)
    assert directory.may_sign("SNNMT", "snnmt.pho", ended, head=False)
    assert not directory.may_sign("SNNMT", "snnmt.khoangsan", ended, head=False, field="KHOANG_SAN")
    assert directory.may_sign("SNNMT", "snnmt.khoangsan", day, head=False, field="KHOANG_SAN")
    assert not directory.may_sign("SNNMT", "snnmt.khoangsan", day, head=False, field="DAT_DAI")
    assert not directory.may_sign("STC", "snnmt.pho", day, head=False)


def test_a_delegation_of_a_field_covers_what_the_field_contains(directory):
    line = Delegation(
        agency="STC", officer="x", form="TUQ", fields=("TAI_CHINH",), effective_from=date(2026, 1, 1), basis="giả định"
    )
    signing = directory.model_copy(update={"delegations": (line,)})
    assert signing.may_sign("STC", "x", date(2026, 2, 1), head=False, field="NGAN_SACH")
    assert not signing.may_sign("STC", "x", date(2026, 2, 1), head=False, field="GIAO_THONG")


def test_a_function_that_ended_without_an_heir_has_no_holder():
    gone = Function(
        id="A-1", agency="A", field="F", title="x", text="x", effective_from=date(2021, 1, 1), effective_to=BEFORE
    )
    alone = Directory(province="x", province_code="H00", as_of=AFTER, agencies=(), fields=(), functions=(gone,))
    assert alone.current_holder("A-1", BEFORE) == gone
    assert alone.current_holder("A-1", AFTER) is None


def test_an_absence_covers_both_its_days():
    away = Absence(leader="PCT2", stand_in="PCT3", effective_from=BEFORE, effective_to=AFTER)
    assert away.covers(BEFORE)
    assert away.covers(AFTER)
