"""What deploy/Dockerfile would put into the image, worked out without an engine."""

import json
import re
import shutil
from fnmatch import fnmatch
from pathlib import Path

from tests.architecture.sources import ROOT

DOCKERFILE = ROOT / "deploy" / "Dockerfile"


def instructions(text: str) -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order: word and the rest, continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", text)
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def copied(text: str) -> dict[str, str]:
    """What is copied from the repository into the application's folder: name there to name here."""
    found: dict[str, str] = {}
    for word, rest in instructions(text):
        if word == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            found |= {source if target == "./" else target: source for source in sources}
    return found


def allowed(name: str) -> bool:
    """Whether .dockerignore lets a file of the repository into the build."""
    kept = True
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.lstrip("!").removeprefix("**/")
        if not line or line.startswith("#"):
            continue
        within = [name, *name.split("/")] if line.startswith("**/") else [name, name.split("/")[0]]
        if any(fnmatch(part, pattern) for part in within):
            kept = line.startswith("!")
    return kept


def build(folder: Path) -> Path:
    """Do the Dockerfile's copies into a folder, through .dockerignore."""
    for target, source in copied(DOCKERFILE.read_text("utf-8")).items():
        files = [ROOT / source] if (ROOT / source).is_file() else sorted((ROOT / source).rglob("*"))
        for file in files:
            if file.is_file() and allowed(str(file.relative_to(ROOT))):
                there = folder / target / file.relative_to(ROOT / source)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, there)
    return folder


def health_check() -> list[str]:
    """The command by which the image asks itself whether it is alive."""
    (rest,) = [rest for word, rest in instructions(DOCKERFILE.read_text("utf-8")) if word == "HEALTHCHECK"]
    command: list[str] = json.loads(rest.partition("CMD ")[2])
    return command
