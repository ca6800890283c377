"""What pages say comes from the message files: every sentence a template asks for is there, and nothing lies unused."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, nodes

from api.pages.looks import TEMPLATES

ROOT = Path(__file__).parents[2]
SCRIPTED = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", re.I)
ABROAD = re.compile(r"""(?:href|src|action)=["']https?://""")


def calls(tree: nodes.Template) -> Iterator[nodes.Expr]:
    """The first argument of every `t(…)`."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t" and call.args:
            yield call.args[0]


def asked() -> Iterator[tuple[str, str, str]]:
    """(template, key or its beginning, "whole" or "beginning")."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    for file in sorted(TEMPLATES.rglob("*.html")):
        tree = environment.parse(file.read_text("utf-8"))
        for given in calls(tree):
            for key, how in known(given):
                yield str(file.relative_to(TEMPLATES)), key, how


def known(given: nodes.Expr) -> Iterator[tuple[str, str]]:
    """What can be told of a key: the whole of it, or how it begins."""
    if isinstance(given, nodes.Const):
        yield str(given.value), "whole"
    elif isinstance(given, nodes.CondExpr):
        yield from known(given.expr1)
        if given.expr2 is not None:
            yield from known(given.expr2)
    elif isinstance(given, nodes.Concat) and isinstance(given.nodes[0], nodes.Const):
        yield str(given.nodes[0].value), "beginning"
    elif isinstance(given, nodes.Add) and isinstance(given.left, nodes.Const):
        yield str(given.left.value), "beginning"


def test_every_sentence_a_template_asks_for_is_there(rules: Any) -> None:
    entries = rules["messages"].entries
    missing = [
        (template, key)
        for template, key, how in asked()
        if (key not in entries if how == "whole" else not any(entry.startswith(key) for entry in entries))
    ]
    assert missing == []


def test_no_template_holds_script_style_or_foreign_addresses() -> None:
    found = [
        (str(file.relative_to(TEMPLATES)), match.group())
        for file in TEMPLATES.rglob("*.html")
        for match in (*SCRIPTED.finditer(file.read_text("utf-8")), *ABROAD.finditer(file.read_text("utf-8")))
    ]
    assert found == []


def test_no_template_holds_words_of_its_own() -> None:
    """Vietnamese letters in a template are a sentence that belongs into the message files."""
    letters = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.I)
    comment = re.compile(r"\{#.*?#\}", re.S)
    found = [
        (str(file.relative_to(TEMPLATES)), line.strip())
        for file in TEMPLATES.rglob("*.html")
        for line in comment.sub("", file.read_text("utf-8")).splitlines()
        if letters.search(line)
    ]
    assert found == []
