"""A new version of the draft: its file, its parts, who would be asked again and whose opinion stands, then the act."""

from typing import Any, NamedTuple

from fastapi import APIRouter, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile as Uploaded

from adapters.register.files import FileRow
from api.bodies.launch import RedraftBody
from api.drafts import draft_file
from api.launching import parts_of
from api.pages.consultation.reading import BASE, Reading, Typed, read
from api.pages.forms import Tree, fields_of, key_of, ticked, tree
from api.pages.page import Outcome, Page, SignedInPage
from api.policy import Action
from api.routes import drafts, lifecycle
from api.routes.common import ConsultationId
from domain.decide.redrafting import changed_parts
from domain.refusals import Code, Refused
from domain.state import DraftVersion, Part

router = APIRouter(prefix=BASE + "/{id}/du-thao-moi")
# Rows for parts that are new, where no script can add them.
SPARE = 2
NEW = "moi"


class Ahead(NamedTuple):
    """What the new version would do: which parts changed, who is asked again, whose opinion stands."""

    changed: tuple[str, ...]
    again: tuple[str, ...]
    stands: tuple[str, ...]


@router.get("")
async def form_page(page: SignedInPage, id: ConsultationId) -> HTMLResponse:
    """The form, with the parts as they stand."""
    reading = await read(page, id, Action.REDRAFT)
    return await _show(reading, {"parts": [part.model_dump() for part in reading.parts]})


async def _show(
    reading: Reading, fields: Tree, *, typed: Typed | None = None, ahead: Ahead | None = None
) -> HTMLResponse:
    file = await _file(reading.page, fields.get("draft"))
    rows = fields.get("parts")
    context = {
        "typed": typed,
        "fields": fields,
        "rows": [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else [],
        "spare": SPARE,
        "file": file,
        "ahead": ahead,
    }
    status = typed.status if typed else 200
    return await reading.page.show("consultation/redraft.html", status, **reading.context("") | context)


async def _file(page: Page, id: Any) -> FileRow | None:
    return await page.services.files.file(id) if isinstance(id, str) and id else None


@router.post("")
async def redraft(page: SignedInPage, id: ConsultationId) -> Response:
    """Keep the file that came along; then show what would happen, or do it."""
    form = await page.form()
    fields = tree(fields_of(form), blanks=True)
    kept = await _kept(page, id, form)
    if kept and not kept.refused:
        fields["draft"] = kept.body["id"]
    reading = await read(page, id, Action.REDRAFT)
    if kept and kept.refused:
        return await _show(reading, fields, typed=Typed("redraft", fields, kept.body))
    if form.get("_lam") != "phat-hanh":
        return await _preview(reading, fields)
    return await _issued(reading, fields, key_of(form))


async def _issued(reading: Reading, fields: Tree, key: str | None) -> Response:
    page, id = reading.page, reading.state.id

    async def issue() -> JSONResponse:
        return await lifecycle.redraft(page, id, body_of(fields), key)

    outcome = await page.carry_out(issue())
    if outcome.refused:
        return await _show(reading, fields, typed=Typed("redraft", fields, outcome.body))
    return page.after(outcome, reading.path)


async def _kept(page: Page, id: str, form: FormData) -> Outcome | None:
    """The uploaded file, kept by the interface's own route; None where none came along."""
    given = form.get("file")
    if not isinstance(given, Uploaded) or not given.filename:
        return None
    file = UploadFile(given.file, size=given.size, filename=given.filename, headers=given.headers)
    return await page.carry_out(drafts.upload(page, file, consultation=id))


async def _preview(reading: Reading, fields: Tree) -> HTMLResponse:
    """What would happen, by the very rule that will decide it; nothing is recorded."""
    found: list[Ahead] = []

    async def look() -> JSONResponse:
        found.append(await ahead_of(reading, body_of(fields)))
        return JSONResponse({})

    outcome = await reading.page.carry_out(look())
    if outcome.refused:
        return await _show(reading, fields, typed=Typed("redraft", fields, outcome.body))
    return await _show(reading, fields, ahead=found[0])


def body_of(fields: Tree) -> RedraftBody:
    """The form's fields as the route takes them: parts that are ticked off or blank are left out, new ones named."""
    rows = fields.get("parts")
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    kept = [row for row in listed if str(row.get("label", "")).strip() and not ticked(row.get("drop"))]
    taken = [str(row["id"]) for row in kept if row.get("id")]
    free = (name for n in range(1, 1000) if (name := f"{NEW}-{n}") not in taken)
    parts = [
        {"id": row.get("id") or next(free), "label": row["label"], "text": row.get("text") or None} for row in kept
    ]
    given = {"draft": fields.get("draft"), "summary": fields.get("summary", ""), "parts": parts}
    return RedraftBody.model_validate({name: value for name, value in given.items() if value not in (None, "")})


async def ahead_of(reading: Reading, body: RedraftBody) -> Ahead:
    """Who is asked again. Refuses `draft_missing`, `draft_unchanged`."""
    file = await draft_file(reading.page, body.draft)
    if file is None:
        raise Refused(Code.DRAFT_MISSING)
    old = reading.state.draft
    if file.sha256 == old.sha256:
        raise Refused(Code.DRAFT_UNCHANGED, version=str(old.version))
    parts = tuple(Part(id=part.id, sha256=part.sha256) for part in parts_of(body.parts, file.sha256))
    changed = changed_parts(old, DraftVersion(version=1, file=file.file, sha256=file.sha256, parts=parts))
    again = tuple(a.agency for a in reading.state.asks.values() if any(part in changed for part in a.parts))
    stands = tuple(code for code in reading.state.asks if code not in dict.fromkeys(again))
    labels = {part.id: part.label for part in body.parts}
    return Ahead(tuple(labels.get(id) or reading.label(id) for id in changed), again, stands)
