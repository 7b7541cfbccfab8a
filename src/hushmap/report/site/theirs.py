"""What others measured of a target's host on a site's networks: in a part of the target's page, never in a cell."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hushmap.analysis import Share, Theirs
from hushmap.detect import Group, group_words
from hushmap.report.site.book import Network, Target
from hushmap.report.site.shown import name
from hushmap.report.words import Words

if TYPE_CHECKING:
    from hushmap.report.site.making import Making

_GROUPS = frozenset(group.value for group in Group)


def told(making: "Making", target: Target) -> tuple[tuple[str, ...], ...]:
    """For each network on which the site was measured, sentences; nothing of words, or where nobody was asked."""
    if making.added.others is None or target.part != "sites" or not target.domain:
        return ()
    here = making.on_networks.get(target.id, {})
    networks = [one for one in making.book.networks if one.id in here and one.asn is not None]
    return tuple(
        tuple(_of(target, one, making.added.theirs.get((target.id, one.id)), making.words)) for one in networks
    )


def _of(target: Target, network: Network, theirs: Theirs | None, words: Words) -> Iterator[str]:
    where = name(network, words)
    if theirs is None:
        yield words("theirs.none", network=where, host=target.domain)
        return
    yield words(
        "theirs.told",
        network=where,
        first=f"{theirs.first}",
        last=f"{theirs.last}",
        measurements=words.count("site.n.measurements", theirs.measurements),
        days=words.count("theirs.n.days", theirs.days),
    )
    if theirs.claim is not None:
        yield words("theirs.claim", **_often(theirs.claim)) + _share(theirs.claim, words)
    for one in theirs.ours:
        label = group_words(one.found, words.lang) if one.found in _GROUPS else one.found
        yield words("theirs.ours", label=label, **_often(one)) + _share(one, words)
    if theirs.left_out:
        yield words("theirs.left", n=f"{theirs.left_out:,}")


def _often(one: Share) -> dict[str, str]:
    return {"k": f"{one.k:.1f}".removesuffix(".0"), "n": f"{one.n:,}"}


def _share(one: Share, words: Words) -> str:
    """With its interval, or that there are too few."""
    if one.share is None or one.low is None or one.high is None:
        return f" ({words('site.share.few')})"
    share, low, high = (f"{100 * value:.0f}" for value in (one.share, one.low, one.high))
    return f" {words('site.share', share=share, low=low, high=high)}"
