"""The one base of every model that is stored, sent or hashed."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value. Unknown keys are ignored, so that old code reads what newer code wrote; models only grow."""

    model_config = ConfigDict(frozen=True, extra="ignore")
