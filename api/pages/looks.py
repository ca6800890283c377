"""Templates and assets: how a page is made from its template, and where its files are found. It knows no subject."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from domain.text import nfc

API = Path(__file__).parent.parent
TEMPLATES, STATIC = API / "templates", API / "static"
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"


class Looks:
    """The templates, made ready once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["static"] = static_address
        self._environment.tests["among"] = lambda value, many: value in many

    def render(self, template: str, context: Mapping[str, Any]) -> str:
        """The page as text."""
        return nfc(self._environment.get_template(template).render(context))


@cache
def static_address(name: str) -> str:
    """Where a browser finds the asset; the address changes with the content, so it may be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


class Assets(StaticFiles):
    """The assets, kept by browsers for ever when asked for by their digest."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file with how long it may be kept."""
        response = await super().get_response(path, scope)
        # A font's name never stands for another font; everything else is known by its digest.
        known = b"v=" in scope.get("query_string", b"") or path.endswith(".woff2")
        response.headers["cache-control"] = FOREVER if known else BRIEFLY
        return response
