"""Is the matter the lead's own to decide? (F03, Kon Tum 1.) It reads the list of own matters; a head may override it.

It never says who is right: it finds the entry, and tells a reason from mere caution.
"""

import re
from datetime import date

from domain.gate_plan import LaunchPlan, Override
from domain.refusals import Code
from domain.rulebook import OwnAuthority, OwnMatter, Rulebook
from domain.text import content_words, fold

# "vượt thẩm quyền của Giám đốc" says the opposite of "thẩm quyền của Giám đốc".
_DENIED = re.compile(r"\b(?:khong|chua|vuot|ngoai|chang)(?:\s+(?:thuoc|phai|la|nam|trong|qua))*\s*$")
# What is left of a reason once caution is taken out must still say something.
WORDS_OF_A_REASON = 4


def own_matter(plan: LaunchPlan, rulebook: Rulebook, day: date, text: str) -> OwnMatter | None:
    """The entry that makes the matter the lead's own on the day, unless a rule obliges anyone to be asked about it."""
    if rulebook.directory.mandatory(plan.draft_kind, day):
        return None
    kind = rulebook.draft_kind(plan.draft_kind)
    if kind.decided_by == "lead":
        return OwnMatter(code=kind.code, title=kind.name, phrases=(kind.name,), basis=kind.name, effective_from=day)
    said = " . ".join(" ".join(fold(part).split()) for part in (plan.subject, plan.summary, plan.proposal, text))
    entries = (m for m in rulebook.own_authority.matters if m.in_force(day) and _speaks_of(m, plan, rulebook))
    return next((m for m in entries if any(_states(said, phrase) for phrase in m.phrases)), None)


def _speaks_of(matter: OwnMatter, plan: LaunchPlan, rulebook: Rulebook) -> bool:
    """Whether the entry is about this lead, this kind of draft and this field."""
    return (
        matter.agency in (None, plan.lead)
        and (not matter.draft_kinds or plan.draft_kind in matter.draft_kinds)
        and (not matter.fields or any(rulebook.directory.field_matches(f, plan.field) for f in matter.fields))
    )


def _states(said: str, phrase: str) -> bool:
    """Whether the folded text states the phrase and does not deny it."""
    hits = re.finditer(rf"\b{re.escape(' '.join(fold(phrase).split()))}\b", said)
    return any(not _DENIED.search(said[: hit.start()]) for hit in hits)


def fault_of(override: Override, rules: OwnAuthority) -> Code | None:
    """What is wrong with the head's override: no known reason, none written, or only caution (để thận trọng)."""
    reason = next((r for r in rules.reasons if r.code == override.reason_code), None)
    if reason is None or not override.reason.strip():
        return Code.REASON_MISSING
    if not reason.accepted or _only_caution(override.reason, rules):
        return Code.CAUTION_IS_NO_REASON
    return None


def _only_caution(reason: str, rules: OwnAuthority) -> bool:
    """Whether nothing is left of the reason once its phrases of caution are taken out."""
    left = " ".join(fold(reason).split())
    phrases = [" ".join(fold(phrase).split()) for phrase in rules.caution_phrases]
    cautious = any(phrase in left for phrase in phrases)
    for phrase in phrases:
        left = left.replace(phrase, " ")
    return cautious and len(content_words(left)) < WORDS_OF_A_REASON
