"""Looking at a page as a tester would: the rules of WCAG 2.2 AA, what runs off the screen, a picture of it."""

import re
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.async_api import Page

from tests.ui.town import PICTURES

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page: Page) -> list[str]:
    """What axe finds, one line each: rule, page, element."""
    # The page's own policy lets no foreign script in; the browser's debugger may.
    await page.evaluate(AXE)
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = await page.evaluate("options => axe.run(document, options)", options)
    path = page.url.partition("/")[2].partition("/")[2].partition("/")[2]
    return [f"{v['id']} on /{path}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})" for v in found["violations"]]


async def sideways(page: Page) -> list[str]:
    """What sticks out to the right of the screen; a table that scrolls in its own frame does not."""
    wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider <= 1:
        return []
    out = await page.evaluate(
        """() => [...document.querySelectorAll('main *, header *, footer *')].filter((e) => {
             if (e.closest('.scroll, .sections, .visually-hidden')) return false;
             const box = e.getBoundingClientRect();
             return box.width && box.right > document.documentElement.clientWidth + 1;
           }).slice(0, 3).map((e) => e.outerHTML.slice(0, 120))"""
    )
    return [f"{page.url} is {wider} px too wide: {out}"]


async def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page, where pictures are wanted."""
    if PICTURES:
        # A bar that sticks to the screen's edge would lie across a picture of the whole page.
        await page.evaluate(
            "document.querySelectorAll('.sticky-actions').forEach((e) => e.classList.add('position-static'))"
        )
        short = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")
        await page.screenshot(path=f"{PICTURES}/{short}.png", full_page=True)
