"""Writes the pages of the two instruments from one document: figures between markers, errors as pages of their own.

The words around the markers are left alone. Nothing here is measured, and no figure is typed.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.instruments.error_pages import clarity_errors, relevance_errors
from bench.instruments.markdown import literal, share, table
from bench.instruments.places import DOCS
from bench.instruments.tables import SETS, Document, tables
from bench.marked import between, replace
from bench.report import Machine
from domain.clarity.assess import DECISIVE

FIGURES = "instruments.json"
GIB = 1024**3
SIGNS = {
    "nearest": "how near the nearest statement of the draft comes to the task",
    "next": "how near the second nearest comes",
    "together": "all statements together, each as far as it is near",
    "nobody": "how near the nearest statement comes to what concerned nobody",
    "behind": "how far the task stays behind the task nearest to that statement (0 or below)",
    "denied": "how near the nearest statement comes that says what is not done",
    "words": "words the whole draft shares with the function's own text, rare ones more",
    "own_matter": "how many words show that the lead settles something of its own house",
    "brief": "how far the draft is from 120 words, 0 to 1",
    "brief_nearest": "in a brief draft: nearest less nobody",
    "brief_words": "in a brief draft: shared words",
}


def known(folder: Path = DOCS) -> Document:
    """What was written before; empty when nothing was."""
    file = folder / FIGURES
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def write(whole: Document, folder: Path = DOCS) -> list[Path]:
    """Bring pages and figures in the folder to this document; what was written."""
    texts = {**rendered(whole, folder), FIGURES: json.dumps(whole, ensure_ascii=False, indent=1) + "\n"}
    for name, text in texts.items():
        replace(folder / name, text)
    return [folder / name for name in texts]


def rendered(whole: Document, folder: Path = DOCS) -> dict[str, str]:
    """The pages' texts by name, of the parts the document has."""
    texts: dict[str, str] = {}
    for part, (blocks, errors) in _PAGES.items():
        if part in whole:
            page = (folder / f"{part}.md").read_text("utf-8")
            for name, block in blocks(whole):
                page = between(page, name, block)
            texts |= {f"{part}.md": page, f"{part}-errors.md": errors(whole[part]["errors"])}
    return texts


def _clarity(whole: Document) -> Iterator[tuple[str, str]]:
    part = whole["clarity"]
    yield "measured", _measured(part, whole)
    yield "examples", _replies(part["corpora"], part["weights"]["made_from"])
    yield from _tables("clarity", whole)
    yield from _pace(whole, ("assess_2000", "assess_100000"), "instrument")
    yield "decisive", "\n".join(f"- `{fault}`, `{variant}`" for fault, variant in DECISIVE)
    yield "weights", _verdicts(part["weights"])
    yield "thresholds", _thresholds(part["weights"])


def _relevance(whole: Document) -> Iterator[tuple[str, str]]:
    part = whole["relevance"]
    yield "measured", _measured(part, whole)
    yield "examples", _drafts(part["corpora"])
    yield from _tables("relevance", whole)
    yield "force", _force(part["in_force"])
    yield from _pace(whole, ("suggest_province", "suggest_national"), "suggester")
    yield "weights", _signs(part["weights"])


_PAGES: dict[str, Any] = {"clarity": (_clarity, clarity_errors), "relevance": (_relevance, relevance_errors)}


def _tables(part: str, whole: Document) -> Iterator[tuple[str, str]]:
    for one in tables(part, whole):
        yield one.name, table(one.heads, one.rows)


def _measured(part: Document, whole: Document) -> str:
    on = Machine.model_validate(whole["machine"])
    return (
        f"Measured on {_day(part)}, version `{part['version']}`; {on.cores} cores of {on.cpu}, "
        f"{on.memory / GIB:.0f} GiB of memory, {on.system}, Python {on.python}."
    )


def _day(part: Document) -> str:
    return f"{date.fromisoformat(part['measured']):%d/%m/%Y}"


def _pace(whole: Document, names: tuple[str, ...], loads: str) -> Iterator[tuple[str, str]]:
    """The part of the paces that belongs on the page; nothing where the pace was never measured."""
    if "speed" in whole:
        pace = whole["speed"]["pace"]
        shown = {**whole, "speed": {"pace": {name: pace[name] for name in names}}}
        rows = tables("speed", shown)[0]
        when = f"Measured on {_day(whole['speed'])} (load average {whole['speed']['load']:g})."
        loading = f"{when} Loading it takes {pace['load'][loads]:,.0f} ms, once a process."
        yield "speed", f"{table(rows.heads, rows.rows)}\n\n{loading}"


def _replies(corpora: Document, made_from: Document) -> str:
    heads = ("replies", "how many", "subjects", "not clear", "parts")
    rows = [(SETS[key].partition(",")[0], *map(_count, one.values())) for key, one in corpora.items()]
    learned = f"The shipped weights were made from {sum(made_from.values()):,} replies: "
    return table(heads, rows) + "\n\n" + learned + ", ".join(f"{k} {n}" for k, n in made_from.items()) + "."


def _drafts(corpora: Document) -> str:
    heads = ("drafts", "how many", "agencies concerned", "own matters of the lead", "parts")
    rows = [(SETS[key].partition(",")[0], *map(_count, corpora[key].values())) for key in SETS]
    told = corpora["sentences"]
    return (
        table(heads, rows) + f"\n\nBeside them {told['related']:,} sentences were written, one by one, as drafts would "
        f"say what concerns each of {told['functions']} functions, and {told['not_related']:,} that only look so."
    )


def _count(number: int) -> str:
    return f"{number:,}" if number else "–"


def _force(found: Document) -> str:
    return (
        f"The given and the unseen drafts were put on their own days and on every first and last day in the directory: "
        f"{found['asked']:,} questions, {found['suggestions']:,} suggestions, {found['not_in_force']:,} of an agency "
        "or function that did not stand on the day."
    )


def _thresholds(weights: Document) -> str:
    chances = dict.fromkeys(weights["fault_from"].values())
    from_chance = " to ".join(f"{chance:g}" for chance in sorted(chances))
    return f"`unclear_from` is {weights['unclear_from']:g}, `fault_from` {from_chance}."


def _verdicts(weights: Document) -> str:
    """For each position and fault the five signs that move the sum most."""
    heads = ("position", "sum", "bias", "sign: weight (how far it moves the sum)")
    rows = [
        (f"`{position}`", f"`{name}`", f"{one['bias']:g}", "; ".join(map(_sign, one["largest"])))
        for position, sums in weights["verdicts"].items()
        for name, one in sums.items()
    ]
    return table(heads, rows)


def _sign(row: list[Any]) -> str:
    name, weight, moves = row
    return f"{literal(name)}: {weight:+g} ({moves:+.2f})"


def _signs(weights: Document) -> str:
    rows = [(f"`{name}`", f"{weight:+.3f}", SIGNS.get(name, "")) for name, weight in weights["weights"].items()]
    head = f"An agency is shown from a chance of {share(weights['shown_from'])} on. The bias is {weights['bias']:+.3f}."
    return head + "\n\n" + table(("sign", "weight", "what it is"), rows)
