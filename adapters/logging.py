"""Log lines: structlog and every library's own records come out of one formatter, JSON for machines, text for people.

Call sites give a constant short event ("receipt recorded") and put what varies in fields. Bodies, texts and secrets
are never logged: fields with such names are withheld and long values are cut, whoever logged them.
"""

import logging
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Fields that could carry an agency's words, a person's data or a secret.
WITHHELD = frozenset(
    (
        *("body", "text", "content", "draft_text", "reply_text", "remark_text", "form", "payload"),
        *("password", "secret", "token", "access_token", "authorization", "cookie", "set_cookie", "secret_key"),
    )
)
# Libraries that tell of every request or statement at INFO.
TALKATIVE = ("httpx", "httpcore", "aiosqlite", "asyncio", "multipart", "python_multipart")
LONGEST = 400
LONGEST_TRACE = 8000


def withhold(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace what must not be logged, cut what is too long, and keep one record on one line."""
    return {name: _fit(name, value) for name, value in event.items()}


def _fit(name: str, value: Any) -> Any:
    if name.lower() in WITHHELD:
        return "[withheld]"
    if isinstance(value, Mapping) and not name.startswith("_"):
        return {str(key): _fit(str(key), part) for key, part in value.items()}
    if not isinstance(value, str):
        return value
    return _cut(value, LONGEST_TRACE) if name == "exception" else _cut(_one_line(value), LONGEST)


def _one_line(value: str) -> str:
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in value)


def _cut(value: str, longest: int) -> str:
    return value if len(value) <= longest else f"{value[:longest]}… ({len(value)} characters)"


def _shared() -> list[Processor]:
    """What happens to every record, ours or a library's, before it is rendered."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def formatter(*, as_json: bool) -> structlog.stdlib.ProcessorFormatter:
    """The one formatter: give it to any stdlib handler."""
    render: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            withhold,
            render,
        ],
    )


def configure_logging(level: str = "INFO", log_format: str = "auto", stream: TextIO | None = None) -> None:
    """Send all of this process's records to `stream` (standard error). May be called again; the last call counts.

    `log_format`: "json", "console", or "auto" (console on a terminal, JSON elsewhere).
    """
    out = stream or sys.stderr
    as_json = log_format == "json" or (log_format == "auto" and not out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter(as_json=as_json))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
