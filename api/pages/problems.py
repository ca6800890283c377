"""Error pages: what happened, when, whether anything was recorded, and what to do; and the way to sign in.

A browser that asks for a page gets one; a client of the JSON interface keeps its problem document.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.errors import Problem, document
from api.pages.page import SignInNeeded, show_anybody, visitor_of
from api.pages.signing import ask_to_sign_in
from api.services import Services
from domain.refusals import Code

NOT_PAGES = ("/api/", "/static/", "/healthz", "/readyz", "/metrics", "/openapi.json")


def wants_page(request: Request) -> bool:
    """Whether a person's browser asks, and not for a part of the interface."""
    html = "text/html" in request.headers.get("accept", "")
    return (html or from_script(request)) and not request.url.path.startswith(NOT_PAGES)


def from_script(request: Request) -> bool:
    """Whether a page's own script asks, for a part of a page."""
    return "hx-request" in request.headers or request.headers.get("x-requested-with") == "ykien"


async def problem_page(request: Request, problem: Problem, services: Services) -> Response | None:
    """The error page of the problem; None where no person asks."""
    if not wants_page(request):
        return None
    told = document(problem, services)
    if problem.status == 405 and request.method == "GET":
        # A refused form was shown under its own address; whoever loads that again wants the page the form is on.
        return RedirectResponse(request.url.path.rstrip("/").rpartition("/")[0] or "/", status_code=303)
    if from_script(request):
        return JSONResponse(told, status_code=problem.status, headers=problem.headers)
    try:
        page = await visitor_of(request, services) if request.method == "GET" else None
        answer: Response = await show_anybody(request, services, page, "problem.html", problem.status, problem=told)
    except Exception:
        # The register may be what is out of order: then the frame without anybody's name must do.
        answer = _bare(told)
    answer.headers.update(problem.headers)
    return answer


def _bare(told: Mapping[str, Any]) -> Response:
    said = "".join(f"<p>{escape(str(told[key]))}</p>" for key in ("title", "detail", "way_out") if told.get(key))
    page = f'<!doctype html><html lang="vi"><meta charset="utf-8">{said}</html>'
    return Response(page, told["status"], media_type="text/html")


async def sign_in_needed(request: Request, error: Exception) -> Response:
    """Send whoever is not signed in to the sign-in page, with what was typed; a script is told in its own way."""
    services: Services = request.app.state.services
    assert isinstance(error, SignInNeeded)  # noqa: S101 - Starlette's types do not say so
    if from_script(request):
        return JSONResponse(document(Problem(Code.UNAUTHENTICATED), services), status_code=401)
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return await ask_to_sign_in(request, services, request.url.path + query)
    carried = {"path": request.url.path, **error.carried}
    told = document(Problem(Code.UNAUTHENTICATED), services)
    return await ask_to_sign_in(request, services, "/", carried=carried, problem=told, status=401)
