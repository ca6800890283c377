"""Urging by hand: one agency, or many from a list, with the words that go along."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from api.bodies.base import Body, Key, Note

MOST_AT_ONCE = 200


class UrgingBody(Body):
    """What the urging says; nothing need be said."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Đề nghị trả lời trước phiên họp UBND tỉnh ngày 08/5/2026."}]}
    )

    reason: Note = ""


class UrgedItemBody(Body):
    """One agency in one consultation."""

    consultation: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
    agency: Key


class UrgingsBody(UrgingBody):
    """Many at once, with the same words for all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {"consultation": "c-5f0c8b0b7a1e4c3f", "agency": "STC"},
                        {"consultation": "c-5f0c8b0b7a1e4c3f", "agency": "SNV"},
                    ],
                    "reason": "Đề nghị trả lời trước phiên họp UBND tỉnh ngày 08/5/2026.",
                }
            ]
        }
    )

    items: Annotated[list[UrgedItemBody], Field(min_length=1, max_length=MOST_AT_ONCE)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        named = [(item.consultation, item.agency) for item in self.items]
        if len(named) != len(dict.fromkeys(named)):
            raise ValueError("named_twice")
        return self
