"""The demonstration's invented people, to act as without a password: in the demonstration and the drill only."""

from pathlib import Path

from adapters.demo import DemoAccount, demo_accounts
from adapters.settings import Profile
from api.policy import Role
from api.services import Services

RULES = Path(__file__).parents[2] / "rules"


def people(services: Services) -> dict[str, list[DemoAccount]]:
    """The invented people by agency; none on a province's own copy."""
    settings = services.settings
    if not settings.demo or settings.profile is Profile.PRODUCTION:
        return {}
    found: dict[str, list[DemoAccount]] = {}
    for person in demo_accounts(settings.rules_dir or RULES).accounts:
        found.setdefault(person.agency or "", []).append(person)
    return found


# In the order in which a consultation meets them.
MEETING = (
    *(Role.LEAD_OFFICER, Role.AGENCY_HEAD, Role.CLERK, Role.HANDLER),
    *(Role.LEADER, Role.OFFICE, Role.INSPECTOR, Role.HOME_AFFAIRS, Role.ADMIN),
)


def starts(services: Services) -> tuple[DemoAccount, ...]:
    """Where a newcomer may begin: the people marked so, one for a role, in the order in which the work goes."""
    marked = {person.start: person for group in people(services).values() for person in group if person.start}
    return tuple(marked[role] for role in MEETING if role in marked)
