"""What the caller's agency was asked: the list, by standing, handler and due instant."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from adapters.register.queries_asked import asked_page
from api.pages.asked.saving import handed_of
from api.pages.navigation import STAFF
from api.pages.page import SignedInPage
from api.policy import Action
from api.routes.common import Cursor
from domain.clock import VIETNAM
from domain.deadline import closing
from domain.synthesis import Standing

router = APIRouter()
Due = Literal["", "qua-han", "hom-nay", "7-ngay"]
SHOWN = tuple(one for one in Standing if one is not Standing.PREPARED)
PREPARATIONS = 200


@router.get("")
async def asked(
    page: SignedInPage,
    cursor: Cursor = None,
    tat_ca: bool = False,
    cua_toi: bool = False,
    tinh_trang: Annotated[Standing | Literal[""], Query()] = "",
    han: Due = "",
) -> HTMLResponse:
    """The agency's requests, soonest due first."""
    page.require(Action.LIST_CONSULTATIONS)
    services, agency = page.services, page.subject.agency or ""
    works = any(role in STAFF for role in page.subject.roles)
    found = await asked_page(
        services.database,
        agency if works else "",
        now=await services.now(),
        open_only=not tat_ca,
        handler=page.subject.account if cua_toi else None,
        standing=Standing(tinh_trang) if tinh_trang else None,
        due_before=_until(han, await services.now()),
        cursor=cursor,
    )
    written = await services.compositions.of_agency(agency, "reply", PREPARATIONS) if works else ()
    people = await services.accounts.of_agency(agency) if works else ()
    chosen = {"tat_ca": tat_ca, "cua_toi": cua_toi, "tinh_trang": tinh_trang, "han": han}
    return await page.show(
        "asked/list.html",
        rows=found.items,
        next=found.next,
        chosen=chosen,
        query=urlencode({name: str(value).lower() for name, value in chosen.items() if value}),
        standings=SHOWN,
        written={one.consultation: one for one in written},
        handed=[one.consultation for one in written if handed_of(one)],
        names={person.username: person.full_name for person in people},
        mine=page.subject.account,
    )


def _until(due: Due, now: datetime) -> datetime | None:
    """Up to which due instant; the last of today's closes at midnight."""
    spans = {
        "qua-han": now,
        "hom-nay": closing(now.astimezone(VIETNAM).date(), None),
        "7-ngay": now + timedelta(days=7),
    }
    return spans.get(due)
