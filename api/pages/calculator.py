"""Tính hạn: the due instant of any limit, explained day by day, for anybody. The address holds the question."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from api.bodies.tools import DeadlineBody
from api.errors import document
from api.handlers import invalid_body, refusal
from api.pages.forms import instant
from api.pages.page import AnyPage, show_anybody
from api.pages.signing import ServicesOf
from api.routes.tools import DeadlineView, deadline_of
from api.services import Services
from domain.clock import VIETNAM
from domain.refusals import Refused

router = APIRouter(prefix="/tinh-han")
UNITS = ("working_day", "calendar_day", "hour")


@router.get("")
async def calculator(request: Request, services: ServicesOf, page: AnyPage) -> HTMLResponse:
    """The form, and the answer to what the address asks."""
    asked = {name: value for name, value in request.query_params.items() if value}
    found, problem = _answer(services, asked) if "ngay" in asked else (None, None)
    now = (await services.now()).astimezone(VIETNAM)
    given = {"ngay": f"{now:%Y-%m-%d}", "gio": f"{now:%H:%M}", "n": "5", "don_vi": "working_day"} | asked
    lines = services.rulebook.rule_set(services.settings.rule_set).lines
    return await show_anybody(
        request,
        services,
        page,
        "tools/calculator.html",
        problem["status"] if problem else 200,
        given=given,
        found=found,
        problem=problem,
        lines=[(line.code, line.name) for line in lines],
        units=UNITS,
    )


def _answer(services: Services, asked: Mapping[str, str]) -> tuple[DeadlineView | None, dict[str, Any] | None]:
    """The count, or why there is none."""
    try:
        return deadline_of(services, DeadlineBody.model_validate(_body(asked))), None
    except ValidationError as error:
        return None, document(invalid_body(error.errors(), services.messages), services)
    except Refused as refused:
        return None, document(refusal(refused, services.messages), services)


def _body(asked: Mapping[str, str]) -> dict[str, Any]:
    n = asked.get("n", "")
    limit = {"n": int(n) if n.isdecimal() else n, "unit": asked.get("don_vi", "working_day")}
    by_rule = asked.get("quy_tac")
    return {
        "received_at": instant(asked.get("ngay"), asked.get("gio"), default="08:00"),
        **({"rule": by_rule} if by_rule else {"limit": limit}),
        **({"closes_at": asked["dong"]} if asked.get("dong") else {}),
    }
