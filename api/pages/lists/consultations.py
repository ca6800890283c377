"""Các cuộc lấy ý kiến: everything the reader may see, filtered, in pages of fifty or a hundred."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from adapters.register.queries_consultations import consultations_page
from api.pages.choosing import agencies, fields
from api.pages.lists.filtering import SIZES, Wanted
from api.pages.page import SignedInPage
from api.policy import Action, Role
from api.routes.common import CodeFilter, Cursor
from domain.state import Phase

router = APIRouter()
PATH = "/lay-y-kien"
# A preparation that was set aside is nobody's daily work; it is found by its status.
USUAL = tuple(phase for phase in Phase if phase is not Phase.DISCARDED)


def wanted_of(
    status: Annotated[list[str], Query(max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    lead: CodeFilter = None,
    agency: CodeFilter = None,
    field: CodeFilter = None,
    q: Annotated[str, Query(max_length=200)] = "",
    overdue: Annotated[str, Query(max_length=10)] = "",
    sort: Annotated[str, Query(max_length=10)] = "",
    size: Annotated[int, Query(alias="so-dong")] = SIZES[0],
) -> Wanted:
    """The filters of the address; what it does not know is left out."""
    return Wanted(
        status=tuple(code for code in status if code in tuple(Phase)),
        lead=lead or "",
        agency=agency or "",
        field=field or "",
        q=q.strip(),
        overdue=bool(overdue),
        oldest=sort == "cu-nhat",
        size=size if size in SIZES else SIZES[0],
    )


@router.get(PATH)
async def consultations(
    page: SignedInPage, wanted: Annotated[Wanted, Depends(wanted_of)], cursor: Cursor = None
) -> HTMLResponse:
    """The list under the filters of the address, so that every view has an address to keep and to send."""
    page.require(Action.LIST_CONSULTATIONS)
    services = page.services
    now = await services.now()
    found = await consultations_page(
        services.database,
        page.caller.viewer,
        status=wanted.status or USUAL,
        lead=wanted.lead or None,
        agency=wanted.agency or None,
        field=wanted.field or None,
        text=wanted.q or None,
        overdue_at=now if wanted.overdue else None,
        oldest_first=wanted.oldest,
        cursor=cursor,
        limit=wanted.size,
    )
    return await page.show(
        "lists/consultations.html",
        rows=found.items,
        next=found.next,
        wanted=wanted,
        query=wanted.query,
        kept=await services.filters.of(page.subject.account, PATH),
        phases=tuple(Phase),
        sizes=SIZES,
        agencies=agencies(services, now),
        fields=fields(services),
        prepares=any(role in (Role.LEAD_OFFICER, Role.AGENCY_HEAD) for role in page.subject.roles),
    )
