"""The lexicons of `rules/lexicon/` into what the clarity check and the suggester read; errors name file, line, field.

It judges no text and knows no default: what is missing in the file is an error at start-up.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.rules_messages import read_messages
from adapters.rules_source import Broken, Problem, RulesInvalid, SourceFile, source_files
from adapters.rules_words import Saying, of_error, said, saying
from domain.base import Frozen
from domain.clarity import Instrument, Learned, Lexicon
from domain.relevance import Example, Suggester, Synonyms

M = TypeVar("M", bound=Frozen)

CLARITY = "lexicon/clarity.yaml"
SYNONYMS = "lexicon/synonyms.yaml"
WEIGHTS = "lexicon/clarity.weights.json"
RELEVANCE_WEIGHTS = "lexicon/relevance.weights.json"
EXAMPLES = "*.examples.jsonl"


def load_lexicon(folder: Path) -> Lexicon:
    """The phrase lexicon of the rules folder. Raises `RulesInvalid` with every problem found."""
    return _load(folder, CLARITY, Lexicon)


def load_instrument(folder: Path) -> Instrument:
    """The clarity check's lexicon with the weights of its second opinion. Raises `RulesInvalid`."""
    lexicon = load_lexicon(folder)
    path = _home(folder) / WEIGHTS
    try:
        learned = Learned.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as broken:
        raise RulesInvalid([_unmade(_home(folder), WEIGHTS)]) from broken
    return Instrument(lexicon=lexicon, learned=learned)


def load_synonyms(folder: Path) -> Synonyms:
    """The synonyms of the rules folder. Raises `RulesInvalid` with every problem found."""
    return _load(folder, SYNONYMS, Synonyms)


def load_suggester(folder: Path) -> Suggester:
    """The suggester's synonyms, its weights, and the examples of every `directory/*.examples.jsonl`."""
    home, synonyms = _home(folder), load_synonyms(folder)
    try:
        weights = json.loads((home / RELEVANCE_WEIGHTS).read_bytes())
        return Suggester(synonyms=synonyms, examples=tuple(_examples(home)), **weights)
    except (OSError, ValueError, TypeError, KeyError) as broken:
        raise RulesInvalid([_unmade(home, RELEVANCE_WEIGHTS)]) from broken


def _examples(home: Path) -> Iterator[Example]:
    """Line by line: {function, related: [sentences], not_related: [sentences]}."""
    for file in sorted((home / "directory").glob(EXAMPLES)):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield from (Example(function=row["function"], text=text) for text in row["related"])
            yield from (Example(function=row["function"], text=text, related=False) for text in row["not_related"])


def _unmade(home: Path, name: str) -> Problem:
    return Problem(f"{home.name}/{name}", None, "", _in_words(home, saying("weights_broken", name=name)))


def _load(folder: Path, name: str, model: type[M]) -> M:
    """`folder`: the rules folder, or the lexicon folder in it."""
    folder = _home(folder)
    path = folder / name
    if not path.is_file():
        lack = saying("file_missing", name=name)
        raise RulesInvalid([Problem(f"{folder.name}/{name}", None, "", _in_words(folder, lack))])
    file = SourceFile(folder, path)
    try:
        return _read(file, model)
    except Broken as broken:
        text = _in_words(folder, saying("yaml_broken", what=broken.what))
        raise RulesInvalid([Problem(file.name, broken.line, "", text)]) from broken
    except ValidationError as invalid:
        raise RulesInvalid(_problems(folder, file, invalid.errors())) from invalid


def _home(folder: Path) -> Path:
    return folder if (folder / "lexicon").is_dir() else folder.parent


def _read(file: SourceFile, model: type[M]) -> M:
    """The file's content as the model; a list the model does not know is refused, for it is a misspelt name."""
    unknown = [name for name in file.data if name not in model.model_fields] if isinstance(file.data, dict) else []
    if unknown:
        lines = [{"type": "extra_forbidden", "loc": (name,), "input": None} for name in unknown]
        raise ValidationError.from_exception_data(model.__name__, lines)  # type: ignore[arg-type]
    return model.model_validate(file.data)


def _problems(folder: Path, file: SourceFile, errors: list[ErrorDetails]) -> list[Problem]:
    return [file.problem(error["loc"], _in_words(folder, _saying(error))) for error in errors]


def _saying(error: ErrorDetails) -> Saying:
    """A wrong phrase is quoted, shortened; the rest is said as for any rule file."""
    if error["type"].startswith("phrase_"):
        return saying(error["type"], phrase=str(error["input"])[:60])
    return of_error(error)


def _in_words(folder: Path, what: Saying) -> str:
    """The sentence from the message files beside the lexicons."""
    return said(read_messages(source_files(folder))[0], what)
