"""Log lines: one form for our records and the libraries', no bodies, no secrets, one record a line."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from adapters.logging import configure_logging


class Lines:
    """What was logged, line by line."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def all(self) -> list[str]:
        return self.stream.getvalue().splitlines()

    def last(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.all()[-1])
        return parsed


@pytest.fixture
def lines() -> Iterator[Lines]:
    """JSON lines of this test; the root logger is given back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []  # pytest's own must not be closed by the new configuration
    caught = Lines()
    configure_logging("INFO", "json", caught.stream)
    yield caught
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_our_records_and_a_librarys_have_one_form(lines: Lines) -> None:
    structlog.contextvars.bind_contextvars(request="r1")
    structlog.stdlib.get_logger("adapters.mail").info("notice sent", ask="a1")
    logging.getLogger("uvicorn.error").info("Started on %s", 8000, extra={"ask": "a1"})

    ours, theirs = (json.loads(line) for line in lines.all())

    assert sorted(ours) == sorted(theirs) == ["ask", "event", "level", "logger", "request", "timestamp"]
    assert (ours["event"], theirs["event"]) == ("notice sent", "Started on 8000")


def test_words_and_secrets_are_withheld_at_any_depth(lines: Lines) -> None:
    log = structlog.stdlib.get_logger("api")
    log.info("reply received", text="Sở không nhất trí", password="mk", headers={"Authorization": "Bearer x"})
    logging.getLogger("library").warning("posted", extra={"body": "Sở không nhất trí"})

    said = "\n".join(lines.all())

    assert "không nhất trí" not in said
    assert "Bearer" not in said
    assert said.count("[withheld]") == 4


def test_a_long_value_is_cut_and_says_how_long_it_was(lines: Lines) -> None:
    structlog.stdlib.get_logger("api").info("parsed", title="đ" * 5000)

    assert lines.last()["title"].endswith("… (5000 characters)")
    assert len(lines.last()["title"]) < 500


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_forged_line_stays_inside_its_record(lines: Lines, log_format: str) -> None:
    configure_logging("INFO", log_format, lines.stream)
    structlog.stdlib.get_logger("api").info("login refused", user="an\n2026-01-01 [info] login accepted\u2028x\x1b[2J")
    logging.getLogger("library").info("said %s", "a\r\nb")

    assert len(lines.stream.getvalue().splitlines()) == 2
    assert "\x1b" not in lines.stream.getvalue()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_failure_keeps_its_traceback(lines: Lines, log_format: str) -> None:
    configure_logging("INFO", log_format, lines.stream)
    try:
        raise RuntimeError("register unreachable")
    except RuntimeError:
        structlog.stdlib.get_logger("worker").exception("record failed", batch=3)

    assert "RuntimeError: register unreachable" in lines.stream.getvalue()
    assert "test_a_failure_keeps_its_traceback" in lines.stream.getvalue()


def test_less_than_the_level_is_not_written_and_talkative_libraries_are_quiet(lines: Lines) -> None:
    structlog.stdlib.get_logger("api").debug("details")
    logging.getLogger("httpx").info("HTTP Request: GET …")

    assert lines.all() == []


def test_warnings_become_records(lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("soon gone", FutureWarning, stacklevel=1)

    assert lines.last()["logger"] == "py.warnings"
    assert lines.last()["level"] == "warning"


def test_vietnamese_stays_readable(lines: Lines) -> None:
    structlog.stdlib.get_logger("api").info("agency", name="Sở Nông nghiệp và Môi trường")

    assert "Sở Nông nghiệp và Môi trường" in lines.all()[-1]
