"""Lexicons are data a province may change: a mistake is told with file, line and field, and every finding has words."""

import re
import shutil
from pathlib import Path

import pytest

from adapters.lexicon import load_lexicon, load_synonyms
from adapters.rules import RulesInvalid, load_messages
from domain.clarity import message_keys
from domain.clarity.phrases import PhraseFault, PhraseInvalid, compiled, pattern

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    for part in ("lexicon", "messages"):
        shutil.copytree(RULES / part, tmp_path / "rules" / part)
    return tmp_path / "rules"


def spoiled(rules: Path, old: str, new: str) -> str:
    file = rules / "lexicon" / "clarity.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesInvalid) as invalid:
        load_lexicon(rules)
    return str(invalid.value)


def test_the_rules_folder_and_the_lexicon_folder_both_lead_to_the_lexicon() -> None:
    assert load_lexicon(RULES).version == load_lexicon(RULES / "lexicon").version
    assert load_synonyms(RULES / "lexicon").concepts


def test_a_broken_phrase_is_named_with_its_line_and_place(rules: Path) -> None:
    told = spoiled(rules, "  - quản lý thống nhất\n", "  - quản lý (thống nhất\n")
    assert re.search(r"rules/lexicon/clarity\.yaml:\d+: no_stance\[\d+\]: ngoặc không khớp", told)


def test_a_misspelt_list_is_named(rules: Path) -> None:
    assert "not_hedge: trường lạ" in spoiled(rules, "\nnot_hedged:", "\nnot_hedge:")


def test_a_missing_list_is_named(rules: Path) -> None:
    told = spoiled(rules, "\nlimit:\n  - (", "\n  - (")
    assert "limit: thiếu trường này" in told


def test_a_file_that_is_no_yaml_or_no_file_is_named(rules: Path) -> None:
    file = rules / "lexicon" / "synonyms.yaml"
    file.write_text("concepts: [", encoding="utf-8")
    with pytest.raises(RulesInvalid, match=r"synonyms\.yaml:1: tệp không đọc được"):
        load_synonyms(rules)
    file.unlink()
    with pytest.raises(RulesInvalid, match="thiếu tệp lexicon/synonyms"):
        load_synonyms(rules)


def test_every_finding_every_reason_and_every_phrase_error_has_its_sentence() -> None:
    messages = load_messages(RULES)
    reasons = ("words", "place", "mandatory", "mandatory_to_check", "mandatory_uncited")
    errors = (f"rules.phrase_{fault}" for fault in PhraseFault)
    wanted = (*message_keys(), *(f"relevance.{reason}" for reason in reasons), *errors)
    assert [key for key in wanted if not messages.has(key)] == []


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("đề nghị (sửa|bỏ) [ngay] Điều".lower(), "đề nghị bỏ điều 8", True),
        ("đề nghị (sửa|bỏ) [ngay] điều", "đề nghị sửa ngay điều 8", True),
        ("đề nghị ... xem xét", "đề nghị cơ quan chủ trì xem xét", True),
        ("đề nghị ... xem xét", "đề nghị; xem xét", False),
        ("đề nghị ... xem xét", "đề nghị " + "a " * 7 + "xem xét", False),
        ("<số> biên chế", "giao 05 biên chế", True),
        ("(điều|khoản) <mục>", "khoản 2", True),
        ("mục <mục>", "mục ii.3", True),
        ("bỏ", "bỏng", False),
        ("[cơ bản] thống nhất", "thống nhất", True),
        ("a [b] [c]", "a c", True),
    ],
)
def test_the_phrase_language_matches_as_its_description_says(phrase: str, text: str, matches: bool) -> None:
    assert bool(compiled([phrase]).search(text)) is matches


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        ("", PhraseFault.EMPTY),
        ("a" * 2000, PhraseFault.TOO_LONG),
        ("(a|b", PhraseFault.BRACKETS),
        ("a () b", PhraseFault.BRACKETS),
        ("[a] [b]", PhraseFault.NO_WORD),
        ("... a", PhraseFault.GAP),
        ("a ...", PhraseFault.GAP),
        ("[a] ... b", PhraseFault.GAP),
    ],
)
def test_a_phrase_outside_the_language_is_refused(phrase: str, fault: PhraseFault) -> None:
    with pytest.raises(PhraseInvalid) as invalid:
        pattern(phrase)
    assert invalid.value.fault is fault


def test_an_empty_list_matches_nothing() -> None:
    assert compiled([]).search("bất cứ điều gì") is None
