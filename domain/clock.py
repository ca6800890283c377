"""Business time: the only place that knows Vietnam's zone and how a drill's or a test's clock relates to the real one.

Nothing here reads a clock; callers pass the real instant in.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.base import Frozen

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BusinessClock(Frozen):
    """An affine map from real instants to business instants: identity in production.

    `rate` is business seconds per real second (a drill's working day of 20 s is 4320); both anchors are aware instants.
    """

    real_anchor: datetime = EPOCH
    business_anchor: datetime = EPOCH
    rate: int = 1

    def business(self, real: datetime) -> datetime:
        """The business instant (UTC) that the real instant stands for."""
        return (self.business_anchor + (real - self.real_anchor) * self.rate).astimezone(UTC)

    def real(self, business: datetime) -> datetime:
        """The real instant (UTC) at which the business instant comes."""
        return (self.real_anchor + (business - self.business_anchor) / self.rate).astimezone(UTC)

    def real_span(self, business: timedelta) -> timedelta:
        """How long a business span lasts in reality."""
        return business / self.rate
