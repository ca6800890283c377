"""Whatever is put to the two instruments over HTTP, the answer is a judgement or a problem document, and comes soon."""

import json
from typing import Any

import pytest

from tests.api.world import World, problem
from tests.domain.naughty import MONSTERS, UNREADABLE

JSON_TYPE = {"Content-Type": "application/json"}
# What a body may hold at most.
LONGEST = 64_000
PATHS = ("/assessments", "/relevance")
RAW = (
    b'{"text": "\\ud800", "subject": "x", "position": "agree"}',
    b'{"text": "a\\u0000b", "subject": "x", "position": "agree"}',
    b'{"text": "x", "subject": "\\udfff", "position": "agree"}',
    b'{"text": "\xff\xfe", "subject": "x", "position": "agree"}',
    b'{"text": "\xa7\xd2 ngh\xde", "subject": "x", "position": "agree"}',
    b'{"text": 1e999, "subject": "x", "position": "agree"}',
    b"[" * 5_000 + b"]" * 5_000,
    b"",
    b"null",
)


def body(path: str, text: str, subject: str = "Đề án sắp xếp trường, lớp") -> dict[str, Any]:
    """The smallest body that carries the text."""
    given: dict[str, Any] = {"subject": subject, "text": text}
    return given if path == "/relevance" else {**given, "position": "agree", "questions": ["Có bao nhiêu?"]}


async def answered(world: World, path: str, given: dict[str, Any]) -> int:
    """The status, after the answer was looked at: a judgement, or a problem with its sentences."""
    raw = json.dumps(given).encode()
    response = await world.call("gd.stc", "POST", path, content=raw, headers=JSON_TYPE)
    if response.status_code == 200:
        said = response.json()
        assert "suggestions" in said if path == "/relevance" else said["clear"] is (said["findings"] == [])
    else:
        assert 400 <= response.status_code < 500, response.text
        problem(response, response.status_code, response.json()["type"].rpartition(":")[2])
    return response.status_code


@pytest.mark.parametrize("name", MONSTERS)
async def test_a_monster_is_refused_or_judged_never_a_fault_of_ours(world: World, name: str) -> None:
    # Marks without end cost more than their number; this many are what a body can hold many times over.
    text = MONSTERS[name][: 4_000 if "marks" in name else None]
    for path in PATHS:
        await answered(world, path, body(path, text[:LONGEST]))
        if len(text) > LONGEST:
            assert await answered(world, path, body(path, text[: 2 * LONGEST])) in (413, 422)


async def test_a_text_of_ten_megabytes_is_refused_before_it_is_read(world: World) -> None:
    for path in PATHS:
        assert await answered(world, path, body(path, MONSTERS["ten megabytes"])) == 413


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_nobody_can_read_is_told_so_and_relates_nobody_by_accident(world: World, name: str) -> None:
    text, _ = UNREADABLE[name]
    for path in PATHS:
        status = await answered(world, path, body(path, text))
        # Control characters are refused at the door, and a wrong encoding may yield some; everything else is judged.
        assert status == (422 if name in ("control characters", "UTF-8 as Latin-1") else 200)


async def test_a_text_in_a_wrong_font_is_explained_with_a_quote_and_a_way_to_mend_it(world: World) -> None:
    text, _ = UNREADABLE["TCVN3"]
    response = await world.call("gd.stc", "POST", "/assessments", json=body("/assessments", text))
    said = response.json()
    assert not said["clear"]
    finding = said["findings"][0]
    assert finding["fault"] == "generic"
    assert text[finding["start"] : finding["end"]] == finding["quote"] == text
    assert "TCVN3" in finding["explanation"]
    assert "Unicode" in finding["suggestion"]


@pytest.mark.parametrize("raw", RAW, ids=range(len(RAW)))
async def test_a_body_that_is_no_text_is_a_problem_of_the_caller(world: World, raw: bytes) -> None:
    for path in PATHS:
        response = await world.call("gd.stc", "POST", path, content=raw, headers=JSON_TYPE)
        assert response.status_code in (400, 422), response.text
        problem(response, response.status_code, "body_invalid")


async def test_strange_texts_in_every_field_are_judged_or_refused(world: World) -> None:
    for text, _ in UNREADABLE.values():
        given = body("/assessments", text, subject=text[:400])
        given |= {"agency": text[:400], "questions": [text], "reason": text, "pointer": text[:400]}
        given |= {"amendments": [{"where": text, "what": text, "why": text}]}
        assert await answered(world, "/assessments", given) in (200, 422)
        assert await answered(world, "/relevance", body("/relevance", text, subject=text[:400])) in (200, 422)
