"""The administrator's first page: what needs attention, and the way to everything else."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.admin.attention import matters
from api.pages.admin.vitals import health
from api.pages.page import SignedInPage
from api.policy import Action

router = APIRouter()
CARDS = ("danh-ba", "lanh-dao", "lich", "quy-tac", "uy-quyen", "tai-khoan", "phien", "suc-khoe")


@router.get("")
async def landing(page: SignedInPage) -> HTMLResponse:
    """What needs attention now, worst first."""
    page.require(Action.READ_UNDELIVERABLE)
    services = page.services
    found = matters(services.rulebook, await health(services), await services.today())
    return await page.show("admin/landing.html", matters=found, cards=CARDS)
