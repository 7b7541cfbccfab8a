"""Addresses -> pages: the same names as in a site without their ending, and what only the explorer has.

A page that is not there says that it is not: what was not measured has no page, and nobody may read that as a result.
"""

from collections.abc import Callable, Collection, Sequence

import msgspec
import numpy as np

from hushmap.report.explore import happening, triggering
from hushmap.report.explore.comparing import facts_of, steps_of
from hushmap.report.explore.deciding import decided
from hushmap.report.explore.drawing import drawing
from hushmap.report.explore.exploring import Explored, Explorer, Page
from hushmap.report.explore.history import days, measurements
from hushmap.report.explore.listing import cells
from hushmap.report.explore.listing import page as listing
from hushmap.report.explore.measuring import facts, label_of, measured, steps
from hushmap.report.explore.narrowing import Narrowing
from hushmap.report.explore.wanted import COUNTED, LISTED, Wanted, WantedError, day, fits, given, wanted
from hushmap.report.site import citing, incident, method, networks, target
from hushmap.report.site.changing import Known
from hushmap.report.site.evidence import certificates
from hushmap.report.site.links import Links
from hushmap.report.site.making import Making
from hushmap.report.site.naming import category_list, group_list, network_list
from hushmap.report.view import shown_of

Pairs = Sequence[tuple[str, str]]
_GRID = (*LISTED, "page", "columns")
_OF_TARGET = tuple(name for name in COUNTED if name != "target")
_OF_NETWORK = tuple(name for name in LISTED if name != "network")
"""What pages can be asked for; lists that are narrowed otherwise say so beside themselves (`TAKES`)."""


def page(explorer: Explorer, path: str, pairs: Pairs) -> Page | str | None:
    """The page at `path`; an address to go to instead; or that there is none.

    Raises:
        WantedError: The address asks for what there is not, or the page for nothing of that name.
    """
    parts = path.strip("/").split("/", 1)
    if len(parts) == 1:
        made = _SINGLE.get(parts[0])
        return made(explorer, pairs) if made is not None else None
    made_of = _OF.get(parts[0])
    return made_of(explorer, parts[1], pairs) if made_of is not None else None


def nothing(explorer: Explorer, heading: str, why: str) -> Page:
    """That there is no such page, or that an address is wrong."""
    return Page(
        path="nothing",
        template="nothing",
        making=explorer.making(explorer.named(), Explored()),
        values={"heading": explorer.words(heading), "why": why},
        told={"error": why},
    )


def _wanted(explorer: Explorer, pairs: Pairs, takes: Collection[str]) -> Wanted:
    return wanted(pairs, explorer.counting.groups, takes)


def _home(explorer: Explorer, pairs: Pairs) -> Page | str:
    """The list; who searches for the id of a record is led to it."""
    meant = _wanted(explorer, pairs, _GRID)
    if len(meant.q) == 1 and meant == Wanted(q=meant.q) and _is_record(explorer, meant.q[0]):
        return Links.served().measurement(meant.q[0])
    return listing(explorer, meant)


def _is_record(explorer: Explorer, text: str) -> bool:
    """Whether it is the id of a record; ids are long and begin with a day, names of sites do not."""
    return text[:8].isdigit() and len(text) > 16 and measured(explorer.tables, text) is not None


def _days(explorer: Explorer, pairs: Pairs) -> Page:
    return days(explorer, _wanted(explorer, pairs, LISTED))


def _drawing(explorer: Explorer, pairs: Pairs) -> Page:
    """For the script: the days with how to draw them."""
    found = _days(explorer, pairs)
    told = {"page": "drawing", "drawing": drawing(found.told["days"], found.values["view"], explorer.words)}
    return msgspec.structs.replace(found, told=told)


def _incidents(explorer: Explorer, pairs: Pairs) -> Page:
    return happening.page(explorer, _wanted(explorer, pairs, happening.TAKES))


def _triggers(explorer: Explorer, pairs: Pairs) -> Page:
    return triggering.page(explorer, _wanted(explorer, pairs, triggering.TAKES))


def _method(explorer: Explorer, pairs: Pairs) -> Page:
    """How verdicts come about; a target of each test suffices to know which tests there are."""
    given(pairs, ())
    first: dict[str, int] = {}
    for at, one in enumerate(explorer.counting.columns.targets):
        first.setdefault(one.experiment, at)
    return Page(
        path="method",
        template="",
        making=explorer.making(explorer.named(first.values()), Explored()),
        told={"page": "method"},
        html=method.page,
    )


def _data(explorer: Explorer, pairs: Pairs) -> Page:
    """How to cite what is here: of which time, and on how many networks."""
    given(pairs, ())
    return Page(
        path="data",
        template="",
        making=explorer.making(explorer.named(networks=range(len(explorer.counting.network_ids))), Explored()),
        told={"page": "data"},
        html=lambda making: next(content for path, content in citing.pages(making) if path == "data.html"),
    )


def _compare(explorer: Explorer, pairs: Pairs) -> Page:
    """Two records side by side; without ids the form to give them."""
    asked = dict(given(pairs, ("first", "second")))
    ids = [asked.get(name, "") for name in ("first", "second")]
    found = [measured(explorer.tables, one) if one else None for one in ids]
    for one, known in zip(ids, found, strict=True):
        if one and known is None:
            raise WantedError(f"{one}: there is no such record here")
    words = explorer.words
    first, second = found
    values = {
        "ids": ids,
        "both": [(one, label_of(one.verdict, words)) for one in found if one is not None] if all(found) else [],
        "facts": facts_of(first, second, words) if first is not None and second is not None else (),
        "steps": steps_of(first, second, words) if first is not None and second is not None else (),
    }
    told = {"page": "compare", "measurements": [one.told for one in found if one is not None]}
    making = explorer.making(explorer.named(), Explored())
    return Page(path="compare", template="compare", making=making, values=values, told=told)


# --- pages of something ---------------------------------------------------------------------------------------------


def _target(explorer: Explorer, name: str, pairs: Pairs) -> Page | None:
    """A target, as on its page in a site, narrowed to what is meant."""
    counting, words = explorer.counting, explorer.words
    bare, of, rest = name.partition("/")
    if bare not in counting.target_ids or (of and rest != "measurements"):
        return None
    at = counting.target_ids.index(bare)
    if of:
        return measurements(explorer, _wanted(explorer, pairs, (*_OF_TARGET, "page")), at)
    meant = _wanted(explorer, pairs, _OF_TARGET)
    meant = msgspec.structs.replace(meant, part=counting.columns.targets[at].part, target=(bare,))
    here = _of(counting.columns.pair_network, counting.columns.pair_target == at)
    book = explorer.book(meant, Narrowing(targets=[at], networks=here, days=True))
    if book.targets[0].part == "words":
        book = msgspec.structs.replace(book, triggers=tuple(explorer.triggers.values()))
    alike = counting.pairs(msgspec.structs.replace(meant, target=()))
    measured = {one.id for one in book.networks}
    silent = [
        each for each in _of(counting.columns.pair_network, alike) if counting.network_ids[each] not in measured
    ]
    links = msgspec.structs.replace(meant, part="sites", target=()).address()
    explored = Explored(
        json=f"/targets/{bare}.json{links}",
        more=(
            (words("explore.measured.link"), f"/targets/{bare}/measurements{links}"),
            (words("explore.days.link"), f"/days{meant.address()}"),
        ),
        unsought=explorer.incidents is None,
    )
    told = {
        "page": "target",
        "target": book.targets[0],
        "networks": book.networks,
        "not_measured_on": [counting.network_ids[each] for each in silent],
        "cells": cells(book),
        "days": [
            {"network": network, "day": day, **msgspec.structs.asdict(cell)}
            for (_, network), by_day in sorted(book.days.items())
            for day, cell in by_day.items()
        ],
    }

    def html(making: Making) -> bytes:
        """Measurements are set out for people only: programs have the list of them all."""
        whole, evidence = decided(explorer, meant, at, making.book)
        # Those that measured others of its kind have a name on the page, and no cell.
        whole = msgspec.structs.replace(whole, networks=(*whole.networks, *explorer.named(networks=silent).networks))
        return target.page(msgspec.structs.replace(making, book=whole, evidence=evidence), whole.targets[0])

    return Page(path=f"targets/{bare}", template="", making=explorer.making(book, explored), told=told, html=html)


def _network(explorer: Explorer, name: str, pairs: Pairs) -> Page | None:
    """A network, as on its page in a site, narrowed to what is meant."""
    counting = explorer.counting
    if name not in counting.network_ids:
        return None
    at = counting.network_ids.index(name)
    meant = msgspec.structs.replace(_wanted(explorer, pairs, _OF_NETWORK), network=(name,))
    listed = counting.listed(meant)
    book = explorer.book(meant, Narrowing(targets=listed.targets.tolist(), networks=[at]))
    if not book.networks:
        return None
    here = msgspec.structs.replace(meant, network=()).address()
    explored = Explored(
        json=f"/networks/{name}.json{here}",
        more=(
            (explorer.words("explore.grid"), f"/{meant.address()}"),
            (explorer.words("explore.days.link"), f"/days{meant.address()}"),
        ),
    )
    told = {"page": "network", "network": book.networks[0], "targets": book.targets, "cells": cells(book)}
    only = book.networks[0]
    return Page(
        path=f"networks/{name}",
        template="",
        making=explorer.making(book, explored),
        told=told,
        html=lambda making: networks.page(making, only),
    )


def _of(numbers: np.ndarray, hit: np.ndarray) -> list[int]:
    found: list[int] = np.unique(numbers[hit]).tolist()
    return found


def _incident(explorer: Explorer, name: str, pairs: Pairs) -> Page | None:
    """A change, as on its page in a site."""
    given(pairs, ())
    counting, incidents = explorer.counting, explorer.incidents or ()
    one = next((one for one in incidents if one.id == name), None)
    if one is None:
        return None
    hosts = {one.key.target, *one.hosts}
    at = [place for place, asked in enumerate(counting.columns.targets) if (asked.domain or asked.target) in hosts]
    book = explorer.book(Wanted(), Narrowing(targets=at, networks=range(len(counting.network_ids))))
    beside = [other for other in incidents if one.event and other.event == one.event and other.id != name]
    book = msgspec.structs.replace(book, incidents=(one, *beside))
    return Page(
        path=f"incidents/{name}",
        template="",
        making=explorer.making(book, Explored(json=f"/incidents/{name}.json")),
        told={"page": "incident", "incident": one},
        html=lambda making: incident.page(making, one, Known(making.book), beside),
    )


def _trigger(explorer: Explorer, name: str, pairs: Pairs) -> Page | None:
    given(pairs, ())
    return triggering.single(explorer, name)


def _measurement(explorer: Explorer, name: str, pairs: Pairs) -> Page | None:
    """One measurement with all that is known of it; a list gives its day, so that it is found at once."""
    words, counting = explorer.words, explorer.counting
    asked = dict(given(pairs, ("day",))).get("day")
    fits("record", name)
    one = measured(explorer.tables, name, day("day", asked) if asked else None)
    if one is None:
        return None
    entry = explorer.entries([one.id], {one.record["day"]}).get(one.id)
    taken = steps(one, words)
    values = {
        "one": one,
        "label": entry.saying.label
        if entry is not None
        else label_of(one.verdict, words) or words("explore.unjudged"),
        "facts": facts(one, words),
        "steps": taken,
        "more": max(0, len(one.steps) - len(taken)),
        "shown": shown_of(entry, words) if entry is not None else None,
        "record": entry.record if entry is not None else None,
        "certificates": certificates(entry.record, words) if entry is not None else (),
        "has_target": one.target.id in counting.target_ids,
        "has_network": one.line.id in counting.network_ids,
    }
    making = explorer.making(explorer.named(), Explored(json=f"{Links.served().measurement(one.id)}.json"))
    told = {"page": "measurement", **one.told}
    return Page(path=f"measurements/{one.id}", template="measurement", making=making, values=values, told=told)


def _list(explorer: Explorer, name: str, pairs: Pairs) -> str | None:
    """Lists of a site are filters here."""
    given(pairs, ())
    counting = explorer.counting
    if name == "words":
        return f"/{Wanted(part='words').address()}"
    for category in {one.category for one in counting.columns.targets}:
        if category_list(category) == name:
            return f"/{Wanted(category=(category,)).address()}" if category else "/"
    for group in counting.groups:
        if group_list(group) == name:
            return f"/{Wanted(group=(group,)).address()}"
    for network in counting.network_ids:
        if network_list(network) == name:
            return f"/{Wanted(network=(network,)).address()}"
    return None


_SINGLE: dict[str, Callable[[Explorer, Pairs], Page | str | None]] = {
    "": _home,
    "index": _home,
    "days": _days,
    "drawing": _drawing,
    "compare": _compare,
    "incidents": _incidents,
    "triggers": _triggers,
    "method": _method,
    "data": _data,
}
_OF: dict[str, Callable[[Explorer, str, Pairs], Page | str | None]] = {
    "targets": _target,
    "networks": _network,
    "incidents": _incident,
    "triggers": _trigger,
    "measurements": _measurement,
    "lists": _list,
}
