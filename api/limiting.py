"""How often one caller failed lately: a sliding window in this process's memory, bounded in size.

Counted by account and address together: nobody can lock an account's owner out from another address.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Hashable

MOST_KEYS = 10_000


class Window:
    """At most `most` events a key within `seconds`. Nothing is awaited, so no two callers interleave."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self._events: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def full(self, key: Hashable) -> bool:
        """Whether the key has used its events up for now."""
        events = self._events.get(key)
        if events is None:
            return False
        while events and events[0] <= time.monotonic() - self.seconds:
            events.popleft()
        return len(events) >= self.most

    def note(self, key: Hashable) -> None:
        """One more event."""
        self._events.setdefault(key, deque(maxlen=self.most)).append(time.monotonic())
        self._events.move_to_end(key)
        while len(self._events) > MOST_KEYS:
            self._events.popitem(last=False)

    def forget(self, key: Hashable) -> None:
        """The key starts anew."""
        self._events.pop(key, None)
