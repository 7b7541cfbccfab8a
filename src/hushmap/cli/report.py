"""`hushmap report`: a page of several runs, networks side by side; each judged with what the others saw."""

import platform
import shlex
from pathlib import Path

import click

from hushmap import __version__
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.finishing import LAB
from hushmap.cli.given import Given, given
from hushmap.cli.judge_elsewhere import read
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import examples, json_option, marks_option
from hushmap.cli.wording import count
from hushmap.detect import RULES_VERSION
from hushmap.judge import Elsewhere, Judged
from hushmap.model import Software
from hushmap.report import Entry, JoinedView, join
from hushmap.runs import Reject, RunFolder, is_bundle, read_bundle

LANGS = ("en", "zh")
OURS = frozenset({"index.html", "style.css"})
"""What a page is made of: a folder that holds nothing else may be written again."""


@examples(
    "hushmap report 20261121T2233Z-3f9c 20261121T2234Z-81b0 -o our-page",
    "hushmap report net-a.hush net-b.hush net-c.hush -o our-page --title 'Three networks in Exampleland'",
)
@click.command("report")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder of the page; it is made.",
)
@click.option("--title", default="", metavar="TEXT", help="The page's title; by default the name of the deck.")
@click.option("--lang", type=click.Choice(LANGS), default="en", help="The page's language.")
@marks_option("Block notices")
@json_option
def command(
    *, paths: tuple[str, ...], output: Path, title: str, lang: str, marks: tuple[Path, ...], as_json: bool
) -> None:
    """Write one page of the runs at PATH: sites by networks first, then what is said of each site on each.

    PATH is what judge takes: a run folder, a run's id, a bundle (.hush), a file of records. A run from another
    network counts as comparison where it asked the same at the same time. The page runs no script, loads nothing,
    and stays on this computer.
    """
    _look(output)
    known = knowledge(marks)
    places = [given(path) for path in paths]
    found = [*read(places, known, lang)]
    alone = [one for one in found if isinstance(one, Judged)]
    bad = sum(isinstance(one, Reject) for one in found)
    if not alone:
        raise Fault(f"no record in {', '.join(paths)}: give run folders, bundles, or files of records")
    told = [*Elsewhere(alone).beside(alone, known)]
    decks, lab = _runs(places)
    view = JoinedView(
        title=title or ", ".join(decks) or "Measurements",
        software=Software(version=__version__, python=platform.python_version()),
        rules=RULES_VERSION,
        knowledge=known.sha256,
        again=shlex.join(["hushmap", "report", *paths, "-o", str(output)]),
        lab=lab,
        lang=lang,
    )
    page = join(output, view, [Entry(record=one.record, verdict=one.verdict, saying=one.saying) for one in told])
    compared = sum(bool(one.verdict.peers) for one in told)
    if as_json:
        screen.out_json({"page": str(page), "records": len(told), "compared": compared, "rejects": bad})
    else:
        screen.out([f"{count(len(told), 'record')}, {compared:,} compared with another network: {page}"])
    if bad:
        screen.note(f"hushmap: {count(bad, 'line')} could not be read; judge the PATHs to see which")


def _look(output: Path) -> None:
    """Nobody's files are overwritten.

    Raises:
        Fault: There are others in the folder.
    """
    others = sorted(path.name for path in output.iterdir() if path.name not in OURS) if output.is_dir() else []
    if others:
        raise Fault(f"{output}: the folder holds other files ({others[0]}); give a folder of the page's own with -o")


def _runs(places: list[Given]) -> tuple[list[str], bool]:
    """The names of the decks, and whether a run's network was the lab's."""
    manifests = [RunFolder.open(place.run).manifest for place in places if place.run is not None]
    bundles = [Path(place.text) for place in places if is_bundle(place.text) and Path(place.text).is_file()]
    published = [run.deck for path in bundles for run in read_bundle(path).runs]
    decks = [deck for deck in dict.fromkeys([*(one.deck for one in manifests), *published]) if deck]
    return decks, any(one.options.get(LAB, False) for one in manifests)
