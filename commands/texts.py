"""The command line's Vietnamese, from `rules/messages/cli.vi.yaml`. It makes no sentence of its own and joins none."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

# The rules that come with the code.
RULES = Path(__file__).parent.parent / "rules"
FILE = RULES / "messages" / "cli.vi.yaml"


@cache
def _texts() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE)["cli"]
    return loaded


def say(key: str, /, **params: object) -> str:
    """The sentence under the dotted key with its places filled. KeyError for a key that is not in the file."""
    found: Any = _texts()
    for part in key.split("."):
        found = found[part]
    return str(found).format(**params) if params else str(found)


def knows(key: str) -> bool:
    """Whether the file has a sentence under the key."""
    try:
        say(key)
    except (KeyError, TypeError):
        return False
    return True
