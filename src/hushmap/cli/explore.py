"""`hushmap explore`: the evidence of any number of runs, to roam in a browser on this computer."""

import platform
import shlex
import webbrowser
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hushmap import __version__, report
from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.finding import records_at
from hushmap.cli.finishing import LAB
from hushmap.cli.given import STDIN, Given, bare, given
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import examples, marks_option
from hushmap.cli.query_opening import opened, source
from hushmap.cli.report_together import together
from hushmap.cli.wording import count
from hushmap.judge import Elsewhere, Found, Judged, judged
from hushmap.model import Knowledge, Software
from hushmap.runs import Reject, RunFolder, RunsError, is_bundle

if TYPE_CHECKING:
    import pyarrow as pa

    from hushmap.archive import Tables
    from hushmap.report import About, Entry

LANGS = ("en", "zh")
PORT = 8570
"""Free on most computers; another is one option away."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
ANY = ("", "0.0.0.0", "::")  # noqa: S104 (to refuse them: who asks names one address, by which others are told apart)
FEW = 5_000
"""Records that are read again to find one: half a second. What stands further down is set out from the tables."""
_EXTRAS = frozenset({"altair", "duckdb", "ibis", "pyarrow", "sqlglot", "starlette", "uvicorn", "vl_convert"})


@examples(
    "hushmap explore results/runs --open",
    "hushmap explore archive --port 9000 --lang zh",
)
@click.command("explore")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--open", "open_", is_flag=True, help="Open it in the browser.")
@click.option("-p", "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 for any.")
@click.option("--host", default=LOOPBACK[0], show_default=True, help="The address to listen on.")
@click.option("--allow-unpublished", is_flag=True, help="With another address: show others what is not published.")
@click.option("--title", default="", metavar="TEXT", help="The title of the pages; by default the PATHs.")
@click.option("--lang", type=click.Choice(LANGS), default="en", help="The language of the pages.")
@marks_option("What is no archive is judged with block notices")
def command(
    *,
    paths: tuple[str, ...],
    open_: bool,
    port: int,
    host: str,
    allow_unpublished: bool,
    title: str,
    lang: str,
    marks: tuple[Path, ...],
) -> int:
    """Roam runs, files and archives in a browser: search, filter, compare, every measurement with its evidence.

    PATH is an archive, a run folder, a run's id, a bundle (.hush), a file or folder of records; several are one, and
    judged together as by hushmap report; what is in an archive stays as it was judged. Each
    page has the address of what it shows, and the same as JSON with .json. Nothing is sent: it listens on this
    computer only, and on another address only for published copies, unless told. Ctrl-C stops it.
    """
    published = all(is_bundle(path) and Path(path).is_file() for path in paths)
    _look(host, allowed=published or allow_unpublished)
    places = [given(path) for path in paths]
    archived = source(paths[0]).archive if len(paths) == 1 else None
    try:
        tables, find = _opened(paths, places, marks, lang)
    except ModuleNotFoundError as missing:
        raise _lacking(missing) from None
    with tables:
        try:
            explorer = report.explorer(
                tables,
                _about(paths, places, title=title, lang=lang, published=published),
                place=archived,
                find=find,
                alone=find.elsewhere is None,
                say=_note,
            )
            application, serve = report.application(explorer, frozenset({host.lower()})), report.serve
        except ModuleNotFoundError as missing:
            raise _lacking(missing) from None
        size = len(explorer.counting.columns)
        if not size:
            raise Fault(f"no measurement in {', '.join(paths)}: give an archive, run folders, or files of records")
        try:
            explorer.keep()
        except RunsError as error:
            _note(f"{error}; so it is read again each time")

        def ready(address: str) -> None:
            screen.out([address])
            screen.note(f"{count(size, 'measurement')}. Ctrl-C stops it.")
            if host not in LOOPBACK:
                screen.note("Whoever reaches this address reads all of it; nobody is asked for a password.")
            if open_:
                webbrowser.open(address)

        try:
            serve(application, host, port, ready)
        except OSError as error:
            raise Fault(
                f"{host} port {port}: {error.strerror or error}; take another port with --port, or 0 for any"
            ) from None
    return Exit.DONE


def _opened(paths: tuple[str, ...], places: list[Given], marks: tuple[Path, ...], lang: str) -> "tuple[Tables, Find]":
    """The tables, and where records are found: runs judged beside each other, as `hushmap report` judges them.

    An archive was judged record by record, and with it so is the rest; what comes from a pipe can be read only once.
    """
    known = knowledge(marks)
    if any(place.text == STDIN or source(place.text).archive is not None for place in places):
        return opened(paths, marks), Find(places, known, lang)

    def steps() -> "pa.Table":
        _note("every record is judged once more for its steps; the first page of a measurement waits for that")
        with opened(paths, marks) as alone:
            return alone.arrow(alone.steps)

    _note("every record is judged first; hushmap archive add keeps that for the next time")
    told = together(places, known, lang, steps)
    return told.tables, Find(places, known, lang, told.elsewhere)


def _lacking(missing: ModuleNotFoundError) -> Exception:
    """What of the extra is not installed; what is no part of it is a fault of ours."""
    if (missing.name or "").partition(".")[0] not in _EXTRAS:
        return missing
    return Fault(f"{missing.name} is not installed; pip install 'hushmap[explore]'")


def _look(host: str, *, allowed: bool) -> None:
    """Refuse to show others what is not for them.

    Raises:
        Fault: They could read what was not published, or the address is not one.
    """
    if host not in LOOPBACK and not allowed:
        raise Fault(
            f"--host {host}: whoever reaches that address could read runs that were not published; publish them and "
            "explore the bundle, or add --allow-unpublished"
        )
    if host in ANY:
        raise Fault(f"--host {host!r} is every address of this computer; give the one by which you are asked")


def _about(paths: tuple[str, ...], places: list[Given], *, title: str, lang: str, published: bool) -> "About":
    return report.About(
        title=title or ", ".join(Path(bare(path)).name or path for path in paths),
        lang=lang,
        software=Software(version=__version__, python=platform.python_version()),
        lab=_lab(places),
        published=published,
        again=shlex.join(["hushmap", "explore", *map(bare, paths)]),
    )


def _note(text: str) -> None:
    screen.note(f"hushmap: {text}")


def _lab(places: list[Given]) -> bool:
    """Whether a run's network was the lab's."""
    manifests = [RunFolder.open(place.run).manifest for place in places if place.run is not None]
    return any(one.options.get(LAB, False) for one in manifests)


class Find:
    """Records of the PATHs that are no archives, with all that was observed; reading stops after `FEW`."""

    def __init__(
        self, places: list[Given], knowledge: Knowledge, lang: str, elsewhere: Elsewhere | None = None
    ) -> None:
        """`elsewhere` is what the runs saw, where each record is judged beside it."""
        self._places, self._knowledge, self._lang = places, knowledge, lang
        self.elsewhere = elsewhere
        self._near: set[str] | None = None
        """Ids of all that is ever read, once it was: what is not among them is not sought again."""

    def __call__(self, ids: Collection[str]) -> "Mapping[str, Entry]":
        """Those of `ids` that are there; reading ends with the last of them."""
        left = set(ids) if self._near is None else self._near & set(ids)
        seen, found = set[str](), dict[str, report.Entry]()
        if not left:
            return found
        for one in islice(self._every(), FEW):
            if not isinstance(one, Found):
                continue
            seen.add(one.record.id)
            if one.record.id in left:
                left.discard(one.record.id)
                found |= self._entries(one)
            if not left:
                break
        else:
            self._near = seen
        return found

    def _entries(self, one: Found) -> "dict[str, Entry]":
        """A record as it is judged."""
        alone = (told for told in judged([one], self._knowledge, self._lang) if isinstance(told, Judged))
        every = alone if self.elsewhere is None else self.elsewhere.beside(alone, self._knowledge)
        return {
            told.record.id: report.Entry(record=told.record, verdict=told.verdict, saying=told.saying)
            for told in every
        }

    def _every(self) -> Iterator[Found | Reject]:
        for place in self._places:
            if place.run is not None or source(place.text).archive is None:
                yield from records_at(place)
