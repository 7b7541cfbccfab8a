"""`hushmap report`: a site of what was measured on several networks, as a group can publish it."""

import platform
import shlex
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hushmap import __version__, report
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.given import Given, bare, given
from hushmap.cli.knowing import knowledge
from hushmap.cli.missed import missed_notes
from hushmap.cli.options import examples, json_option, marks_option
from hushmap.cli.query_opening import opened, source
from hushmap.cli.report_about import contact_option, corrections, corrections_option
from hushmap.cli.report_added import added, added_options
from hushmap.cli.report_copies import is_copy, is_lab, look_twice, precision, stood_in
from hushmap.cli.report_together import Together, together
from hushmap.cli.wording import count
from hushmap.model import Software
from hushmap.report import Words
from hushmap.runs import RunFolder, RunsError, is_bundle, read_bundle

if TYPE_CHECKING:
    from hushmap.report import About, Published

LANGS = ("en", "zh")
_TEXTS = {"--title": "title", "--contact": "contact", "--license": "licence"}
_FILES = {"--corrections": "corrected", "--register": "register", "--with-ooni": "ooni", "--version-of": "before"}
_EACH = {"--case": "cases", "--study": "studies", "--fingerprints": "marks"}
"""Options that make a site another, by the name of what was given."""
_EXTRAS = frozenset({"altair", "duckdb", "ibis", "pyarrow", "sqlglot", "vl_convert"})
"""What comes with the extra `report`."""


@examples(
    "hushmap report 20261121T2233Z-3f9c 20261121T2234Z-81b0 -o our-site --open",
    "hushmap report net-a.hush net-b.hush -o our-site --title 'Two networks' --contact us@example.org",
    "hushmap report archive -o our-site --corrections corrections.toml --version-of published-site",
    "hushmap report net-a.hush net-b.hush -o our-site --case 5e41ce0b27aa --with-ooni ooni-XE.jsonl.gz",
)
@click.command("report")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder of the site; it is made. A site that is there is replaced.",
)
@click.option("--title", default="", metavar="TEXT", help="The site's title; by default the name of the deck.")
@contact_option
@click.option("--license", "licence", default="", metavar="TEXT", help="Of data and text, e.g. CC-BY-4.0.")
@click.option("--lang", type=click.Choice(LANGS), default="en", help="The language of the pages.")
@corrections_option
@added_options
@click.option("--png", is_flag=True, help="Pictures as PNG too, for posts and slides.")
@click.option("--lab", is_flag=True, help="Say on each page that the networks are a lab's; runs say so themselves.")
@click.option(
    "--as-recorded", is_flag=True, help="Show runs as they are: exact times, addresses near you, their ids."
)
@click.option("--open", "open_it", is_flag=True, help="Open the site in the browser when it is made.")
@marks_option("Block notices")
@json_option
def command(*, paths: tuple[str, ...], output: Path, as_json: bool, open_it: bool, png: bool, **said: Any) -> None:
    """Write a site of all that is at PATH: sites by networks first, then a page for each site, network and change.

    PATH is an archive, a run folder, a run's id, a bundle (.hush), a file or folder of records. Runs are judged
    together: one from another network counts as comparison where it asked the same at the same time. An archive is
    taken as it was judged. Of runs their published copy is shown: whole hours, stand-ins for addresses near you. The
    pages run no script and load nothing; they open from disk, and stay on this computer until you put them somewhere.
    """
    try:
        _look(output)
        done, told = _made(paths, output, said, png=png)
    except report.CaseError as error:
        raise Fault(f"--case: {error}") from None
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] not in _EXTRAS:
            raise
        raise RunsError("report", f"{missing.name} is not installed", "pip install 'hushmap[report]'") from None
    except OSError as error:
        what = f"{error.filename or output}: {error.strerror or error}"
        raise Fault(f"{what}; no site was made: check -o, its permissions and the room on the disk") from None
    _tell(done, told, as_json=as_json)
    if not done.book.about.published and not done.book.about.lab:
        screen.note("hushmap: made of records as they stand in the files given, not of copies that publish made:")
        screen.note("  times are as exact as there, and addresses of resolvers and helpers may stand in it")
        screen.note("  of runs of your own, for others: give the runs, or copies: hushmap publish RUN -o FILE.hush")
    if open_it:
        click.launch(str(done.written.page.resolve()))


def _made(
    paths: tuple[str, ...], output: Path, said: dict[str, Any], *, png: bool
) -> "tuple[Published, Together | None]":
    """The site, and what was judged for it; of an archive nothing is."""
    known = knowledge(said["marks"])
    stored = [one for one in paths if source(one).archive is not None]
    if stored:
        with opened(paths, said["marks"]) as tables:
            about = _about(paths, output, said, [given(path) for path in paths if path not in stored])
            more = added(paths, said, about, known)
            return report.publish(output, tables, about, png=png, added=more), None
    places = [given(path) for path in paths]
    look_twice(places)
    with ExitStack() as stack:
        shown, left = places, 0
        if not said["as_recorded"]:
            shown, left = stack.enter_context(stood_in(places, known))
        told = together(shown, known, said["lang"])
        told.left_out = left
        stack.enter_context(told.tables)
        about = _about(paths, output, said, places)
        if told.lab or is_lab(places):
            about = msgspec.structs.replace(about, lab=True)
        if left:
            note = Words(about.lang).count("site.left", left)
            about = msgspec.structs.replace(about, notes=(note, *about.notes))
        more = added(paths, said, about, known, told.rejects)
        return report.publish(output, told.tables, about, told.held, png=png, added=more), told


def _tell(done: "Published", told: Together | None, *, as_json: bool) -> None:
    """What was made, on one line."""
    records = sum(one.measurements for one in done.book.networks) if told is None else told.records
    if as_json:
        screen.out_json(
            {
                "page": str(done.written.page),
                "records": records,
                "compared": None if told is None else told.compared,
                "rejects": None if told is None else told.rejects,
                "files": done.written.files,
                "bytes": done.written.size,
            }
        )
    else:
        compared = "" if told is None else f", {told.compared:,} compared with another network"
        made = f"{count(done.written.files, 'file')}, {done.written.size / 1e6:.1f} MB"
        screen.out([f"{count(records, 'record')}{compared}: {done.written.page} ({made})"])
    if done.fontless:
        screen.note("hushmap: no font here has the letters of this language: words are missing in the PNG pictures")
        screen.note("  install one (Debian: fonts-noto-cjk) and make the site again; pages and SVG are not concerned")
    if told is not None and told.left_out:
        left = count(told.left_out, "record")
        screen.note(f"hushmap: {left} left out, which hushmap publish would not let leave; to see all: --as-recorded")
    if told is not None and told.rejects:
        screen.note(f"hushmap: {count(told.rejects, 'line')} could not be read; judge the PATHs to see which")


def _look(output: Path) -> None:
    """Nobody's files are overwritten.

    Raises:
        Fault: There are others in the folder.
    """
    try:
        report.look(output)
    except report.OthersError as error:
        raise Fault(
            f"{output}: the folder holds other files ({error}); give a folder of the site's own with -o"
        ) from None


def _about(paths: tuple[str, ...], output: Path, said: dict[str, Any], places: list[Given]) -> "About":
    """What the makers say of the site."""
    told = corrections(said["corrected"])
    decks = _decks(places)
    return report.About(
        title=said["title"] or ", ".join(decks) or "Measurements",
        lang=said["lang"],
        contact=said["contact"],
        licence=said["licence"],
        software=Software(version=__version__, python=platform.python_version()),
        again=_again(paths, places, output, said),
        lab=said["lab"],
        published=all(is_copy(place) or (place.run is not None and not said["as_recorded"]) for place in places)
        and len(places) == len(paths),
        precision=precision(paths, places, as_recorded=said["as_recorded"]),
        as_recorded=said["as_recorded"],
        version=told[-1].version if told else 1,
        corrections=told,
        notes=tuple(missed_notes(paths, Words(said["lang"]))),
    )


def _again(paths: tuple[str, ...], places: list[Given], output: Path, said: dict[str, Any]) -> str:
    """The command that makes the site again; where a run lies on this computer, and its id, stay here."""
    own = set() if said["as_recorded"] else {place.text for place in places if place.run is not None}
    paths = tuple("RUN" if path in own else path for path in paths)
    more = [word for option, name in _TEXTS.items() if said[name] for word in (option, said[name])]
    more += [word for option, name in _FILES.items() if said[name] for word in (option, bare(said[name]))]
    more += [word for option, name in _EACH.items() for one in said[name] for word in (option, bare(one))]
    more += ["--lang", said["lang"]] if said["lang"] != "en" else []
    more += ["--as-recorded"] if said["as_recorded"] else []
    more += ["--lab"] if said["lab"] else []
    return shlex.join(["hushmap", "report", *map(bare, paths), "-o", bare(output), *more])


def _decks(places: list[Given]) -> list[str]:
    """The names of the decks."""
    manifests = [RunFolder.open(place.run).manifest for place in places if place.run is not None]
    bundles = [Path(place.text) for place in places if is_bundle(place.text) and Path(place.text).is_file()]
    published = [run.deck for path in bundles for run in read_bundle(path).runs]
    return [deck for deck in dict.fromkeys([*(one.deck for one in manifests), *published]) if deck]
