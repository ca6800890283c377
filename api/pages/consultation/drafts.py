"""A draft's file from a page: the interface's own download, as an attachment that can run nothing."""

from fastapi import APIRouter, Response

from api.pages.page import SignedInPage
from api.routes import drafts
from api.routes.common import PlainId

router = APIRouter()


@router.get("/du-thao/{file}")
async def download(page: SignedInPage, file: PlainId) -> Response:
    """The file, for whoever may read the draft."""
    answer = await drafts.download(page, file)
    answer.headers["x-content-type-options"] = "nosniff"
    return answer
