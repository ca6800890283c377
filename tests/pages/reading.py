"""Reads a page as a browser without script would: its text, its links, its forms with what stands in their fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
SILENT = ("script", "style", "template", "title")


@dataclass
class Form:
    """One form: where it goes, and its fields in order as a browser would send them. `buttons`: named ones."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str | None:
        """What stands in the field, or None where there is no such field."""
        return next((value for known, value in self.fields if known == name), None)

    def filled(self, changes: dict[str, Any]) -> list[tuple[str, str]]:
        """The fields with some of them typed anew; what the form does not have is added at the end."""
        kept = [(name, value) for name, value in self.fields if name not in changes]
        typed = [
            (name, one) for name, value in changes.items() for one in (value if isinstance(value, list) else [value])
        ]
        return kept + [(name, str(value)) for name, value in typed if value is not None]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.headings: list[tuple[int, str]] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self._textarea: str | None = None
        self._select: str | None = None
        self._first_option: str | None = None
        self._buffer: list[str] = []
        self._link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        has = [name for name, _ in attrs]
        if tag not in VOID:
            self._open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if "template" in self._open[:-1]:
            return
        form = self.forms[-1] if self.forms and "form" in self._open else None
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag == "a":
            self._link, self._buffer = given.get("href", ""), []
        elif tag in ("h1", "h2", "h3", "h4"):
            self._buffer = []
        elif form is not None and "disabled" not in has:
            self._field(form, tag, given, has)

    def _field(self, form: Form, tag: str, given: dict[str, str], has: list[str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "button" and name:
            form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name and kind not in ("file", "submit", "button"):
            if kind not in ("checkbox", "radio") or "checked" in has:
                form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea":
            self._textarea, self._buffer = name, []
        elif tag == "select":
            self._select, self._first_option = name, None
        elif tag == "option" and self._select:
            value = given.get("value", "")
            if self._first_option is None:
                self._first_option = value
                form.fields.append((self._select, value))
            elif "selected" in has:
                form.fields[-1] = (self._select, value)

    def handle_endtag(self, tag: str) -> None:
        text = " ".join("".join(self._buffer).split())
        if tag == "textarea" and self._textarea is not None and "template" not in self._open:
            self.forms[-1].fields.append((self._textarea, "".join(self._buffer).removeprefix("\n")))
            self._textarea = None
        elif tag == "select":
            self._select = None
        elif tag == "a" and self._link is not None:
            self.links.append((self._link, text))
            self._link = None
        elif tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), text))
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._buffer.append(data)
        if not any(tag in SILENT for tag in self._open):
            self.words.append(data)


@dataclass
class Read:
    """A page that was answered."""

    status: int
    url: str
    html: str
    headers: Any
    forms: list[Form]
    links: list[tuple[str, str]]
    headings: list[tuple[int, str]]
    text: str
    ids: list[str]

    def form(self, action: str) -> Form:
        """The form that goes to that path."""
        found = [form for form in self.forms if form.action == action]
        assert found, f"no form to {action}; there are {[form.action for form in self.forms]}"
        return found[0]

    def link(self, text: str) -> str:
        """Where the link of that text leads."""
        found = [href for href, words in self.links if text in words]
        assert found, f"no link {text!r}; there are {self.links}"
        return found[0]


def read(status: int, url: str, html: str, headers: Any) -> Read:
    """The page, taken apart."""
    reader = _Reader()
    reader.feed(html)
    text = " ".join("".join(reader.words).split())
    parts = (reader.forms, reader.links, reader.headings, text, reader.ids)
    return Read(status, url, html, headers, *parts)
