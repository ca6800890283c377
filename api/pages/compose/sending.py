"""Sending a launch that was written: exactly what was reviewed, once, whoever presses how often.

The launch route decides; here it is only made sure that one form becomes one consultation.
"""

import asyncio
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from adapters.register.compositions import Composition, Overtaken
from adapters.register.contents import content_of
from adapters.register.receipts import Receipt
from api.bodies.launch import LaunchBody
from api.pages.compose.listing import CompositionId, gone
from api.pages.compose.saving import mine, refuse_stamped, seen_version, written_in
from api.pages.compose.showing import step_page
from api.pages.compose.steps import Step
from api.pages.compose.written import Written, body_of
from api.pages.page import Outcome, Page, SignedInPage
from api.routes import consultations
from domain.refusals import Code

router = APIRouter(prefix="/soan")
# Whoever claimed the form longer ago than this and got no receipt is not coming back.
CLAIM = timedelta(seconds=60)
PAUSE_SECONDS, PAUSES = 0.5, 20
QUEUED = 202


@router.post("/{id}/gui")
async def send(page: SignedInPage, id: CompositionId) -> Response:
    """A head signs and sends; an officer hands it up to the head. The form ends with the receipt."""
    form = await page.form()
    composition = await mine(page, id)
    before = await _receipt_of(page, composition)
    if composition.ended_at or before:
        return await _ended(page, composition, before)
    written = written_in(composition)
    key = f"{composition.id}.{content_of(body_of(written)).sha256[:24]}"
    try:
        composition = await _claimed(page, composition, written, key, seen_version(form))
    except Overtaken as overtaken:
        told = {"who": page.services.messages.text("compose.review.changed"), "theirs": ""}
        return await step_page(page, overtaken.current, Step.REVIEW, status=409, conflict=told)
    outcome = await _launched(page, written, key)
    if outcome.refused:
        return await step_page(page, composition, Step.REVIEW, status=outcome.status, problem=outcome.body)
    await page.services.compositions.end(composition.id, outcome.receipt)
    # Until the engine has decided there is no consultation to show: the receipt is what there is.
    waits = outcome.status == QUEUED
    return page.after(outcome, f"/bien-nhan/{outcome.receipt}" if waits else f"/lay-y-kien/{outcome.body['id']}")


async def _claimed(page: Page, composition: Composition, written: Written, key: str, seen: int) -> Composition:
    """The form marked as being sent. Raises `Overtaken` where it is not what was reviewed, or a colleague sends it."""
    mark = f"{page.subject.account}:{key}"
    if written.sending == mark:
        return composition
    fresh = page.services.business.real(await page.services.now()) - composition.saved_at < CLAIM
    if composition.version != seen or (written.sending and fresh):
        raise Overtaken(composition)
    data = written.model_copy(update={"sending": mark}).model_dump(mode="json")
    try:
        by = page.caller.account.username
        return await page.services.compositions.save(composition.id, composition.version, data, by)
    except Overtaken as overtaken:
        # The other click of the same person claimed it in between: both send the same under one key.
        if written_in(overtaken.current).sending == mark:
            return overtaken.current
        raise


async def _launched(page: Page, written: Written, key: str) -> Outcome:
    """The launch route's answer; a second click waits for the first one's."""

    async def launch() -> JSONResponse:
        refuse_stamped(written)
        return await consultations.launch(page, LaunchBody.model_validate(body_of(written)), key, False)

    for _ in range(PAUSES):
        outcome = await page.carry_out(launch())
        if not str(outcome.body.get("type", "")).endswith(Code.KEY_IN_PROGRESS):
            return outcome
        await asyncio.sleep(PAUSE_SECONDS)
    return outcome


async def _receipt_of(page: Page, composition: Composition) -> Receipt | None:
    """The receipt of a launch this form led to although it could not be ended then."""
    who, _, key = written_in(composition).sending.partition(":")
    found = await page.services.receipts.of_key(who, key) if key else None
    return found if found and found.state != "refused" else None


async def _ended(page: Page, composition: Composition, receipt: Receipt | None) -> Response:
    """Onward to what was sent, with its receipt."""
    if receipt is None:
        return await gone(page, composition)
    if composition.ended_at is None:
        await page.services.compositions.end(composition.id, receipt.id)
    answer = Outcome(200, {"receipt": receipt.id})
    decided = receipt.state == "done"
    return page.after(answer, f"/lay-y-kien/{receipt.consultation}" if decided else f"/bien-nhan/{receipt.id}")
