"""What accepted acts answer with, for the OpenAPI description; the desk sends the stored JSON itself."""

from api.views.asks import AskView
from api.views.base import Accepted, Decision
from api.views.consultations import ConsultationAct
from api.views.escalations import EscalationView


class AskAct(Accepted, Decision):
    """An act on one ask."""

    ask: AskView | None = None


class WholeAct(Accepted, Decision):
    """An act on the whole consultation."""

    consultation: ConsultationAct | None = None


class CaseAct(Accepted, Decision):
    """A leader's decision."""

    escalation: EscalationView | None = None


class BareAct(Accepted, Decision):
    """An act that shows nothing of the consultation."""
