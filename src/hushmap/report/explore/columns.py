"""Every verdict as four small numbers in memory: when, which target on which network, what was found, whose label.

An archive of ten million verdicts has a question about one target answered in a third of a second and one about a
country in half; a page asks several. What pages count by fits into twelve bytes a verdict, sorted by time, so that a
filter is one pass over an array. Texts are looked up by number and stay in the tables, where the few rows that a page
shows are read. What proves the measurement itself (canaries, calibrations) is counted nowhere and is not in here.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ibis
import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hushmap.archive import Tables
from hushmap.report.site.naming import CHECK_EXPERIMENTS, network_id, part_of, target_id

Numbers = NDArray[Any]

MINUTE, DAY = 60, 24 * 60
"""Seconds of a minute, which is what pages say times to; minutes of a day."""
_AT_ONCE = 1 << 18
"""Rows whose texts become numbers at once: enough that the work is Arrow's, and some 100 MB."""
_ASKED: tuple[str, ...] = ("experiment", "target", "place", "encoding", "domain", "category")
_LINE: tuple[str, ...] = ("asn", "country", "network", "run")
_FOUND: tuple[str, ...] = ("group", "verdict_label", "outcome", "evidence", "mechanisms")
_LABEL: tuple[str, ...] = ("label",)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was asked about."""

    target: str
    experiment: str
    place: str = ""
    encoding: str = ""
    domain: str = ""
    category: str = ""

    @property
    def part(self) -> str:
        """`sites` or `words`: they are never counted together (UX 3)."""
        return part_of(self.experiment)

    @property
    def id(self) -> str:
        """For addresses of pages."""
        return target_id(self.experiment, self.target, self.place, self.encoding)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One network: an AS number and a country; without a number a name; without either, one run."""

    asn: int | None = None
    country: str = ""
    name: str = ""
    run: str = ""

    @property
    def id(self) -> str:
        """For addresses of pages."""
        return network_id(self.asn, self.country, "" if self.asn is not None else self.name, self.run)


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """What one verdict says, but for its numbers."""

    group: str
    label: str
    """In English, as lists show it."""
    outcome: str
    evidence: str
    mechanisms: tuple[str, ...] = ()


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The verdicts in order of time, and what their numbers mean."""

    targets: tuple[Asked, ...]
    networks: tuple[Line, ...]
    kinds: tuple[Kind, ...]
    labels: tuple[str, ...]
    """Labels of runs (`run --label`); the empty one is none."""
    pair_target: Numbers
    pair_network: Numbers
    """Of each target on a network where it was measured: the two."""
    minute: Numbers
    """Since 1970, UTC."""
    pair: Numbers
    kind: Numbers
    label: Numbers
    left: int = 0
    """Verdicts that are counted nowhere: they are about the measurement."""

    def __len__(self) -> int:
        return len(self.minute)


class _Codes:
    """Gives a number to each combination of some columns that comes up."""

    def __init__(self) -> None:
        self.known: dict[tuple[Any, ...], int] = {}
        self.latest: list[int] = []
        """The last minute of each."""

    def take(self, columns: Sequence[pa.Array], minute: Numbers) -> Numbers:
        """The numbers of some rows."""
        key: Numbers = np.zeros(len(columns[0]), np.int64)
        kept: list[pa.Array] = []
        for column in columns:
            coded = column.dictionary_encode(null_encoding="encode")
            places = coded.indices.to_numpy()
            # What came so far is numbered anew after each column, so that no product outgrows 64 bits.
            whole = pa.array(key * len(coded.dictionary) + places).dictionary_encode()
            key = whole.indices.to_numpy()
            before, last = np.divmod(whole.dictionary.to_numpy(), len(coded.dictionary))
            kept = [values.take(pa.array(before)) for values in kept] + [coded.dictionary.take(pa.array(last))]
        tuples = zip(*(values.to_pylist() for values in kept), strict=True)
        numbers = np.array([self.known.setdefault(one, len(self.known)) for one in tuples], np.int32)
        self.latest += [0] * (len(self.known) - len(self.latest))
        latest = np.zeros(len(numbers), np.int64)
        np.maximum.at(latest, key, minute)
        for number, last in zip(numbers.tolist(), latest.tolist(), strict=True):
            self.latest[number] = max(self.latest[number], last)
        found: Numbers = numbers[key]
        return found


def gathered(tables: Tables) -> Columns:
    """The columns of everything that was opened."""
    codes = {names: _Codes() for names in (_ASKED, _LINE, _FOUND, _LABEL)}
    minutes: list[Numbers] = []
    coded: dict[tuple[str, ...], list[Numbers]] = {names: [] for names in codes}
    left = 0
    for rows in _in_chunks(tables):
        counted = pc.invert(rows["about"].combine_chunks())
        left += len(rows) - pc.sum(counted).as_py()
        some = rows.filter(counted)
        if not len(some):
            continue
        minutes.append(some["minute"].combine_chunks().to_numpy().astype(np.int32))
        for names, numbers in coded.items():
            numbers.append(codes[names].take([some[name].combine_chunks() for name in names], minutes[-1]))
    order = np.argsort(_whole(minutes), kind="stable")
    targets, of_target = _merged(codes[_ASKED], _asked)
    networks, of_network = _merged(codes[_LINE], _line)
    whole = {names: _whole(numbers)[order] for names, numbers in coded.items()}
    pairs = pa.array(of_target[whole[_ASKED]].astype(np.int64) * max(1, len(networks)) + of_network[whole[_LINE]])
    coded_pairs = pairs.dictionary_encode()
    pair_target, pair_network = np.divmod(coded_pairs.dictionary.to_numpy(), max(1, len(networks)))
    return Columns(
        targets=targets,
        networks=networks,
        kinds=tuple(_kind(values) for values in codes[_FOUND].known),
        labels=tuple(value or "" for (value,) in codes[_LABEL].known),
        pair_target=pair_target.astype(np.int32),
        pair_network=pair_network.astype(np.int32),
        minute=_whole(minutes)[order],
        pair=coded_pairs.indices.to_numpy(),
        kind=narrow(whole[_FOUND], len(codes[_FOUND].known)),
        label=narrow(whole[_LABEL], len(codes[_LABEL].known)),
        left=left,
    )


def narrow(numbers: Numbers, below: int) -> Numbers:
    """The same numbers in as few bytes as they need; all are smaller than `below`."""
    found: Numbers = numbers.astype(np.min_scalar_type(max(0, below - 1)))
    return found


def _whole(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)


def _in_chunks(tables: Tables) -> Iterator[pa.Table]:
    """The columns that are needed, a great many rows at a time."""
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in tables.batches(_wanted(tables)):
        held.append(batch)
        size += len(batch)
        if size >= _AT_ONCE:
            yield pa.Table.from_batches(held)
            held, size = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _wanted(tables: Tables) -> Any:
    verdicts = tables.verdicts
    unknown = verdicts["asn"].isnull() & (verdicts["network"].fill_null("") == "")
    return verdicts.select(
        *(verdicts[name] for name in (*_ASKED, *_LINE[:-1], *_FOUND[:-1], *_LABEL)),
        # Unknown equals nothing: a run on an unknown network is on a network of its own.
        run=ibis.ifelse(unknown, verdicts["run"], ""),
        mechanisms=verdicts["mechanisms"].join(" "),
        minute=(verdicts["started"].epoch_seconds() / MINUTE).floor().cast("int32"),
        about=verdicts["canary"].fill_null(False) | verdicts["experiment"].isin(sorted(CHECK_EXPERIMENTS)),
    )


def _merged(codes: _Codes, made: Callable[..., Any]) -> tuple[tuple[Any, ...], Numbers]:
    """Things, and of each code which it is; where codes of one thing differ, the newest is believed first."""
    newest = sorted(codes.known.items(), key=lambda entry: (-codes.latest[entry[1]], entry[1]))
    places: dict[str, int] = {}
    found: list[Any] = []
    of = np.zeros(max(1, len(newest)), np.int64)
    for values, code in newest:
        thing = made(*values)
        place = of[code] = places.setdefault(thing.id, len(found))
        if place == len(found):
            found.append(thing)
        else:
            found[place] = _both(found[place], thing)
    return tuple(found), of


def _both(first: Any, second: Any) -> Any:
    """What one thing is called by two; a list that gives no category takes none away, as in `site.reading`."""
    if isinstance(first, Line):
        return first if first.name else msgspec.structs.replace(first, name=second.name)
    category = max(first.category, second.category)
    return msgspec.structs.replace(first, category=category, domain=first.domain or second.domain)


def _asked(*values: str | None) -> Asked:
    return Asked(**{name: value or "" for name, value in zip(_ASKED, values, strict=True)})


def _line(asn: int | None, country: str | None, name: str | None, run: str | None) -> Line:
    return Line(asn=asn, country=country or "", name=name or "", run=run or "")


def _kind(values: Sequence[Any]) -> Kind:
    group, label, outcome, evidence, mechanisms = (value or "" for value in values)
    return Kind(group=group, label=label, outcome=outcome, evidence=evidence, mechanisms=tuple(mechanisms.split()))
