"""What the engine's answers and failures mean: refused, ended, a fault of this submission, or no answer at all.

It talks to nobody; the gateway does.
"""

from typing import Any

from temporalio.client import RPCTimeoutOrCancelledError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from adapters.codec import KeysUnusable
from domain.refusals import Code, Refused

CODES = {str(code): code for code in Code}
# The engine is there and says something about this very request.
ANSWERS = (RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT)
# What may mean that the engine is not there, has no time, or cannot be understood for want of our own keys;
# RuntimeError is the SDK's "cannot connect".
AWAY = (RPCError, TimeoutError, RPCTimeoutOrCancelledError, RuntimeError, KeysUnusable)


class WorkflowEnded(Exception):  # noqa: N818 - a state of the world, not a fault
    """The consultation's workflow has ended or was never started; the register knows which."""


class EngineFault(Exception):  # noqa: N818 - what the engine answered, not a fault of ours
    """The engine is there and cannot handle this very submission: trying again changes nothing until somebody acts."""


def is_answer(error: BaseException) -> bool:
    """Whether the engine answered, if not as hoped."""
    if isinstance(error, RPCError):
        return error.status in ANSWERS
    return isinstance(error, WorkflowUpdateFailedError | WorkflowAlreadyStartedError)


def meaning(consultation: str, error: Exception) -> Exception:
    """`Refused`, `WorkflowEnded` or `EngineFault`, for a failure that is not the engine's absence."""
    if isinstance(error, Refused | EngineFault | WorkflowEnded):
        return error
    if isinstance(error, WorkflowAlreadyStartedError):
        return WorkflowEnded(consultation)
    if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
        return WorkflowEnded(consultation)
    cause = error.cause if isinstance(error, WorkflowUpdateFailedError) else error
    if not isinstance(cause, ApplicationError):
        return EngineFault(f"{type(cause).__name__}: {cause}")
    if cause.type == "AcceptedUpdateCompletedWorkflow":
        return WorkflowEnded(consultation)
    return refusal(cause.type, cause.details[0] if cause.details else None, str(cause))


def refusal(code: str | None, params: Any, said: str = "") -> Exception:
    """The engine's refusal by its code; one that is not on the list is a fault, for an administrator."""
    if code in CODES:
        values = params if isinstance(params, dict) else {}
        return Refused(CODES[code], **{str(name): str(value) for name, value in values.items()})
    return EngineFault(said or code or "no reason given")
