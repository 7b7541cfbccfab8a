"""Cases: a dated report of one confirmed change, as values that a page, a file of Markdown and JSON all tell alike.

A case repeats nothing that its incident does not say. What else happened then comes from the register, as its sources
have it; that it lies in the same days is consistent with it and no more. What did not change is told beside.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from hushmap.analysis import Incident, Sure
from hushmap.detect import visible
from hushmap.report.site.added import CaseError
from hushmap.report.site.book import Cell, Network, Target
from hushmap.report.site.case_text import markdown
from hushmap.report.site.changing import SHORT, Known, moment, rounded, what, where
from hushmap.report.site.events import Around, around
from hushmap.report.site.incident import facts, lead, status, sure
from hushmap.report.site.making import Making, Pages
from hushmap.report.site.shown import name
from hushmap.report.words import Words
from hushmap.sampling import ALPHA_OF_CHANGE

POSTS = frozenset({"watch"})
"""Tests of posts, which persons write: they are told in aggregates, and never as a case or in a feed (METHOD 5)."""
SEVERAL = 5
"""Incidents that are named where one is to be chosen."""
MOST = 20
"""Results that a case names of each kind."""


class Rests(msgspec.Struct, frozen=True, kw_only=True):
    """One result that a case rests on."""

    target: str
    page: str
    """Id of the target's page."""
    label: str
    k: int
    n: int
    record: str
    """Id of the newest record that shows it."""
    sentence: str
    """What that record is said to show; empty where it could not be had."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """All that a case says."""

    schema: str = "hushmap.case/1"
    id: str
    """Of the incident."""
    lang: str
    what: str
    where: str
    network: str
    """Id of the network's page; empty where there is none."""
    status: str
    lead: str
    basis: str
    """Whether it was read from published copies."""
    sure: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    evidence: tuple[Rests, ...]
    unchanged: tuple[str, ...]
    """What was measured and did not change, and what chance would bring."""
    context: tuple[Around, ...]
    aside: tuple[str, ...]
    """What is to be known of the context."""
    limits: tuple[str, ...]
    corrections: tuple[str, ...]
    check: tuple[tuple[str, str], ...]
    lab: str
    """That all of it is the lab's; else empty."""


def pages(making: Making) -> Pages:
    """A page for each case of the site, with the same as Markdown and as JSON beside it."""
    for incident in every(making):
        one = made(making, incident.id)
        yield f"cases/{one.id}.html", making.page(f"cases/{one.id}.html", "case", case=one)
        yield f"cases/{one.id}.md", markdown(one, making.words).encode()
        yield f"cases/{one.id}.json", msgspec.json.format(msgspec.json.encode(one), indent=1) + b"\n"


def told(making: Making) -> tuple[tuple[str, str], ...]:
    """(id, what it is called) of each case of the site, as the overview names them."""
    found = every(making)
    return tuple((one.id, making.words("feed.case", what=what(one, making.words), network=where(one, making.words)))
                 for one in found)  # fmt: skip


def every(making: Making) -> tuple[Incident, ...]:
    """The incident of each case of the site, once however often and in whatever way it was named."""
    return tuple({one.id: one for one in (chosen(making, wanted) for wanted in making.added.cases)}.values())


def is_post(one: Incident) -> bool:
    """Whether it is about a post, which a person may have written."""
    return one.key.experiment in POSTS


def chosen(making: Making, wanted: str) -> Incident:
    """The incident of this id, or of its beginning.

    Raises:
        CaseError: There is none, or it can be no case.
    """
    found = [one for one in making.book.incidents if one.id.startswith(wanted)]
    if len(found) != 1 or not wanted:
        which = "several incidents begin so" if found else "there is no such incident"
        raise CaseError(f"{wanted[:40]}: {which}; see their ids: hushmap incidents PATH --json")
    (one,) = found
    if is_post(one):
        raise CaseError(f"{one.id}: is about a post, and persons write posts; those are told in aggregates only")
    if not confirmed(one):
        raise CaseError(f"{one.id}: no change of it is confirmed; measure on, and make the case then")
    return one


def only(making: Making) -> str:
    """The id of the one incident that can be a case.

    Raises:
        CaseError: There is none, or there are several.
    """
    found = [one for one in making.book.incidents if confirmed(one) and not is_post(one)]
    if not found:
        raise CaseError("no change is confirmed there, so there is no case; what was seen: hushmap incidents")
    if len(found) > 1:
        named = ", ".join(f"{one.id} ({what(one, making.words)})" for one in found[:SEVERAL])
        more = f" and {len(found) - SEVERAL:,} more" if len(found) > SEVERAL else ""
        raise CaseError(f"{len(found):,} changes are confirmed; name the one that is meant first: {named}{more}")
    return found[0].id


def confirmed(one: Incident) -> bool:
    """Whether an onset or a lifting was seen and is sure."""
    return (one.status is Sure.CONFIRMED and one.onset_last_working is not None) or one.lifting is Sure.CONFIRMED


def made(making: Making, wanted: str) -> Case:
    """The case of an incident.

    Raises:
        CaseError: as `chosen`.
    """
    one, words, known = chosen(making, wanted), making.words, Known(making.book)
    network, targets = known.network(one), known.targets(one)
    category = next((target.category for target in targets if target.category), "")
    context = around(making.added.register, one.key.country, _days(one), category, words)
    about = making.book.about
    return Case(
        id=one.id,
        lang=words.lang,
        what=what(one, words),
        where=where(one, words),
        network="" if network is None else network.id,
        status=status(one, words),
        lead=lead(one, words),
        basis=words("case.published" if about.published else "case.recorded"),
        sure=(*sure(one, words), *filter(None, [rounded(one, words, making.book.precision)])),
        facts=tuple(facts(one, words)),
        evidence=tuple(_evidence(making, network, targets)),
        unchanged=tuple(_unchanged(making, one, network, targets)),
        context=context,
        aside=(words("case.context.told") if context else words("case.context.none"), words("case.context.cause")),
        limits=tuple(_limits(one, words)),
        corrections=tuple(words("case.corrected", version=f"{c.version}", day=f"{c.day}", text=c.text)
                          for c in about.corrections) or (words("case.corrected.none"),),
        check=tuple((words(key), value) for key, value in _check(making) if value),
        lab=words("lab") if about.lab else "",
    )  # fmt: skip


def _days(one: Incident) -> tuple[date, date]:
    """The days between which the first sure change of it lies."""
    sides = [(one.onset_last_working, one.onset_first_failing)] if one.status is Sure.CONFIRMED else []
    sides.append((one.lifting_last_failing, one.lifting_first_working or one.last_failing))
    before, after = next((first, last) for first, last in sides if first is not None)
    return moment(before).date(), moment(after).date()


def _evidence(making: Making, network: Network | None, targets: tuple[Target, ...]) -> Iterator[Rests]:
    for target in targets[:MOST]:
        cell = making.on_networks[target.id].get(network.id) if network is not None else None
        if cell is None:
            continue
        shown = making.evidence.get(cell.record)
        yield Rests(
            target=visible(target.target, SHORT),
            page=target.id,
            label=shown.saying.label if shown is not None else cell.label,
            k=cell.k,
            n=cell.n,
            record=cell.record,
            sentence=shown.saying.sentence if shown is not None else "",
        )


def _unchanged(making: Making, one: Incident, network: Network | None, targets: tuple[Target, ...]) -> Iterator[str]:
    """The same elsewhere, what of the service worked on, and what chance would bring of all that was looked at."""
    words = making.words
    said = [*_elsewhere(making, network, targets)]
    yield from said[:MOST]
    if len(said) > MOST:
        yield words("case.more", n=f"{len(said) - MOST:,}")
    if not said:
        yield words("case.nowhere")
    if one.hosts_working:
        names = words("site.join").join(visible(host, SHORT) for host in one.hosts_working[:MOST])
        yield words("case.working", names=names)
    looked = len(making.book.cells)
    yield words("case.chance", looked=f"{looked:,}", chance=f"{looked * ALPHA_OF_CHANGE:.2g}")


def _elsewhere(making: Making, network: Network | None, targets: tuple[Target, ...]) -> Iterator[str]:
    for target in targets:
        for id_, cell in making.on_networks[target.id].items():
            if network is None or id_ != network.id:
                changed = any(confirmed(one) for one in making.incidents.get((target.id, id_), ()))
                yield _other(making, target, making.networks[id_], cell, changed=changed)


def _other(making: Making, target: Target, network: Network, cell: Cell, *, changed: bool) -> str:
    shown = making.evidence.get(cell.record)
    return making.words(
        "case.changed" if changed else "case.unchanged",
        target=visible(target.target, SHORT),
        network=name(network, making.words),
        label=shown.saying.label if shown is not None else cell.label,
        k=f"{cell.k:,}",
        n=f"{cell.n:,}",
    )


def _limits(one: Incident, words: Words) -> Iterator[str]:
    yield words("incident.limits.1")
    if one.onset_last_working is not None:
        yield words("incident.limits.2")
    yield words("case.limits")


def _check(making: Making) -> Iterator[tuple[str, str]]:
    about = making.book.about
    yield "case.software", f"{about.software.name} {about.software.version}".strip()
    yield "data.rules", ", ".join(about.rules)
    yield "data.knowledge", ", ".join(about.knowledge)
    yield "site.id", making.site_id
    yield "site.contact", about.contact
