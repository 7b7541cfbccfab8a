"""`hushmap incidents`: what stopped working and began to work again, from when to when, and how sure that is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hushmap import analysis, archive
from hushmap.cli import screen
from hushmap.cli.archive import place
from hushmap.cli.export_rows import line
from hushmap.cli.fault import Fault
from hushmap.cli.incidents_text import cells, head, lines, objects
from hushmap.cli.missed import missed
from hushmap.cli.options import examples, json_option, marks_option
from hushmap.cli.query import wanted
from hushmap.cli.query_opening import opened
from hushmap.runs import RunsError

if TYPE_CHECKING:
    import pandas as pd

    from hushmap.archive import Filters

_UNASKED = ("network", "target", "category", "experiment", "outcome", "mechanism", "label")
"""Filters of `query` by which a stream would lose attempts that it consists of."""


@examples(
    "hushmap incidents results/runs",
    "hushmap incidents archive --country XE --domain news.example.org",
    "hushmap incidents archive --json > incidents.jsonl",
)
@click.command("incidents")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--country", metavar="CC,...", multiple=True, help="Only lines in this country, by its code.")
@click.option("--asn", metavar="ASN,...", multiple=True, help="Only this network, by its number.")
@click.option("--domain", metavar="NAME,...", multiple=True, help="Only targets on this host.")
@click.option("--since", metavar="YYYY-MM-DD", help="Read from this day (UTC) on; what was before is then unknown.")
@click.option("--until", metavar="YYYY-MM-DD", help="Read up to this day (UTC).")
@click.option("--engine", default="duckdb", metavar="URL", show_default=True, help="Or spark://HOST:PORT.")
@marks_option("What is no archive is judged with block notices")
@click.option("--csv", "as_csv", is_flag=True, help="CSV on stdout, one row an incident.")
@json_option
def command(
    *,
    paths: tuple[str, ...],
    engine: str,
    marks: tuple[Path, ...],
    as_csv: bool,
    as_json: bool,
    **meant: Any,
) -> None:
    """Find when targets stopped working on a network, and when they worked again. Nothing is sent.

    PATH is an archive, a run folder, a run's id, a file or folder of records (.json, .jsonl, .gz, .zst), s3://,
    https://, or a .csv of OONI's scored web tests; several are one. An onset and a lifting are intervals: last seen
    working, first seen failing. Provisional is a first alarm, confirmed what chance hardly brings. An incident does
    not say who caused it. Incidents of a whole archive are kept in it, under derived/.
    """
    if as_csv and as_json:
        raise Fault("--csv or --json, not both")
    filters = wanted({**dict.fromkeys(_UNASKED, ()), **meant})
    whole = _whole(paths[0]) if len(paths) == 1 and filters == archive.Filters() else None  # before it is read
    found = analysis.changes(_verdicts(paths, filters, marks, engine), services=analysis.hosts_of_services())
    if as_json:
        for one in objects(found):
            screen.out_json(one)
    elif as_csv:
        screen.out_lines(line(head()))
        for incident in found.incidents:
            screen.out_lines(line(cells(incident)))
    else:
        screen.out(lines(found))
    screen.notes(f"hushmap: {one}" for one in missed(paths))
    if whole is not None:
        _keep(paths[0], found, whole)


def _verdicts(paths: tuple[str, ...], filters: "Filters", marks: tuple[Path, ...], engine: str) -> "pd.DataFrame":
    """The verdicts of every PATH as one frame."""
    tables = [path for path in paths if path.endswith(".csv") and Path(path).is_file()]
    rest = tuple(path for path in paths if path not in tables)
    frames = [_scored(path) for path in tables]
    if tables and filters != archive.Filters():
        raise Fault(f"{tables[0]}: is read whole; leave out the filters, or cut the file")
    if rest:
        with opened(rest, marks, engine) as known:
            columns = [name for name in analysis.NEEDED if name in known.verdicts.columns]
            frames.append(known.frame("verdicts", filters, columns))
    return analysis.together(frames)


def _scored(path: str) -> "pd.DataFrame":
    try:
        with Path(path).open(encoding="utf-8", newline="") as rows:
            return analysis.scored(rows)
    except (ValueError, OSError) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        raise Fault(f"{path}: {what}; take a table of OONI's scored web tests, or records") from None


def _whole(path: str) -> str | None:
    """Of what the incidents of a whole archive are made; `None` where it is none."""
    try:
        there = place(path)
        return analysis.made_of(there) if archive.is_archive(there) else None
    except RunsError:
        return None  # whoever reads it tells


def _keep(path: str, found: "analysis.Changes", of: str) -> None:
    """Keep the incidents of an archive in it; one that cannot be written to is no fault of the answer's."""
    try:
        name = analysis.keep(place(path), analysis.framed(found.incidents), of)
        screen.note(f"hushmap: kept in {path.rstrip('/')}/{name}")
    except RunsError as error:
        screen.note(f"hushmap: not kept: {error}")
