"""The few typed keys operators may search running consultations by; codes only, never names or texts."""

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from domain.state import Consultation

LEAD = SearchAttributeKey.for_keyword("YkienLead")
FIELD = SearchAttributeKey.for_keyword("YkienField")
DRAFT_KIND = SearchAttributeKey.for_keyword("YkienDraftKind")

ALL = (LEAD, FIELD, DRAFT_KIND)
# What a server must be started or registered with.
REGISTERED = {key.name: "Keyword" for key in ALL}


def attributes(state: Consultation) -> TypedSearchAttributes:
    """The attributes a consultation is started with; none change later, so no command is spent on them."""
    pairs = [(LEAD, state.lead), (FIELD, state.field), (DRAFT_KIND, state.draft_kind)]
    return TypedSearchAttributes([SearchAttributePair(key, value) for key, value in pairs])
