"""Runs and files of records -> one set of tables, each record judged with what other runs saw of the same.

The records are read twice and never held: first what each run saw, then each verdict beside it. What stays is a row
for each, and the newest record of each kind of result, which a page may show step by step.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from hushmap import archive
from hushmap.cli.fault import Fault
from hushmap.cli.finishing import LAB
from hushmap.cli.given import STDIN, Given
from hushmap.cli.judge_elsewhere import read
from hushmap.judge import Elsewhere, Judged
from hushmap.model import Knowledge
from hushmap.report import Entry
from hushmap.runs import Reject, RunFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from hushmap.archive import Tables

CHUNK = 4_096
"""Records whose rows are put into columns at once."""
_TABLES = ("records", "verdicts", "triggers")
"""Without steps: what a page shows step by step is held as records."""


class Together(msgspec.Struct, kw_only=True):
    """What several PATHs hold, judged together."""

    tables: "Tables"
    held: dict[str, Entry]
    """The newest of each kind of result of each target on each network, by the id of the record."""
    records: int = 0
    compared: int = 0
    """With something of another run in the verdict."""
    rejects: int = 0
    left_out: int = 0
    """Records that may not leave this computer, and so stand in no site."""
    elsewhere: Elsewhere = msgspec.field(default_factory=Elsewhere)
    """What each of the runs saw by itself."""
    lab: bool = False
    """Whether one of them says that its network was the lab's."""


class Held:
    """Rows in memory, as `Tables` takes its parts."""

    def __init__(self, tables: "Mapping[str, pa.Table]", steps: "Callable[[], pa.Table] | None" = None) -> None:
        """`steps` are made when they are asked for first, if ever: there are twenty times as many."""
        self._tables, self._steps = dict(tables), steps

    def files(self, table: str) -> Sequence[str]:  # noqa: ARG002 (as archives have it)
        """There is none."""
        return ()

    def held(self, table: str) -> "pa.Table | None":
        """The rows of a table."""
        if table == "steps" and self._steps is not None and table not in self._tables:
            self._tables[table] = self._steps()
        return self._tables.get(table)


def together(
    places: Sequence[Given], known: Knowledge, lang: str, steps: "Callable[[], pa.Table] | None" = None
) -> Together:
    """Every record of the places, judged beside the others; `steps` gives the rows of all their steps, if wanted.

    Raises:
        Fault: There is no record in any of them.
        RunsError: The extra `report` is not installed.
    """
    if any(place.text == STDIN for place in places):
        raise Fault("-: records are read twice; write them into a file, or add them to an archive")
    import pyarrow as pa  # noqa: PLC0415 (comes with the extra)

    elsewhere = Elsewhere(one for one in read(places, known) if isinstance(one, Judged))
    if not elsewhere.runs:
        names = ", ".join(place.text for place in places)
        raise Fault(f"no record in {names}: give run folders, bundles, files of records, or archives")
    batches: dict[str, list[pa.RecordBatch]] = {table: [] for table in _TABLES}
    newest: dict[tuple[object, ...], Judged] = {}
    told = Together(tables=archive.Tables(archive.connect(), ()), held={}, elsewhere=elsewhere)
    seen: set[str] = set()
    for place in places:
        facts, lab = _said(place)
        told.lab |= lab
        rows = archive.Rows(facts, _TABLES)
        for one in _beside(place, known, lang, elsewhere, told):
            if one.record.id in seen:
                continue
            seen.add(one.record.id)
            told.records += 1
            told.compared += bool(one.verdict.peers)
            told.lab |= one.record.context.scale != 1 or one.record.annotations.get("simulated") == "yes"
            _keep(newest, one)
            rows.add(one)
            if len(rows) >= CHUNK:
                _put(batches, rows)
                rows = archive.Rows(facts, _TABLES)
        _put(batches, rows)
    found = {table: pa.Table.from_batches(some, archive.arrow_schema(table)) for table, some in batches.items()}
    told.tables = archive.Tables(archive.connect(), [Held(found, steps)])
    told.held = {
        one.record.id: Entry(record=one.record, verdict=one.verdict, saying=one.saying) for one in newest.values()
    }
    return told


def _beside(place: Given, known: Knowledge, lang: str, elsewhere: Elsewhere, told: Together) -> Iterator[Judged]:
    """The records of a place, judged beside the others; what cannot be read is counted."""

    def readable() -> Iterator[Judged]:
        for one in read([place], known, lang):
            told.rejects += isinstance(one, Reject)
            if isinstance(one, Judged):
                yield one

    return elsewhere.beside(readable(), known)


def _keep(newest: dict[tuple[object, ...], Judged], one: Judged) -> None:
    """Hold it, if it is the newest of its kind."""
    record, vantage = one.record, one.record.vantage
    line = (
        (vantage.country, vantage.asn)
        if vantage.asn is not None
        else (vantage.country, vantage.network or record.run)
    )
    key = (record.experiment, record.target, record.layer, record.encoding, *line, one.group)
    old = newest.get(key)
    if old is None or (old.record.started, old.record.id) < (record.started, record.id):
        newest[key] = one


def _put(batches: "dict[str, list[pa.RecordBatch]]", rows: "archive.Rows") -> None:
    if len(rows):
        for table, batch in rows.arrow().items():
            batches[table].append(batch)


def _said(place: Given) -> "tuple[archive.Facts, bool]":
    """What a run's manifest says of its records, and whether its network was the lab's."""
    if place.run is None:
        return archive.Facts(), False
    manifest = RunFolder.open(place.run).manifest
    facts = archive.Facts(label=manifest.label or None, deck=manifest.deck or None)
    return facts, bool(manifest.options.get(LAB, False))
