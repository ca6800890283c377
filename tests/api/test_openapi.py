"""The description of the interface: complete, with Vietnamese examples, and kept by the application under fuzzing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bench.rig import free_port
from tests.api.world import World

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)

EXAMPLES = 4
CONTRACT = {
    "post": (
        "/auth/token",
        "/deadlines",
        "/relevance",
        "/assessments",
        "/drafts",
        "/consultations",
        "/consultations/{id}/withdrawal",
        "/consultations/{id}/redraft",
        "/consultations/{id}/closure",
        "/consultations/{id}/asks/{agency}/receipt",
        "/consultations/{id}/asks/{agency}/assignment",
        "/consultations/{id}/asks/{agency}/reply",
        "/consultations/{id}/asks/{agency}/interim",
        "/consultations/{id}/asks/{agency}/extension",
        "/consultations/{id}/asks/{agency}/incomplete",
        "/consultations/{id}/asks/{agency}/ruling",
        "/consultations/{id}/remarks/{remark}/answer",
        "/escalations/{id}/decision",
    ),
    "get": (
        "/me",
        "/agencies",
        "/functions",
        "/leaders",
        "/rule-sets",
        "/calendar",
        "/consultations",
        "/consultations/{id}",
        "/consultations/{id}/timeline",
        "/consultations/{id}/ledger",
        "/escalations",
        "/receipts/{id}",
    ),
}


async def description(world: World) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = (await world.http.get("/openapi.json")).json()
    return found


async def test_every_path_of_the_contract_is_described(world: World) -> None:
    api = await description(world)
    assert api["openapi"].startswith("3.1")
    for method, paths in CONTRACT.items():
        for path in paths:
            assert method in api["paths"][f"/api/v1{path}"], (method, path)


async def test_every_operation_is_named_in_vietnamese_and_tells_its_problems(world: World) -> None:
    api = await description(world)
    for path, operations in api["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            if path.startswith("/api/v1") and path != "/api/v1/auth/token":
                assert {"401", "403", "422"} <= set(operation["responses"]), (method, path)
            refused = [r for code, r in operation["responses"].items() if code[0] == "4"]
            assert all("application/problem+json" in r["content"] for r in refused), (method, path)
    assert "ProblemDocument" in api["components"]["schemas"]


async def test_every_json_body_has_an_example(world: World) -> None:
    schemas = (await description(world))["components"]["schemas"]
    whole = [name for name in schemas if name.endswith("Body") and name not in PARTS_OF_BODIES]
    assert len(whole) > 15
    assert [name for name in whole if not schemas[name].get("examples")] == []


PARTS_OF_BODIES = (
    *("PartBody", "QuestionBody", "AskBody", "OverrideBody", "ParentTaskBody", "AnswerBody", "AmendmentBody"),
    *("PointerBody", "PaperBody", "LimitBody", "RerouteBody", "UrgedItemBody"),
)


@pytest.fixture
async def served(world: World) -> AsyncIterator[str]:
    """The application behind a real HTTP server on this loop, without its relays; its address."""
    app = world.http._transport.app  # type: ignore[attr-defined]
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await running


@pytest.mark.parametrize("user", ["gd.stc", "gd.sgddt"])
async def test_fuzzed_requests_meet_no_fault_and_answers_keep_their_description(
    world: World, served: str, user: str
) -> None:
    """Schemathesis over every operation, a few examples each, as somebody asked and as somebody who leads."""
    schema = schemathesis.openapi.from_dict(await description(world))
    headers = await world.headers(user)

    def fuzz() -> None:
        for result in schema.get_all_operations():
            operation = result.ok()
            if operation.path not in UNFUZZED:
                _fuzz(operation, served, headers)

    await asyncio.to_thread(fuzz)


# Signing in with what comes to mind only fills the limit of attempts; signing out would end the run.
UNFUZZED = ("/api/v1/auth/token", "/api/v1/auth/revocation")


def _fuzz(operation: Any, address: str, headers: dict[str, str]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: schemathesis.Case) -> None:
        response = case.call(base_url=address, headers=headers)
        case.validate_response(response, checks=[*CHECKS])

    run()
