"""The documents keep up with the code: every code, fact, route, setting and term stands there, and every link leads on.

What a page lists and the code does not know is an error too, so that nobody reads about what is gone.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from adapters.settings import PREFIX, Settings
from api.errors import STATUS
from api.pages import pages_router
from api.policy import Role
from domain.clarity.model import Fault, Position
from domain.deadline import DayReason, Unit
from domain.decide.leading import ACTIONS
from domain.decide.ruling import RULINGS
from domain.gate_pointer import PointerGround
from domain.refusals import Code
from domain.state import Channel, Outcome, Phase, Stage
from domain.synthesis import Standing
from domain.terms import Anchor, Audience, Silence, StartEvent
from tests.architecture.sources import ROOT, Source, dotted, sources

DOCS = ROOT / "docs"
TERMS: tuple[type[StrEnum], ...] = (
    *(Phase, Stage, Standing, Outcome, Channel, Position, Fault, Role, Silence, StartEvent),
    *(Anchor, Audience, Unit, DayReason, PointerGround),
)
# A fact whose kind is a command's own word: the rulings that handler takes.
COMPUTED = {"cmd.ruling": ("dossier_completed", "refuse_incomplete")}
METHODS = ("get", "post", "put", "patch", "delete")
# Where one machine or one registry would show. In two pieces, or this file would be the first to break its rule.
HOMES = [f"/{one}/" for one in ("work", "root", "Users")] + [
    "/home/" + letter for letter in "abcdefghijklmnopqrstuvwxyz"
]
REGISTRIES = [
    ".".join(parts) for parts in product(("pypi", "pythonhosted", "npmjs", "crates", "ghcr", "quay"), ("org", "io"))
]


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def first_cells(text: str) -> list[str]:
    """What stands in backquotes at the head of a table's rows."""
    return re.findall(r"^\| `([^`]+)` \|", text, flags=re.M)


def tracked() -> Iterator[str]:
    """Every file that is or may be committed, by name."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return (name for name in found.split("\0") if name and (ROOT / name).is_file())


# --- refusals


def test_every_refusal_is_described_with_its_status() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d{3}) \| \S", page("reference/refusals.md"), flags=re.M)

    assert dict(rows) == {str(code): str(STATUS[code]) for code in Code}
    assert len(rows) == len(Code)


# --- facts


def facts_of(source: Source) -> Iterator[str]:
    """The kinds of facts a module leaves behind; one made from a prefix ends in `*`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and dotted(node.func) in ("step.fact", "self.fact"):
            yield from _kinds(node.args[0])


def _kinds(kind: ast.expr) -> tuple[str, ...]:
    if isinstance(kind, ast.Constant):
        return (str(kind.value),)
    if isinstance(kind, ast.JoinedStr) and isinstance(kind.values[0], ast.Constant):
        return (f"{kind.values[0].value!s}*",)
    return COMPUTED[ast.unparse(kind)]


def test_every_kind_of_fact_is_described_and_no_other() -> None:
    left = sorted(dict.fromkeys(kind for source in sources("domain") for kind in facts_of(source)))
    listed = first_cells(page("reference/facts.md").partition("## Launch")[2])
    prefixes = tuple(kind[:-1] for kind in left if kind.endswith("*"))

    assert [kind for kind in left if not kind.endswith("*") and kind not in listed] == []
    assert [prefix for prefix in prefixes if not any(kind.startswith(prefix) for kind in listed)] == []
    assert [kind for kind in listed if kind not in left and not kind.startswith(prefixes)] == []
    assert len(listed) == len(dict.fromkeys(listed))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("step.fact('sent', 'STC')", ["sent"]),
        ("step.fact(f'extension_{outcome}', by=by)", ["extension_*"]),
        ("step.fact(cmd.ruling)", ["dossier_completed", "refuse_incomplete"]),
    ],
)
def test_a_fact_is_found_however_its_kind_is_written(text: str, kinds: list[str]) -> None:
    assert list(facts_of(Source("x.py", text))) == kinds


# --- routes


def routes_of(source: Source) -> Iterator[str]:
    """`POST /api/v1/drafts`, as the decorators and the routers' prefixes of a module say."""
    words = dict(_words(source.tree))
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in METHODS:
                    prefix = words.get(dotted(call.func.value), "")
                    yield f"{call.func.attr.upper()} {prefix}{_text(call.args[0], words)}"


def _words(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The module's constants and its routers' prefixes, by name."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield dotted(node.targets[0]), str(node.value.value)
        elif (
            isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and dotted(node.value.func) == "APIRouter"
        ):
            prefixes = [word.value for word in node.value.keywords if word.arg == "prefix"]
            yield dotted(node.targets[0]), "".join(_text(prefix, {}) for prefix in prefixes)


def _text(node: ast.expr, words: dict[str, str]) -> str:
    if isinstance(node, ast.BinOp):
        return _text(node.left, words) + _text(node.right, words)
    return str(node.value) if isinstance(node, ast.Constant) else words[dotted(node)]


def test_every_route_is_described_and_no_other() -> None:
    files = (source for source in sources("api") if not source.name.startswith("api/pages/"))
    served = [route for source in files for route in routes_of(source)]

    assert served
    assert sorted(first_cells(page("reference/api.md"))) == sorted(served)


def test_every_page_is_described_and_no_other() -> None:
    rooms: Any = pages_router().routes
    served = [f"{m} {r.path}" for room in rooms for r in room.effective_route_contexts() for m in r.methods or ()]

    assert sorted(first_cells(page("reference/pages.md"))) == sorted(served)


def test_a_route_is_found_with_its_routers_prefix() -> None:
    text = (
        "r = APIRouter(prefix='/api')\nP = '/a/{id}'\n@r.post(P + '/b')\nasync def f(): ...\n@r.get('')\ndef g(): ...\n"
    )

    assert list(routes_of(Source("x.py", text))) == ["POST /api/a/{id}/b", "GET /api"]


# --- settings and terms


def test_every_setting_is_described_and_no_other() -> None:
    assert first_cells(page("reference/settings.md")) == [PREFIX + name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms.__name__)
def test_every_term_of_the_engine_is_in_the_glossary(terms: type[StrEnum]) -> None:
    glossary = page("glossary.md")

    assert [term for term in terms if f"`{term}`" not in glossary] == []


def test_every_ruling_and_decision_is_in_the_glossary() -> None:
    glossary = page("glossary.md")

    assert [word for word in (*RULINGS, *ACTIONS) if f"`{word}`" not in glossary] == []


# --- pages


def links() -> Iterator[tuple[str, str]]:
    """Every relative link of every page: (page, target)."""
    for name in tracked():
        if name.endswith(".md"):
            text = re.sub(r"```.*?```", "", (ROOT / name).read_text("utf-8"), flags=re.S)
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                if not re.match(r"[a-z]+:", target):
                    yield name, target


def anchors(text: str) -> list[str]:
    """The names under which a page's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


def leads_nowhere(name: str, target: str) -> bool:
    file, _, anchor = target.partition("#")
    path = ((ROOT / name).parent / file).resolve() if file else ROOT / name
    if not path.exists():
        return True
    return bool(anchor) and anchor not in anchors(path.read_text("utf-8"))


def test_every_link_leads_to_a_page_and_a_heading() -> None:
    found = list(links())

    assert ("README.md", "docs/glossary.md") in found
    assert [link for link in found if leads_nowhere(*link)] == []


def test_a_link_to_nothing_is_found() -> None:
    assert leads_nowhere("README.md", "docs/gone.md")
    assert leads_nowhere("docs/architecture.md", "glossary.md#gone")
    assert not leads_nowhere("docs/architecture.md", "glossary.md#effects-of-silence-silence")


def test_decisions_are_numbered_without_a_gap_and_say_what_was_rejected() -> None:
    files = sorted((DOCS / "decisions").glob("*.md"))

    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    texts = {file.name: file.read_text("utf-8") for file in files}
    assert [
        n for n, text in texts.items() if not all(f"**{w}.**" in text for w in ("Decided", "Why", "Rejected"))
    ] == []


# --- the repository


def test_no_file_names_a_machines_folders_or_a_registry() -> None:
    found = [(name, word) for name in tracked() for word in named_in((ROOT / name).read_bytes())]

    assert found == []


def named_in(data: bytes) -> list[str]:
    """The folders and hosts in the bytes; a folder's name inside a longer path is another folder."""
    homes = [one for one in HOMES if one.encode() in data and re.search(rb"(?<![\w.])" + one.encode(), data)]
    return homes + [host for host in REGISTRIES if host.encode() in data]


def test_a_folder_of_one_machine_and_a_registry_are_found() -> None:
    assert named_in(b"see " + HOMES[0].encode() + b"x") == [HOMES[0]]
    assert named_in(b"https://files." + REGISTRIES[0].encode() + b"/simple") == [REGISTRIES[0]]
    assert named_in(b"frame/work/x and a network/root/") == []
