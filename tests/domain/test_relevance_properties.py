"""Laws of the suggester: the day decides, the lead is left out, six at most; how a draft was typed changes nothing."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.lexicon import load_suggester
from adapters.rules import load_rulebook
from domain.directory import Function
from domain.relevance import Suggestion, suggest
from tests.domain.naughty import MONSTERS, UNREADABLE

RULES = Path(__file__).parents[2] / "rules"
DIRECTORY = load_rulebook(RULES).directory
SUGGESTER = load_suggester(RULES)
MOST = 6
# Combining marks without end cost more than their number; they are tried in a size that the edge lets through.
SIZES = {name: text for name, text in MONSTERS.items() if "marks" not in name and "megabytes" not in name}

SMALL = settings(max_examples=30, database=None, deadline=None)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
functions = st.sampled_from(DIRECTORY.functions)
agencies = st.sampled_from([agency.code for agency in DIRECTORY.agencies])
drafts = st.lists(functions, min_size=1, max_size=4)


def _subject(drawn: list[Function]) -> str:
    return f"Kế hoạch {drawn[0].title}"


def _text(drawn: list[Function]) -> str:
    return "\n".join(f"Dự thảo quy định về {function.text}." for function in drawn)


def found(subject: str, text: str, day: date, lead: str | None = None) -> tuple[Suggestion, ...]:
    return suggest(subject, text, None, day, DIRECTORY, SUGGESTER, exclude_lead=lead)


@pytest.mark.clause("H28", "G17")
@SMALL
@given(drafts, days, st.sampled_from([None, "QD_CT", "NQ_HDND"]))
def test_nobody_is_suggested_under_a_function_out_of_force_on_the_day(
    drawn: list[Function], day: date, kind: str | None
) -> None:
    every = suggest(_subject(drawn), _text(drawn), None, day, DIRECTORY, SUGGESTER, draft_kind=kind)
    assert all(DIRECTORY.in_force(one.agency, day) for one in every)
    assert all(DIRECTORY.function(one.function).in_force(day) for one in every if one.function)
    assert all(DIRECTORY.function(one.function).agency == one.agency for one in every if one.function)


@SMALL
@given(drafts, days, agencies)
def test_the_lead_is_never_among_the_suggested(drawn: list[Function], day: date, lead: str) -> None:
    assert lead not in [one.agency for one in found(_subject(drawn), _text(drawn), day, lead)]


@SMALL
@given(st.lists(functions, min_size=20, max_size=60), days)
def test_at_most_six_are_suggested_each_once_and_best_first(drawn: list[Function], day: date) -> None:
    every = found(_subject(drawn), _text(drawn), day)
    assert len(every) <= MOST
    assert len(dict.fromkeys(one.agency for one in every)) == len(every)
    assert [one.score for one in every] == sorted((one.score for one in every), reverse=True)
    assert all(0.5 <= one.score <= 1 for one in every)


@SMALL
@given(drafts, days)
def test_composed_and_decomposed_typing_get_the_same_suggestions(drawn: list[Function], day: date) -> None:
    composed, decomposed = (
        found(unicodedata.normalize(form, _subject(drawn)), unicodedata.normalize(form, _text(drawn)), day)
        for form in ("NFC", "NFD")
    )
    assert [(one.agency, one.function) for one in composed] == [(one.agency, one.function) for one in decomposed]


@SMALL
@given(drafts, days, st.sampled_from(["  ", "\t", "\u00a0", " \t "]), st.sampled_from(["", " ", "\n", "\r\n\r\n"]))
def test_white_space_never_changes_who_is_suggested(
    drawn: list[Function], day: date, between: str, around: str
) -> None:
    plain = found(_subject(drawn), _text(drawn), day)
    spaced = found(_subject(drawn), around + _text(drawn).replace(" ", between) + around, day)
    assert [(one.agency, one.function) for one in plain] == [(one.agency, one.function) for one in spaced]


@SMALL
@given(drafts, days)
def test_the_same_question_gets_the_same_answer(drawn: list[Function], day: date) -> None:
    assert found(_subject(drawn), _text(drawn), day) == found(_subject(drawn), _text(drawn), day)


@SMALL
@given(st.text(max_size=200), st.text(max_size=300), days)
def test_any_text_gets_an_answer(subject: str, text: str, day: date) -> None:
    assert len(found(subject, text, day)) <= MOST


@pytest.mark.parametrize("name", SIZES)
def test_no_text_makes_the_suggester_fail(name: str) -> None:
    assert len(found("Kế hoạch", SIZES[name][:100_000], date(2026, 5, 4))) <= MOST


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_nobody_can_read_relates_nobody(name: str) -> None:
    assert found("", UNREADABLE[name][0], date(2026, 5, 4)) == ()


def test_a_pile_of_marks_on_one_letter_is_only_a_letter() -> None:
    pile = "a" + "\u0323\u0302" * 2_000
    assert found(pile, pile, date(2026, 5, 4)) == ()
