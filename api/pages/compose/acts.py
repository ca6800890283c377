"""The buttons of a step, by the value they send (`them:STC:STC-01:d1`): each is a change of the form.

A button nobody knows changes nothing; what was typed is saved all the same.
"""

from collections.abc import Callable

from api.pages.compose import planning
from api.pages.compose.parting import parted
from api.pages.compose.written import BY_RULE, DueWritten, Written
from api.pages.page import Page

ACT_FIELD = "_lam"
SAVE, ONWARD, SEEK, UPLOAD = "luu", "tiep", "tim", "tai-len"
Change = Callable[[Written], Written]


def change_of(page: Page, act: str) -> Change | None:
    """What the button does to the form; None for the buttons that only save."""
    verb, *rest = act.split(":")
    a, b, c = (*rest, "", "", "")[:3]
    changes: dict[str, Callable[[], Change]] = {
        "them": lambda: _adding(page, a, b, c),
        "bo": lambda: planning.dropped(a),
        "thay": lambda: planning.replaced(a, b, c),
        "gop": lambda: planning.merged(a),
        "ngoai-le": lambda: planning.excepted(a, True),
        "thoi-ngoai-le": lambda: planning.excepted(a, False),
        "them-cau": lambda: planning.questioned(a, b),
        "bo-cau": lambda: planning.unquestioned(a, int(b) if b.isdecimal() else -1),
        "them-phan": lambda: planning.with_part,
        "bo-phan": lambda: planning.without_part(a),
        "tach": lambda: lambda written: parted(written, written.whole),
        "theo-quy-tac": lambda: lambda written: written.model_copy(update={"due": DueWritten(mode=BY_RULE)}),
    }
    made = changes.get(verb)
    return made() if made else None


def _adding(page: Page, agency: str, function: str, part: str) -> Change:
    """The agency with its function, the part it touches and a first question to be made precise."""

    def change(written: Written) -> Written:
        touched = part or planning.best_part(page.services.rulebook, function, written.parts)
        label = written.part(touched)
        name = page.services.agency_name(agency)
        key = "compose.agencies.first_question" if label else "compose.agencies.first_question_whole"
        text = page.services.messages.text(key, agency_name=name, part=label.label if label else "")
        return planning.added(agency, function, touched, text)(written)

    return change


def landing(act: str, written: Written) -> str:
    """Where the page comes to rest after the button: `?o=` the field to write in, `#` the place to look at."""
    verb, *rest = act.split(":")
    agency = rest[1] if verb == "thay" and len(rest) > 1 else rest[0] if rest else ""
    place = next((n for n, ask in enumerate(written.asks) if ask.agency == agency), None)
    if verb == "them-phan":
        return f"?o=parts.{len(written.parts) - 1}.label"
    if verb == "bo-phan" or verb == "tach":
        return "#cac-phan"
    if place is None:
        return "#cac-co-quan" if verb == "bo" else ""
    if verb in ("them-cau", "them"):
        return f"?o=asks.{place}.questions.{max(len(written.asks[place].questions) - 1, 0)}.text#hoi-{agency}"
    return f"#hoi-{agency}"
