"""What can keep a one-machine copy from starting: a closed list, each with what the person at the keyboard needs.

The sentence here is for the log and for whoever reads the source; the command line shows the sentence with the same
code from its message file. Nothing here starts or stops anything.
"""

from enum import StrEnum


class Problem(StrEnum):
    """Why the copy cannot start (or go on)."""

    ALREADY_RUNNING = "already_running"
    PORT_TAKEN = "port_taken"
    TOOL_MISSING = "tool_missing"
    DIED_AT_START = "died_at_start"
    NOT_READY = "not_ready"
    KEEPS_DYING = "keeps_dying"


SENTENCES = {
    Problem.ALREADY_RUNNING: "{folder} is in use by a running copy (process {pid}): stop that one, or set {setting}",
    Problem.PORT_TAKEN: "port {port} is in use by another program: stop it, or set {setting} to a free port",
    Problem.TOOL_MISSING: "the program {tool} is missing: run `make setup`",
    Problem.DIED_AT_START: "{name} stopped with exit code {status} before it was ready; end of {log}:\n{tail}",
    Problem.NOT_READY: "{name} was not ready after {seconds} s; end of {log}:\n{tail}",
    Problem.KEEPS_DYING: "{name} stopped {times} times in a row, the last time with {status}; end of {log}:\n{tail}",
}


class CannotRun(Exception):  # noqa: N818 - an answer to the installer, not a fault of the program
    """`problem` and `params` name the sentence and fill its places."""

    def __init__(self, problem: Problem, **params: object) -> None:
        super().__init__(SENTENCES[problem].format(**params))
        self.problem = problem
        self.params = {name: str(value) for name, value in params.items()}
