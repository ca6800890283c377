"""Counters of this process in Prometheus' text format. No labels but codes and routes, so that no name leaks."""

from collections import Counter

KNOWN_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
HELP = {
    "ykien_requests_total": "Requests by method, route and status.",
    "ykien_request_seconds_total": "Seconds spent on requests, by method and route.",
    "ykien_receipts_total": "Receipts by verb and what became of them at once (done, refused, queued).",
    "ykien_relay_total": "Receipts delivered by the relay, by result.",
    "ykien_mails_total": "Notices by mail, by result.",
    "ykien_set_aside_total": "Receipts and mails given up until an administrator has them tried again, by kind.",
}


class Metrics:
    """Counts events; `text` is what a scraper reads."""

    def __init__(self) -> None:
        self._values: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to one counter."""
        self._values[(name, tuple(labels.items()))] += amount  # type: ignore[assignment]

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        verb = method if method in KNOWN_METHODS else "OTHER"
        self.count("ykien_requests_total", method=verb, route=route, status=str(status))
        self.count("ykien_request_seconds_total", seconds, method=verb, route=route)

    def text(self) -> str:
        """Every counter, one a line."""
        lines: list[str] = []
        for name, sentence in HELP.items():
            lines += [f"# HELP {name} {sentence}", f"# TYPE {name} counter"]
            lines += [_line(*key, value) for key, value in sorted(self._values.items()) if key[0] == name]
        return "\n".join(lines) + "\n"


def _line(name: str, labels: tuple[tuple[str, str], ...], value: float) -> str:
    inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    return f"{name}{{{inside}}} {value:.6g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
