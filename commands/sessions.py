"""Who is signed in where, for the client verbs: one small file of the user's own. It sends nothing."""

import json
import os
from pathlib import Path
from typing import Any

import typer

from commands.output import refuse
from commands.texts import say
from domain.base import Frozen

DEFAULT_URL = "http://127.0.0.1:8000"


class Session(Frozen):
    """One signed-in account at one server."""

    url: str
    username: str
    token: str


def remember(fresh: Session) -> None:
    """Keep the session and make it the current one."""
    kept = [one for one in _kept() if one["username"] != fresh.username or one["url"] != fresh.url]
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump([*kept, fresh.model_dump()], file, indent=2)
    beside.replace(path)


def session(username: str | None, url: str | None) -> Session:
    """The session of that account, at that server; without them the last one. Refuses where there is none."""
    wanted = (url or "").rstrip("/")
    for one in reversed([Session.model_validate(kept) for kept in _kept()]):
        if username in (None, one.username) and wanted in ("", one.url):
            return one
    sentence = say("client.no_session_of", username=username) if username else say("client.no_session")
    refuse(sentence, say("client.no_session_way_out"))


def _kept() -> list[dict[str, Any]]:
    """The sessions, oldest first; a file nobody can read counts as none."""
    try:
        kept = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return kept if isinstance(kept, list) else []


def _file() -> Path:
    given = os.environ.get("YKIEN_SESSIONS")
    return Path(given) if given else Path(typer.get_app_dir("ykien")) / "sessions.json"
