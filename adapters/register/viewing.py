"""Who may see which consultation, as a condition of a query: lists and single pages use the same one.

The policy is the API's; this is its translation for rows. Whoever is not named here sees nothing.
"""

import sqlalchemy as sa

from adapters.tables import asks, consultations, escalation_leaders
from domain.base import Frozen
from domain.state import Phase

SEES_ALL = ("office", "inspector")
# Roles that act for an agency; an administrator's account sees no consultation by itself.
OF_AGENCY = ("lead_officer", "agency_head", "clerk", "handler")
UNSENT = (Phase.DRAFT, Phase.DISCARDED)


class Viewer(Frozen):
    """Whoever asks. `leader`: the leader's code; `fields`: those the leader holds or stands in for today.

    `all`: the engine itself, no limit.
    """

    roles: tuple[str, ...] = ()
    agency: str | None = None
    leader: str | None = None
    fields: tuple[str, ...] = ()
    all: bool = False


# For the engine's own work: relays, exports, the doctor.
EVERYTHING = Viewer(all=True)


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The rows of `consultations` the viewer may see."""
    if viewer.all or any(role in SEES_ALL for role in viewer.roles):
        return sa.true()
    reasons: list[sa.ColumnElement[bool]] = []
    if viewer.agency and any(role in OF_AGENCY for role in viewer.roles):
        reasons += [consultations.c.lead == viewer.agency, _asked(viewer.agency)]
    if viewer.leader and "leader" in viewer.roles:
        reasons += [consultations.c.id.in_(_cases(viewer.leader)), consultations.c.field.in_(viewer.fields)]
        reasons.append(consultations.c.chairman == viewer.leader)
    return sa.or_(sa.false(), *reasons)


def _asked(agency: str) -> sa.ColumnElement[bool]:
    """Sent to the agency; what is only prepared is the lead's alone."""
    theirs = sa.select(asks.c.consultation).where(asks.c.agency == agency)
    return sa.and_(consultations.c.phase.not_in(UNSENT), consultations.c.id.in_(theirs))


def _cases(leader: str) -> sa.Select[tuple[str]]:
    return sa.select(escalation_leaders.c.consultation).where(escalation_leaders.c.leader == leader)
