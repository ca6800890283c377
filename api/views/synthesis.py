"""The synthesis (bảng tổng hợp, tiếp thu, giải trình): totals computed from records, every remark with its answer."""

from datetime import datetime

from api.services import Services
from api.views.asks import AskViews, RemarkView
from api.views.base import View
from api.views.consultations import AskLine, launch_words, line_of
from domain.state import Consultation, Phase
from domain.synthesis import Totals, totals


class RemarkRow(RemarkView):
    """One row of the table."""

    agency_name: str
    part_label: str


class SynthesisView(View):
    """The whole table. `unanswered`: remarks the lead still owes an answer."""

    id: str
    subject: str
    phase: Phase
    totals: Totals
    agencies: tuple[AskLine, ...]
    remarks: tuple[RemarkRow, ...]
    unanswered: int


async def synthesis_view(services: Services, state: Consultation, now: datetime) -> SynthesisView:
    """The synthesis as it stands now."""
    launch = await launch_words(services, state.content)
    views = AskViews(services, state.id, launch, now)
    rows = [
        RemarkRow(
            **dict(await views.remark(ask, remark)),
            agency_name=services.agency_name(ask.agency),
            part_label=launch.part_label(remark.part),
        )
        for ask in state.asks.values()
        for remark in ask.live_remarks
    ]
    return SynthesisView(
        id=state.id,
        subject=launch.subject,
        phase=state.phase,
        totals=totals(state),
        agencies=tuple(line_of(services, ask, now) for ask in state.asks.values()),
        remarks=tuple(rows),
        unanswered=sum(row.outcome is None for row in rows),
    )
