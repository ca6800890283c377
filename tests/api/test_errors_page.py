"""The page of refusal codes names every code with its status and title."""

from pathlib import Path

from adapters.rules import load_messages
from api.app import RULES
from api.errors import STATUS
from domain.refusals import Code

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "errors.md"


def test_the_page_of_errors_has_every_code_with_its_status_and_title() -> None:
    messages, page = load_messages(RULES), PAGE.read_text("utf-8")
    titles = {code: messages.refusal(code, False).title for code in Code}
    assert [c for c in Code if f"| `{c}` | {STATUS[c]} | {titles[c]} |" not in page] == []


def test_every_code_has_exactly_one_status() -> None:
    assert set(STATUS) == set(Code)
