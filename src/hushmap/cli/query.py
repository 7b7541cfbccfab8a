"""`hushmap query`: shares, counts and rows of any number of runs, files and archives."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from hushmap import archive
from hushmap.cli import screen
from hushmap.cli.export_rows import line
from hushmap.cli.fault import Fault
from hushmap.cli.missed import missed
from hushmap.cli.options import examples, json_option, marks_option, typed_day
from hushmap.cli.query_opening import opened
from hushmap.cli.query_rows import Answer, cell, grouped, kinds, listed, shown
from hushmap.cli.query_text import lines
from hushmap.model import Outcome

TABLES = ("verdicts", "records", "steps", "triggers")
"""The tables, the first unless another is asked for."""
_SHOWN = {
    "verdicts": "started network asn target verdict_label mechanisms evidence reason",
    "records": "started network asn experiment target trials voids",
    "steps": "record trial side role step name address t failure",
    "triggers": "day network place trigger kind mechanism hits attempts",
}
"""Columns of rows on a terminal, where all of them would be unreadable."""


def _many(name: str, what: str, form: str = "NAME,...") -> Callable[[Any], Any]:
    """A filter; several values mean any of them."""
    return click.option(f"--{name}", metavar=form, multiple=True, help=f"Only {what}; several mean any of them.")


@examples(
    "hushmap query results/runs --by network,domain",
    "hushmap query archive --by day,asn --country XE --since 2026-11-01 --csv > shares.csv",
    "hushmap query 2026-11.jsonl.gz --table steps --domain news.example.org --json",
)
@click.command("query")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--by",
    metavar="COLUMN,...",
    help="Group by these: day, week, month, asn, country, network, domain, target, category, experiment, label ...; "
    "of verdicts each group has its share blocked, with interval, n and gaps; by outcome or mechanism it has counts.",
)
@click.option("--table", type=click.Choice(TABLES), default=TABLES[0], show_default=True, help="Of which table.")
@click.option("--columns", metavar="COLUMN,...", help="Without --by: these columns of each row.")
@_many("country", "measured in this country, by its code", "CC,...")
@_many("asn", "measured on this network, by its number", "ASN,...")
@_many("network", "measured on this network, by its name")
@_many("domain", "targets on this host")
@_many("target", "this target, whole (no commas)", "TARGET")
@_many("category", "targets of this category, by its code", "CODE,...")
@_many("experiment", "records of this test")
@_many("outcome", f"verdicts with this outcome ({', '.join(one.value for one in Outcome)})")
@_many("mechanism", "verdicts with this mechanism, or any of a family: tls for all of tls.*")
@_many("label", "runs with this --label")
@click.option("--since", metavar="YYYY-MM-DD", help="Only from this day (UTC) on.")
@click.option("--until", metavar="YYYY-MM-DD", help="Only up to this day (UTC).")
@click.option(
    "--min-n", "least", type=click.IntRange(min=1), metavar="N", help="State no share of fewer measurements than N."
)
@click.option("--engine", default="duckdb", metavar="URL", show_default=True, help="Or spark://HOST:PORT.")
@marks_option("What is no archive is judged with block notices")
@click.option("--csv", "as_csv", is_flag=True, help="CSV on stdout; so it is anyway where that is no terminal.")
@json_option
def command(
    *,
    paths: tuple[str, ...],
    by: str | None,
    table: str,
    columns: str | None,
    least: int | None,
    engine: str,
    marks: tuple[Path, ...],
    as_csv: bool,
    as_json: bool,
    **meant: Any,
) -> None:
    """Ask runs, files and archives alike: shares with intervals, counts, or rows. Nothing is sent.

    PATH is an archive, a run folder, a run's id, a file or folder of records (.json, .jsonl, .gz, .zst), s3://,
    https://, or - for stdin; several are one. What is no archive is judged for this, in memory. What each column
    holds is told in docs/reference/archive.md.
    """
    if by is not None and columns is not None:
        raise Fault("--columns is for rows, and --by makes groups of them; take one")
    if as_csv and as_json:
        raise Fault("--csv or --json, not both")
    filters = wanted(meant)
    people = not (as_csv or as_json) and _people()
    # What is asked for is looked at before hours may go by in judging.
    names = kinds(table, split((by,))) if by is not None else ()
    wished = split((columns or "",)) or (tuple(_SHOWN[table].split()) if people else ())
    wanted_columns = shown(table, wished)
    with opened(paths, marks, engine) as tables:
        if by is not None:
            answer = grouped(tables, table, filters, names, least)
        else:
            answer = listed(tables, table, filters, wanted_columns)
        _tell(answer, people=people, as_json=as_json)
    if by is not None:
        screen.notes(f"hushmap: {one}" for one in missed(paths))


def _people() -> bool:
    """Whether a person looks: a file or a program gets CSV, which is the same each time."""
    return sys.stdout.isatty()


def _tell(answer: Answer, *, people: bool, as_json: bool) -> None:
    if people:
        screen.out(lines(answer))
    elif as_json:
        for row in answer.rows:
            screen.out_json(dict(zip(answer.columns, row, strict=True)))
    else:
        screen.out_lines(line(answer.columns))
        for row in answer.rows:
            screen.out_lines(line(map(cell, row)))
    screen.notes(f"hushmap: {note}" for note in answer.notes)


def split(given: Iterable[str]) -> tuple[str, ...]:
    """Values that were given one by one, or with commas."""
    return tuple(value for text in given for value in (one.strip() for one in text.split(",")) if value)


def wanted(meant: dict[str, Any]) -> "archive.Filters":
    """The filters as they were typed.

    Raises:
        Fault: A value is none of its kind.
    """
    for outcome in (outcomes := split(meant["outcome"])):
        if outcome not in [one.value for one in Outcome]:
            raise Fault(f"--outcome {outcome[:40]}: there is none; take {', '.join(one.value for one in Outcome)}")
    return archive.Filters(
        country=tuple(value.upper() for value in split(meant["country"])),
        asn=tuple(_number(value) for value in split(meant["asn"])),
        network=split(meant["network"]),
        domain=tuple(value.lower() for value in split(meant["domain"])),
        target=tuple(meant["target"]),
        category=tuple(value.upper() for value in split(meant["category"])),
        experiment=split(meant["experiment"]),
        outcome=outcomes,
        mechanism=split(meant["mechanism"]),
        label=split(meant["label"]),
        since=None if meant["since"] is None else typed_day("--since", meant["since"]),
        until=None if meant["until"] is None else typed_day("--until", meant["until"]),
    )


def _number(text: str) -> int:
    bare = text.upper().removeprefix("AS")
    if not (bare.isascii() and bare.isdigit()):
        raise Fault(f"--asn {text[:40]}: is no AS number; write e.g. --asn 64501")
    return int(bare)
