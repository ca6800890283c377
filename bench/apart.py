"""Keeps a measurement away from this machine's own copy: none of its settings may reach the processes started here.

Otherwise a register named in the environment would be filled with invented consultations, and real people mailed.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager

from adapters.settings import PREFIX


@contextmanager
def apart() -> Iterator[None]:
    """Without the product's variables, in an empty folder (where no `.env` lies); everything as before afterwards."""
    own = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    for name in own:
        del os.environ[name]
    try:
        with tempfile.TemporaryDirectory(prefix="ykien-bench-") as folder, chdir(folder):
            yield
    finally:
        os.environ.update(own)
