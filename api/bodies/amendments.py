"""Bodies of amendments: a calendar day, an absence, a line of the signing register; taking back, and confirming."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.bodies.base import Account, Body, Day, FilledLine, Key, Note
from domain.amendments import TYPED_BY_A_PERSON, Change
from domain.calendar import DayNotice
from domain.directory import Delegation
from domain.terms import Absence

DAY = {
    "date": "2026-11-24",
    "kind": "off",
    "name": "Ngày Văn hóa Việt Nam",
    "basis": "Thông báo về nghỉ lễ năm 2026 (giả định)",
    "status": "confirmed",
}
AWAY = {"leader": "PCT4", "stand_in": "PCT1", "effective_from": "2026-12-01", "effective_to": "2026-12-05"}
LINE = {
    "agency": "STC",
    "officer": "stc.pho",
    "form": "KT",
    "fields": ["NGAN_SACH"],
    "basis": "Quyết định phân công số 40/QĐ-STC (giả định)",
    "effective_from": "2026-12-01",
    "effective_to": None,
}
WHY = "Theo thông báo mới nhận."
ConsultationKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")]


def _example(**example: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class CalendarDayBody(Body):
    """What a notice says about one day. `basis`: the notice, as the administrator read it."""

    model_config = _example(**DAY)

    date: Day
    kind: Literal["off", "work"]
    name: FilledLine
    basis: FilledLine
    status: Literal["confirmed", "provisional"] = "confirmed"


class AbsenceBody(Body):
    """A leader is away, both days included; the stand-in decides meanwhile."""

    model_config = _example(**AWAY)

    leader: Key
    stand_in: Key
    effective_from: Day
    effective_to: Day


class DelegationBody(Body):
    """A line of the signing register. No fields: every field of the agency; no last day: until it is ended."""

    model_config = _example(**LINE)

    agency: Key
    officer: Account
    form: Literal["KT", "TL", "TUQ"]
    fields: Annotated[list[Key], Field(max_length=100)] = []
    basis: FilledLine
    effective_from: Day
    effective_to: Day | None = None


class CalendarDayChangeBody(Body):
    """Enter a calendar day. The mark of its source is ours to give, not the writer's."""

    model_config = _example(kind="calendar_day", data=DAY, reason=WHY)

    kind: Literal["calendar_day"]
    data: CalendarDayBody
    reason: Note = ""

    @property
    def change(self) -> Change:
        """The notice as the calendar holds it."""
        return DayNotice(**dict(self.data), confidence=TYPED_BY_A_PERSON)


class AbsenceChangeBody(Body):
    """Enter an absence."""

    model_config = _example(kind="absence", data=AWAY, reason="Đi công tác.")

    kind: Literal["absence"]
    data: AbsenceBody
    reason: Note = ""

    @property
    def change(self) -> Change:
        """The absence as the directory holds it."""
        return Absence(**dict(self.data))


class DelegationChangeBody(Body):
    """Enter a line of the signing register."""

    model_config = _example(kind="delegation", data=LINE, reason="Phân công lại trong Ban Giám đốc.")

    kind: Literal["delegation"]
    data: DelegationBody
    reason: Note = ""

    @property
    def change(self) -> Change:
        """The line as the directory holds it."""
        return Delegation(**{**dict(self.data), "fields": tuple(self.data.fields)})


AnyChangeBody = Annotated[CalendarDayChangeBody | AbsenceChangeBody | DelegationChangeBody, Field(discriminator="kind")]


class RevocationBody(Body):
    """Why an amendment is taken back."""

    model_config = _example(reason="Nhập nhầm ngày.")

    reason: Note = ""


class ConfirmationBody(Body):
    """For which running consultations today's calendar or leaders are confirmed; each is an act of its own."""

    model_config = _example(consultations=["c-5f0c8b0b7a1e4c3f"], reason="Theo thông báo chính thức về ngày nghỉ.")

    consultations: Annotated[list[ConsultationKey], Field(min_length=1, max_length=100)]
    reason: Note = ""
