"""What an accepted act is answered with: the ask, the consultation or the case as the register now shows it."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from adapters.register.queries_asks import ask as find_ask
from adapters.register.queries_escalations import escalation as find_escalation
from adapters.register.queries_state import state as find_state
from api.services import Services
from api.views import escalations
from api.views.asks import AskViews
from api.views.consultations import act_view
from domain.commands import AnswerRemark, AnyCommand, Decide, KeepDissent, Rule, Urge

WHOLE = ("prepare", "approve", "grant_exception", "discard", "withdraw", "redraft", "close")
# What changes the engine's terms is told without anybody's opinion: the administrator may not read them.
SILENT = ("terms",)
CREATED = ("prepare",)


def status_of(kind: str) -> int:
    """The HTTP status of an accepted act of the kind."""
    return 201 if kind in CREATED else 200


async def outcome(services: Services, consultation: str, command: AnyCommand) -> dict[str, Any]:
    """The member that shows what the act led to, under its name, as of the instant at which it was received."""
    if command.kind in SILENT:
        return {}
    if command.kind in WHOLE:
        return await _shown("consultation", _consultation(services, consultation, command.at))
    if isinstance(command, Decide):
        return await _shown("escalation", _escalation(services, command.escalation, command.at))
    return await _shown("ask", _ask(services, consultation, _concerned(command), command.at))


def _concerned(command: AnyCommand) -> str:
    if isinstance(command, (Rule, Urge)):
        return command.asked
    if isinstance(command, (AnswerRemark, KeepDissent)):
        return command.remark.split(".")[0]
    return command.agency


async def _shown(name: str, view: Awaitable[BaseModel | None]) -> dict[str, Any]:
    found = await view
    return {name: found.model_dump(mode="json")} if found else {}


async def _consultation(services: Services, id: str, now: datetime) -> BaseModel | None:
    state = await find_state(services.database, id)
    return await act_view(services, state, now) if state else None


async def _ask(services: Services, id: str, agency: str, now: datetime) -> BaseModel | None:
    launch = await services.launch_of(id)
    found = await find_ask(services.database, id, agency)
    if launch is None or found is None:
        return None
    return await AskViews(services, id, launch, now).view(found)


async def _escalation(services: Services, id: str, now: datetime) -> BaseModel | None:
    row = await find_escalation(services.database, id)
    state = await find_state(services.database, row.consultation) if row else None
    if row is None or state is None:
        return None
    return await escalations.page(services, state, row.escalation, now)
