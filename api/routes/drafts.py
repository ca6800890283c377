"""Uploading a draft and reading it back."""

import hashlib
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import JSONResponse

from adapters.register.contents import content, content_of
from adapters.register.files import FileRow
from adapters.register.queries_consultations import consultations_of_file
from api.drafts import checked, clean_name, uploader_agency
from api.errors import Problem
from api.front import Front, FrontDesk, Key
from api.handlers import too_large
from api.middleware import FILE_LIMIT
from api.policy import Action, Resource, decide
from api.routes.common import READ, PlainId, problems
from api.views.base import View
from domain.refusals import Code

router = APIRouter(prefix="/api/v1/drafts", tags=["Dự thảo"])

FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


class DraftView(View):
    """An uploaded draft; its hash is what a reply is bound to."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    version: int


@router.post(
    "",
    status_code=201,
    response_model=DraftView,
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
    summary="Tải lên dự thảo",
)
async def upload(
    front: FrontDesk,
    file: Annotated[UploadFile, File(description="pdf, docx, xlsx, odt, jpg, png hoặc txt, tối đa 25 MB")],
    consultation: Annotated[str | None, Form(pattern=r"^[A-Za-z0-9_-]{1,80}$")] = None,
    key: Key = None,
) -> JSONResponse:
    """Cùng nội dung, cùng tên thì là cùng phiên bản. Tệp mang dấu mật bị từ chối và không được lưu."""
    front.require(Action.UPLOAD_DRAFT)
    if consultation:
        await front.find(consultation, Action.REDRAFT)
    data = await file.read(FILE_LIMIT + 1)
    if len(data) > FILE_LIMIT:
        raise too_large(front.services, "file")
    name = clean_name(file.filename)
    media_type = checked(name, data)
    words = content_of({"kind": "draft", "name": name, "sha256": hashlib.sha256(data).hexdigest()})
    first = await front.stamp_once("draft", key, words, consultation or "")
    if first and first.answer is not None:
        return JSONResponse(first.answer, status_code=first.status or 201)
    row = await front.services.files.save(name, media_type, data, front.subject.account, consultation)
    view = DraftView(**{n: getattr(row, n) for n in DraftView.model_fields}).model_dump(mode="json")
    if first:
        await front.services.receipts.answer(first.id, 201, view, "done")
    return JSONResponse(view, status_code=201)


@router.get("/{id}/file", responses={**READ, 200: FILE}, response_class=Response, summary="Tệp dự thảo")
async def download(front: FrontDesk, id: PlainId) -> Response:
    """Trả tệp đính kèm, không mở trong trang."""
    row = await front.services.files.file(id)
    if row is None or not await _may_read(front, row):
        raise Problem(Code.NOT_FOUND)
    found = await content(front.services.database, row.sha256)
    if found is None:
        raise Problem(Code.NOT_FOUND)
    headers = {
        "Content-Disposition": f"attachment; filename=\"du-thao\"; filename*=UTF-8''{quote(row.name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(found.data, media_type=row.media_type, headers=headers)


async def _may_read(front: Front, row: FileRow) -> bool:
    """The uploader's agency, and whoever may read the draft of a consultation it belongs to."""
    owner = await uploader_agency(front, row.uploaded_by)
    if decide(front.subject, Action.READ_DRAFT, Resource(owner=owner)).allowed:
        return True
    for id in await consultations_of_file(front.services.database, row.id):
        if await front.may(id, Action.READ_DRAFT):
            return True
    return False
