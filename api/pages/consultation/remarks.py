"""The lead's answer to one remark, from the synthesis: one at a time, back to the remark it was about."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData

from api.bodies.ruling import RemarkAnswerBody
from api.pages.consultation.reading import BASE, Typed
from api.pages.consultation.synthesis import Which, show
from api.pages.forms import fields_of, key_of, tree
from api.pages.page import SignedInPage
from api.routes import ruling
from api.routes.common import ConsultationId, DottedId

router = APIRouter(prefix=BASE + "/{id}/tong-hop")


@router.post("/{remark}")
async def answer(page: SignedInPage, id: ConsultationId, remark: DottedId) -> Response:
    """Take up, in whole or in part, or explain why not."""
    form = await page.form()
    fields = fields_of(form)
    which, number = place_of(form)

    async def answered() -> JSONResponse:
        body = RemarkAnswerBody.model_validate(tree(fields))
        return await ruling.answer(page, id, remark, body, key_of(form))

    outcome = await page.carry_out(answered())
    if outcome.refused:
        return await show(page, id, which, number, Typed(remark, tree(fields, blanks=True), outcome.body))
    onward = page.after(outcome, f"{BASE}/{id}/tong-hop?loc={which}&trang={number}")
    onward.headers["location"] += f"#y-{remark}"
    return onward


def place_of(form: FormData) -> tuple[Which, int]:
    """Where in the list the form stood."""
    which, number = form.get("_loc"), str(form.get("_trang") or "1")
    known: Which = "cho" if which == "cho" else "bao-luu" if which == "bao-luu" else ""
    return known, int(number) if number.isdecimal() and 0 < int(number) <= 100_000 else 1
