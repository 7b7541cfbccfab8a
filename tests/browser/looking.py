"""A page in a real browser, and what it did there: what it asked for, what it complained of, what it tried to open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
SERIOUS = frozenset({"serious", "critical"})


@dataclass
class Place:
    """Pages that belong together: a folder opened from disk, or a server on loopback."""

    name: str
    base: str
    """Address of the folder or server, without a slash at the end."""
    pages: tuple[str, ...]
    """Some of each kind."""
    folder: Path | None = None
    """Of pages on disk."""
    foreign: tuple[str, ...] = ()
    """Hostile texts in it."""

    def address(self, page: str) -> str:
        """Of one page."""
        return f"{self.base}/{page}"


@dataclass
class Seen:
    """What happened while a page was open."""

    page: Page
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def outside(self, place: Place) -> list[str]:
        """Requests to anything but the place itself."""
        return [address for address in self.asked if not address.startswith((f"{place.base}/", "blob:", "data:"))]


@contextmanager
def context(browser: Browser, **options) -> Iterator[BrowserContext]:
    """A browser that knows nothing yet."""
    made = browser.new_context(**options)
    try:
        yield made
    finally:
        made.close()


def watched(opened: BrowserContext) -> Seen:
    """An empty page whose every request, complaint, dialog and new window is noted."""
    seen = Seen(opened.new_page())
    page = seen.page
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("requestfailed", lambda request: seen.wrong.append(f"failed: {request.url[:120]}"))
    page.on(
        "response", lambda got: seen.wrong.append(f"{got.status}: {got.url[:120]}") if got.status >= 400 else None
    )
    page.on(
        "console", lambda told: seen.wrong.append(f"{told.type}: {told.text[:300]}") if told.type != "log" else None
    )
    page.on("pageerror", lambda error: seen.wrong.append(f"script: {str(error)[:300]}"))
    page.on("dialog", lambda dialog: (seen.wrong.append(f"dialog: {dialog.message[:120]}"), dialog.dismiss()))
    page.on("popup", lambda other: seen.wrong.append(f"window: {other.url[:120]}"))
    return seen


def judged_by_axe(page: Page) -> list[str]:
    """What axe-core finds serious or critical; the context must bypass the page's policy, which forbids scripts."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{one['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


def links(page: Page) -> list[str]:
    """Where the links of a page lead, as addresses."""
    return page.evaluate("[...document.querySelectorAll('a[href], link[href]')].map(one => one.href)")


def file_of(address: str) -> tuple[Path, str]:
    """The file of an address on disk, and the place in it."""
    parts = urlsplit(address)
    return Path(unquote(parts.path)), unquote(parts.fragment)
