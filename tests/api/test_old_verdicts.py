"""Old verdicts through HTTP: a reply shows the findings of the day it was judged, whatever the lexicon says today."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.database import connect
from api.app import create_app
from api.services import Services
from domain.clarity import Instrument, Lexicon
from tests.api.conftest import http_to
from tests.api.world import JSON, World

EVASIVE = "Đề nghị thực hiện theo quy định."


def changed(instrument: Instrument, phrase: str) -> Instrument:
    """The instrument after somebody replaced the list of platitudes."""
    lexicon = Lexicon.model_validate({**instrument.lexicon.model_dump(), "platitude": (phrase,)})
    return Instrument(lexicon=lexicon, learned=instrument.learned)


def restarted(services: Services, instrument: Instrument) -> Services:
    """The same register and engine behind services that know nothing yet and judge by another instrument."""
    return replace(services, instrument=instrument)


async def replies(world: World, services: Services, id: str, agency: str = "STC") -> list[JSON]:
    """The agency's replies as those services show them to the lead."""
    async with http_to(services) as http:
        other = World(services, http)
        other._tokens = world._tokens
        view = await other.get("cv.sgddt", f"/consultations/{id}")
        found: list[JSON] = next(a for a in view["asks"] if a["agency"] == agency)["replies"]
        return found


@pytest.mark.clause("H33")
async def test_an_old_reply_still_shows_its_old_findings_after_the_lexicon_changed(world: World) -> None:
    id = await world.launch()
    shown = (await world.reply(id, "STC", text=EVASIVE))["ask"]["reply"]
    [finding] = shown["findings"]
    assert (finding["fault"], finding["weight"]) == ("generic", 1.0)

    second = restarted(world.services, changed(world.services.instrument, "câu sáo của ngày hôm sau"))
    assert second.instrument.version != shown["verdict"]["version"]
    [again] = await replies(world, second, id)
    assert again == shown
    assert again["findings_lost"] is None


async def test_findings_that_cannot_be_had_again_are_said_to_be_lost(world: World) -> None:
    services = restarted(world.services, changed(world.services.instrument, "thực hiện theo quy định"))
    services.instruments._kept[services.instrument.version] = None
    id = await world.launch()
    async with http_to(services) as http:
        there = World(services, http)
        there._tokens = world._tokens
        told = (await there.reply(id, "STC", text=EVASIVE))["ask"]["reply"]
    assert told["findings"]

    [reply] = await replies(world, world.services, id)
    assert (reply["findings"], reply["findings_lost"]) == ([], "unknown")
    assert reply["verdict"]["version"] in reply["findings_note"]
    assert world.services.messages.text("faults.generic") in reply["findings_note"]


async def test_a_verdict_that_comes_out_otherwise_today_is_not_passed_off_as_the_old_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await world.launch()
    await world.reply(id, "STC", text=EVASIVE)

    def otherwise(_reply: Any, instrument: Instrument) -> Any:
        return type("Nothing", (), {"findings": ()})

    monkeypatch.setattr("api.views.asks.assess", otherwise)
    [reply] = await replies(world, world.services, id)
    assert (reply["findings"], reply["findings_lost"]) == ([], "differs")
    assert reply["findings_note"]


async def kept(world: World) -> list[str]:
    """The versions in the register."""
    return [one.version for one in await world.services.instruments.versions()]


async def test_the_instrument_is_kept_when_the_application_starts(world: World) -> None:
    settings = world.services.settings.model_copy(update={"relay": "apart"})
    instrument = changed(world.services.instrument, "câu sáo lúc khởi động")
    # The application closes its database when it ends, so that it gets one of its own.
    own = connect(settings.database_url.get_secret_value())
    app = create_app(settings, replace(world.services, settings=settings, instrument=instrument, database=own))
    assert instrument.version not in await kept(world)

    async with app.router.lifespan_context(app):
        assert instrument.version in await kept(world)


async def test_the_instrument_is_kept_before_it_judges_a_reply(world: World) -> None:
    judging = restarted(world.services, changed(world.services.instrument, "câu sáo lúc trả lời"))
    id = await world.launch()
    async with http_to(judging) as http:
        there = World(judging, http)
        there._tokens = world._tokens
        await there.reply(id, "SNV")

    assert judging.instrument.version in await kept(world)


async def test_a_reply_is_taken_in_even_where_its_instrument_cannot_be_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("no such table")

    monkeypatch.setattr(world.services.instruments, "keep", broken)
    id = await world.launch()
    assert (await world.reply(id, "STC"))["decision"]["stage"] == "settled"
