"""The places that the browser looks at: a run's page, sites made by hand, a site of the example data, the explorer.

A place that is made by hand is small and has every kind of page; that of the example data is made by the command, as
a person makes it.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
from click.testing import CliRunner
from make_screenshots import kinds

from browser.looking import Place
from house import ROOT
from hushmap.cli import main
from hushmap.detect import messages
from hushmap.report.page import render
from hushmap.report.site.book import About, Book, Correction
from hushmap.report.site.building import build
from hushmap.report.site.figures import figures
from hushmap.report.site.making import Making
from hushmap.report.site.writing import write
from hushmap.report.words import Words, texts
from unit.report.sample import entries, run_view
from unit.report.site import books
from unit.report.site.happened import incidents
from unit.report.site.test_trigger import found

HOSTILE = (
    "</td></title><script>document.title = 'owned'; alert(1)</script>",
    '"><img src="https://evil.example/x.png" onerror="alert(1)">',
    "' onmouseover='alert(1)' style='background:url(//evil.example/)",
    "</style></svg><svg/onload=alert(1)><iframe src=//evil.example></iframe>",
    "javascript:alert(1)",
    "\u202egnp.exe\u2066 \u200f\u2067shop.example",
    "nul\x00bell\x07esc\x1b[2J\x9b31m",
    "{{ 7 * 7 }}{% raw %} {title.__class__}",
    "t" * 10_000,
    "网" * 300 + "\u0301" * 60,
)
"""What a server, a resolver, a list or a person of ill will may have written where a page shows it."""


CRAWLED = 40
"""Pages of the explorer that are asked for to find one of each kind; kinds that were not met come first."""
HREF = re.compile(r'href="([^"]+)"')


def _written(folder: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def _on_disk(name: str, folder: Path, each: int = 1, foreign: tuple[str, ...] = ()) -> Place:
    return Place(name, folder.as_uri(), tuple(kinds(folder, each)), folder, foreign)


def run(folder: Path) -> Place:
    """The page of one run."""
    return _on_disk("run", _written(folder, render(run_view(lab=True), entries()).items()))


def chinese_run(folder: Path) -> Place:
    """The same in Chinese."""
    return _on_disk("run in Chinese", _written(folder, render(run_view(lang="zh", lab=True), entries("zh")).items()))


def site(folder: Path, book: Book) -> None:
    """All files of a site."""
    making = Making(book=book, words=Words(book.about.lang))
    write(folder, build(msgspec.structs.replace(making, figures=figures(making))))


def full_book(lang: str = "en") -> Book:
    """The book by hand with changes, a word that is cut off, and a correction: every kind of page."""
    about = About(
        title="Three days in Exampleland",
        lang=lang,
        lab=True,
        contact="group@example.org",
        version=2,
        corrections=(Correction(version=2, day=date(2026, 11, 22), text="Net-B added"),),
    )
    return books.book(about=about, incidents=incidents(), triggers=(found(),))


def by_hand(folder: Path) -> Place:
    """A site with every kind of page, of a book by hand."""
    site(folder, full_book())
    return _on_disk("site", folder, 2)


def chinese(folder: Path) -> Place:
    """The same in Chinese."""
    site(folder, full_book("zh"))
    return _on_disk("site in Chinese", folder)


def right_to_left(folder: Path) -> Place:
    """The same in a language that is written from the right: English words, so that the tests can read them."""
    with (
        patch("hushmap.report.words.languages", lambda: ("en", "fa")),
        patch("hushmap.report.words.texts", lambda _: texts("en")),
        patch.dict(messages.CATALOGUES, {"fa": messages.EN}),
    ):
        site(folder, full_book("fa"))
    return _on_disk("site from right to left", folder)


def hostile_book() -> Book:
    """The book by hand; all that comes from elsewhere is hostile in it."""
    plain, texts_left = full_book(), iter(HOSTILE * 9)

    def spoilt(value, *fields):
        return msgspec.structs.replace(value, **{name: next(texts_left) for name in fields})

    return msgspec.structs.replace(
        plain,
        about=msgspec.structs.replace(
            spoilt(plain.about, "title", "contact", "licence", "again"), notes=HOSTILE, knowledge=HOSTILE[:3]
        ),
        networks=tuple(spoilt(one, "name") for one in plain.networks),
        targets=tuple(spoilt(one, "target", "domain", "category", "place", "encoding") for one in plain.targets),
    )


def hostile(folder: Path) -> Place:
    """A site of hostile texts."""
    site(folder, hostile_book())
    return _on_disk("site of hostile texts", folder, 2, HOSTILE)


def month() -> list[str]:
    """Records of a month of one invented country."""
    return [str(path) for path in sorted((ROOT / "results" / "example" / "records").glob("tspu-*.jsonl.zst"))]


def example(folder: Path) -> Place:
    """A month of one invented country, by the command."""
    done = CliRunner().invoke(main, ["report", *month(), "-o", str(folder), "--title", "A month", "--lab"])
    assert done.exit_code == 0, done.output
    return _on_disk("site of the example data", folder)


ON_DISK: dict[str, Callable[[Path], Place]] = {
    make.__name__: make for make in (run, chinese_run, by_hand, chinese, right_to_left, hostile, example)
}
"""Places without a server, by name."""


@contextmanager
def explorer(folder: Path) -> Iterator[Place]:
    """The explorer of the same month, as a person starts it, on any port of loopback."""
    command = [sys.executable, "-m", "hushmap", "explore", *month(), "--port", "0", "--title", "A month"]
    with (
        (folder / "said").open("w", encoding="utf-8") as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True, cwd=folder) as running,
    ):
        try:
            base = running.stdout.readline().strip().rstrip("/")
            assert base.startswith("http://127.0.0.1:"), (folder / "said").read_text("utf-8")
            yield Place("explorer", base, _crawled(base))
        finally:
            running.terminate()


def _kind(address: str) -> str:
    """What kind of page an address is of: its first part, and whether it asks for something."""
    parts = urlsplit(address)
    return parts.path.strip("/").split("/")[0] + ("?" if parts.query else "")


def _crawled(base: str) -> tuple[str, ...]:
    """One page of each kind that links lead to, the first that was met; and a search that finds nothing."""
    met: dict[str, str] = {}
    left, seen = [f"{base}/"], set()
    with httpx.Client(trust_env=False, timeout=60, follow_redirects=True) as client:
        while left and len(seen) < CRAWLED:
            address = next((one for one in left if _kind(one) not in met), left[0])
            left = [one for one in left if one != address]
            seen.add(address)
            answer = client.get(address)
            assert answer.status_code < 400, f"{answer.status_code}: {address}"
            if answer.headers.get("content-type", "").startswith("text/html"):
                met.setdefault(_kind(address), address.removeprefix(f"{base}/"))
                links = (urljoin(address, unescape(link)).partition("#")[0] for link in HREF.findall(answer.text))
                left.extend(link for link in links if link.startswith(f"{base}/") and link not in seen)
    return (*met.values(), "?q=no-such-name")
