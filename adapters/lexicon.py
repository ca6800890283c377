"""The lexicons of `rules/lexicon/` into what the clarity check and the suggester read; errors name file, line, field.

It judges no text and knows no default: what is missing in the file is an error at start-up.
"""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from adapters.rules_messages import read_messages
from adapters.rules_source import Broken, Problem, RulesInvalid, SourceFile, source_files
from adapters.rules_words import Saying, of_error, said, saying
from domain.base import Frozen
from domain.clarity import Lexicon
from domain.relevance import Synonyms

M = TypeVar("M", bound=Frozen)

CLARITY = "lexicon/clarity.yaml"
SYNONYMS = "lexicon/synonyms.yaml"


def load_lexicon(folder: Path) -> Lexicon:
    """The phrase lexicon of the rules folder. Raises `RulesInvalid` with every problem found."""
    return _load(folder, CLARITY, Lexicon)


def load_synonyms(folder: Path) -> Synonyms:
    """The synonyms of the rules folder. Raises `RulesInvalid` with every problem found."""
    return _load(folder, SYNONYMS, Synonyms)


def _load(folder: Path, name: str, model: type[M]) -> M:
    """`folder`: the rules folder, or the lexicon folder in it."""
    folder = folder if (folder / "lexicon").is_dir() else folder.parent
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
