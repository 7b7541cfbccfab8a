"""OONI's measurements of the same host on the same network, for `show --with-ooni`: beside a verdict, never in it.

A file of a country's month is a thousand times what is asked for, so that only what fits is judged. An archive is
asked; it holds verdicts by our rules, and not what OONI concluded.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from hushmap import archive
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.given import Given, given
from hushmap.detect import claim_of, claimed
from hushmap.judge import Found, Judged, found_in, judge_one
from hushmap.model import Claim, Knowledge, Record

if TYPE_CHECKING:
    import pandas as pd

    from hushmap.analysis import Theirs

EXPERIMENT = "web_connectivity"
"""OONI's test of a site."""

Line = tuple[str, int]
"""A host and a network."""


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What OONI has beside one record of ours."""

    host: str
    asn: int | None
    path: str
    first: date
    last: date
    theirs: "Theirs | None"
    """`None`: nothing of this host on this network in these days."""


class Held(msgspec.Struct, frozen=True):
    """Rows of verdicts of one host on one network."""

    rows: "pd.DataFrame"
    claims: list[str] | None
    """What OONI concluded of each; `None` where that is not kept."""


def all_beside(path: str, judged: Iterable[Judged], known: Knowledge) -> dict[str, Beside]:
    """For each record of ours about a host what OONI has of it, by the record's id; the path is read once.

    Raises:
        Fault: It is a run, or there is nothing.
        RunsError: The extra `archive` is not installed.
    """
    from hushmap.analysis import DAYS, theirs  # noqa: PLC0415 (needs an extra, and half a second)

    ours = [one.record for one in judged if not one.word and one.record.source is None]
    wanted = {line for record in ours if (line := _line(record)) is not None}
    held = held_of(path, wanted, known) if wanted else {}
    told: dict[str, Beside] = {}
    for record in ours:
        last = date.fromisoformat(record.started[:10])
        first = last - timedelta(days=DAYS - 1)
        line = _line(record)
        found = held.get(line) if line is not None else None
        told[record.id] = Beside(
            host=_host(record.target), asn=record.vantage.asn, path=path, first=first, last=last,
            theirs=theirs(found.rows, first, last, found.claims) if found is not None else None,
        )  # fmt: skip
    return told


def held_of(path: str, wanted: set[Line], known: Knowledge) -> dict[Line, Held]:
    """What there is of each host on each network; the path is read once.

    Raises:
        Fault: It is a run, or there is nothing.
    """
    place = given(path)
    if place.run is not None:
        raise Fault(f"{path}: a run of Hushmap's, not OONI's measurements; fetch those: hushmap fetch ooni --help")
    if archive.is_archive(archive.Folder(Path(path))):
        return _archived(path, wanted)
    return _streamed(place, wanted, known)


def _archived(path: str, wanted: set[Line]) -> dict[Line, Held]:
    tables = archive.open_tables([archive.source(path, tuple)], Knowledge)
    hosts, networks = (tuple({line[at] for line in wanted}) for at in (0, 1))
    rows = tables.frame(domain=hosts, asn=networks, experiment=(EXPERIMENT,))
    return {
        (host, asn): Held(some, None)
        for host, asn in wanted
        if len(some := rows[(rows["domain"] == host) & (rows["asn"] == asn)])
    }


def _streamed(place: Given, wanted: set[Line], known: Knowledge) -> dict[Line, Held]:
    """Decode what there is, and judge what fits."""
    found: dict[Line, list[Judged]] = {}
    read = 0
    for one in place.inputs():
        for piece in found_in(one, place.called(one)):
            read += 1
            if isinstance(piece, Found) and piece.record.experiment == EXPERIMENT:
                line = _line(piece.record)
                if line in wanted and line is not None:
                    found.setdefault(line, []).append(judge_one(piece.record, known, source=piece.source))
    screen.note(f"hushmap: {read:,} measurements read in {place.text}, {sum(map(len, found.values())):,} of them fit")
    return {line: Held(_rows(some), [_said(one) for one in some]) for line, some in found.items()}


def _rows(some: list[Judged]) -> "pd.DataFrame":
    frame: pd.DataFrame = archive.arrow(some, tables=("verdicts",))["verdicts"].to_pandas()
    return frame


def _said(one: Judged) -> str:
    return claimed(claim_of(one.record) or Claim()).value


def _line(record: Record) -> Line | None:
    """The host and the network, if both are known: an unknown network is not equal to any."""
    host, asn = _host(record.target), record.vantage.asn
    return (host, asn) if host and asn is not None else None


def _host(target: str) -> str:
    """The host that a target names; empty if it names none."""
    try:
        return (urlsplit(target if "://" in target else f"//{target}").hostname or "").rstrip(".")
    except ValueError:
        return ""
