"""Saving the form: one step's own members, never over a colleague's newer words, never a text with a secrecy stamp.

Two people may work on different steps at once; on one step the second is shown both texts.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from pydantic import TypeAdapter
from starlette.datastructures import FormData

from adapters.register.compositions import Composition, Overtaken
from api.answered import secret_in
from api.bodies.base import Text
from api.errors import Problem
from api.handlers import too_large
from api.pages.compose.steps import MEMBERS, Step
from api.pages.compose.written import Saved, Written, tidy
from api.pages.forms import fields_of, tree
from api.pages.page import Page
from api.policy import Action
from domain.gate_secret import marking, marking_declared
from domain.refusals import Code, Refused

VERSION_FIELD, MARK_FIELD = "_phien_ban", "_to"
MOST_BYTES = 3_000_000
TRIES = 5
_TEXTS = TypeAdapter(dict[str, Text])
Change = Callable[[Written], Written]


async def mine(page: Page, id: str) -> Composition:
    """The agency's launch form of that id, live or ended. Refuses `forbidden`, `not_found`."""
    page.require(Action.LAUNCH)
    found = await page.services.compositions.find(id)
    if found is None or found.kind != "launch" or found.agency != page.subject.agency:
        raise Problem(Code.NOT_FOUND)
    return found


def written_in(composition: Composition) -> Written:
    """The form as it is kept."""
    return Written.model_validate(composition.data)


def typed_over(kept: Written, step: Step, form: FormData, *, strict: bool = True) -> Written:
    """The kept form with the step's members as they stand in the page. Raises `ValidationError` for broken text."""
    fields = fields_of(form)
    if strict:
        _TEXTS.validate_python({_unique(name, place): value for place, (name, value) in enumerate(fields)})
    given = tree(fields, blanks=True)
    blank = Written().model_dump()
    members = {name: given.get(name, blank[name]) for name in MEMBERS[step]}
    return tidy(Written.model_validate(kept.model_dump() | members))


def with_known_rule(page: Page, written: Written, day: date) -> Written:
    """Without a rule line that is not offered for the kind of draft: the kind was changed after the line was chosen."""
    try:
        lines = page.services.rulebook.lines(page.services.settings.rule_set, written.draft_kind, day)
    except Refused:
        return written
    offered = any(line.code == written.rule for line in lines)
    return written if offered or not written.rule else written.model_copy(update={"rule": ""})


def _unique(name: str, place: int) -> str:
    return f"{name}{place}" if name.endswith("[]") else name


def refuse_stamped(written: Written) -> None:
    """Refuse `classified` where the form is declared or stamped secret; `too_large` is the caller's."""
    level = (
        marking_declared(written.classification)
        or marking(written.subject)
        or marking(written.number)
        or secret_in(list(_texts(written.model_dump(exclude={"saved"}))))
    )
    if level:
        raise Refused(Code.CLASSIFIED, level=level)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _all(value.values())
    elif isinstance(value, list | tuple):
        yield from _all(value)


def _all(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from _texts(value)


def seen_version(form: FormData) -> int:
    """The version the page was made from."""
    given = form.get(VERSION_FIELD)
    return int(given) if isinstance(given, str) and given.isdecimal() and len(given) < 10 else 0


async def save(
    page: Page,
    composition: Composition,
    step: Step,
    form: FormData,
    change: Change | None = None,
    *,
    keep: bool = False,
) -> Composition:
    """Save the step as typed, then changed. Raises `Overtaken` where a colleague changed this step meanwhile.

    `keep`: the page stays open and saves again (autosave), so that its own saves never stand against each other.
    Refuses `classified` and `too_large`; then nothing is stored.
    """
    mark = str(form.get(MARK_FIELD) or "")[:40]
    day = await page.services.today()
    for _ in range(TRIES):
        kept = written_in(composition)
        new = typed_over(kept, step, form)
        new = with_known_rule(page, tidy(change(new)) if change else new, day)
        if new == kept:
            return composition
        last = kept.saved.get(step)
        if composition.ended_at or (last and last.version > seen_version(form) and last.form != (mark or None)):
            raise Overtaken(composition)
        refuse_stamped(new)
        stamp = Saved(version=composition.version + 1, by=page.caller.account.full_name, form=mark if keep else "")
        try:
            return await _store(page, composition, new.model_copy(update={"saved": {**kept.saved, step: stamp}}))
        except Overtaken as overtaken:
            composition = overtaken.current
    raise Overtaken(composition)


async def _store(page: Page, composition: Composition, written: Written) -> Composition:
    data = written.model_dump(mode="json")
    if len(json.dumps(data, ensure_ascii=False).encode()) > MOST_BYTES:
        raise too_large(page.services, "json")
    by = page.caller.account.username
    return await page.services.compositions.save(composition.id, composition.version, data, by)
