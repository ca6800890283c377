"""The acts on the whole consultation: approve, discard, allow an exception, withdraw, sign the synthesis."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from api.bodies.ruling import ExceptionBody, WithdrawalBody
from api.pages.consultation.overview import show
from api.pages.consultation.reading import BASE, Typed
from api.pages.forms import Tree, fields_of, key_of, tree
from api.pages.page import Page, SignedInPage
from api.routes import lifecycle
from api.routes.common import ConsultationId

router = APIRouter(prefix=BASE + "/{id}")
# The fields as a body's members, and the form's key.
Act = Callable[[Tree, str | None], Awaitable[JSONResponse]]


async def _carried_out(page: Page, id: str, name: str, act: Act) -> Response:
    """Do it; refused, the page again with what was typed in the form of that name."""
    form = await page.form()
    fields = fields_of(form)
    outcome = await page.carry_out(act(tree(fields), key_of(form)))
    if outcome.refused:
        return await show(page, id, typed=Typed(name, tree(fields, blanks=True), outcome.body))
    return page.after(outcome, f"{BASE}/{id}")


@router.post("/phe-duyet")
async def approve(page: SignedInPage, id: ConsultationId) -> Response:
    """The head approves and sends."""
    return await _carried_out(page, id, "approve", lambda _, key: lifecycle.approval(page, id, None, key))


@router.post("/bo")
async def discard(page: SignedInPage, id: ConsultationId) -> Response:
    """The preparation is laid aside."""
    return await _carried_out(page, id, "discard", lambda _, key: lifecycle.discard(page, id, None, key))


@router.post("/ngoai-le")
async def exception(page: SignedInPage, id: ConsultationId) -> Response:
    """The leader allows an agency that is not directly related to be asked."""

    async def grant(body: Tree, key: str | None) -> JSONResponse:
        return await lifecycle.exception(page, id, ExceptionBody.model_validate(body), key)

    return await _carried_out(page, id, "exception", grant)


@router.post("/rut")
async def withdraw(page: SignedInPage, id: ConsultationId) -> Response:
    """The lead withdraws, with a reason."""

    async def take_back(body: Tree, key: str | None) -> JSONResponse:
        return await lifecycle.withdrawal(page, id, WithdrawalBody.model_validate(body), key)

    return await _carried_out(page, id, "withdraw", take_back)


@router.post("/ket-thuc")
async def close(page: SignedInPage, id: ConsultationId) -> Response:
    """The head signs the synthesis."""
    return await _carried_out(page, id, "close", lambda _, key: lifecycle.closure(page, id, None, key))
