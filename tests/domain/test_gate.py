"""The launch gate: each refusal with its way out, and what an accepted plan becomes."""

import json
import unicodedata
from pathlib import Path

import pytest

from domain.gate import ExceptionGrant, LaunchPlan, Override, gate
from domain.refusals import Code, Refused
from domain.state import Channel
from domain.terms import Silence
from domain.text import fold
from tests.domain.plans import NOW, PLAN, ask, asking, at, changed, codes, findings, messages, part, rulebook


def only(plan: LaunchPlan, now=NOW, text: str = ""):
    """The one finding of a plan."""
    (finding,) = findings(plan, now, text)
    return finding


@pytest.mark.clause("H28", "G17", "K04")
def test_a_plan_that_asks_only_agencies_its_parts_touch_passes():
    assert codes(PLAN) == []


def test_an_accepted_plan_carries_its_terms_and_when_an_ask_delivered_now_is_due():
    launch = gate(PLAN, rulebook(), "mau", NOW)
    assert launch.due_at == at("2026-05-05T00:00")  # S3: 27/4, 30/4 and 1/5 are off, the fourth of May ends at 24:00
    assert launch.terms.rule.silence is Silence.NONE
    assert launch.terms.rule.version == rulebook().version
    assert [a.agency for a in launch.asks] == ["STC", "SNV"]
    assert not launch.own_authority
    assert not launch.needs_exception


def test_an_ask_knows_what_the_directory_says_of_its_agency():
    health = ask("BHXH", "BHXH-02", "p3", "Có thống nhất cách thanh toán khám, chữa bệnh bảo hiểm y tế không?")
    paying = part("p3", "Mục IV. Giám định, thanh toán bảo hiểm y tế học sinh")
    launch = gate(asking(health, parts=[paying.model_dump()]), rulebook(), "mau", NOW)
    (bhxh,) = launch.asks
    assert bhxh.central
    assert bhxh.watched_by == "PCT4"
    assert bhxh.channel is Channel.EXCHANGE
    assert bhxh.questions == ("q.BHXH",)


# --- the request itself


@pytest.mark.parametrize("missing", ["own_position", "proposal", "legal_basis"])
@pytest.mark.clause("G07", "H10", "T08")
def test_the_lead_states_position_proposal_and_legal_basis(missing):
    finding = only(changed(**{missing: "  "}))
    assert finding.code is Code.POSITION_MISSING
    assert finding.params["missing"] == missing


def test_a_consultation_needs_its_draft():
    assert codes(changed(draft=None)) == [Code.DRAFT_MISSING]


def test_a_consultation_asks_somebody():
    assert codes(asking()) == [Code.NOBODY_ASKED]


def test_an_unknown_lead_field_or_kind_ends_the_check():
    assert codes(changed(lead="SX")) == [Code.AGENCY_UNKNOWN]
    assert codes(changed(field="XX")) == [Code.FIELD_UNKNOWN]
    assert codes(changed(draft_kind="XX")) == [Code.DRAFT_KIND_UNKNOWN]
    assert codes(changed(rule_code="R99")) == [Code.RULE_UNKNOWN]


def test_an_abolished_lead_is_told_its_successors():
    finding = only(changed(lead="SLDTBXH"))
    assert finding.code is Code.AGENCY_SUCCEEDED
    assert [way.agency for way in finding.ways_out] == ["SNV", "SYT", "SGDDT", "SNNMT", "CAT"]


# --- whom it may ask


@pytest.mark.clause("H28", "H29", "G17")
def test_an_agency_whose_functions_touch_nothing_named_is_refused_with_the_nearest_functions():
    stranger = ask("SCT", "SCT-07", "p2", "Sở Công Thương có ý kiến gì về kinh phí?")
    finding = only(asking(*PLAN.asks, stranger))
    assert (finding.code, finding.agency) == (Code.NOT_DIRECTLY_RELATED, "SCT")
    assert finding.ways_out[0].agency == "STC"
    assert "Sở Tài chính" in finding.params["nearest"]


def test_an_agency_named_without_any_function_is_refused():
    assert codes(asking(ask("SCT", None, "p2", "Có ý kiến gì?"))) == [Code.NOT_DIRECTLY_RELATED]


def test_naming_the_agency_in_the_question_does_not_make_it_related():
    asked = ask("SYT", "SYT-01", "p1", "Sở Y tế có thống nhất không?")
    assert codes(asking(asked)) == [Code.NOT_DIRECTLY_RELATED]


def test_a_function_of_the_matters_own_field_needs_no_further_evidence():
    teachers = ask("CDKT", "CDKT-01", "p1", "Có thống nhất không?")
    assert codes(asking(teachers, field="VAN_XA")) == []


@pytest.mark.clause("H06", "H28")
def test_a_commune_is_asked_only_where_its_territory_is_named():
    local = ask("X09", "X09-01", "p1", "Có thống nhất phương án sáp nhập không?")
    assert codes(asking(local)) == [Code.NOT_DIRECTLY_RELATED]
    named = part("p1", "Mục II. Sáp nhập điểm trường bản Nà Sét")
    assert codes(asking(local, parts=[named.model_dump()])) == []


def test_an_unknown_agency_and_an_unknown_function_are_told_apart():
    assert codes(asking(ask("SZZ", None, "p1", "Có thống nhất không?"))) == [Code.AGENCY_UNKNOWN]
    assert codes(asking(ask("SNV", "SNV-99", "p1", "Có thống nhất không?"))) == [Code.FUNCTION_UNKNOWN]


def test_the_function_of_another_agency_names_its_holder():
    finding = only(asking(ask("SYT", "STC-01", "p2", "Có thống nhất không?")))
    assert finding.code is Code.FUNCTION_OF_ANOTHER_AGENCY
    assert [way.agency for way in finding.ways_out] == ["STC"]


@pytest.mark.clause("H31", "G19")
def test_an_abolished_agency_is_refused_with_the_successor_of_that_day():
    finding = only(asking(ask("SKHDT", "SKHDT-02", "p2", "Có thống nhất không?")))
    assert finding.code is Code.AGENCY_SUCCEEDED
    assert finding.params["successors"] == "Sở Tài chính"
    assert (
        codes(asking(ask("SKHDT", "SKHDT-02", "p2", "Có thống nhất nguồn vốn đầu tư công không?")), at("2025-02-20"))
        == []
    )


def test_an_agency_not_yet_founded_is_refused_with_those_that_came_before():
    finding = only(asking(ask("SNNMT", "SNNMT-10", "p1", "Có thống nhất không?")), at("2025-02-20"))
    assert finding.code is Code.AGENCY_SUCCEEDED
    assert [way.agency for way in finding.ways_out] == ["SLDTBXH", "STNMT", "SNNPTNT"]


def test_a_function_that_moved_away_is_refused_with_its_new_holder():
    mine = part("p1", "Khai thác khoáng sản", "Mỏ đất đắp, giấy phép khai thác khoáng sản.")
    asked = ask("SNNMT", "SNNMT-14", "p1", "Có thống nhất cấp phép khai thác khoáng sản không?")
    plan = asking(asked, parts=[mine.model_dump()])
    assert codes(plan, at("2026-09-14")) == []
    finding = only(plan, at("2026-09-15"))
    assert finding.code is Code.AGENCY_SUCCEEDED
    assert [(way.agency, way.function) for way in finding.ways_out] == [("SCT", "SCT-13")]


def test_a_function_not_yet_begun_names_who_holds_the_matter_until_then():
    finding = only(asking(ask("SCT", "SCT-13", "p1", "Có thống nhất không?")), at("2026-09-14"))
    assert finding.code is Code.FUNCTION_NOT_IN_FORCE
    assert [way.agency for way in finding.ways_out] == ["SNNMT"]


def test_the_lead_does_not_ask_itself():
    assert codes(asking(ask("SGDDT", "SGDDT-01", "p1", "Có thống nhất không?"))) == [Code.SELF_ASK]


def test_an_agency_is_asked_once():
    assert codes(asking(*PLAN.asks, PLAN.asks[0])) == [Code.DUPLICATE_ASK]


def test_every_agency_gets_a_question_about_a_part_of_the_draft():
    assert codes(asking(ask("STC", "STC-01", "p2", ""))) == [Code.QUESTION_MISSING]
    assert codes(asking(ask("STC", "STC-01", "p9", "Thống nhất nguồn kinh phí từ ngân sách không?"))) == [
        Code.PART_UNKNOWN
    ]
    assert codes(asking(ask("STC", "STC-01", None, "Thống nhất nguồn kinh phí từ ngân sách không?"))) == [
        Code.PART_MISSING
    ]


# --- exceptions


@pytest.mark.clause("H29", "G17")
def test_only_the_leader_in_charge_allows_an_agency_that_is_not_related_and_says_why():
    stranger = ask("SCT", "SCT-07", "p1", "Có ý kiến gì không?")

    def granted(leader: str, reason: str) -> list[Code]:
        return codes(asking(stranger.model_copy(update={"exception": ExceptionGrant(leader=leader, reason=reason)})))

    assert granted("PCT4", "Trường cạnh đập thủy điện.") == []
    assert granted("PCT1", "Trường cạnh đập thủy điện.") == [Code.NOT_THE_LEADER]
    assert granted("PCT4", " ") == [Code.REASON_MISSING]


def test_asking_for_an_exception_lets_the_plan_through_but_marks_the_agency():
    stranger = ask("SCT", "SCT-07", "p1", "Có ý kiến gì không?", request_exception=True)
    launch = gate(asking(*PLAN.asks, stranger), rulebook(), "mau", NOW)
    assert launch.needs_exception == ("SCT",)
    assert [a.agency for a in launch.asks if a.needs_exception] == ["SCT"]


# --- refusing


def test_gate_refuses_with_the_gravest_finding():
    with pytest.raises(Refused) as refused:
        gate(changed(own_position="", asks=[]), rulebook(), "mau", NOW)
    assert refused.value.code is Code.POSITION_MISSING


def test_every_finding_of_the_gate_says_what_why_and_the_way_out():
    plans = (changed(own_position=""), asking(), asking(ask("SYT", "SYT-01", "p1", "Có thống nhất không?")))
    for finding in (f for plan in plans for f in findings(plan)):
        said = messages().refusal(finding.code, False, **finding.params)
        assert all(said), finding
        assert "{" not in "".join(said)
        assert "Chưa có nội dung nào được ghi vào sổ" in said.detail


def test_an_override_is_not_needed_where_nothing_is_the_leads_own():
    assert codes(changed(override=Override(reason_code="vuong_mac_phap_ly", reason="x"))) == []


LABELLED = Path(__file__).parents[1] / "data" / "relevance.jsonl"


@pytest.mark.clause("H28", "H29", "G17")
def test_truly_related_functions_pass_on_the_labelled_drafts():
    passed, total = 0, 0
    for row in map(json.loads, LABELLED.read_text("utf-8").splitlines()):
        whole = part("all", row["subject"], row["text"])
        for agency, function in row["why"].items():
            plan = asking(
                ask(agency, function, "all", "Có thống nhất không?"),
                **{key: row[key] for key in ("lead", "draft_kind", "field", "subject")},
                parts=[whole.model_dump()],
            )
            total += 1
            passed += Code.NOT_DIRECTLY_RELATED not in codes(plan, at(row["on"]))
    assert passed / total >= 0.95


@pytest.mark.parametrize("form", [fold, lambda text: unicodedata.normalize("NFD", text)], ids=["bare", "NFD"])
def test_text_without_diacritics_or_decomposed_is_read_the_same(form):
    budget = part("p2", form("Mục III. Kinh phí thực hiện"), form("Nguồn kinh phí từ ngân sách tỉnh"))
    asked = ask("STC", "STC-01", "p2", form("Có thống nhất nguồn kinh phí không?"))
    stranger = ask("SCT", "SCT-07", "p2", form("Có ý kiến gì về kinh phí không?"))
    assert codes(asking(asked, parts=[budget.model_dump()])) == []
    assert codes(asking(stranger, parts=[budget.model_dump()])) == [Code.NOT_DIRECTLY_RELATED]


def test_every_commune_of_the_country_can_be_checked_at_once():
    directory = rulebook().directory
    agency, function = directory.agency("X10"), directory.function("X10-01")
    many = [f"Y{n}" for n in range(3321)]
    grown = directory.model_copy(
        update={
            "agencies": (*directory.agencies, *(agency.model_copy(update={"code": code}) for code in many)),
            "functions": (
                *directory.functions,
                *(function.model_copy(update={"id": f"{code}-01", "agency": code}) for code in many),
            ),
        }
    )
    book = rulebook().model_copy(update={"directory": grown})
    fields = part("p1", "Phụ lục: kênh N3, cánh đồng Bãi Lác")
    asks = [ask(code, f"{code}-01", "p1", "Xã có thống nhất không?") for code in many]
    assert len(gate(asking(*asks, parts=[fields.model_dump()]), book, "mau", NOW).asks) == 3321
