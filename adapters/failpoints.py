"""Named points at which a process dies when told so: how the fault runs strike between two statements.

Off unless `YKIEN_FAIL` names a point; then one comparison of strings is all a passage costs. Nothing else may hang
on these points.

`YKIEN_FAIL=point:n` kills this process by SIGKILL when it passes the point for the n-th time; `point:n:FILE` kills
the process whose number stands in the file instead (Temporal, at a moment only we know).
"""

import os
import signal
from pathlib import Path

# Where a process can die with something half done, in the order in which a reply passes them.
POINTS = (
    "stamp.written",  # the receipt's rows are written, the transaction is open
    "stamp.committed",  # the receipt is safe, the engine knows nothing
    "tell.begun",  # about to tell the engine
    "tell.done",  # the engine has decided, its answer is not kept
    "answer.committed",  # the answer is kept, the caller has not got it
    "relay.taken",  # the relay holds what it is about to deliver
    "undelivered.read",  # the worker has read what never reached it, the workflow does not know yet
    "record.begun",  # the worker is about to record
    "record.written",  # the rows are written, the transaction is open
    "record.committed",  # recorded, the engine has not heard of it
    "mail.claimed",  # a notice is claimed, not sent
    "mail.sent",  # the mail server has it, the notice is not marked
)
VARIABLE = "YKIEN_FAIL"
_armed, _, _rest = os.environ.get(VARIABLE, "").partition(":")
_when, _, _whom = _rest.partition(":")
_left = int(_when or 1)


def reach(point: str) -> None:
    """Pass the point; does not return when this is the passage at which the process is to die."""
    global _left
    if point != _armed:
        return
    _left -= 1
    if _left == 0:
        os.kill(int(Path(_whom).read_text()) if _whom else os.getpid(), signal.SIGKILL)
