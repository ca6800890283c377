"""A failure in one line for whoever runs the machine: its kind, and no word of anybody's opinion.

Messages of errors repeat what they stumbled over; only those of errors named here are passed on.
"""

import json
import re
import traceback
from pathlib import Path

from pydantic import ValidationError

# Errors whose messages are about places, addresses and codes.
SPEAKING = (json.JSONDecodeError, OSError, TimeoutError)
CODE = re.compile(r"[\w.:/-]{1,120}", re.ASCII)
MOST_SHOWN = 3


def told(error: Exception, *speaking: type[Exception]) -> str:
    """`KeyError: plan (delivery.py:103)`; `speaking`: further kinds of errors that may be quoted in full."""
    what = _said(error, (*SPEAKING, *speaking))
    return f"{type(error).__name__}{f': {what}' if what else ''}{_place(error)}"


def _said(error: Exception, speaking: tuple[type[Exception], ...]) -> str:
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)[:MOST_SHOWN]
        return "; ".join(f"{'.'.join(str(part)[:60] for part in one['loc'])} {one['type']}" for one in found)
    if isinstance(error, speaking):
        return str(error)
    code = str(error.args[0]) if isinstance(error, LookupError) and error.args else ""
    return code if CODE.fullmatch(code) else ""


def _place(error: Exception) -> str:
    """Where it was raised, for whoever reads the code."""
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
