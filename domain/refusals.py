"""The closed list of reasons for which the engine says no. Sentences live in `rules/messages/vi.yaml`, never here."""

from enum import StrEnum


class Code(StrEnum):
    """A refusal's code: the end of the problem document's `type`, and the key of its sentence."""

    # the launch gate
    NOT_DIRECTLY_RELATED = "not_directly_related"
    AGENCY_SUCCEEDED = "agency_succeeded"
    AGENCY_UNKNOWN = "agency_unknown"
    FUNCTION_UNKNOWN = "function_unknown"
    FUNCTION_OF_ANOTHER_AGENCY = "function_of_another_agency"
    FUNCTION_NOT_IN_FORCE = "function_not_in_force"
    FIELD_UNKNOWN = "field_unknown"
    PART_UNKNOWN = "part_unknown"
    PART_MISSING = "part_missing"
    DRAFT_KIND_UNKNOWN = "draft_kind_unknown"
    OWN_AUTHORITY = "own_authority"
    POSITION_MISSING = "position_missing"
    QUESTION_MISSING = "question_missing"
    QUESTION_UNKNOWN = "question_unknown"
    DRAFT_MISSING = "draft_missing"
    CLASSIFIED = "classified"
    DEADLINE_TOO_SHORT = "deadline_too_short"
    DEADLINE_BEFORE_DELIVERY = "deadline_before_delivery"
    SELF_ASK = "self_ask"
    DUPLICATE_ASK = "duplicate_ask"
    NOBODY_ASKED = "nobody_asked"
    MANDATORY_MISSING = "mandatory_missing"
    CAUTION_IS_NO_REASON = "caution_is_no_reason"
    # rules and calendar
    CALENDAR_YEAR_MISSING = "calendar_year_missing"
    LIMIT_INVALID = "limit_invalid"
    RULE_SET_UNKNOWN = "rule_set_unknown"
    RULE_UNKNOWN = "rule_unknown"
    DATES_REVERSED = "dates_reversed"
    LEADER_UNKNOWN = "leader_unknown"
    STAND_IN_UNFIT = "stand_in_unfit"
    OFFICER_UNKNOWN = "officer_unknown"
    AMENDMENT_REVOKED = "amendment_revoked"
    # the life of a consultation
    NOT_A_DRAFT = "not_a_draft"
    NOT_OPEN = "not_open"
    CONSULTATION_CLOSED = "consultation_closed"
    CONSULTATION_WITHDRAWN = "consultation_withdrawn"
    CONSULTATION_DISCARDED = "consultation_discarded"
    REASON_MISSING = "reason_missing"
    # an ask
    NOT_ASKED = "not_asked"
    NOT_DELIVERED = "not_delivered"
    DELIVERED_BEFORE_SENT = "delivered_before_sent"
    ALREADY_DELIVERED = "already_delivered"
    WRONG_DRAFT_VERSION = "wrong_draft_version"
    NO_SIGNING_AUTHORITY = "no_signing_authority"
    ALREADY_SETTLED = "already_settled"
    POINTER_MISSING = "pointer_missing"
    EXTENSION_AFTER_DUE = "extension_after_due"
    EXTENSION_NOT_LATER = "extension_not_later"
    EXTENSION_PENDING = "extension_pending"
    NO_EXTENSION_PENDING = "no_extension_pending"
    ITEMS_MISSING = "items_missing"
    INCOMPLETE_TOO_LATE = "incomplete_too_late"
    INCOMPLETE_ALREADY_USED = "incomplete_already_used"
    NO_PAUSE_OPEN = "no_pause_open"
    NO_REPLY_TO_RULE_ON = "no_reply_to_rule_on"
    NO_POINTER_TO_RULE_ON = "no_pointer_to_rule_on"
    POINTER_LOOP = "pointer_loop"
    RULING_NOT_APPLICABLE = "ruling_not_applicable"
    URGED_TODAY = "urged_today"
    # escalations
    ESCALATION_UNKNOWN = "escalation_unknown"
    ESCALATION_DECIDED = "escalation_decided"
    NOT_THE_LEADER = "not_the_leader"
    DECISION_NOT_APPLICABLE = "decision_not_applicable"
    NO_CONFLICT = "no_conflict"
    # redraft, remarks, closure
    DRAFT_UNCHANGED = "draft_unchanged"
    REMARK_UNKNOWN = "remark_unknown"
    REMARK_NOT_ANSWERED = "remark_not_answered"
    DISSENT_ALREADY_KEPT = "dissent_already_kept"
    ASKS_UNSETTLED = "asks_unsettled"
    REMARKS_UNANSWERED = "remarks_unanswered"
    ESCALATIONS_UNDECIDED = "escalations_undecided"
    # the edge
    FORBIDDEN = "forbidden"
    UNAUTHENTICATED = "unauthenticated"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    BODY_INVALID = "body_invalid"
    FILE_NOT_ACCEPTED = "file_not_accepted"
    CONFIRMATION_NEEDED = "confirmation_needed"
    TOO_LARGE = "too_large"
    KEY_REUSED = "key_reused"
    KEY_IN_PROGRESS = "key_in_progress"
    TOO_MANY_REQUESTS = "too_many_requests"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal_error"


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The engine's no. `params` fill the sentence's named places and hold codes, names or dates, never long text."""

    def __init__(self, code: Code, **params: str) -> None:
        super().__init__(f"{code}: {params}" if params else str(code))
        self.code = code
        self.params = params
