#!/usr/bin/env python3
"""Pictures of every kind of page of a site, as people see them: phone and desktop, light and dark.

    scripts/make_screenshots.py SITE_FOLDER -o PICTURES                one page of each kind
    scripts/make_screenshots.py SITE_FOLDER -o PICTURES --only index.html targets/x.html
    scripts/make_screenshots.py http://127.0.0.1:8642 -o PICTURES --only "" targets/x    pages of the explorer

They are for looking at: what a test can say of a page is in tests/browser, and beauty is not among it.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--no-sandbox",  # in a container root has no other way; it opens nothing but our own pages
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--hide-scrollbars",
)
"""So that the browser itself asks nobody anything: each request that is seen is the page's."""
TALLEST = 6000
"""Pixels of a picture at most; a table of a thousand rows is looked at by its beginning."""


PICTURES = """() => Promise.all([...document.images].map(one => {
  one.loading = 'eager';
  return one.decode();
}))"""
"""Every picture, also what lies below the window, is fetched and can be drawn."""


class Screen(NamedTuple):
    """Where a page is looked at."""

    name: str
    width: int
    height: int
    scheme: str


SCREENS = tuple(
    Screen(f"{device}-{scheme}", width, height, scheme)
    for device, width, height in (("phone", 360, 740), ("desktop", 1280, 900))
    for scheme in ("light", "dark")
)


def program() -> str | None:
    """The browser of this computer, where there is one."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser that asks nobody anything.

    Raises:
        FileNotFoundError: There is none.
    """
    found = program()
    if found is None:
        raise FileNotFoundError(f"no browser is here; looked for {', '.join(PROGRAMS)}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        try:
            yield opened
        finally:
            opened.close()


def kinds(folder: Path, each: int = 1) -> list[str]:
    """Pages of a site, `each` of every kind: the greatest first, since it shows the most; then the smallest."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.html")):
        inner = path.relative_to(folder)
        found.setdefault(inner.name if inner.parent == Path() else inner.parts[0], []).append(path)
    chosen: list[str] = []
    for pages in found.values():
        pages.sort(key=lambda path: (-path.stat().st_size, path))
        some = pages if len(pages) <= each else [*pages[: (each + 1) // 2], *pages[len(pages) - each // 2 :]]
        chosen.extend(path.relative_to(folder).as_posix() for path in some)
    return chosen


def shoot(page: Page, target: Path) -> None:
    """One picture of what a page shows now, from its top."""
    page.evaluate(PICTURES)
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=target, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})


def named(path: str, screen: Screen) -> str:
    """What a picture is called."""
    return f"{path.removesuffix('.html').replace('/', '-') or 'index'}.{screen.name}.png"


def pictures(opened: Browser, base: str, pages: Sequence[str], output: Path, *, unfold: bool = False) -> list[Path]:
    """Pictures of pages on every screen; the files."""
    output.mkdir(parents=True, exist_ok=True)
    made = []
    for screen in SCREENS:
        page = opened.new_page(
            viewport={"width": screen.width, "height": screen.height},
            color_scheme="dark" if screen.scheme == "dark" else "light",
        )
        for path in pages:
            page.goto(f"{base}/{path}")
            if unfold:
                page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            made.append(output / named(path, screen))
            shoot(page, made[-1])
        page.close()
    return made


def main(arguments: Sequence[str]) -> int:
    """Makes the pictures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("site", help="folder of a site, or address of an explorer that runs")
    options.add_argument("-o", "--output", type=Path, required=True, help="folder of the pictures; it is made")
    options.add_argument("--only", nargs="+", metavar="PAGE", help="these pages; by default one of each kind")
    options.add_argument("--open", action="store_true", help="unfold what can be unfolded")
    given = options.parse_args(arguments)
    served = "://" in given.site
    base = given.site.rstrip("/") if served else Path(given.site).resolve().as_uri()
    pages = given.only or ([""] if served else kinds(Path(given.site)))
    with browser() as opened:
        made = pictures(opened, base, pages, given.output, unfold=given.open)
    sys.stdout.write(f"{len(pages)} pages, {len(made)} pictures: {given.output}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
