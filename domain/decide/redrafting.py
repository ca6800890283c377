"""A new draft version: agencies whose parts changed are asked again, the opinions of the others stand."""

from domain.commands import Redraft
from domain.decide.launching import send_ask
from domain.decide.ruling import new_round
from domain.refusals import Code, Refused
from domain.state import Ask, DraftVersion
from domain.step import Step, require_running


def redraft(step: Step, cmd: Redraft) -> None:
    """Replace the draft; a reply is bound to its version by hash, so replies on old text are refused from here on."""
    require_running(step.state)
    old, new = step.state.draft, cmd.draft
    if new.sha256 == old.sha256:
        raise Refused(Code.DRAFT_UNCHANGED, version=str(old.version))
    changed = changed_parts(old, new)
    numbered = new.model_copy(update={"version": old.version + 1, "at": cmd.at})
    step.change(drafts=(*step.state.drafts, numbered))
    step.fact("redrafted", version=numbered.version, sha256=new.sha256, parts=list(changed))
    for ask in step.state.asks.values():
        _ask_again(step, ask, changed, numbered.version, cmd)


def changed_parts(old: DraftVersion, new: DraftVersion) -> tuple[str, ...]:
    """Ids of parts that are new, gone or of another text."""
    before = {p.id: p.sha256 for p in old.parts}
    after = {p.id: p.sha256 for p in new.parts}
    return tuple(id for id in dict.fromkeys((*before, *after)) if before.get(id) != after.get(id))


def _ask_again(step: Step, ask: Ask, changed: tuple[str, ...], version: int, cmd: Redraft) -> None:
    if not any(part in changed for part in ask.parts):
        step.fact("opinion_stands", ask.agency, version=version)
        return
    pointers: dict[str, object] = {"pointers": (), "position": None, "answers": (), "draft_from": version}
    send_ask(step, ask.model_copy(update={**new_round(ask), **pointers}), cmd.at, "redrafted")
