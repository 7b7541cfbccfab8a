"""What `hushmap fetch` prints: what was kept, where, under which licence, and how it is used."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from hushmap.cli.wording import count, day, shell, size, wrapped
from hushmap.remote import HowFar, Query
from hushmap.runner import Database
from hushmap.runs import Fetched

LISTS_HOME = "https://github.com/citizenlab/test-lists"
LISTS_LICENCE = "CC BY-NC-SA 4.0"
"""refs/OONI 7."""


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What came of OONI's API."""

    query: Query
    file: str | None
    sha256: str | None
    licence: str
    rows: int
    matches: int | None
    missing: int
    why: str
    """Why the first that is missing could not be had."""
    came: int
    complete: bool

    @property
    def object(self) -> dict[str, Any]:
        """What programs get."""
        names = ("file", "sha256", "licence", "rows", "matches", "missing", "complete")
        return {name: getattr(self, name) for name in names} | {"bytes": self.came}


def kept_object(kept: Fetched, **more: Any) -> dict[str, Any]:
    """What programs get of a file on the shelf."""
    names = ("sha256", "licence", "rows", "source", "when")
    return {"file": str(kept.path)} | {name: getattr(kept, name) for name in names} | more


def where_lists_are() -> Iterator[str]:
    """Where Citizen Lab's lists are, and why they do not come with hushmap."""
    yield f"Citizen Lab's lists of sites, by country and for all: {LISTS_HOME}"
    yield from wrapped(
        f"Their licence is {LISTS_LICENCE}: use them, change them, say whose they are, share what you make of them "
        "under the same terms, and do not sell them. Hushmap's own licence lets anybody sell it, so it ships none."
    )
    yield "One of them from there:       hushmap fetch lists --country XE"
    yield "What you have already:        hushmap fetch lists --from test-lists/lists"


def list_lines(kept: Fetched, *, bad: int, risky: int) -> Iterator[str]:
    """One list on the shelf."""
    name = Path(kept.name).stem
    off = f", {risky} of them off unless named" if risky else ""
    left = f" · {count(bad, 'bad row')} left out" if bad else ""
    yield f"{kept.name}: {count(kept.rows, 'site')}{off}{left}"
    yield f"  {kept.path} (sha256 {kept.sha256[:12]}…)"
    yield f"  licence: {kept.licence} · use it: {shell('hushmap', 'plan', '-f', name)}"


def marks_lines(kept: Fetched, *, form: str, bad: int) -> Iterator[str]:
    """One file of fingerprints on the shelf."""
    left = f" · {count(bad, 'row')} left out" if bad else ""
    whose = "our own" if form == "own" else f"{form}'s"
    yield f"{kept.name}: {count(kept.rows, 'fingerprint')} in {whose} columns{left} · licence: {kept.licence}"
    yield f"  {kept.path} (sha256 {kept.sha256[:12]}…)"


MARKS_END = "Every run and every judgement from now on knows them. Judge again: hushmap judge PATH"


def database_lines(kept: Fetched, found: Database, *, other: str | None) -> Iterator[str]:
    """The database on the shelf; `other` is the one that the settings name."""
    yield (
        f"{found.type}, made on {day(found.built)}: {count(found.rows, 'network')}, "
        f"{found.asns:,} with an AS number, {found.countries:,} with a country"
    )
    yield f"  {kept.path} (sha256 {kept.sha256[:12]}…) · licence: {kept.licence}"
    if other:
        yield f"It is not used as long as the settings name another (mmdb): {other}"
    else:
        yield "Runs from now on look up their network in it. What you declare wins: --network, --country"


def question_words(query: Query) -> str:
    """`web_connectivity in IT, 1 Jan 2026 to before 1 Feb 2026, of www.example.com`."""
    of = f", of {query.domain}" if query.domain else ""
    return f"{query.test} in {query.country}, {day(query.since)} to before {day(query.until)}{of}"


def progress_words(far: HowFar, wanted: int) -> str:
    """How far it has come."""
    missing = f" · {far.missing:,} could not be had" if far.missing else ""
    return f"{far.written:,} of up to {wanted:,} · {size(far.came)} came{missing}"


def gathered_lines(found: Gathered) -> Iterator[str]:
    """What came of OONI's API."""
    if found.file is None:
        yield f"No measurement was fetched: {question_words(found.query)}. {size(found.came)} came."
    else:
        yield f"{count(found.rows, 'measurement')} in {found.file} · {size(found.came)} came"
        yield f"  sha256 {found.sha256}"
    if found.missing:
        yield f"  {count(found.missing, 'more', 'more')} could not be had; the first: {found.why}"
    if found.file is not None and not found.complete:
        more = found.matches if found.matches and found.matches > found.rows else found.rows + 1000
        yield f"There are more: the same command with --limit {more} goes on."
    if found.file is not None:
        yield f"Licence: {found.licence} · judge them: {shell('hushmap', 'judge', found.file)}"
