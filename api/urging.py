"""Urging an agency, alone or from a list. Each item of a list is an act of its own: stamped, decided, told by itself.

A list is no transaction: what was refused for one item says nothing about the others. The rule is the domain's.
"""

import asyncio
import json
from hashlib import sha256
from typing import Any, Literal

import structlog
from fastapi.responses import JSONResponse

from adapters.database import RegisterUnavailable
from api.bodies.urging import UrgedItemBody, UrgingBody, UrgingsBody
from api.errors import Problem, ProblemDocument, document, of_refused
from api.front import Base, Front, hash_if, refuse_secrets
from api.policy import Action
from api.stored import words_of
from api.views.base import View
from domain.commands import Urge
from domain.refusals import Code, Refused

log = structlog.get_logger()

# A list is no rush of callers: it must leave the engine's places to those who wait for one answer.
AT_ONCE = 4
BAD_REQUEST = 400
ACCEPTED = 202


class UrgingOutcome(View):
    """What became of one item. `recorded`: stamped, the decision follows; without `receipt` while the first request
    with this key is being answered."""

    consultation: str
    agency: str
    outcome: Literal["urged", "recorded", "refused"]
    receipt: str | None = None
    problem: ProblemDocument | None = None


class UrgingOutcomes(View):
    """The items in the order in which they were sent."""

    items: tuple[UrgingOutcome, ...]


async def urge(front: Front, id: str, agency: str, body: UrgingBody, key: str | None) -> JSONResponse:
    """One urging by the caller. Refuses `not_found` and `forbidden` here, all else is the engine's."""
    await front.find(id, Action.URGE, agency)
    words = words_of("urge", body)

    def command(base: Base) -> Urge:
        return Urge(**base, asked=agency, content=hash_if(body.reason, words))

    return await front.act(id, body, "urge", command, key=key, words=words)


async def urge_all(front: Front, body: UrgingsBody, key: str | None) -> UrgingOutcomes:
    """The items one by one, a few at a time. Refuses `classified` before anything is stored."""
    refuse_secrets(body)
    places = asyncio.Semaphore(AT_ONCE)
    words = UrgingBody(reason=body.reason)

    async def one(item: UrgedItemBody) -> UrgingOutcome:
        async with places:
            return await _outcome(front, item, words, key)

    return UrgingOutcomes(items=tuple(await asyncio.gather(*(one(item) for item in body.items))))


def key_of(key: str | None, item: UrgedItemBody) -> str | None:
    """The item's own idempotency key, by the caller's: the same list sent again gets the same answers."""
    if key is None:
        return None
    return "urgings-" + sha256(f"{key}\n{item.consultation}\n{item.agency}".encode()).hexdigest()


async def _outcome(front: Front, item: UrgedItemBody, words: UrgingBody, key: str | None) -> UrgingOutcome:
    try:
        response = await urge(front, item.consultation, item.agency, words, key_of(key, item))
    except Problem as problem:
        if problem.code is Code.KEY_IN_PROGRESS:
            return UrgingOutcome(**item.model_dump(), outcome="recorded")
        return _refused(item, document(problem, front.services))
    except Refused as refused:
        return _refused(item, document(of_refused(refused), front.services))
    except RegisterUnavailable:
        return _refused(item, document(Problem(Code.UNAVAILABLE), front.services))
    except Exception:
        # Others of the list may have been stamped already, and their answers must reach the caller.
        log.exception("urging failed", consultation=item.consultation, agency=item.agency)
        return _refused(item, document(Problem(Code.INTERNAL_ERROR), front.services))
    said = json.loads(bytes(response.body))
    if response.status_code >= BAD_REQUEST:
        return _refused(item, said)
    outcome: Literal["recorded", "urged"] = "recorded" if response.status_code == ACCEPTED else "urged"
    return UrgingOutcome(**item.model_dump(), outcome=outcome, receipt=said["receipt"])


def _refused(item: UrgedItemBody, problem: dict[str, Any]) -> UrgingOutcome:
    told = ProblemDocument.model_validate(problem)
    return UrgingOutcome(**item.model_dump(), outcome="refused", receipt=told.receipt, problem=told)
