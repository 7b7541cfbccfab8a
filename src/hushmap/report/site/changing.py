"""What changed, both ways, each as an interval: the values that the overview, incident pages and the feed share.

An onset and a lifting are each a change of their own, dated by what was last seen before and first seen after, never
by a point between. Where what fails was never seen working there is no onset, and so no change. Failing is not
blocked: how many of the failed attempts were judged so is said beside it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import reduce

import msgspec

from hushmap.analysis import Incident, Sure
from hushmap.detect import WORD_EXPERIMENTS, network_words, visible, when_words
from hushmap.model import Vantage
from hushmap.report.site.book import Book, Network, Target
from hushmap.report.words import Words

MOST = 40
"""Changes of each kind that the overview tells; a year of a country has thousands, and the files have all of them."""
SHOWN = 8
"""Of these stand open; on a phone each takes a fifth of the screen."""
SHORT = 80
"""Characters of a name in a line or a heading."""
_HOUR, _DAY = 3_600_000_000, 86_400_000_000
"""Microseconds: what published copies round times down to."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One way of one incident: what stopped working, or works again."""

    incident: Incident
    works: bool
    """Whether it works again; else it stopped working."""
    sure: Sure
    before: datetime
    """Last seen as it was."""
    after: datetime
    """First seen changed."""
    told: datetime
    """When it was confirmed; of a provisional one, when it was noticed."""

    @property
    def id(self) -> str:
        """It stays as long as the incident's id does."""
        return f"{self.incident.id}-{'lifting' if self.works else 'onset'}"

    @property
    def key(self) -> str:
        """How its texts begin."""
        return f"change.{'lifting' if self.works else 'onset'}.{'word' if is_word(self.incident) else 'site'}"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A change as a page shows it."""

    id: str
    incident: str
    """Id of the incident, whose page tells more."""
    style: str
    sign: str
    label: str
    what: str
    target: str
    """Id of the target's page, where there is only one."""
    where: str
    network: str
    """Id of the network's page; empty where none is known."""
    when: str
    judged: str
    rounded: str
    """Where its times are whole hours or days, what that means; else empty."""


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """The changes of a site as its overview tells them, newest first."""

    confirmed: tuple[Line, ...]
    earlier: tuple[Line, ...]
    """Confirmed too, and folded."""
    earlier_counted: str
    provisional: tuple[Line, ...]
    more: str
    """How many earlier ones are not listed; empty: none."""
    standing: tuple[Line, ...]
    """What failed without an onset that was seen."""
    standing_counted: str
    """How many those are; empty: none."""


class Known:
    """The pages of a site that an incident is about."""

    def __init__(self, book: Book) -> None:
        self.precision = book.precision
        self._networks = {_line(one.country, one.asn or 0, one.name): one for one in book.networks}
        self._targets: defaultdict[tuple[str, str, str, str], list[Target]] = defaultdict(list)
        for target in book.targets:
            name = target.domain or target.target
            self._targets[target.experiment, name, target.place, target.encoding].append(target)

    def network(self, one: Incident) -> Network | None:
        """The network; `None` where the site has no page of it."""
        return self._networks.get(_line(one.key.country, one.key.asn, one.key.network))

    def targets(self, one: Incident, *, working: bool = False) -> tuple[Target, ...]:
        """What failed, or with `working` what of the same service worked meanwhile, as far as the site has pages."""
        key, hosts = one.key, one.hosts_working if working else one.hosts
        found = (self._targets[key.experiment, host, key.place, key.encoding] for host in hosts)
        return tuple(target for targets in found for target in targets)


def _line(country: str, asn: int, name: str) -> tuple[str, int, str]:
    """What is one network: the same number and country; without a number its name."""
    return country, asn, "" if asn else name


def changes(book: Book) -> tuple[Change, ...]:
    """Every onset and lifting that was seen, the newest first."""
    found = [change for one in book.incidents for change in _ways(one)]
    return tuple(sorted(found, key=lambda change: (change.after, change.id), reverse=True))


def _ways(one: Incident) -> list[Change]:
    found = []
    if one.onset_last_working is not None and one.status is not Sure.STANDING:
        told = one.onset_alarm if one.onset_confirmed is None else one.onset_confirmed
        found.append(_change(one, one.status, (one.onset_last_working, one.onset_first_failing, told)))
    if one.lifting is not None and one.lifting_last_failing is not None and one.lifting_first_working is not None:
        alarm = one.lifting_first_working if one.lifting_alarm is None else one.lifting_alarm
        told = alarm if one.lifting_confirmed is None else one.lifting_confirmed
        times = (one.lifting_last_failing, one.lifting_first_working, told)
        found.append(_change(one, one.lifting, times, works=True))
    return found


def _change(one: Incident, sure: Sure, times: tuple[int, int, int], *, works: bool = False) -> Change:
    before, after, told = map(moment, times)
    return Change(incident=one, works=works, sure=sure, before=before, after=after, told=told)


def change_lines(book: Book, words: Words) -> Lines:
    """What the overview says of changes."""
    known, found = Known(book), changes(book)
    sure = [one for one in found if one.sure is Sure.CONFIRMED]
    first = [one for one in found if one.sure is not Sure.CONFIRMED]
    more = max(0, len(sure) - MOST) + max(0, len(first) - MOST)
    never = [one for one in book.incidents if one.onset_last_working is None]
    earlier = sure[SHOWN:MOST]
    return Lines(
        confirmed=tuple(line(one, known, words) for one in sure[:SHOWN]),
        earlier=tuple(line(one, known, words) for one in earlier),
        earlier_counted=words.count("change.earlier", len(earlier)),
        provisional=tuple(line(one, known, words) for one in first[:MOST]),
        more=words.count("change.more", more) if more else "",
        standing=tuple(standing(one, known, words) for one in never[:MOST]),
        standing_counted=words.count("change.standing", len(never)) if never else "",
    )


def line(change: Change, known: Known, words: Words) -> Line:
    """One change as a page shows it."""
    when = words(f"{change.key}.when", before=at(change.before, words), after=at(change.after, words))
    looks = ("lifting", "▲") if change.works else ("onset", "▼")
    return _told(change.incident, known, words, (change.id, *looks, words(change.key), when))


def standing(one: Incident, known: Known, words: Words) -> Line:
    """What failed as early as it was measured: it did not change."""
    when = words("change.standing.when", after=at(moment(one.onset_first_failing), words))
    return _told(one, known, words, (f"{one.id}-standing", "standing", "■", words("change.standing.label"), when))


def _told(one: Incident, known: Known, words: Words, own: tuple[str, str, str, str, str]) -> Line:
    network, targets = known.network(one), known.targets(one)
    id_, style, sign, label, when = own
    return Line(
        id=id_,
        incident=one.id,
        style=style,
        sign=sign,
        label=label,
        what=what(one, words),
        target=targets[0].id if len(targets) == 1 else "",
        where=where(one, words),
        network="" if network is None else network.id,
        when=when,
        judged=judged(one, words),
        rounded=rounded(one, words, known.precision),
    )


def judged(one: Incident, words: Words) -> str:
    """Failing is not blocked: how many of the failed attempts were judged so."""
    return words("change.judged", failing=f"{one.failing:,}", n=f"{one.attempts:,}", blocked=f"{one.blocked:,}")


def rounded(one: Incident, words: Words, precision: str | None = None) -> str:
    """What is to be known of times that are whole hours or days: the attempts were up to so much later."""
    times = (
        one.onset_last_working,
        one.onset_first_failing,
        one.lifting_last_failing,
        one.lifting_first_working,
    )
    return whole((time for time in times if time is not None), words, precision)


def whole(times: Iterable[int], words: Words, precision: str | None = None) -> str:
    """The same of any times that a page tells, in microseconds; empty where they are exact.

    Where nothing tells how they were rounded down (`Book.precision`), the times themselves do: of those to the second
    one in 3,600 is a whole hour by chance. Midnight is a whole hour too, so that days alone are never guessed.
    """
    cut = [time for time in times if time % _HOUR == 0]
    if not cut or precision == "exact":
        return ""
    guess = "hour" if any(time % _DAY for time in cut) else "either"
    return words(f"change.rounded.{precision or guess}")


def is_word(one: Incident) -> bool:
    """Whether a word, text or name in our own traffic fails; it is no site."""
    return one.key.experiment in WORD_EXPERIMENTS


def what(one: Incident, words: Words) -> str:
    """What stopped working, bounded."""
    if one.service:
        return words("change.service", service=visible(one.service, SHORT), n=f"{len(one.hosts):,}")
    return visible(one.key.target, SHORT)


def where(one: Incident, words: Words) -> str:
    """The network, as every sentence has it."""
    key = one.key
    told = Vantage(network=one.network or key.network or None, asn=key.asn or None, country=key.country or None)
    return network_words(told, words.lang)


def joined(said: Iterable[str], words: Words) -> str:
    """Sentences one after another, as the language sets them."""
    return reduce(lambda first, then: words("change.then", first=first, then=then), said)


def micros(time: datetime) -> int:
    """A time as incidents have it."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def moment(at_: int) -> datetime:
    """A time of an incident."""
    return _EPOCH + timedelta(microseconds=at_)


def stamp(time: datetime) -> str:
    """A time as records have it."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def at(time: datetime, words: Words) -> str:
    """A time in words, to the minute."""
    return when_words(stamp(time), stamp(time), words.lang)
