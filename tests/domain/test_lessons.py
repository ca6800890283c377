"""What a consultation teaches: a re-route relates its receiver, an accepted "not ours" unrelates the function asked."""

from datetime import date
from pathlib import Path

import pytest

from adapters.rules import load_rulebook
from domain.clarity.model import Position
from domain.commands import Decide, Rule
from domain.facts import Fact
from domain.relevance import Example
from domain.relevance.lessons import Lesson, Matter, Put, lessons_of
from domain.state import Answer, Ask, Pointer
from tests.worlds import Desk, consultation

DIRECTORY = load_rulebook(Path(__file__).parents[2] / "rules").directory
MATTER = Matter(
    consultation="c1",
    subject="Kế hoạch chợ đêm ven sông",
    questions=(
        Put(agency="STC", id="q1", text="Lối thoát hiểm có bảo đảm không?"),
        Put(agency="SNV", id="q1", text="Biên chế ban quản lý chợ thế nào?"),
        Put(agency="STC", id="q2", text="Giá vé có phù hợp không?"),
    ),
)


def desk(*agencies: str) -> Desk:
    opened = Desk(consultation(*(agencies or ("STC", "SNV"))), "2026-05-04 09:00")
    opened.launch()
    return opened


def facts(opened: Desk) -> tuple[Fact, ...]:
    return tuple(fact for step in opened.steps for fact in step.facts)


def taught(opened: Desk, matter: Matter = MATTER) -> list[Lesson]:
    return list(lessons_of(matter, facts(opened), DIRECTORY))


def accepted(opened: Desk, agency: str = "STC", to: str = "CAT", *functions: str) -> None:
    """The lead accepts what the agency said and asks the other one."""
    seed = Ask(agency=to, functions=functions, parts=("d1",), questions=("q1",))
    opened.do(Rule, asked=agency, ruling="accept_pointer", reroute=seed)


@pytest.mark.clause("H28")
def test_an_accepted_re_route_relates_the_receivers_function_and_unrelates_the_one_asked_under() -> None:
    opened = desk()
    opened.point("STC", "CAT")
    accepted(opened, "STC", "CAT", "CAT-02")
    away, to = taught(opened)
    assert (away.function, away.agency, away.related) == ("STC-01", "STC", False)
    assert (to.function, to.agency, to.related) == ("CAT-02", "CAT", True)
    assert away.words == to.words == "Kế hoạch chợ đêm ven sông\nLối thoát hiểm có bảo đảm không?"
    assert to.at == opened.now
    assert to.why.key == "relevance.lessons.rerouted"
    assert to.why.params == {"day": "2026-05-04", "origin": "Sở Tài chính"}
    assert to.example == Example(function="CAT-02", text=to.words, related=True, source="c1")


def test_a_leader_who_accepts_that_it_is_not_theirs_teaches_the_same_without_a_receiver() -> None:
    opened = desk()
    opened.point("STC", "CAT")
    opened.do(Rule, asked="STC", ruling="dispute_pointer", content="x")
    opened.do(Decide, escalation="c1.e1", leader="PCT1", action="accept_out_of_function", content="x")
    [away] = taught(opened)
    assert (away.function, away.related, away.why.key) == ("STC-01", False, "relevance.lessons.leader_accepted")


def test_a_pointer_nobody_accepted_teaches_nothing() -> None:
    opened = desk()
    opened.point("STC", "CAT")
    assert taught(opened) == []
    opened.do(Rule, asked="STC", ruling="dispute_pointer", content="x")
    opened.do(Decide, escalation="c1.e1", leader="PCT1", action="excuse", content="x")
    assert taught(opened) == []


def test_an_agency_that_also_answered_was_rightly_asked() -> None:
    """Only the part pointed away is learned from, and only for its receiver."""
    opened = Desk(consultation("STC"), "2026-05-04 09:00")
    two = opened.state.asks["STC"].model_copy(update={"questions": ("q1", "q2")})
    opened.state = opened.state.model_copy(update={"asks": {"STC": two}})
    opened.launch()
    answers = (
        Answer(question="q1", position=Position.OUT_OF_FUNCTION),
        Answer(question="q2", position=Position.AGREE),
    )
    pointer = Pointer(question="q1", agency="CAT", competent=True)
    opened.reply("STC", Position.AGREE, answers=answers, pointers=(pointer,))
    accepted(opened, "STC", "CAT", "CAT-02")
    [to] = taught(opened)
    assert (to.function, to.related) == ("CAT-02", True)
    assert "Giá vé" not in to.words


def test_a_receiver_asked_under_no_function_is_taught_what_it_inherited_and_the_old_holder_nothing() -> None:
    opened = desk()
    opened.point("STC", "CAT")
    accepted(opened, "STC", "CAT")
    assert [(one.function, one.related) for one in taught(opened)] == [("STC-01", False)]

    moved = Desk(consultation("SNNMT"), "2026-09-16 09:00")
    under = moved.state.asks["SNNMT"].model_copy(update={"functions": ("SNNMT-14",)})
    moved.state = moved.state.model_copy(update={"asks": {"SNNMT": under}})
    moved.launch()
    moved.point("SNNMT", "SCT")
    accepted(moved, "SNNMT", "SCT")
    assert [(one.function, one.related) for one in taught(moved)] == [("SCT-13", True)]


def test_only_a_function_in_force_on_the_day_is_related() -> None:
    opened = desk()
    opened.point("STC", "SCT")
    accepted(opened, "STC", "SCT", "SCT-13")
    assert date(2026, 5, 4) < DIRECTORY.function("SCT-13").effective_from
    assert [(one.function, one.related) for one in taught(opened)] == [("STC-01", False)]


def test_an_agency_that_was_asked_already_learns_only_where_its_function_is_certain() -> None:
    opened = desk("STC", "SNV")
    opened.point("STC", "SNV")
    opened.do(Rule, asked="STC", ruling="accept_pointer")
    assert [(one.function, one.related) for one in taught(opened)] == [("STC-01", False), ("SNV-01", True)]

    several = Desk(consultation("STC", "SNV"), "2026-05-04 09:00")
    both = several.state.asks["SNV"].model_copy(update={"functions": ("SNV-01", "SNV-02")})
    several.state = several.state.model_copy(update={"asks": {**several.state.asks, "SNV": both}})
    several.launch()
    several.point("STC", "SNV")
    several.do(Rule, asked="STC", ruling="accept_pointer")
    assert [(one.function, one.related) for one in taught(several)] == [("STC-01", False)]


def test_a_second_re_route_keeps_the_words_of_the_first_question() -> None:
    opened = desk()
    opened.point("STC", "SCT")
    accepted(opened, "STC", "SCT", "SCT-01")
    opened.point("SCT", "CAT")
    accepted(opened, "SCT", "CAT", "CAT-02")
    last = taught(opened)[-2:]
    assert [(one.function, one.related) for one in last] == [("SCT-01", False), ("CAT-02", True)]
    assert all("Lối thoát hiểm" in one.words for one in last)


def test_lessons_have_ids_of_their_own_and_the_same_ones_each_time() -> None:
    opened = desk()
    opened.point("STC", "CAT")
    accepted(opened, "STC", "CAT", "CAT-02", "CAT-03")
    opened.point("SNV", "STP")
    accepted(opened, "SNV", "STP", "STP-01")
    first, again = taught(opened), taught(opened)
    assert first == again
    assert len({one.id for one in first}) == len(first) == 5


def test_no_word_of_the_agencys_is_learned() -> None:
    opened = desk()
    opened.point("STC", "CAT")
    accepted(opened, "STC", "CAT", "CAT-02")
    bare = taught(opened, Matter(consultation="c1"))
    assert [one.words for one in bare] == ["", ""]
