"""For whoever runs the machine: is it alive, is it ready, what has it done."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from adapters.database import RegisterUnavailable
from adapters.register.outbox import Backlog
from api.callers import services_of
from api.services import Services
from api.views.base import View

router = APIRouter(tags=["Vận hành"])

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Health(View):
    """The process answers."""

    status: str = "ok"


class Readiness(View):
    """What the process can reach. Without the engine requests are still recorded.

    `waiting`, `set_aside`: receipts on their way to the engine, and those an administrator has to see to.
    """

    ready: bool
    database: bool
    engine: bool
    waiting: int
    set_aside: int


@router.get("/healthz", summary="Tiến trình còn sống")
async def healthz() -> Health:
    """Trả lời nghĩa là tiến trình còn sống."""
    return Health()


@router.get(
    "/readyz",
    summary="Sẵn sàng phục vụ",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "Sổ đăng ký không phục vụ được"}},
)
async def readyz(services: Annotated[Services, Depends(services_of)]) -> Response:
    """Sẵn sàng khi sổ đăng ký ghi được; khi máy quyết định ngừng, yêu cầu vẫn được ghi nhận."""
    try:
        backlog = await services.receipts.backlog()
    except RegisterUnavailable:
        backlog = Backlog(count=-1, set_aside=-1)
    there = backlog.count >= 0
    state = Readiness(
        ready=there,
        database=there,
        engine=await services.gateway.ready(),
        waiting=backlog.count,
        set_aside=backlog.set_aside,
    )
    return JSONResponse(state.model_dump(), status_code=200 if state.ready else 503)


@router.get("/metrics", summary="Số đếm dạng Prometheus", response_class=PlainTextResponse)
async def metrics(services: Annotated[Services, Depends(services_of)]) -> PlainTextResponse:
    """Số đếm của tiến trình này."""
    return PlainTextResponse(services.metrics.text(), media_type=TEXT)
