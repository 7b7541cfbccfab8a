"""`hushmap fetch`: lists of sites and words, fingerprints, AS databases, OONI's data: files, or where they lie."""

import re
from pathlib import Path

import click

from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.fetch_text import (
    LISTS_HOME,
    LISTS_LICENCE,
    MARKS_END,
    database_lines,
    gathered_lines,
    kept_object,
    list_lines,
    marks_lines,
    where_lists_are,
)
from hushmap.cli.fetched_words import (
    WORDS_HOME,
    WORDS_LICENCE,
    keep_words,
    where_words_are,
    words_lines,
    words_object,
)
from hushmap.cli.fetching import DATABASE_BYTES, LIST_BYTES, MARKS_BYTES, keep_database, keep_lists, keep_marks
from hushmap.cli.gathering import ENOUGH, collect, output_path, query_of
from hushmap.cli.options import examples, json_option
from hushmap.cli.taking import UNTOLD, fetch, take
from hushmap.net import Clock
from hushmap.remote import API
from hushmap.runs import load_settings

LISTS = "https://raw.githubusercontent.com/citizenlab/test-lists/master/lists"
"""Where Citizen Lab's lists lie, one a country. own knowledge, unchecked."""
MARKS = tuple(
    f"https://raw.githubusercontent.com/ooni/blocking-fingerprints/main/fingerprints_{kind}.csv"
    for kind in ("dns", "http")
)
"""OONI's fingerprints. own knowledge, unchecked."""
MARKS_LICENCE = "none stated (github.com/ooni/blocking-fingerprints): for your own use"
"""refs/OONI 7: the files come without a licence."""

_LIST = re.compile(r"[a-z]{2}|cis|global")

_licence = click.option("--licence", metavar="TEXT", help="What its maker says may be done with it; kept beside it.")


@examples("hushmap fetch lists --from test-lists/lists/ir.csv", "hushmap fetch fingerprints")
@click.group("fetch")
def command() -> None:
    """Fetch what does not come with hushmap: lists, fingerprints, AS databases, OONI's measurements.

    What is fetched stays on this computer, with its source and licence beside it.
    """


@examples("hushmap fetch lists --from test-lists/lists/ir.csv", "hushmap fetch lists --country ir")
@command.command("lists", short_help="Lists of sites, looked through row by row.")
@click.option(
    "--from",
    "places",
    metavar="FILE|FOLDER|URL",
    multiple=True,
    help="Take lists in Citizen Lab's columns from here (repeatable).",
)
@click.option(
    "--country",
    "countries",
    metavar="XE",
    multiple=True,
    help="Fetch Citizen Lab's list of this country, or 'global' (repeatable).",
)
@click.option("--skip-bad", is_flag=True, help="Leave out rows that have a fault, and keep the others.")
@_licence
@json_option
def lists(
    *, places: tuple[str, ...], countries: tuple[str, ...], skip_bad: bool, licence: str | None, as_json: bool
) -> None:
    """Keep lists of sites: looked through row by row, then usable as `hushmap plan -f NAME`.

    Without --from and --country it says where Citizen Lab's lists are.
    """  # fmt: skip
    if not places and not countries:
        if as_json:
            screen.out_json({"file": None, "sha256": None, "licence": LISTS_LICENCE, "rows": 0, "source": LISTS_HOME})
        else:
            screen.out(where_lists_are())
        return
    if places and countries:
        raise Fault("--from and --country are two ways to the same; give one of them")
    addresses = [f"{LISTS}/{_list_name(country)}.csv" for country in countries]
    if addresses:
        screen.note(f"Citizen Lab's lists are under {LISTS_LICENCE}: say whose they are, and do not sell them.")
        told = LISTS_LICENCE
    else:
        told = licence or f"{UNTOLD}; Citizen Lab's lists are under {LISTS_LICENCE}"
    files = take(places, LIST_BYTES, "*.csv") or tuple(fetch(address, LIST_BYTES) for address in addresses)
    for one in keep_lists(files, licence=licence or told, when=Clock().iso(), skip_bad=skip_bad):
        if as_json:
            screen.out_json(kept_object(one.kept, bad=one.bad, risky=one.risky))
        else:
            screen.out(list_lines(one.kept, bad=one.bad, risky=one.risky))


def _list_name(country: str) -> str:
    if not _LIST.fullmatch(country.lower()):
        raise Fault(f"--country {country[:20]!r} is no list; write two letters, or global")
    return country.lower()


@examples(
    "hushmap fetch chat-censorship --from chat-censorship/search/ongoing",
    "hushmap fetch chat-censorship --from weibo.csv",
)
@command.command("chat-censorship", short_help="Lists of censored words, from your own copy.")
@click.option(
    "--from",
    "places",
    metavar="FILE|FOLDER",
    multiple=True,
    help="Take lists from your copy of Citizen Lab's repository (repeatable).",
)
@_licence
@json_option
def chat_censorship(*, places: tuple[str, ...], licence: str | None, as_json: bool) -> None:
    """Keep Citizen Lab's lists of censored words, from a copy of your own: then usable as `hushmap run -f NAME`.

    What must never be sent is dropped first, and counted. Without --from it says where the lists are.
    """  # fmt: skip
    if not places:
        if as_json:
            screen.out_json({"file": None, "sha256": None, "licence": WORDS_LICENCE, "rows": 0, "source": WORDS_HOME})
        else:
            screen.out(where_words_are())
        return
    files = take(places, LIST_BYTES, "*")
    for one in keep_words(files, licence=licence or WORDS_LICENCE, when=Clock().iso()):
        if as_json:
            screen.out_json(words_object(one))
        else:
            screen.out(words_lines(one))


@examples("hushmap fetch fingerprints", "hushmap fetch fingerprints --from fingerprints_http.csv")
@command.command("fingerprints", short_help="Block notices that others collected.")
@click.option(
    "--from",
    "places",
    metavar="FILE|URL",
    multiple=True,
    help="Take them from here instead of OONI's public files (repeatable).",
)
@_licence
@json_option
def marks(*, places: tuple[str, ...], licence: str | None, as_json: bool) -> None:
    """Keep block notices that others collected, beside the shipped ones: every later judgement knows them.

    Without --from OONI's two public files are fetched.
    """  # fmt: skip
    told = licence or (UNTOLD if places else MARKS_LICENCE)
    files = take(places, MARKS_BYTES, "*") or tuple(fetch(address, MARKS_BYTES) for address in MARKS)
    kept = keep_marks(files, licence=told, when=Clock().iso())
    for one in kept:
        if as_json:
            screen.out_json(kept_object(one.kept, form=one.form, bad=one.bad))
        else:
            screen.out(marks_lines(one.kept, form=one.form, bad=one.bad))
    if not as_json:
        screen.note(MARKS_END)


@examples("hushmap fetch asn --from GeoLite2-ASN.mmdb", "hushmap fetch asn --from asn.mmdb --licence 'CC BY 4.0'")
@command.command("asn", short_help="A database that tells networks by address.")
@click.option("--from", "place", metavar="FILE.mmdb", required=True, help="The database, a file or an address.")
@_licence
@json_option
def asn(*, place: str, licence: str | None, as_json: bool) -> None:
    """Keep a database that tells networks by address, in the format that ends in .mmdb.

    Your network is then looked up in it, on this computer. It takes the place of the one before.
    """
    files = take((place,), DATABASE_BYTES, "*.mmdb")
    if len(files) > 1:
        raise Fault(f"{place}: holds {len(files)} databases; name the one to keep")
    kept, found = keep_database(files[0], licence=licence or UNTOLD, when=Clock().iso())
    if as_json:
        screen.out_json(kept_object(kept, type=found.type, built=found.built))
    else:
        screen.out(database_lines(kept, found, other=load_settings().mmdb))


@examples(
    "hushmap fetch ooni --country IT --since 2026-01-01 --until 2026-01-08",
    "hushmap fetch ooni --country IT --since 2026-01-01 --until 2026-02-01 --domain www.example.com -o it.jsonl.zst",
)
@command.command("ooni", short_help="Measurements that OONI published.")
@click.option("--country", metavar="XE", required=True, help="Measurements from this country, two letters.")
@click.option("--since", metavar="DATE", required=True, help="The first day, YYYY-MM-DD, in UTC.")
@click.option("--until", metavar="DATE", required=True, help="The first day that is not fetched, YYYY-MM-DD.")
@click.option("--domain", metavar="NAME", help="Only measurements of this site.")
@click.option("--test", metavar="NAME", default="web_connectivity", show_default=True, help="Which of OONI's tests.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"How many measurements at most ({ENOUGH:,} unless you say).",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write, .jsonl.gz, .jsonl.zst or .jsonl; by default named after what is in it.",
)
@click.option("--api", default=API, envvar="HUSHMAP_OONI_API", hidden=True, help="Tests: another API.")
@json_option
def ooni(
    *,
    country: str,
    since: str,
    until: str,
    domain: str | None,
    test: str,
    limit: int | None,
    output: Path | None,
    api: str,
    as_json: bool,
) -> None:
    """Fetch measurements that OONI published, one a second, into a file that `judge` reads.

    It says first whom it asks, and how many there are. Stopped at any moment, the same command goes on from there.
    """  # fmt: skip
    query = query_of(country=country, since=since, until=until, test=test, domain=domain)
    found = collect(query, output_path(output, query), limit=limit, api=api)
    if as_json:
        screen.out_json(found.object)
    else:
        screen.out(gathered_lines(found))
