"""What the makers of a report add beside what was measured: options, and the files that they name."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from hushmap import report
from hushmap.catalog import campaigns, campaigns_hash
from hushmap.cli.beside import held_of
from hushmap.cli.fault import Fault
from hushmap.cli.options import with_options
from hushmap.model import Campaign, Knowledge
from hushmap.runs import is_bundle

if TYPE_CHECKING:
    from hushmap.analysis import Study, Theirs
    from hushmap.report import About, Added, Book, Replaced


def register_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Where dated events are read."""
    return click.option(
        "--register",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="A register of dated events of your own, in place of the shipped one.",
    )(command)


def added_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options, in the order of the help text."""
    every = (
        click.option("--case", "cases", metavar="INCIDENT", multiple=True,
                     help="Tell this confirmed change as a case, by its id (repeatable); of published copies only."),
        click.option("--study", "studies", metavar="FILE", multiple=True,
                     type=click.Path(path_type=Path, dir_okay=False),
                     help="A study to tell on its campaign's page: what campaign study --json wrote (repeatable)."),
        click.option("--with-ooni", "ooni", metavar="PATH",
                     help="Beside each site what OONI has of it in the 30 days before, as show --with-ooni."),
        click.option("--version-of", "before", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
                     help="The site that this one replaces: every page names it; give --corrections too."),
    )  # fmt: skip
    return with_options(command, *every, register_option)


def added(
    paths: tuple[str, ...], said: Mapping[str, Any], about: "About", known: Knowledge, rejects: int = 0
) -> "Added":
    """What was given.

    Raises:
        Fault: Something of it cannot be read, or does not fit.
    """
    if said["cases"] and not said["as_recorded"]:
        only_copies(paths)
    every = register(said["register"])
    ooni: str | None = said["ooni"]
    others = None
    if ooni is not None:
        path = ooni
        others = report.Others(source=Path(path.rstrip("/")).name, of=lambda book: theirs_of(path, book, known))
    return report.Added(
        register=every,
        studies=tuple(study(path, every, campaigns_hash(said["register"])) for path in said["studies"]),
        cases=said["cases"],
        others=others,
        replaces=None if said["before"] is None else replaced(said["before"], about.version),
        rejects=rejects,
    )


def only_copies(paths: tuple[str, ...]) -> None:
    """A case is for others: what it is made of must have been shown to its makers, and agreed to, before.

    Raises:
        Fault: A PATH is no published copy.
    """
    for path in paths:
        if not (is_bundle(path) and Path(path).is_file()):
            what = f"{path}: is no published copy, and a case is for others"
            raise Fault(f"{what}; make one: hushmap publish RUN -o FILE.hush; or say --as-recorded")


def register(folder: Path | None) -> dict[str, Campaign]:
    """The register by id."""
    return {one.id: one for one in campaigns(folder)}


def study(path: Path, every: Mapping[str, Campaign], sha256: str) -> "Study":
    """A study that `campaign study --json` wrote; `sha256` is that of the register that it is told with.

    Raises:
        Fault: It is none, or of an event that the register has not.
    """
    from hushmap.analysis import STUDY, Study  # noqa: PLC0415 (pandas takes half a second)

    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        schema, found = told["schema"], msgspec.convert(told, Study)
    except OSError as error:
        raise Fault(f"{path}: {error.strerror or error}; check the name") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Fault(f"{path}: is no study; write one: hushmap campaign study SERIES --campaign ID --json") from None
    if schema != STUDY:
        raise Fault(f"{path}: has the schema {str(schema)[:40]}, and this Hushmap reads {STUDY}; take a newer one")
    if found.campaign not in every:
        raise Fault(f"{path}: is of {found.campaign[:60]}, which is not in the register; give it with --register")
    return msgspec.structs.replace(found, register_changed=found.register != sha256)


def replaced(folder: Path, version: int) -> "Replaced":
    """The edition in a folder.

    Raises:
        Fault: There is no site, or the new one's version is not later.
    """
    file = folder / "CITATION.cff"
    try:
        before = report.edition(file.read_bytes())
    except OSError:
        raise Fault(f"{folder}: holds no site of hushmap report; give the folder of the one to be replaced") from None
    except ValueError as error:
        raise Fault(f"{file}: {error}; give the site as hushmap report made it") from None
    if version <= before.version:
        what = f"{folder}: is version {before.version}, and this one would be version {version}"
        raise Fault(f"{what}; say what was corrected with --corrections")
    return before


def theirs_of(path: str, book: "Book", known: Knowledge) -> "dict[tuple[str, str], Theirs]":
    """What OONI has of each site on each network, in the days up to our newest result; the path is read once."""
    from hushmap.analysis import DAYS, theirs  # noqa: PLC0415 (pandas takes half a second)

    lines = [*_lines(book)]
    held = held_of(path, {line for _, line, _ in lines}, known) if lines else {}
    found = {}
    for key, line, last in lines:
        some = held.get(line)
        told = theirs(some.rows, last - timedelta(days=DAYS - 1), last, some.claims) if some is not None else None
        if told is not None:
            found[key] = told
    return found


def _lines(book: "Book") -> "Iterator[tuple[tuple[str, str], tuple[str, int], date]]":
    numbers = {one.id: one.asn for one in book.networks}
    for target in book.targets:
        for network, asn in numbers.items():
            days = book.days.get((target.id, network))
            if target.part == "sites" and target.domain and asn is not None and days:
                yield (target.id, network), (target.domain, asn), max(days)
