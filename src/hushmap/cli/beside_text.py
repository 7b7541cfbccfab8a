"""What OONI has beside a verdict, in a few lines: whose it is, of how many bursts, with its interval and gaps."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from hushmap.cli.beside import Beside
from hushmap.cli.wording import count, day, field

if TYPE_CHECKING:
    from hushmap.analysis import Share, Theirs

_INDENT = 13


def beside_lines(beside: Beside) -> Iterator[str]:
    """The lines below a verdict."""
    told = beside.theirs
    period = f"{_day(beside.first)} to {_day(beside.last)}"
    if beside.asn is None:
        yield from _field("OONI beside", "the network of this run is not known, so nothing can be from the same one")
    elif told is None:
        what = f"no measurement of {beside.host} on AS{beside.asn}, {period}, in {beside.path}"
        yield from _field("OONI beside", f"{what}. That says nothing about {beside.host}")
    else:
        what = f"{beside.host} on AS{beside.asn}, {period}: {count(told.measurements, 'measurement')}"
        yield from _field("OONI beside", f"{what} on {count(told.days, 'day')}; not part of the verdict above")
        yield from _shares(told)


def beside_object(beside: Beside) -> dict[str, Any]:
    """The same as data."""
    return {"host": beside.host, "asn": beside.asn, "source": beside.path, "first": str(beside.first),
            "last": str(beside.last), "theirs": msgspec.to_builtins(beside.theirs)}  # fmt: skip


def _shares(told: "Theirs") -> Iterator[str]:
    if told.claim is not None:
        yield from _field("  OONI says", f"anomaly {_of(told.claim)}")
    ours = " · ".join(f"{share.found} {_of(share)}" for share in told.ours)
    left = f" · {count(told.left_out, 'measurement')} not counted: nothing decided, or failing everywhere"
    yield from _field("  our rules", ours + (left if told.left_out else ""))
    if told.gaps:
        yield from _field("  no data", told.gaps.replace(";", ","))


def _of(share: "Share") -> str:
    """`in 3 of 17 bursts, 18 % (95 %: 4 to 43 %)`; the share only where there are enough."""
    k = f"{share.k:.1f}".removesuffix(".0")
    text = f"in {k} of {count(share.n, 'burst')}"
    if share.share is None or share.low is None or share.high is None:
        return f"{text}, too few for a share"
    low, high = (f"{100 * one:.0f}" for one in (share.low, share.high))
    return f"{text}, {100 * share.share:.0f} % (95 %: {low} to {high} %)"


def _day(when: date) -> str:
    return day(when.isoformat())


def _field(name: str, text: str) -> list[str]:
    return field(f"  {name}", text, _INDENT + 2)
