"""A program for the supervisor's tests: `LOGS SCRIPTS GRACE`, the scripts as JSON, name to shell command."""

import asyncio
import json
import sys
from pathlib import Path

from adapters.embedded_problems import CannotRun
from adapters.embedded_temporal import tool
from adapters.logging import configure_logging
from adapters.processes import Child, Patience, Supervisor

QUICK = Patience(first=0.02, longest=0.1, tries=4, short_life=5)


def main() -> int:
    """Say "ready" when all run; exit code 3 and the sentence on standard error when they cannot."""
    logs, scripts, grace = Path(sys.argv[1]), json.loads(sys.argv[2]), float(sys.argv[3])
    configure_logging(log_format="json")
    children = [Child(name, (tool("sh"), "-c", script), grace=grace) for name, script in scripts.items()]
    try:
        asyncio.run(Supervisor(children, logs, QUICK).run(_say_ready))
    except CannotRun as problem:
        sys.stderr.write(f"{problem}\n")
        return 3
    return 0


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
