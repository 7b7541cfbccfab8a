"""The page of one site, word or service: one sentence, each network's days, and the evidence (UX 4).

Everything beside an outcome comes from `detect`; the page adds what is countable. A network on which it was seen
blocked and works again is not among those that block it now, and one that did not measure it is named as a gap.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cached_property

import msgspec
from markupsafe import Markup

from hushmap.analysis import Incident, Sure
from hushmap.detect import Period, Saying, Seen, Turn, mechanism_words, network_words, say_period, visible
from hushmap.model import Vantage
from hushmap.report.page import environment
from hushmap.report.site.again import works_again
from hushmap.report.site.book import Cell, Network, Target, Trigger
from hushmap.report.site.changing import at, micros, moment, rounded, whole
from hushmap.report.site.citing import cite
from hushmap.report.site.evidence import blocks
from hushmap.report.site.making import Making, Pages
from hushmap.report.site.shown import failed, kind
from hushmap.report.site.strips import Strip, look, strip, told

MOST_DAYS = 200
"""Lines of the list of days: some 40 kB; older ones are in the downloads."""
MOST_LINES = 90
"""Networks that are listed, those that block first; more are in the downloads, and all of them in the sentence."""
MOST_TRIGGERS = 60
"""Triggers that are linked; a text seldom has ten."""
SIZE = 185_000
"""Bytes of a page, of which evidence takes what the rest leaves: whoever pays by the megabyte reads it too."""
_DAY, _LINE, _FRAME = 180, 1_000, 12_000
"""Bytes of a line of the list, of a network in its table and headings, and of what every page has."""
_STRIPS = 60_000
"""Bytes of drawn days: twenty networks of three months that change every other day, or sixty of a month."""
NOW, SEEN, BEFORE, OTHER, OPEN = STATES = ("now", "seen", "before", "other", "open")
"""Seen blocked on the last day that decided anything; seen blocked, and neither that nor the next is known; seen
blocked, and working again later; not seen blocked; not decided."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """The target on one network."""

    network: str
    name: str
    cell: Cell
    sign: str
    style: str
    label: str
    direct: bool
    failed: str
    """How many did not work, where they are more than the cell tells of."""
    how: str
    when: tuple[str, ...]
    incidents: tuple[str, ...]
    state: str = OTHER
    strip: Strip | None = None
    evidence: Markup | None = None


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """The target on one network on one day."""

    day: date
    name: str
    sign: str
    style: str
    label: str
    cell: Cell
    failed: str
    """How many did not work, where they are more than the cell tells of."""
    rest: Markup
    """Its row behind the date; the same on many days."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    target: Target
    name: str
    whole: str
    """The target, where the heading is a part of it."""
    kind: str
    """What is asked, where it is no page load."""
    kicker: str
    saying: Saying
    rounded: str
    """Where its times are whole hours or days, what that means; else empty."""
    states: tuple[tuple[str, tuple[Line, ...]], ...]
    more_lines: int
    """Networks that are not listed."""
    missing: tuple[str, ...]
    """Networks that did not measure it."""
    days: tuple[Day, ...]
    more_days: int
    looks: tuple[tuple[str, str, str], ...]
    """Sign, style and label of each look that a strip has."""
    triggers: tuple[tuple[str, str, str], ...] = ()
    """(id, trigger, network) of what was found to make the difference."""


def pages(making: Making) -> Pages:
    """The page of every target."""
    drawer = Drawer(making)
    for target in making.book.targets:
        yield f"targets/{target.id}.html", page(making, target, drawer)


def page(making: Making, target: Target, drawer: "Drawer | None" = None) -> bytes:
    """One of them."""
    path = f"targets/{target.id}.html"
    return making.page(path, "target", view=(drawer or Drawer(making)).view(target), cite=cite(making, path))


class Drawer:
    """Draws pages of one book, of which it remembers what several need."""

    def __init__(self, making: Making) -> None:
        self.making, self.book, self.words = making, making.book, making.words
        self._said: dict[tuple[str, str, str, int, int, int, int], Day] = {}
        """What days say, by what decides it."""

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Networks as sentences have them, by id."""
        return {one.id: network_name(one, self.words.lang) for one in self.book.networks}

    @cached_property
    def triggers(self) -> Mapping[str, tuple[Trigger, ...]]:
        """The triggers by what they were found in: the record, and of a single word its place and spelling."""
        found: dict[str, list[Trigger]] = {}
        for one in self.book.triggers:
            word = "\0".join(str(one.fields.get(name) or "") for name in ("trigger", "place", "encoding"))
            for key in (f"{one.fields.get('record')}", word):
                found.setdefault(key, []).append(one)
        return {key: tuple(mine) for key, mine in found.items()}

    def _triggers(self, target: Target, cells: Mapping[str, Cell]) -> tuple[tuple[str, str, str], ...]:
        if target.part != "words":
            return ()
        word = f"{target.target}\0{target.place}\0{target.encoding}"
        keys = [word, *(cell.record for cell in cells.values())]
        every = {one.id: one for key in keys for one in self.triggers.get(key, ())}
        found = sorted((one for one in every.values() if one.network in self.names), key=lambda one: one.id)
        return tuple(
            (one.id, visible(str(one.fields.get("trigger") or ""), 90), self.names[one.network])
            for one in found[:MOST_TRIGGERS]
        )

    def view(self, target: Target) -> View:
        """What the page of `target` shows."""
        words, cells = self.words, self.making.on_networks.get(target.id, {})
        cells = {one.id: cells[one.id] for one in self.book.networks if one.id in cells}
        lines = self._lines(target, cells)
        days = [day for network in cells for day in self._days(target, network)]
        days.sort(key=lambda one: one.day, reverse=True)
        measured = sum(cell.n + cell.undecided for cell in cells.values())
        about = [words.category(target.category), words.count("target.measured", measured)]
        about += [words.count("n.networks", len(cells)), self.making.when]
        states = ((state, tuple(one for one in lines if one.state == state)) for state in STATES)
        shown = {look(cell): told(cell, words) for cell in (day.cell for day in days)}
        return View(
            target=target,
            name=visible(target.domain if target.part == "sites" and target.domain else target.target, 90),
            whole=target.target,
            kind=kind(target, words),
            kicker=" · ".join(part for part in about if part),
            saying=self._saying(target, cells),
            rounded=self._rounded(target, cells),
            states=tuple((state, mine) for state, mine in states if mine),
            more_lines=len(cells) - len(lines),
            missing=tuple(name for network, name in self.names.items() if network not in cells),
            days=tuple(days[:MOST_DAYS]),
            more_days=max(0, len(days) - MOST_DAYS),
            triggers=self._triggers(target, cells),
            looks=tuple((sign, style, label) for (sign, style), label in shown.items()),
        )

    def _rounded(self, target: Target, cells: Mapping[str, Cell]) -> str:
        """What is to be known of times that a published copy has cut, as pages of incidents tell it."""
        every = (one for network in cells for one in self.making.incidents.get((target.id, network), ()))
        told = next(filter(None, (rounded(one, self.words, self.book.precision) for one in every)), "")
        ends = (time for cell in cells.values() if look(cell)[1] in _FAILING for time in (cell.first, cell.last))
        return told or whole(map(micros, ends), self.words, self.book.precision)

    def _saying(self, target: Target, cells: Mapping[str, Cell]) -> Saying:
        """The sentence of all networks together."""
        days = {day for network in cells for day in self.book.days.get((target.id, network), {})}
        nowhere = datetime.fromtimestamp(0, UTC)
        first, last = _bounds(cells.values(), days) or (self.book.first or nowhere, self.book.last or nowhere)
        seen = (self._seen(target, network, cell) for network, cell in cells.items())
        period = Period(
            target=target.target,
            experiment=target.experiment,
            place=target.place,
            encoding=target.encoding,
            first=first,
            last=last,
            seen=tuple(seen),
            days=len(days) if all((target.id, network) in self.book.days for network in cells) else 0,
        )
        return say_period(period, self.words.lang)

    def _seen(self, target: Target, network: str, cell: Cell) -> Seen:
        known = self.making.incidents.get((target.id, network), ())
        return Seen(
            network=self.names[network],
            group=cell.group,
            k=cell.k,
            n=cell.n,
            failed=cell.failed,
            undecided=cell.undecided,
            mechanisms=cell.mechanisms,
            twins=cell.twins,
            turn=_turn(known[0]) if len(known) == 1 and look(cell)[1] in _FAILING else None,
            again=works_again(self.making, (target.id, network), cell),
        )

    # --- lines -----------------------------------------------------------------------------------------------------

    def _lines(self, target: Target, cells: Mapping[str, Cell]) -> tuple[Line, ...]:
        """The networks, those that block first; evidence as far as there is room for it, in that order."""
        states = {network: self._state(target, network, cell) for network, cell in cells.items()}
        ordered = sorted(
            cells, key=lambda network: (STATES.index(states[network]), look(cells[network])[1] == "reachable")
        )[:MOST_LINES]
        entries = [
            (network, entry)
            for network in ordered
            if (entry := self.making.evidence.get(cells[network].record)) is not None
        ]
        strips = self._strips(target, ordered)
        days = min(MOST_DAYS, sum(len(self.book.days.get((target.id, network), ())) for network in cells))
        rest = sum(one.size for one in strips.values()) + _DAY * days + _LINE * len(ordered) + _FRAME
        evidence = blocks(entries, self.words, SIZE - rest)
        return tuple(
            msgspec.structs.replace(
                self._line(target, network, cells[network]),
                state=states[network],
                strip=strips.get(network),
                evidence=evidence.get(network),
            )
            for network in ordered
        )

    def _strips(self, target: Target, ordered: Iterable[str]) -> Mapping[str, Strip]:
        """The days of the first networks, as many as there is room for; none where days are not given."""
        found, room = {}, _STRIPS
        for network in ordered:
            days = self.book.days.get((target.id, network))
            if days and self.book.first is not None and self.book.last is not None:
                drawn = strip(days, _day(self.book.first), _day(self.book.last), self.words)
                room -= drawn.size
                if room >= 0:
                    found[network] = drawn
        return found

    def _state(self, target: Target, network: str, cell: Cell) -> str:
        if not cell.n:
            return OPEN
        if look(cell)[1] != "blocked":
            return OTHER
        if works_again(self.making, (target.id, network), cell):
            return BEFORE
        days = self.book.days.get((target.id, network), {})
        newest = max((day for day, one in days.items() if one.n), default=None)
        return NOW if newest is not None and look(days[newest])[1] == "blocked" else SEEN

    def _line(self, target: Target, network: str, cell: Cell) -> Line:
        sign, style = look(cell)
        ways = "; ".join(mechanism_words(one, self.words.lang) for one in cell.mechanisms if one)
        known = self.making.incidents.get((target.id, network), ())
        return Line(
            network=network,
            name=self.names[network],
            cell=cell,
            sign=sign,
            style=style,
            label=told(cell, self.words),
            failed=failed(cell, self.words),
            direct=cell.direct and style == "blocked",
            how=ways,
            when=tuple(self._when(cell, known)),
            incidents=tuple(one.id for one in known),
        )

    def _when(self, cell: Cell, known: Iterable[Incident]) -> Iterator[str]:
        """First and last of what the cell tells of, and what changed: as intervals."""
        words, known = self.words, list(known)
        failing = bool(cell.n) and look(cell)[1] in _FAILING
        onsets = [one for one in known if one.onset_last_working is not None]
        if failing and not onsets:
            yield words("target.already" if known else "target.first", at=at(cell.first, words))
        for one in known:
            if one.onset_last_working is not None:
                key = "target.onset" if one.status is Sure.CONFIRMED else "target.onset.perhaps"
                before, after = moment(one.onset_last_working), moment(one.onset_first_failing)
                yield words(key, before=at(before, words), after=at(after, words))
            if one.lifting_last_failing is not None and one.lifting_first_working is not None:
                key = "target.lifting" if one.lifting is Sure.CONFIRMED else "target.lifting.perhaps"
                before, after = moment(one.lifting_last_failing), moment(one.lifting_first_working)
                yield words(key, before=at(before, words), after=at(after, words))
        if failing and not (known and known[-1].lifting_last_failing is not None):
            yield words("target.last", at=at(cell.last, words))

    def _days(self, target: Target, network: str) -> Iterator[Day]:
        for day, cell in sorted(self.book.days.get((target.id, network), {}).items()):
            # Most days of a site say one of a few things, of which the page need not be made anew each time.
            key = network, cell.group, cell.label, cell.k, cell.n, cell.undecided, cell.failed
            known = self._said.get(key)
            if known is None:
                known = self._said[key] = self._day(self.names[network], cell)
            yield msgspec.structs.replace(known, day=day, cell=cell)

    def _day(self, name: str, cell: Cell) -> Day:
        sign, style = look(cell)
        label = told(cell, self.words)
        day = Day(
            day=date.min,
            name=name,
            sign=sign,
            style=style,
            label=label,
            cell=cell,
            failed=failed(cell, self.words),
            rest=Markup(),
        )
        rest = environment().get_template("site/_day.html.j2").render(day=day)
        return msgspec.structs.replace(day, rest=Markup(rest))  # noqa: S704 (our own template)


_FAILING = frozenset({"blocked", "slowed", "unreachable"})
"""Styles of what may be a block, and of which it matters whether it works again."""


def network_name(one: Network, lang: str) -> str:
    """A network as sentences have it."""
    vantage = Vantage(network=one.name or None, asn=one.asn, country=one.country or None)
    return network_words(vantage, lang)


def _bounds(cells: Iterable[Cell], days: Iterable[date]) -> tuple[datetime, datetime] | None:
    """From the first to the last day on which it was measured; cells tell only of what they show."""
    times = [time for cell in cells for time in (cell.first, cell.last)]
    times += [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days]
    return (min(times), max(times)) if times else None


def _day(time: datetime) -> date:
    return time.astimezone(UTC).date()


def _turn(one: Incident) -> Turn | None:
    """What changed, as the sentence has it; nothing where no onset was seen."""
    if one.onset_last_working is None:
        return None
    lifted = one.lifting_last_failing is not None and one.lifting_first_working is not None
    return Turn(
        worked=moment(one.onset_last_working),
        failed=moment(one.onset_first_failing),
        failed_last=moment(one.lifting_last_failing) if lifted and one.lifting_last_failing is not None else None,
        works=moment(one.lifting_first_working) if lifted and one.lifting_first_working is not None else None,
        confirmed=one.status is Sure.CONFIRMED and one.lifting is not Sure.PROVISIONAL,
    )
