"""Runs -> a bundle, and all that there is to tell of it before it leaves.

Each run is read twice: addresses near the person get their stand-ins before the first record is copied. The id of a
published run is its time, as coarse as all others, with a hash of what was published of it: it tells nothing more,
and the same run published again in the same way has the same.
"""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, BinaryIO, cast

import msgspec

from hushmap.codec import encode_record
from hushmap.model import Knowledge, Record
from hushmap.publish.coarse import moment
from hushmap.publish.fields import DECK, FRAME, LABEL, Making
from hushmap.publish.hidden import Hidden
from hushmap.publish.naming import Near, addresses_in
from hushmap.publish.reducing import PLACEHOLDER, Refusal, Wish, reduced
from hushmap.runs import Bundle, PublishedRun, Reject, RunFolder, member_name, member_of, write_bundle

_DIGEST = 12
"""Hexadecimal digits of a published run's hash: 48 bits, for runs of one hour."""


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy is made of, beside the runs."""

    wish: Wish
    knowledge: Knowledge
    texts: tuple[str, ...] = ()
    """What must not leave: the helper's token and name, the home folder ..."""
    addresses: tuple[str, ...] = ()
    """This computer's own, as far as they are known now."""
    software: str = ""


class Review(msgspec.Struct, kw_only=True):
    """All that is shown before it leaves."""

    runs: tuple[PublishedRun, ...] = ()
    trials: int = 0
    experiments: Counter[str] = msgspec.field(default_factory=Counter)
    categories: Counter[str] = msgspec.field(default_factory=Counter)
    countries: Counter[str] = msgspec.field(default_factory=Counter)
    networks: Counter[str] = msgspec.field(default_factory=Counter)
    lists: set[str] = msgspec.field(default_factory=set)
    """Names of lists that words came from."""
    kinds: Counter[str] = msgspec.field(default_factory=Counter)
    masked: Counter[str] = msgspec.field(default_factory=Counter)
    refused: Counter[Refusal] = msgspec.field(default_factory=Counter)
    unreadable: int = 0
    weaker: int = 0
    """Records of which nothing can be decided without what was masked."""
    twice: int = 0
    """Runs of which the same was published already, in this bundle."""

    @property
    def records(self) -> int:
        """How many leave."""
        return sum(run.records for run in self.runs)

    @property
    def left_out(self) -> int:
        """How many stay."""
        return sum(self.refused.values()) + self.unreadable


def copied(folders: Sequence[Path], file: BinaryIO, made: Copy) -> Review:
    """Write the reduced copy of some runs as a bundle; no run is changed.

    Raises:
        RunsError: One of them is no run.
    """
    review = Review()
    parts: dict[str, tuple[PublishedRun, IO[bytes]]] = {}
    try:
        for folder in folders:
            run, content = _run(folder, made, review)
            if run.run in parts or not run.records:
                review.twice += run.run in parts
                content.close()
            else:
                parts[run.run] = run, content
        order = sorted(parts)
        review.runs = tuple(parts[name][0] for name in order)
        members = tuple(member_of(member_name(name), _rewound(parts[name][1])) for name in order)
        bundle = Bundle(
            software=made.software, time_precision=made.wish.precision, own_vantage=made.wish.own_vantage,
            runs=review.runs, masked={name: number for name, number in sorted(review.masked.items()) if number},
            left_out=review.left_out, members=members,
        )  # fmt: skip
        write_bundle(file, bundle, ((member_name(name), _rewound(parts[name][1])) for name in order))
    finally:
        for _, content in parts.values():
            content.close()
    return review


def _rewound(content: IO[bytes]) -> BinaryIO:
    content.seek(0)
    return cast("BinaryIO", content)


def _records(folder: RunFolder) -> Iterator[Record]:
    return (one for one in folder.records() if isinstance(one, Record))


def _run(path: Path, made: Copy, review: Review) -> tuple[PublishedRun, IO[bytes]]:
    """One run's records, reduced, in a file of their own that has no name."""
    folder, wish = RunFolder.open(path), made.wish
    making = _making(folder, made)
    digest, number, label, deck = hashlib.sha256(), 0, "", ""
    with tempfile.TemporaryFile() as draft:
        for found in folder.records():
            if isinstance(found, Reject):
                review.unreadable += 1
                continue
            one = reduced(found, making, wish, made.knowledge)
            if isinstance(one, Refusal):
                review.refused[one] += 1
                continue
            line = encode_record(one.record)
            digest.update(line)
            draft.write(line)
            number += 1
            label = one.record.annotations.get(LABEL, "")
            deck = one.record.annotations.get(DECK, "").partition(" ")[0]
            _count(review, one.record, weaker=one.weaker)
        review.masked += making.masked
        started = moment(folder.manifest.started, wish.precision) or "1970-01-01T00:00:00Z"
        stamp = started[:16].replace("-", "").replace(":", "")
        run = PublishedRun(
            run=f"{stamp}Z-{digest.hexdigest()[:_DIGEST]}", started=started, deck=deck, label=label, records=number
        )
        return run, _named(draft, run.run)


def _making(folder: RunFolder, made: Copy) -> Making:
    near, manifest = Near(seen={*made.addresses}), folder.manifest
    near.helpers.update(addresses_in(manifest.helper or ""))
    for record in _records(folder):
        near.look(record, own_vantage=made.wish.own_vantage)
    names = near.names()
    hidden = Hidden((*made.texts, folder.run), (*made.addresses, *names.of))
    return Making(hidden, names, made.wish.precision, own_vantage=made.wish.own_vantage)


def _named(draft: IO[bytes], run: str) -> IO[bytes]:
    """The lines of a draft with the run's id, which begins each of them, in the place of what stood for it."""
    draft.seek(0)
    content = tempfile.TemporaryFile()  # noqa: SIM115 (whoever asked for it closes it)
    for line in draft:
        content.write(line.replace(PLACEHOLDER.encode(), run.encode(), 2))
    return content


def _count(review: Review, record: Record, *, weaker: bool) -> None:
    place = record.vantage
    review.trials += len(record.trials)
    review.weaker += weaker
    review.experiments[record.experiment] += 1
    review.categories[record.category or "none"] += 1
    review.countries[place.country or ""] += 1
    if place.asn is not None or place.network:
        review.networks[" ".join(filter(None, (f"AS{place.asn}" if place.asn else "", place.network or "")))] += 1
    if FRAME in record.annotations:
        review.lists.add(record.annotations[FRAME])
    if place.kind:
        review.kinds[place.kind] += 1
