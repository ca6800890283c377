"""A reply people have ruled on, as a labelled example: what was judged, what the machine said, what a person said."""

from datetime import datetime

from adapters.register.queries_overrulings import Act, OverrulingRow
from api.answered import clarity_reply
from api.services import Services
from api.stored import LaunchWords
from api.views.asks import asked_then
from api.views.base import View
from domain.clarity.model import Amendment, Fault, Position


class MachineView(View):
    """The check's own verdict, and the version of the instrument that gave it."""

    clear: bool
    faults: tuple[Fault, ...]
    version: str


class OverrulingView(View):
    """One example, with everything the check is given under the names it has there.

    `clear`, `faults`: the last word of a person, by `act` of the account `by`, for the reason `why`; `faults` is None
    where the reply was held unclear without saying in what.
    """

    id: str
    position: Position
    subject: str
    agency: str
    questions: tuple[str, ...]
    text: str
    answers: tuple[Position | None, ...]
    amendments: tuple[Amendment, ...]
    reason: str
    basis: str
    pointer: str
    clear: bool
    faults: tuple[Fault, ...] | None
    act: Act
    by: str
    at: datetime
    why: str
    machine: MachineView


async def overruling(services: Services, row: OverrulingRow) -> OverrulingView:
    """The example in words."""
    reply, label = row.reply, row.label
    words = await services.words(reply.content)
    launch = LaunchWords(await services.words(row.launch))
    judged = clarity_reply(services, words, asked_then(row.ask, reply, words), reply.position, launch)
    said = await services.words(label.content)
    return OverrulingView(
        **dict(judged),
        id=f"{row.consultation}/{row.ask.agency}/{reply.version}",
        clear=label.clear,
        faults=await _faults(services, row),
        act=label.act,
        by=label.by,
        at=label.at,
        why=str(said.get("reason") or ""),
        machine=MachineView(**dict(reply.verdict)),
    )


async def _faults(services: Services, row: OverrulingRow) -> tuple[Fault, ...] | None:
    """None if clear; those the lead named; or, where a person upheld the machine's finding, the machine's."""
    label, verdict = row.label, row.reply.verdict
    if label.clear:
        return ()
    flag = label.content if label.act == "flagged_unclear" else label.upholds
    if flag is None:
        return verdict.faults or None
    named = (await services.words(flag)).get("faults") or ()
    return tuple(Fault(name) for name in named) or None
