"""The list of what changed: every onset and lifting that was found, newest first, then what failed from the start.

They are found in all measurements together, so a filter by day, label or result would not be true of them: it is
refused. An archive keeps what `hushmap incidents` found in it; without that a large one has no list, and says so.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from hushmap.analysis import Incident, Sure
from hushmap.report.explore.exploring import FEW, Explored, Explorer, Page
from hushmap.report.explore.filtering import Chip, Field, chips, fields
from hushmap.report.explore.listing import Pager, pager
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site.changing import Change, Known, Lines, changes, line, standing
from hushmap.report.words import Words

ROWS = 50
"""Changes of one page."""
TAKES = ("part", "q", "country", "asn", "network", "domain", "target", "category", "experiment", "page")
"""What the list can be asked for."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    sought: bool
    fields: tuple[Field, ...]
    chips: tuple[Chip, ...]
    pager: Pager
    changes: Lines
    part: str


def page(explorer: Explorer, wanted: Wanted) -> Page:
    """The list of what is meant.

    Raises:
        WantedError: It has no such page.
    """
    counting, words, found = explorer.counting, explorer.words, explorer.incidents
    pairs = counting.pairs(wanted)
    at = [np.unique(of[pairs]).tolist() for of in (counting.columns.pair_target, counting.columns.pair_network)]
    book = explorer.named(*at)
    known = Known(book)
    meant = tuple(one for one in found or () if known.network(one) is not None and known.targets(one))
    changed = changes(msgspec.structs.replace(book, incidents=meant))
    never = [one for one in meant if one.onset_last_working is None]
    every: list[Change | Incident] = [*changed, *never]
    some = every[(wanted.page - 1) * ROWS : wanted.page * ROWS]
    view = View(
        sought=found is not None,
        fields=tuple(one for one in fields(counting, wanted, words) if one.name in TAKES),
        chips=chips(counting, wanted, words),
        pager=pager(wanted, "page", ROWS, len(every)),
        changes=_lines(some, known, words),
        part=wanted.part,
    )
    told: dict[str, Any] = {"page": "incidents", "sought": view.sought, "of": len(meant), "incidents": meant}
    explored = Explored(q=" ".join(wanted.q), json=f"/incidents.json{wanted.address()}", unsought=not view.sought)
    values = {"view": view, "changes": view.changes, "few": f"{FEW:,}"}
    return Page(
        path="incidents", template="incidents", making=explorer.making(book, explored), values=values, told=told
    )


def _lines(some: Sequence[Change | Incident], known: Known, words: Words) -> Lines:
    """Part of the list, as the overview of a site sets it: nothing is folded away and nothing left out."""
    seen = [one for one in some if isinstance(one, Change)]
    never = [one for one in some if isinstance(one, Incident)]
    return Lines(
        confirmed=tuple(line(one, known, words) for one in seen if one.sure is Sure.CONFIRMED),
        earlier=(),
        earlier_counted="",
        provisional=tuple(line(one, known, words) for one in seen if one.sure is not Sure.CONFIRMED),
        more="",
        standing=tuple(standing(one, known, words) for one in never),
        standing_counted=words.count("change.standing", len(never)) if never else "",
    )
