"""Time limits as they are written and stored: what is read, and what is refused."""

import pytest
from pydantic import ValidationError

from domain.deadline import Limit, Unit
from domain.refusals import Code, Refused


@pytest.mark.parametrize(
    ("text", "n", "unit"),
    [
        ("5 wd", 5, Unit.WORKING_DAY),
        ("7 cd", 7, Unit.CALENDAR_DAY),
        ("2 h", 2, Unit.HOUR),
        (" 10wd ", 10, Unit.WORKING_DAY),
    ],
)
def test_a_written_limit_is_read_and_written_back(text: str, n: int, unit: Unit) -> None:
    limit = Limit.parse(text)
    assert limit == Limit(n=n, unit=unit)
    assert Limit.parse(str(limit)) == limit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "wd",
        "0 wd",
        "-1 wd",
        "5.5 wd",
        "5 days",
        "5 WD",
        "٥ wd",
        "5 wd 2 h",
        "251 wd",
        "367 cd",
        "745 h",
        "9" * 500,
    ],
)
def test_anything_else_is_refused_as_a_limit(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        Limit.parse(text)
    assert refusal.value.code is Code.LIMIT_INVALID
    assert len(refusal.value.params["limit"]) <= 40


@pytest.mark.parametrize("n", [0, -1, 367, True, "5", 2.5])
def test_an_invalid_number_in_a_limit_is_a_validation_error(n: object) -> None:
    with pytest.raises(ValidationError):
        Limit.model_validate({"n": n, "unit": "calendar_day"})
