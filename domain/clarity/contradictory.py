"""The text against the tick: agreeing words under a no, a no under a yes, demands under plain agreement."""

from domain.clarity.amendment import names_change
from domain.clarity.case import Case, Side
from domain.clarity.flaw import Flaw
from domain.clarity.model import Fault, Position
from domain.clarity.reading import Hit

# Words after a stance that name what it is about, and how many of them two stances must share to be about one thing.
_OBJECT_REACH = 60
_SHARED = 2
_NEXT_WORD = 10


def contradictory(case: Case) -> tuple[Flaw, ...]:
    """At most one flaw: the words that most plainly contradict the ticked position."""
    hit, variant = _BY_POSITION[case.reply.position](case)
    return (Flaw(Fault.CONTRADICTORY, hit, variant),) if hit else ()


Contradiction = tuple[Hit | None, str]


def _under_agree(case: Case) -> Contradiction:
    """A no, a refusal to take part, or a change that is demanded."""
    no = _unhedged(case, case.sides(Side.AGAINST)) or case.kept("refusal", "no_stance")
    if no:
        return no[-1], "no_under_yes"
    demands = case.kept("demand", "not_demand")
    return (demands[-1], "demand_under_yes") if demands else (None, "")


def _under_disagree(case: Case) -> Contradiction:
    """Agreement that no later word takes back, or a wish to see the draft enacted."""
    against = case.sides(Side.AGAINST)
    last_no = against[-1].end if against else -1
    yes = [hit for hit in case.sides(Side.FOR) if not case.hits_in("aim_only", _object(case, hit))]
    yes = [hit for hit in yes if hit.start > last_no and not case.hits_in("condition", _before(case, hit))]
    if against:
        yes = [hit for hit in yes if _takes_back(case, against[-1], hit)]
    found = [*yes, *(hit for hit in case.hits("wish_enacted") if hit.start > last_no)]
    return (max(found), "yes_under_no") if found else (None, "")


def _takes_back(case: Case, no: Hit, yes: Hit) -> bool:
    """Whether the yes concerns what the no refused, or the draft as it stands."""
    after = Hit(no.end, case.reading.sentence_of(yes).end)
    same = _object_words(case, no) & _object_words(case, yes)
    return bool(same) or _about_whole_draft(case, yes) or bool(case.hits_in("resolved", after))


def _under_amendments(case: Case) -> Contradiction:
    """A no to the whole, a no and a yes to the same thing, or the wish to leave everything as it is."""
    favour, against = case.sides(Side.FOR), _unhedged(case, case.sides(Side.AGAINST))
    against = tuple(hit for hit in against if not case.hits_in("limit", _before(case, hit)))
    if against and not favour:
        return against[-1], "no_under_yes"
    if case.hits("no_change") and not names_change(case):
        return case.hits("no_change")[-1], "nothing_to_change"
    if against and against[-1] > favour[-1] and _about_whole_draft(case, against[-1]):
        return against[-1], "both_sides"
    for yes in favour:
        for no in against:
            if len(_object_words(case, yes) & _object_words(case, no)) >= _SHARED:
                return no, "both_sides"
    return None, ""


def _under_out_of_function(case: Case) -> Contradiction:
    """Judging the matter one calls somebody else's."""
    judged = case.sides(Side.FOR) or case.sides(Side.AGAINST) or case.hits("competent_act")
    return (judged[0], "judges_after_all") if judged else (None, "")


def _unhedged(case: Case, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Without those that belong to a reservation; that is another fault."""
    return tuple(hit for hit in hits if not any(hit.meets(other) for other in case.hits("hedged")))


def _about_whole_draft(case: Case, stance: Hit) -> bool:
    """Whether the stance's object is the draft as a whole, not one point of it."""
    ahead = Hit(stance.end, stance.end + _NEXT_WORD)
    return bool(case.hits_in("whole_draft", ahead))


def _before(case: Case, stance: Hit) -> Hit:
    """The words of the sentence that lead to the stance."""
    return Hit(max(case.reading.sentence_of(stance).start, stance.start - _OBJECT_REACH), stance.start)


def _object(case: Case, stance: Hit) -> Hit:
    """The words right after a stance, to the next comma or the sentence's end."""
    end = min(case.reading.sentence_of(stance).end, stance.end + _OBJECT_REACH)
    comma = case.reading.own.find(",", stance.end, end)
    return Hit(stance.end, max(stance.end, end if comma < 0 else comma))


def _object_words(case: Case, stance: Hit) -> frozenset[str]:
    return frozenset(case.residue(_object(case, stance)))


_BY_POSITION = {
    Position.AGREE: _under_agree,
    Position.DISAGREE: _under_disagree,
    Position.AGREE_WITH_AMENDMENTS: _under_amendments,
    Position.OUT_OF_FUNCTION: _under_out_of_function,
}
