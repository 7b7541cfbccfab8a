"""Which other names a rule about a name would cover: names of the lists on this computer, none of which was asked.

What a rule takes with it is part of what it does (refs/BEYOND 2.10), and lists hold the names that people look for.
It is arithmetic with what was found, and is told apart from what was measured.
"""

from collections.abc import Iterator
from functools import cache

from hushmap.catalog import CatalogError, probes_dir, sites_from_file
from hushmap.cli.choosing import host_of
from hushmap.cli.wording import count, listed
from hushmap.detect import overblocked
from hushmap.model import Trigger
from hushmap.runs import fetched

FEW = 5
"""Names that are told; how many there are is told beside."""


@cache
def known_names() -> frozenset[str]:
    """The names of every list of sites, shipped or fetched; one that cannot be read has none."""
    names: set[str] = set()
    for path in (*sorted((probes_dir() / "lists").glob("sites-*.csv")), *fetched("lists")):
        try:
            names.update(host_of(target.text).lower() for target in sites_from_file(path).targets)
        except CatalogError:
            continue
    return frozenset(names)


def overblocking_lines(trigger: Trigger) -> Iterator[str]:
    """What a rule about a name would cover beside; nothing for other triggers, or where no rule was read."""
    if trigger.expression is None:
        return
    names = known_names()
    covered = overblocked(trigger, names)
    told = f": {listed(covered[:FEW])}{' …' if len(covered) > FEW else ''}" if covered else ""
    here = f"Of {count(len(names), 'name')} in the lists here"
    yield f"{here} it would cover {len(covered):,} more{told} (not measured)"
