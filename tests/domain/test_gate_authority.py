"""Kon Tum 1: nobody asks others to share a decision that is the lead's own, unless its head says why."""

import json
from pathlib import Path

import pytest

from domain.gate import LaunchPlan, Override, check, gate
from domain.refusals import Code
from tests.domain.plans import NOW, PLAN, ask, asking, at, codes, findings, messages, rulebook

DAY = at("2026-06-08")
LABELLED = Path(__file__).parents[1] / "data" / "relevance.jsonl"


def recruiting(**changes: object) -> LaunchPlan:
    """S6: two officers to be recruited, delegated to the Director."""
    return asking(
        ask("STP", "STP-02", "p1", "Có vướng mắc pháp lý không?"),
        **{
            "lead": "SNV",
            "draft_kind": "QD_CB",
            "field": "CONG_VU",
            "subject": "Xét tuyển 02 viên chức",
            "parts": [{"id": "p1", "label": "Thi hành pháp luật, rà soát văn bản", "sha256": "0" * 64}],
            **changes,
        },
    )


def override(code: str, reason: str) -> dict[str, str]:
    return {"reason_code": code, "reason": reason}


@pytest.mark.clause("K01", "K02", "K04", "G05", "Q27")
def test_a_matter_of_the_leads_own_is_refused_with_its_name():
    (finding,) = findings(recruiting(), DAY)
    assert finding.code is Code.OWN_AUTHORITY
    assert "tuyển dụng" in finding.params["matter"]
    assert "Sở Nội vụ" in messages().refusal(finding.code, False, **finding.params).detail


def test_an_invented_delegation_is_never_shown_as_a_citation():
    (finding,) = findings(recruiting(), DAY)
    assert "basis" not in finding.params


@pytest.mark.clause("K04")
def test_caution_is_no_reason_by_code_or_in_words():
    for plain in ("để thận trọng", "Hỏi cho chắc chắn", "Cho yên tâm, để bảo đảm khách quan."):
        plan = recruiting(override=override("vuong_mac_phap_ly", plain))
        assert codes(plan, DAY) == [Code.CAUTION_IS_NO_REASON], plain
    assert codes(recruiting(override=override("than_trong", "Việc lớn.")), DAY) == [Code.CAUTION_IS_NO_REASON]


def test_an_override_without_a_known_reason_or_without_words_is_refused():
    assert codes(recruiting(override=override("khac", "Vì muốn.")), DAY) == [Code.REASON_MISSING]
    assert codes(recruiting(override=override("vuong_mac_phap_ly", " ")), DAY) == [Code.REASON_MISSING]


def test_the_heads_override_with_a_reason_passes_and_is_marked():
    plan = recruiting(
        override=override("vuong_mac_phap_ly", "Điều 12 chưa rõ đối tượng ưu tiên; để thận trọng hỏi rõ.")
    )
    launch = gate(plan, rulebook(), "mau", DAY)
    assert launch.own_authority
    assert launch.plan.override == Override(**override("vuong_mac_phap_ly", plan.override.reason))


def test_a_dossier_that_denies_the_directors_authority_is_not_the_leads_own():
    said = "Nội dung vượt thẩm quyền của Giám đốc, không thuộc thẩm quyền quyết định của Giám đốc Sở."
    assert codes(recruiting(subject="Tuyển chọn chuyên gia"), DAY, said) == []
    assert codes(recruiting(subject="Tuyển chọn chuyên gia"), DAY, "Việc này là thẩm quyền của Giám đốc.") == [
        Code.OWN_AUTHORITY
    ]


def test_a_kind_of_draft_its_lead_decides_is_always_the_leads_own():
    kinds = tuple(
        kind.model_copy(update={"decided_by": "lead"}) if kind.code == "DE_AN" else kind
        for kind in rulebook().draft_kinds
    )
    book = rulebook().model_copy(update={"draft_kinds": kinds})
    (finding,) = check(PLAN, book, "mau", NOW)
    assert (finding.code, finding.params["matter"]) == (Code.OWN_AUTHORITY, "Đề án, chương trình")


def test_the_delegation_holds_only_from_its_day():
    assert codes(recruiting(), at("2025-06-30")) == []


def test_another_lead_does_not_inherit_the_delegation():
    assert codes(recruiting(lead="SYT"), DAY) == []


def test_the_test_reads_text_without_diacritics_too():
    assert codes(recruiting(subject="Xet tuyen 02 vien chuc"), DAY) == [Code.OWN_AUTHORITY]


@pytest.mark.clause("K04")
def test_the_labelled_own_matters_are_found_and_no_other():
    wrong = []
    for row in map(json.loads, LABELLED.read_text("utf-8").splitlines()):
        plan = recruiting(**{key: row[key] for key in ("lead", "draft_kind", "field", "subject")})
        found = Code.OWN_AUTHORITY in codes(plan, at(row["on"]), row["text"])
        if found == bool(row["agencies"]):
            wrong.append(row["id"])
    assert wrong == []
