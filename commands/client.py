"""`ykien login`, `get`, `post`, `upload`: a consultation followed from the shell, through the HTTP API everyone uses.

Sessions are kept in one file of the user's own (mode 0600), a token for each account that signed in. No rules here.
"""

import json
import mimetypes
import sys
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import httpx
import typer

from commands.asking import known_password
from commands.options import AsJson, Username
from commands.output import give_json, note, refuse, tell
from commands.sessions import DEFAULT_URL, Session, remember, session
from commands.texts import say

PREFIX = "/api/v1/"
PATIENCE = httpx.Timeout(60, connect=5)

Url = Annotated[str | None, typer.Option("--url", envvar="YKIEN_URL", metavar="ĐỊA_CHỈ", help=say("help.url"))]
AsUser = Annotated[str | None, typer.Option("--as", metavar="TÀI_KHOẢN", help=say("help.as_user"))]
Address = Annotated[str, typer.Argument(metavar="ĐỊA_CHỈ", help=say("help.path"))]

# Accepted so that every verb knows it; what the API answers is JSON anyway.
AlwaysJson = Annotated[bool, typer.Option("--json", help=say("help.json_anyway"), show_default=False)]


def login(username: Username, url: Url = None, as_json: AsJson = False) -> None:
    """Sign in and remember the token for `get`, `post` and `upload`."""
    base = (url or DEFAULT_URL).rstrip("/")
    form = {"username": username, "password": known_password()}
    answer = _send(Session(url=base, username=username, token=""), "POST", "auth/token", data=form)
    remember(Session(url=base, username=username, token=str(answer["access_token"])))
    if as_json:
        give_json({"username": username, "url": base})
    else:
        tell(say("client.logged_in", username=username, url=base))


def get(path: Address, url: Url = None, as_user: AsUser = None, _json: AlwaysJson = True) -> None:
    """Print what the API answers."""
    give_json(_send(session(as_user, url), "GET", path))


def post(
    path: Address,
    file: Annotated[str | None, typer.Argument(metavar="TỆP", help=say("help.post_file"), show_default=False)] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="KHÓA", help=say("help.key"))] = None,
    url: Url = None,
    as_user: AsUser = None,
    _json: AlwaysJson = True,
) -> None:
    """Send a JSON file and print the answer; the same key sends the same act only once."""
    headers = {"Idempotency-Key": key or uuid4().hex, "Content-Type": "application/json"}
    answer = _send(session(as_user, url), "POST", path, content=_body(file), headers=headers)
    give_json(answer)
    if isinstance(answer, dict) and answer.get("state") == "pending":
        note(say("client.pending", receipt=answer.get("receipt")))


def upload(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help=say("help.upload_file"))],
    consultation: Annotated[
        str | None, typer.Option("--consultation", metavar="MÃ", help=say("help.upload_consultation"))
    ] = None,
    url: Url = None,
    as_user: AsUser = None,
    _json: AlwaysJson = True,
) -> None:
    """Upload a draft and print its id and hash."""
    try:
        data = file.read_bytes()
    except OSError:
        refuse(say("lines.no_file", file=file))
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    form = {"consultation": consultation} if consultation else {}
    headers = {"Idempotency-Key": uuid4().hex}
    files = {"file": (file.name, data, media_type)}
    give_json(_send(session(as_user, url), "POST", "drafts", data=form, files=files, headers=headers))


def _body(file: str | None) -> bytes:
    """The file's JSON as it is, checked here so that a slip of the pen is told with its line."""
    if file is None:
        return b"{}"
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError:
        refuse(say("lines.no_file", file=file))
    try:
        json.loads(data)
    except ValueError as error:
        refuse(say("client.not_json", file=file, why=error))
    return data


def _send(who: Session, method: str, path: str, **content: Any) -> Any:
    """One request; the answer's JSON. A problem document is told in its own words, with exit code 1."""
    address = path if path.startswith("/") else PREFIX + path
    headers = {**content.pop("headers", {}), **({"Authorization": f"Bearer {who.token}"} if who.token else {})}
    # This machine is reached directly even where a proxy is set for the world outside.
    outside = httpx.URL(who.url).host not in ("127.0.0.1", "localhost", "::1")
    try:
        with httpx.Client(base_url=who.url, timeout=PATIENCE, trust_env=outside) as http:
            response = http.request(method, address, headers=headers, **content)
    except (httpx.TransportError, httpx.InvalidURL):
        refuse(say("client.unreachable", url=who.url), say("client.unreachable_way_out"))
    return _read(who, response)


def _read(who: Session, response: httpx.Response) -> Any:
    try:
        answer = response.json() if response.content else {}
    except ValueError:
        refuse(say("client.not_ours", url=who.url, status=response.status_code))
    if response.is_success:
        return answer
    if not (isinstance(answer, dict) and "title" in answer):
        refuse(say("client.not_ours", url=who.url, status=response.status_code))
    _tell_problem(answer)
    raise typer.Exit(1)


def _tell_problem(problem: dict[str, Any]) -> None:
    note(say("client.problem", title=problem["title"], detail=problem.get("detail", "")))
    for error in problem.get("errors") or ():
        note(say("client.field", field=error.get("field", ""), message=error.get("message", "")))
    if problem.get("way_out"):
        note(problem["way_out"])
    if problem.get("receipt"):
        note(say("client.recorded", receipt=problem["receipt"]))
    note(say("problem.code", code=str(problem.get("type", "")).rpartition(":")[2]))
