"""The scenarios' rulebook: the province as shipped plus thirty-six invented communes, loaded from files like any other.

That communes can be added is itself a test: a province changes its directory without touching code.
"""

import json
import shutil
from pathlib import Path

from adapters.rules import load_rulebook
from domain.rulebook import Rulebook

RULES = Path(__file__).parents[2] / "rules"
EXTRA = tuple(f"X{n:02}" for n in range(13, 49))
COMMUNES = (*(f"X{n:02}" for n in range(1, 13)), *EXTRA)


def commune_name(code: str) -> str:
    """`xã Mẫu Thử 13` for X13; the shipped communes keep their own names."""
    return f"xã Mẫu Thử {code[1:]}"


def scenario_rulebook(folder: Path) -> Rulebook:
    """Copy the shipped rules to the folder, add the communes, load."""
    copy = folder / "rules"
    shutil.copytree(RULES, copy)
    file = copy / "directory" / "mau.json"
    directory = json.loads(file.read_text("utf-8"))
    for n, code in enumerate(EXTRA):
        directory["agencies"].append(_agency(code, ("PCT2", "PCT4")[n % 2]))
        directory["functions"].append(_function(code))
    file.write_text(json.dumps(directory, ensure_ascii=False), "utf-8")
    return load_rulebook(copy)


def _agency(code: str, watcher: str) -> dict[str, object]:
    return {
        "code": code,
        "name": f"Ủy ban nhân dân {commune_name(code)}",
        "kind": "commune",
        "identifier": f"H99.{int(code[1:]) + 30}",
        "effective_from": "2025-07-01",
        "effective_to": None,
        "successors": [],
        "superior": "UBT",
        "watched_by": watcher,
        # Two communes answer over the national exchange; their arrival is not proved by the record.
        "channel": "exchange" if code in ("X47", "X48") else "app",
    }


def _function(code: str) -> dict[str, object]:
    return {
        "id": f"{code}-01",
        "agency": code,
        "field": "CQDP",
        "title": f"Quản lý địa bàn {commune_name(code)}",
        "text": f"Quản lý nhà nước trên địa bàn {commune_name(code)}: đất đai, dân cư, công trình.",
        "effective_from": "2025-07-01",
        "effective_to": None,
        "moved_to": None,
        "basis": None,
        "confidence": "G",
    }
