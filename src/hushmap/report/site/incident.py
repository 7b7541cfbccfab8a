"""The page of one incident: what stopped working on a network, when it was noticed, and whether it works again.

Every time is that of an attempt: the change lies between two of them, an alarm is never dated back, and what nobody
measured is not told. The page says how much failed and how much of it was judged blocked, for these are not the same.
"""

import msgspec

from hushmap.analysis import Incident, Sure
from hushmap.detect import mechanism_words, visible
from hushmap.report.site.around import around
from hushmap.report.site.book import Target
from hushmap.report.site.changing import SHORT, Known, at, is_word, joined, moment, rounded, what, where
from hushmap.report.site.making import Making, Pages
from hushmap.report.words import Words
from hushmap.sampling import ALPHA_OF_CHANGE, AVERAGE_RUN

MOST_HOSTS = 60
"""Hosts of one service that a page names; the largest have a few dozen."""
_STATUS = {Sure.CONFIRMED: "confirmed", Sure.PROVISIONAL: "provisional", Sure.STANDING: "standing"}


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """One host, or word, with its pages."""

    name: str
    targets: tuple[Target, ...]


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """An incident on another network whose onset may be the same."""

    id: str
    where: str
    when: str


def pages(making: Making) -> Pages:
    """A page for each incident."""
    known = Known(making.book)
    events: dict[str, list[Incident]] = {}
    for one in making.book.incidents:
        events.setdefault(one.event, []).append(one)
    for one in making.book.incidents:
        beside = [other for other in events[one.event] if one.event and other.id != one.id]
        path = f"incidents/{one.id}.html"
        yield path, page(making, one, known, beside)


def page(making: Making, one: Incident, known: Known, beside: list[Incident]) -> bytes:
    """The page of one incident; `beside` are those of the same event."""
    words, network, targets = making.words, known.network(one), known.targets(one)
    return making.page(
        f"incidents/{one.id}.html",
        "incident",
        incident=one,
        what=what(one, words),
        where=where(one, words),
        network=network,
        days=around(making, one, network, targets),
        status=status(one, words),
        lead=lead(one, words),
        sure=sure(one, words),
        rounded=rounded(one, words, making.book.precision),
        facts=facts(one, words),
        hosts=_hosts(one.hosts, targets),
        working=_hosts(one.hosts_working, known.targets(one, working=True)),
        more=max(0, len(one.hosts) - MOST_HOSTS),
        beside=[_other(other, words) for other in beside],
    )


def status(one: Incident, words: Words) -> str:
    """The incident in a few words, each way as sure as it is: for the heading, and the title of a card."""
    onset = words(f"incident.status.{_STATUS[one.status]}")
    if one.lifting is None:
        return onset
    return words("incident.status.both", onset=onset, lifting=words(f"incident.status.lifted.{_STATUS[one.lifting]}"))


def lead(one: Incident, words: Words) -> str:
    """What was seen, in sentences that can be copied: intervals, shares, and what was judged blocked."""
    kind = "word" if is_word(one) else "site"
    fields = {"what": what(one, words), "network": where(one, words)}
    first = at(moment(one.onset_first_failing), words)
    if one.onset_last_working is None:
        said = [words(f"incident.lead.standing.{kind}", after=first, **fields)]
    else:
        before = at(moment(one.onset_last_working), words)
        said = [words(f"incident.lead.onset.{kind}", before=before, after=first, **fields)]
    if one.lifting_last_failing is None or one.lifting_first_working is None:
        said.append(words("incident.lead.open", after=at(moment(one.last_failing), words)))
    else:
        times = {"before": one.lifting_last_failing, "after": one.lifting_first_working}
        said.append(words("incident.lead.lifted", **{name: at(moment(time), words) for name, time in times.items()}))
    counts = {name: f"{getattr(one, name):,}" for name in ("failing_sessions", "sessions", "failing", "attempts")}
    said.append(words("incident.lead.share", low=_percent(one.share_low), high=_percent(one.share_high), **counts))
    said.append(words("incident.lead.judged", blocked=f"{one.blocked:,}", failing=f"{one.failing:,}"))
    return joined(said, words)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def sure(one: Incident, words: Words) -> list[str]:
    """How sure the onset and the lifting are, in words that are true of the tests that were made."""
    numbers = {"streams": f"{1 / ALPHA_OF_CHANGE:,.0f}", "tests": f"{AVERAGE_RUN:,.0f}"}
    said = [words(f"incident.sure.{_STATUS[one.status]}", **_used(one.status, numbers))]
    if one.lifting is not None:
        said.append(words(f"incident.sure.lifting.{_STATUS[one.lifting]}"))
    if one.way != "any":
        said.append(words("incident.sure.way", way=words(f"incident.way.{one.way}")))
    if one.partial:
        said.append(words("incident.sure.partial"))
    if one.lines == 1:
        said.append(words("incident.sure.line"))
    return said


def _used(status: Sure, numbers: dict[str, str]) -> dict[str, str]:
    """The number that each kind of alarm promises."""
    used = {Sure.CONFIRMED: ("streams",), Sure.PROVISIONAL: ("tests",), Sure.STANDING: ()}[status]
    return {name: numbers[name] for name in used}


def facts(one: Incident, words: Words) -> list[tuple[str, str]]:
    """(field, value) of what is known; what was not seen is left out."""
    times = {
        "last_working": one.onset_last_working,
        "first_failing": one.onset_first_failing,
        "alarm": one.onset_alarm,
        "confirmed": one.onset_confirmed,
        "last_failing": one.last_failing,
        "first_working": one.lifting_first_working,
        "lifting_alarm": one.lifting_alarm,
        "lifting_confirmed": one.lifting_confirmed,
    }
    rows = [
        (words(f"incident.field.{name}"), at(moment(time), words)) for name, time in times.items() if time is not None
    ]
    how = "; ".join(mechanism_words(name, words.lang) for name in one.mechanisms)
    rows += [(words("column.how"), how)] if how else []
    place = words.place(one.key.place, one.key.encoding)
    rows += [(words("incident.field.place"), place)] if place else []
    rows.append((words("incident.field.lines"), f"{one.lines:,}"))
    return [*rows, (words("incident.field.experiment"), one.key.experiment)]


def _hosts(names: tuple[str, ...], targets: tuple[Target, ...]) -> list[Host]:
    """Each name with the pages that there are of it."""
    found: dict[str, list[Target]] = {name: [] for name in names[:MOST_HOSTS]}
    for target in targets:
        found.get(target.domain or target.target, []).append(target)
    return [Host(name=visible(name, SHORT), targets=tuple(mine)) for name, mine in found.items()]


def _other(one: Incident, words: Words) -> Other:
    return Other(id=one.id, where=where(one, words), when=at(moment(one.onset_first_failing), words))
