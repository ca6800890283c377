"""Which sections there are and for which roles: the menu. Showing a section permits nothing; the policy does."""

from collections.abc import Sequence

from api.policy import EVERYONE, Role
from domain.base import Frozen

STAFF = (Role.LEAD_OFFICER, Role.AGENCY_HEAD, Role.CLERK, Role.HANDLER)
WATCHERS = (Role.OFFICE, Role.HOME_AFFAIRS, Role.INSPECTOR)


class Section(Frozen):
    """One entry; its name is the sentence `ui.menu.{key}`."""

    key: str
    path: str
    roles: tuple[Role, ...] = ()
    current: bool = False


SECTIONS = (
    Section(key="todo", path="/", roles=EVERYONE),
    Section(key="compose", path="/soan", roles=(Role.LEAD_OFFICER, Role.AGENCY_HEAD)),
    Section(key="consultations", path="/lay-y-kien", roles=tuple(r for r in EVERYONE if r is not Role.ADMIN)),
    Section(key="asked", path="/duoc-hoi", roles=STAFF),
    Section(key="leader", path="/lanh-dao", roles=(Role.LEADER,)),
    Section(key="watch", path="/theo-doi", roles=WATCHERS),
    Section(key="ledger", path="/so-cai", roles=(Role.INSPECTOR, Role.OFFICE)),
    Section(key="admin", path="/quan-tri", roles=(Role.ADMIN,)),
    Section(key="deadline", path="/tinh-han"),
    Section(key="help", path="/huong-dan"),
)


def menu(roles: Sequence[Role], path: str) -> tuple[Section, ...]:
    """The sections for those roles, in order; the one the path lies in is marked."""
    mine = [s for s in SECTIONS if not s.roles or any(role in s.roles for role in roles)]
    here = max((s.path for s in mine if _within(path, s.path)), key=len, default=None)
    return tuple(s.model_copy(update={"current": s.path == here}) for s in mine)


def _within(path: str, section: str) -> bool:
    return path == section or (section != "/" and path.startswith(f"{section}/"))
