"""Where people overruled the clarity check: the examples by which its error is known. Reads only."""

from fastapi import APIRouter

from adapters.register.queries_overrulings import overrulings
from api.front import FrontDesk
from api.policy import Action
from api.routes.common import READ, Cursor, PageSize
from api.views.base import View
from api.views.overrulings import OverrulingView, overruling

router = APIRouter(prefix="/api/v1/overrulings", tags=["Kiểm tra chính kiến"])


class OverrulingsView(View):
    """A page of examples, oldest label first."""

    items: tuple[OverrulingView, ...]
    next: str | None = None


@router.get("", responses=READ, summary="Trả lời đã có người kết luận rõ hay chưa rõ")
async def list_them(front: FrontDesk, cursor: Cursor = None, limit: PageSize = 50) -> OverrulingsView:
    """Kết luận sau cùng của người có tên, kèm lý do, bên cạnh kết quả của máy; không có trả lời mật."""
    front.require(Action.READ_OVERRULINGS)
    page = await overrulings(front.services.database, cursor, limit)
    items = [await overruling(front.services, row) for row in page.items]
    return OverrulingsView(items=tuple(items), next=page.next)
