"""Which targets of a deck are on: risky ones are off until each kind is named (METHOD 5).

Off is the default for every category in `RISKY`, for every row that its list marks risky, and for every row without a
category, which nobody has judged yet. A name that matches nothing is an error, never ignored: somebody who writes
`--without HUMR` with a typing mistake would otherwise send what they wanted kept back.
"""

from collections.abc import Collection, Iterable

from hushmap.catalog.errors import CatalogError
from hushmap.model import CATEGORIES, RISKY, Target

NONE = "none"
"""What switches on the rows that have no category."""


def _names(target: Target) -> tuple[str, str, str]:
    """What a person may call it by: its category, itself, or a site's host."""
    return (target.category or NONE, target.text, target.text.partition("://")[2].split("/")[0] or target.text)


def off_by_default(target: Target) -> bool:
    """Whether a target needs to be named before it is asked."""
    return target.risky or target.category is None or target.category in RISKY


def switch(
    targets: Iterable[Target],
    with_: Collection[str] = (),
    without: Collection[str] = (),
    *,
    typed: Collection[str] = (),
) -> tuple[tuple[Target, ...], tuple[Target, ...]]:
    """The targets that are on and those that stay off, each in order.

    Args:
        targets: all of a deck.
        with_: categories (or `none`) and single targets to switch on.
        without: categories (or `none`) and single targets to leave out; wins over all else.
        typed: keys of targets that a person has typed, which are on. Their texts are no names: a word may be written
            as a category is, and must not switch that on.

    Raises:
        CatalogError: a name in `with_` or `without` is neither a category nor a target of this deck.
    """
    everything = tuple(targets)
    known = {*CATEGORIES, NONE, *(name for target in everything for name in _names(target))}
    for option, names in (("--with", with_), ("--without", without)):
        for name in sorted(names):
            if name not in known:
                here = sorted({_names(target)[0] for target in everything})
                what = f"{name[:60]} is no category and no target of this deck"
                raise CatalogError(option, 0, 0, what, f"it has the categories {' '.join(here)}")
    on = tuple(target for target in everything if _is_on(target, with_, without, typed))
    kept = {id(target) for target in on}
    return on, tuple(target for target in everything if id(target) not in kept)


def _is_on(target: Target, with_: Collection[str], without: Collection[str], typed: Collection[str]) -> bool:
    names = _names(target)
    if any(name in without for name in names):
        return False
    return not off_by_default(target) or target.key in typed or any(name in with_ for name in names)
