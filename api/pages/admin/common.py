"""What several of the administrator's pages need: a day from the address, and what this person may do here."""

from datetime import date

from api.pages.page import Page
from api.policy import Action, Allow, decide


def day_of(text: str | None, otherwise: date) -> date:
    """The day of a date field; the other one where the field is blank or holds no day."""
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        return otherwise


def may(page: Page, action: Action) -> bool:
    """Whether the policy lets this person do it: to show or leave out, never instead of the route's own question."""
    return isinstance(decide(page.subject, action), Allow)
