"""The base of every answer, and the answers that carry an accepted act."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from adapters.register.receipts import Receipt
from domain.commands import Decided


class View(BaseModel):
    """An answer; made by us, so it is neither strict nor closed."""

    model_config = ConfigDict(frozen=True)


class Accepted(View):
    """What is known of every accepted request: its receipt, and the hash of the words as they are stored."""

    receipt: str = Field(examples=["r-5f0c8b0b7a1e4c3f"])
    received_at: datetime
    content_sha256: str
    id: str = Field(description="Mã cuộc lấy ý kiến")


class Queued(Accepted):
    """202: recorded, the decision follows."""

    detail: str = Field(examples=["Đã ghi nhận, đang xử lý."])
    state: str = "pending"


def stamp(receipt: Receipt) -> dict[str, Any]:
    """The members every accepted answer begins with."""
    return Accepted(
        receipt=receipt.id,
        received_at=receipt.received_at,
        content_sha256=receipt.body_sha256,
        id=receipt.consultation,
    ).model_dump(mode="json")


class Decision(View):
    """The engine's answer: the number of the last fact, what happened, and the phase afterwards."""

    decision: Decided
