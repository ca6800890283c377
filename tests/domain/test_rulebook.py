"""The rulebook: which line holds on a day, what travels with a consultation, and what may be cited."""

import re
from datetime import date, time

import pytest

from domain.deadline import Limit, Unit
from domain.refusals import Code, Refused
from domain.rulebook import NationalRule
from domain.terms import Silence, StartEvent
from tests.domain.plans import at, rulebook

DAY = date(2026, 5, 18)
CAVEAT = "cần kiểm tra lại văn bản gốc"


def terms(kind: str, rule: str | None = None, rule_set: str = "mau", day: date = DAY, field: str = "CONG_NGHIEP"):
    return rulebook().terms(rule_set, kind, field, day, rule)


@pytest.mark.clause("H15", "K07")
def test_without_a_chosen_rule_the_provinces_general_limit_holds():
    rule = terms("DE_AN").rule
    assert rule.limit == Limit(n=5, unit=Unit.WORKING_DAY)
    assert (rule.silence, rule.start, rule.closes_at) == (Silence.NONE, StartEvent.DELIVERED, None)
    assert (rule.extension_cap_days, rule.extensions_allowed) == (5, 1)
    assert (rule.return_window_days, rule.incomplete_within_days) == (2, 2)
    assert rule.reroute_limit == Limit(n=3, unit=Unit.WORKING_DAY)
    assert [rung.code for rung in rule.ladder.rungs] == ["half_time", "one_day_before", "due_morning", "overdue_head"]
    assert rule.ladder.opens_at == time(8)


def test_a_kinds_own_default_goes_before_the_general_one():
    rule = terms("QD_CT").rule
    assert rule.limit == Limit(n=7, unit=Unit.CALENDAR_DAY)
    assert rule.citation == "Điều 51a Nghị định số 78/2025/NĐ-CP, được bổ sung bởi Nghị định số 187/2025/NĐ-CP"
    assert terms("QD_CT", day=date(2025, 6, 30)).rule.limit.unit is Unit.WORKING_DAY  # not yet in force


@pytest.mark.parametrize(
    ("kind", "code", "limit", "silence", "start"),
    [
        ("QD_CT", "R2_RUT_GON", "3 cd", "none", "delivered"),
        ("QUY_HOACH", "R11", "7 wd", "deemed_agree_liable", "dossier_complete"),
        ("QUY_HOACH", "R11_DO_AN", "15 cd", "none", "dossier_complete"),
        ("DU_AN", "R7", "10 wd", "deemed_agree_liable", "delivered"),
        ("TTHC", "R10", "2 wd", "deemed_agree_liable", "delivered"),
        ("DU_AN", "R14", "5 wd", "deemed_approved_damages", "delivered"),
        ("CONG_VAN", "MAU_7", "7 wd", "none", "delivered"),
        ("KE_HOACH", "HOA_TOC", "24 h", "none", "delivered"),
    ],
)
def test_a_rule_chosen_at_launch_sets_limit_start_and_silence(kind, code, limit, silence, start):
    rule = terms(kind, code, day=date(2026, 7, 13)).rule
    assert (str(rule.limit), rule.silence, rule.start) == (limit, silence, start)


def test_consent_by_silence_is_never_a_default():
    book = rulebook()
    for rules in book.rule_sets:
        for kind in book.draft_kinds:
            assert book.terms(rules.code, kind.code, "CONG_NGHIEP", DAY).rule.silence is Silence.NONE


def test_an_unknown_set_rule_or_kind_is_refused():
    for call, code in (
        (lambda: terms("DE_AN", rule_set="xx"), Code.RULE_SET_UNKNOWN),
        (lambda: terms("DE_AN", "R10"), Code.RULE_UNKNOWN),
        (lambda: terms("XX"), Code.DRAFT_KIND_UNKNOWN),
        (lambda: terms("DE_AN", field="XX"), Code.FIELD_UNKNOWN),
        (lambda: terms("DE_AN", day=date(2031, 1, 5)), Code.CALENDAR_YEAR_MISSING),
    ):
        with pytest.raises(Refused) as refused:
            call()
        assert refused.value.code is code


def test_the_calendar_that_travels_covers_the_year_and_its_neighbours():
    assert terms("DE_AN").calendar.years == (2025, 2026, 2027)
    assert terms("DE_AN", day=date(2023, 5, 8)).calendar.years == (2023, 2024)


@pytest.mark.clause("T07")
def test_the_leaders_of_the_field_travel_with_the_terms():
    assert terms("DE_AN").leaders.in_charge(at("2026-05-18")).leader == "PCT1"


def test_a_rule_set_is_dated():
    on = [rules.code for rules in rulebook().rule_sets_on(date(2025, 7, 1))]
    assert "kon-tum-2023" not in on
    assert "ha-tinh-2023" in on


def national(code: str, confidence: str) -> NationalRule:
    return rulebook().national_rule(code).model_copy(update={"confidence": confidence})


@pytest.mark.parametrize("confidence", ["G", "U"])
def test_a_rule_of_general_knowledge_or_unsure_is_never_a_citation(confidence):
    for rule in rulebook().national:
        assert rulebook().citation(national(rule.code, confidence)) is None
    assert rulebook().cite("Nghị định nào đó", confidence) is None


def test_a_seen_rule_is_cited_and_a_second_hand_one_with_its_caveat():
    book = rulebook()
    for rule in book.national:
        shown = book.citation(rule)
        if rule.confidence == "S":
            assert shown == rule.citation
        elif rule.confidence == "S2":
            assert shown
            assert CAVEAT in shown
        else:
            assert shown is None


def test_no_terms_of_any_province_carry_a_citation_below_s2():
    book = rulebook()
    for rules in book.rule_sets:
        for kind in book.draft_kinds:
            for line in book.lines(rules.code, kind.code, date(2026, 11, 17)):
                rule = book.terms(rules.code, kind.code, "GIA", date(2026, 11, 17), line.code).rule
                assert (rule.citation is not None) == (rule.confidence in ("S", "S2"))
                assert (CAVEAT in (rule.citation or "")) == (rule.confidence == "S2")


def test_national_rules_r1_to_r18_are_there_with_sources_and_marks():
    book = rulebook()
    assert [rule.code for rule in book.national] == [f"R{n}" for n in range(1, 19)]
    assert all(rule.sources for rule in book.national)
    assert [effect.code for effect in book.silences] == list(Silence)
    assert all(re.fullmatch(r"R\d+", code) for effect in book.silences for code in effect.seen_in)
