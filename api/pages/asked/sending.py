"""The way back to the person after an act: a second click on the heels of the first is shown the first's receipt."""

from datetime import datetime, timedelta

from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from api.pages.forms import key_of
from api.pages.page import Outcome, Page
from domain.refusals import Code


async def twin(page: Page, form: FormData, outcome: Outcome) -> RedirectResponse | None:
    """To the receipt of the very same act, where its first sending is still being answered; None for anything else.

    Shown the form again, with a new key, the person might send it twice.
    """
    if not outcome.refused or not str(outcome.body.get("type", "")).endswith(f":{Code.KEY_IN_PROGRESS}"):
        return None
    first = await page.services.receipts.of_key(page.subject.account, key_of(form) or "")
    return RedirectResponse(f"/bien-nhan/{first.id}", status_code=303) if first else None


def within_the_minute(arrived: str | None, floor: datetime | None) -> str | None:
    """The instant typed to the minute; within the minute of the floor (what arrives was sent before) the floor itself.

    What is no instant is handed on as typed, so that the body's own check names it.
    """
    if arrived is None or floor is None:
        return arrived
    try:
        given = datetime.fromisoformat(arrived)
    except ValueError:
        return arrived
    same = given < floor < given + timedelta(minutes=1)
    return floor.isoformat() if same else arrived
