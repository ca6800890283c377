"""Whether it is worth asking the engine now: after a failure one caller at a time tries, the others need not wait.

It knows no engine: it is told what went well and what did not. Times are seconds of the monotonic clock.
"""

import time


class Breaker:
    """Open for everybody, until a call fails while no other succeeded; then for one call every `pause` seconds."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._last_good = 0.0
        self._not_before: float | None = None

    def admits(self) -> bool:
        """Whether the caller may ask now."""
        now = time.monotonic()
        if self._not_before is None:
            return True
        if now < self._not_before:
            return False
        # This caller finds out; if it never comes back, the next one may after a pause.
        self._not_before = now + self._pause
        return True

    def good(self) -> None:
        """The engine answered, whatever it said."""
        self._last_good, self._not_before = time.monotonic(), None

    def bad(self, begun: float) -> None:
        """A call that began then had no answer. One that others had answers beside says nothing about the engine."""
        if self._last_good < begun:
            self._not_before = time.monotonic() + self._pause
