"""The filters of the list as the address spells them. One spelling only: what is kept is what is shown."""

from urllib.parse import parse_qsl, urlencode

from domain.base import Frozen

SIZES = (50, 100)
NAMES = ("status", "lead", "agency", "field", "q", "overdue", "sort", "so-dong")


class Wanted(Frozen):
    """What the reader asked for; blank means any."""

    status: tuple[str, ...] = ()
    lead: str = ""
    agency: str = ""
    field: str = ""
    q: str = ""
    overdue: bool = False
    oldest: bool = False
    size: int = SIZES[0]

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.status or self.lead or self.agency or self.field or self.q or self.overdue)

    @property
    def query(self) -> str:
        """The query string, without what is usual."""
        pairs = [("status", code) for code in self.status]
        pairs += [(name, value) for name in ("lead", "agency", "field", "q") if (value := getattr(self, name))]
        pairs += [("overdue", "1")] if self.overdue else []
        pairs += [("sort", "cu-nhat")] if self.oldest else []
        pairs += [("so-dong", str(self.size))] if self.size != SIZES[0] else []
        return urlencode(pairs)

    def turned(self) -> str:
        """The query string of the same list the other way round."""
        return self.model_copy(update={"oldest": not self.oldest}).query


def clean(query: str) -> str:
    """A query string of this list's own filters, whatever was sent."""
    return urlencode([(name, value[:200]) for name, value in parse_qsl(query, max_num_fields=40) if name in NAMES])
