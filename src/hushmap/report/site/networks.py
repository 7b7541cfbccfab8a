"""A page for each network: what was measured there and when, what was found, and how often, with its interval."""

from collections.abc import Iterable, Iterator
from datetime import date

from hushmap.detect import group_words, when_words
from hushmap.report.site.again import works_again
from hushmap.report.site.book import Network, Share
from hushmap.report.site.heat import of_network
from hushmap.report.site.making import UTC, Making, Pages
from hushmap.report.site.naming import network_list
from hushmap.report.site.shown import line, missing, name, rounded_cells, spells
from hushmap.report.site.telling import look
from hushmap.report.view import LOOKS

ROWS = 300
"""Targets that are listed; the list of the network has more, and the files all."""
_FOUND = frozenset({"blocked", "slowed", "unreachable", "other"})
"""Styles of what a reader of a network looks for."""


def pages(making: Making) -> Pages:
    """One for each network."""
    for one in making.book.networks:
        yield f"networks/{one.id}.html", page(making, one)


def page(making: Making, network: Network) -> bytes:
    """The page of one network."""
    words, on = making.words, making.on_networks
    cells = [(target, on[target.id][network.id]) for target in making.book.targets if network.id in on[target.id]]
    found = [(target, cell) for target, cell in cells if look(cell)[1] in _FOUND]
    days = {day: n for (id_, day), n in making.book.measured.items() if id_ == network.id}
    return making.page(
        f"networks/{network.id}.html",
        "network",
        network=network,
        name=name(network, words),
        facts=[(words(key), value) for key, value in _facts(making, network, days.keys()) if value],
        shares=[_share(making, one) for one in making.book.shares if one.network == network.id],
        found=[
            line(target, network, cell, words, again=works_again(making, (target.id, network.id), cell))
            for target, cell in found[:ROWS]
        ],
        more=max(0, len(found) - ROWS),
        rounded=rounded_cells((cell for _, cell in cells), words, making.book.precision),
        asked=words.count("site.n.targets", len(cells)),
        counted=words.count("site.n.targets", len(found)),
        days=sorted(days.items()),
        listed=network_list(network.id),
        pictures=() if making.served else of_network(making, network.id),
    )


def _facts(making: Making, network: Network, days: Iterable[date]) -> Iterator[tuple[str, str]]:
    """What a reader should know of a network and of what was done there; what is not known is said to be."""
    words, book = making.words, making.book
    unknown = words("known.unknown")
    yield "field.when", when_words(network.first.strftime(UTC), network.last.strftime(UTC), words.lang)
    yield "field.asn", f"AS{network.asn}" if network.asn is not None else unknown
    yield "field.country", network.country or unknown
    yield "field.kind", words("site.join").join(map(words.line, network.kinds)) or unknown
    if network.resolvers and book.about.as_recorded:  # a resolver tells which line at home it was
        yield "field.resolver", words("site.join").join(network.resolvers)
    yield "site.runs", f"{network.runs:,}" if network.runs else ""
    yield "site.measurements", f"{network.measurements:,}"
    if book.first is not None and book.last is not None:
        gaps = [*missing(days, book.first.date(), book.last.date())]
        yield "site.gaps", spells(gaps, words) or words("site.gaps.none")


def _share(making: Making, one: Share) -> dict[str, str]:
    """A share with its interval; none where there are too few bursts to say."""
    words = making.words
    told = words("site.share.few")
    if one.share is not None and one.low is not None and one.high is not None:
        percent = {key: f"{100 * value:.1f}" for key, value in zip(
            ("share", "low", "high"), (one.share, one.low, one.high), strict=True
        )}  # fmt: skip
        told = words("site.share", **percent)
    return {
        "experiment": one.experiment,
        "found": group_words(one.found, words.lang) if one.found in LOOKS else one.found,
        "share": told,
        "n": f"{one.n:,}",
        "left_out": f"{one.left_out:,}",
    }
