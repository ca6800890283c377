"""What stands in the way of closing a consultation, named. The one list that closing and its page both go by."""

from domain.base import Frozen
from domain.state import Consultation, Stage


class Obstacles(Frozen):
    """Agencies that are not settled, remarks without an answer, and conflicts before a leader that are undecided."""

    unsettled: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        """Whether nothing stands in the way."""
        return not (self.unsettled or self.unanswered or self.undecided)


def obstacles(state: Consultation) -> Obstacles:
    """Everything that must be done before the head can sign the synthesis."""
    asks = tuple(state.asks.values())
    return Obstacles(
        unsettled=tuple(a.agency for a in asks if a.stage is not Stage.SETTLED),
        unanswered=tuple(r.id for a in asks for r in a.live_remarks if r.outcome is None),
        undecided=tuple(e.id for e in state.escalations if e.undecided and e.kind == "conflict"),
    )
