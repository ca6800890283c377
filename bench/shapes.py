"""How much of what at once: the loads, large for a measurement and small for a look whether everything works."""

from domain.base import Frozen

REPLIES = 8


class Shape(Frozen):
    """A load of whole consultations; `together`: all replies of a consultation at once instead of one by one."""

    name: str
    consultations: int
    at_once: int
    together: bool = False

    @property
    def replies_at_once(self) -> int:
        """The most replies in flight."""
        return self.at_once * (REPLIES if self.together else 1)


class Sizes(Frozen):
    """Everything that can be made smaller."""

    alone: Shape
    each: Shape
    together: Shape
    warm_up: int
    herds: tuple[int, ...]
    herd_quiet_s: float
    growth: tuple[int, ...]
    filled: tuple[int, ...]
    filled_shape: Shape
    idle: int
    idle_s: float
    drain: int
    http_rate: float
    http_s: float
    http_at_once: int
    http_replies: int

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The three loads in the order in which they run."""
        return (self.alone, self.each, self.together)


FULL = Sizes(
    alone=Shape(name="alone", consultations=20, at_once=1),
    each=Shape(name="each", consultations=192, at_once=32),
    together=Shape(name="together", consultations=128, at_once=4, together=True),
    warm_up=16,
    herds=(500, 2000),
    herd_quiet_s=5.0,
    growth=(1, 10, 100, 1000, 3321),
    filled=(0, 1_000, 100_000),
    filled_shape=Shape(name="each", consultations=128, at_once=32),
    idle=2000,
    idle_s=20.0,
    drain=3000,
    http_rate=50.0,
    http_s=60.0,
    http_at_once=32,
    http_replies=1600,
)
QUICK = Sizes(
    alone=Shape(name="alone", consultations=1, at_once=1),
    each=Shape(name="each", consultations=8, at_once=4),
    together=Shape(name="together", consultations=2, at_once=2, together=True),
    warm_up=1,
    herds=(12,),
    herd_quiet_s=2.0,
    growth=(1, 6),
    filled=(0, 200),
    filled_shape=Shape(name="each", consultations=4, at_once=4),
    idle=10,
    idle_s=1.0,
    drain=24,
    http_rate=10.0,
    http_s=2.0,
    http_at_once=4,
    http_replies=24,
)
