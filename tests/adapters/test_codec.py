"""Payloads on their way: compressed when large, sealed when there are keys, readable again whatever was set before."""

import base64
import os
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from adapters.codec import LARGE, Codec, KeysUnusable, converter, read_keys
from domain.facts import Beginning
from domain.state import Phase
from tests.workflows.stage import MemoryRegister, Play, RealClock
from tests.worlds import at, consultation
from workflows.registry import build_worker

WORDS = "Sở Tài chính".encode()


def keys(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(base64.b64encode(os.urandom(32)) + b"\n")
    return folder


def plain(size: int = 100) -> Payload:
    return Payload(metadata={"encoding": b"json/plain"}, data=(WORDS * size)[:size])


async def test_a_large_payload_travels_compressed_and_comes_back() -> None:
    large = plain(LARGE * 4)
    [sent] = await Codec().encode([large])

    assert len(sent.data) < LARGE
    assert await Codec().decode([sent]) == [large]


async def test_a_small_payload_without_keys_stays_readable_for_operators() -> None:
    assert await Codec().encode([plain()]) == [plain()]


async def test_a_sealed_payload_shows_nothing_and_opens_with_its_key(tmp_path: Path) -> None:
    codec = Codec(read_keys(keys(tmp_path, "k1")))
    [sent] = await codec.encode([plain()])

    assert WORDS not in sent.SerializeToString()
    assert await codec.decode([sent]) == [plain()]


async def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    [old] = await Codec(read_keys(keys(tmp_path, "2026-01"))).encode([plain()])
    both = Codec({**read_keys(tmp_path), **read_keys(keys(tmp_path / "new", "2026-02"))})
    [new] = await both.encode([plain()])

    assert new.metadata["key"] == b"2026-02"
    assert await both.decode([old, new]) == [plain(), plain()]


async def test_what_was_stored_before_there_was_a_key_still_opens(tmp_path: Path) -> None:
    codec = Codec(read_keys(keys(tmp_path, "k1")))

    assert await codec.decode([plain()]) == [plain()]


async def test_a_missing_key_is_named(tmp_path: Path) -> None:
    [sealed] = await Codec(read_keys(keys(tmp_path / "a", "k1"))).encode([plain()])

    with pytest.raises(KeysUnusable, match="'k1'"):
        await Codec(read_keys(keys(tmp_path / "b", "k2"))).decode([sealed])


async def test_another_key_under_the_same_name_opens_nothing(tmp_path: Path) -> None:
    [sealed] = await Codec(read_keys(keys(tmp_path / "a", "k1"))).encode([plain()])

    with pytest.raises(KeysUnusable, match="another key"):
        await Codec(read_keys(keys(tmp_path / "b", "k1"))).decode([sealed])


@pytest.mark.parametrize("content", [b"", b"short", b"!!!", base64.b64encode(b"x" * 31)])
def test_a_file_that_is_no_key_is_named_and_not_shown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "k1").write_bytes(content)

    with pytest.raises(KeysUnusable, match="k1") as caught:
        read_keys(tmp_path)
    assert "!!!" not in str(caught.value)


def test_an_empty_folder_is_not_taken_for_no_keys(tmp_path: Path) -> None:
    with pytest.raises(KeysUnusable, match="holds no key"):
        converter(tmp_path)


async def test_a_consultation_runs_with_sealed_payloads_and_the_server_reads_none(
    time_skipping: WorkflowEnvironment, tmp_path: Path
) -> None:
    """Launch, reply and query, all sealed; no officer's name lies in history."""
    plain_client = time_skipping.client
    sealing = Client(**{**plain_client.config(), "data_converter": converter(keys(tmp_path, "k1"))})
    play = Play(sealing, RealClock(at("2026-04-22 09:00"), 1), MemoryRegister(), "sealed")
    async with build_worker(sealing, play.register, play.queue):
        await play.launch(consultation("STC"))
        await play.send(play.reply("STC"))
        assert (await play.now()).phase is Phase.SYNTHESIS
        history = await plain_client.get_workflow_handle(play.handle.id).fetch_history()
    whole = b"".join(event.SerializeToString() for event in history.events)
    assert b"binary/aes-256-gcm" in whole
    assert b"giamdoc.STC" not in whole


def test_a_beginning_holds_the_state_and_nothing_else_by_itself() -> None:
    state = consultation("STC")

    assert Beginning.of(state).state == state
    assert Beginning.model_validate_json(state.model_dump_json()).state == state
