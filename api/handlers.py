"""Every way in which a request can fail, turned into a problem document. A fault of ours is logged, nothing is told."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from adapters.database import RegisterUnavailable
from api.errors import FieldProblem, Problem, answer, of_refused
from api.middleware import is_form
from api.services import Services
from domain.messages import Messages
from domain.refusals import Code, Refused

log = structlog.get_logger()

Pages = Callable[[Request, Problem, Services], Awaitable[Response | None]]
BY_STATUS = {
    400: Code.BODY_INVALID,
    401: Code.UNAUTHENTICATED,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.TOO_LARGE,
    429: Code.TOO_MANY_REQUESTS,
    503: Code.UNAVAILABLE,
}
# Pydantic's error types, by the key of their sentence under `api.fields`.
FIELDS = {
    "missing": "missing",
    "extra_forbidden": "extra_forbidden",
    "string_type": "text",
    "string_too_long": "text_too_long",
    "string_too_short": "blank",
    "string_unicode": "text_invalid",
    "string_pattern_mismatch": "pattern",
    "literal_error": "choice",
    "enum": "choice",
    "int_type": "number",
    "int_parsing": "number",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "bool_type": "true_false",
    "list_type": "list",
    "too_long": "too_many",
    "too_short": "too_few",
    "model_type": "object",
    "model_attributes_type": "object",
    "dict_type": "object",
    "timezone_aware": "instant",
    "json_invalid": "json",
}
FAMILIES = {"datetime_": "instant", "date_": "day", "time_": "clock"}
BOUNDS = ("max_length", "min_length", "ge", "le")
MOST_SHOWN = 50


def install(app: FastAPI, pages: Pages | None = None) -> None:
    """Register the handlers. `pages` answers where a person's browser asks for a page; None leaves it to JSON."""
    app.state.problem_pages = pages
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RegisterUnavailable, _unavailable)
    app.add_exception_handler(Exception, _fault)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def _answer(request: Request, problem: Problem) -> Response:
    """The problem in the caller's form: a page for a person, a document for a client."""
    pages: Pages | None = request.app.state.problem_pages
    page = await pages(request, problem, _services(request)) if pages else None
    return page or answer(problem, _services(request))


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - Starlette's types do not say so
    return await _answer(request, error)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101
    return await _answer(request, refusal(error, _services(request).messages))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return await _answer(request, invalid_body(error.errors(), _services(request).messages))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    services = _services(request)
    code = BY_STATUS.get(error.status_code, Code.BODY_INVALID)
    problem = Problem(code, status=error.status_code, headers=dict(error.headers or {}))
    if code is Code.BODY_INVALID:
        field = FieldProblem(field="body", message=services.messages.text("api.fields.json"))
        problem.members["errors"] = [field.model_dump()]
    if code is Code.TOO_LARGE:
        problem = too_large(services, "file" if is_form(request.headers) else "json")
    return await _answer(request, problem)


async def _unavailable(request: Request, error: Exception) -> Response:
    log.error("register unavailable", error=str(error))
    return await _answer(request, Problem(Code.UNAVAILABLE, headers={"Retry-After": "5"}))


async def _fault(request: Request, error: Exception) -> Response:
    log.exception("fault", path=request.url.path, method=request.method, exc_info=error)
    return await _answer(request, Problem(Code.INTERNAL_ERROR))


def refusal(refused: Refused, messages: Messages) -> Problem:
    """The problem of a refusal; one about a field names it."""
    if refused.code is Code.BODY_INVALID:
        return field_problem(refused.params.get("field", ""), messages)
    return of_refused(refused)


def invalid_body(details: Sequence[Any], messages: Messages) -> Problem:
    """The problem of a body that cannot be, each wrong member with its sentence; `details`: pydantic's errors."""
    found = [_field(one, messages) for one in details[:MOST_SHOWN]]
    malformed = any(one["type"] == "json_invalid" for one in details)
    named = "; ".join(f.field for f in found[:5])
    errors = [f.model_dump() for f in found]
    return Problem(
        Code.BODY_INVALID, params={"field": named}, status=400 if malformed else 422, members={"errors": errors}
    )


def too_large(services: Services, what: str) -> Problem:
    """The 413 problem; `what` names the limit under `api.bytes`."""
    return Problem(Code.TOO_LARGE, params={"limit_bytes": services.messages.text(f"api.bytes.{what}")})


def field_problem(field: str, messages: Messages) -> Problem:
    """A 422 about one field that only the whole request shows to be wrong."""
    errors = [FieldProblem(field=field, message=messages.text("api.fields.other")).model_dump()]
    return Problem(Code.BODY_INVALID, params={"field": field}, members={"errors": errors})


def _field(details: dict[str, Any], messages: Messages) -> FieldProblem:
    context = details.get("ctx") or {}
    bound = next((str(context[name]) for name in BOUNDS if name in context), "")
    choices = str(context.get("expected", ""))
    text = messages.text(f"api.fields.{_key(details, messages)}", bound=bound, choices=choices)
    return FieldProblem(field=_place(details["loc"]), message=text)


def _key(details: dict[str, Any], messages: Messages) -> str:
    kind = details["type"]
    if kind == "value_error":
        # The validators of the bodies name the sentence's key.
        named = str((details.get("ctx") or {}).get("error", ""))
        return named if messages.has(f"api.fields.{named}") else "other"
    family = next((key for prefix, key in FAMILIES.items() if kind.startswith(prefix)), "other")
    return FIELDS.get(kind, family)


def _place(location: tuple[Any, ...]) -> str:
    """`asks[0].agency` for a member of the body, `query.limit` for a parameter."""
    first, *rest = location
    named = rest if first == "body" else list(location)
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in named).lstrip(".")
    # A member's name may be anything, a lone surrogate included, which no answer could carry.
    return (text[:200] or str(first)).encode("utf-8", "replace").decode()
