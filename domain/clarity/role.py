"""What a sentence of a reply does. The second opinion thinks in roles; people never see them."""

from enum import StrEnum


class Role(StrEnum):
    """One sentence may have several."""

    INTRO = "intro"  # letter formulas: addressee, receipt, closing, "chịu trách nhiệm về ý kiến này"
    RECITAL = "recital"  # the draft, the law or the situation as background; takes no side
    YES = "yes"  # the agency's own present agreement
    NO = "no"  # its own present refusal
    OTHER_VIEW = "other_view"  # somebody else's stance, or an earlier one
    REASON = "reason"  # a concrete ground for a no or for a change
    EMPTY_REASON = "empty_reason"  # a ground that fits any draft
    CHANGE = "change"  # a concrete amendment
    EMPTY_CHANGE = "empty_change"  # a wish to review or complete, without content
    DEFER = "defer"  # its own word is left to somebody else
    HEDGE = "hedge"  # a reservation whose content is not named
    ANSWER = "answer"  # answers a question
    EVADE = "evade"  # speaks about a question without answering it
    REMIT = "remit"  # why the matter is out of its function
    BARE_REMIT = "bare_remit"  # the same claim without ground
    SUPPORT = "support"  # its own facts, checks or commitments behind a yes
    PLATITUDE = "platitude"  # empty general talk
    NONE = "none"  # "không có ý kiến", "ghi nhận"
