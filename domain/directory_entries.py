"""What a directory is made of: agencies, fields, functions, leaders, duties to ask and the signing register, all dated.

Values only; the questions asked of them are in `domain/directory.py`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from domain.base import Frozen

ChannelCode = Literal["app", "exchange", "paper"]
Confidence = Literal["S", "S2", "G", "U"]


class Indexed(Frozen):
    """A value with cached look-ups beside its fields."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that builds its own look-ups: changed entries must not be answered from the old ones."""
        copied = super().model_copy(update=update, deep=deep)
        for name in [name for name in copied.__dict__ if name not in type(self).model_fields]:
            del copied.__dict__[name]
        return copied


class Dated(Frozen):
    """Anything with a first and a last day, both included; no last day means still in force."""

    effective_from: date
    effective_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the day lies within the entry's days."""
        return self.effective_from <= day and not self.over(day)

    def over(self, day: date) -> bool:
        """Whether the entry ended before the day."""
        return self.effective_to is not None and self.effective_to < day


class Superior(Frozen):
    """The body an agency reports to; for a central agency it stands outside the province."""

    code: str
    name: str
    identifier: str | None = None


class Agency(Dated):
    """An agency that can lead or be asked. `kind`: so, thanh_tra, van_phong, don_vi_su_nghiep, central, commune."""

    code: str
    name: str
    kind: str
    identifier: str | None = None
    successors: tuple[str, ...] = ()
    superior: str | None = None
    watched_by: str | None = None
    channel: ChannelCode = "app"


class Field(Frozen):
    """A field of state management (lĩnh vực); at most one parent."""

    code: str
    name: str
    parent: str | None = None


class Function(Dated):
    """One function of one agency. `moved_to`: the id under which another agency carries it on from the next day.

    `basis` is shown as a citation only with confidence S or S2.
    """

    id: str
    agency: str
    field: str
    title: str
    text: str
    moved_to: str | None = None
    basis: str | None = None
    confidence: Confidence = "G"


class Leader(Dated):
    """One term of one leader: the fields held, and whom the leader stands in for by standing arrangement."""

    code: str
    title: str
    name: str
    fields: tuple[str, ...]
    stands_in: tuple[str, ...] = ()


class Mandatory(Dated):
    """Agencies a rule obliges to be asked about one kind of draft (Điều 51a), and on what."""

    draft_kind: str
    agencies: tuple[str, ...]
    subject: dict[str, str]
    basis: str | None = None
    confidence: Confidence = "G"


class Delegation(Dated):
    """A line of the signing register: `officer` (account name) signs KT., TL. or TUQ. for the agency's head.

    No fields means every field of the agency.
    """

    agency: str
    officer: str
    form: Literal["KT", "TL", "TUQ"]
    fields: tuple[str, ...] = ()
    basis: str
