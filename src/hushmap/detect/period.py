"""What may be said of many measurements of one target, on several networks, over a time: label and sentence.

It counts what `say` said of each and adds nothing to it: a way of failing is named only where every counted
measurement failed in that way, a change is an interval, days and measurements that are missing are told. Where the
catalogue's own clause of a mechanism needs more than the target's name, the short phrase stands in its place, since
no single measurement's facts hold for all of them.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from hushmap.detect.facts import host_of_target, times, when
from hushmap.detect.groups import WORD_EXPERIMENTS, Group, WordGroup
from hushmap.detect.messages import catalogue, counted, fill, nearest, quotable, visible
from hushmap.detect.phrases import SHORT
from hushmap.detect.saying import Saying, mechanism_words

NAMED = 6
"""Networks that one sentence names; more are counted, so that it can still be read aloud."""

_ORDER: dict[str, str] = {
    Group.BLOCKED: "blocked",
    WordGroup.CUT: "blocked",
    WordGroup.UNEXPLAINED: "blocked",
    Group.SLOWED: "degraded",
    Group.UNREACHABLE: "unreachable",
    Group.REFUSED: "server_side",
    Group.ELSEWHERE: "down",
    WordGroup.UNTRIGGERED: "untriggered",
    Group.REACHABLE: "ok",
    WordGroup.PASSED: "ok",
}
"""Outcome of each count group, in the order of a sentence; a platform's own labels come after `down`."""
_COMPARED = frozenset({"blocked", "degraded"})
"""Outcomes of which a harmless twin tells something."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A change as intervals: between what was last seen before it and what was first seen after."""

    worked: datetime
    """Last seen working."""
    failed: datetime
    """First seen failing."""
    failed_last: datetime | None = None
    works: datetime | None = None
    """Last seen failing, and first seen working again; none where that was not seen."""
    confirmed: bool = True


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of the target on one network, counted."""

    network: str
    """As `network_words` has it."""
    group: str
    """The most telling count group; `Not decided` where nothing was."""
    k: int = 0
    n: int = 0
    """Of n measurements that decided anything k showed it."""
    failed: int = 0
    """Of the n so many did not work, however they were judged."""
    undecided: int = 0
    mechanisms: tuple[str, ...] = ()
    """Every leading mechanism of the k; an empty one where some have none."""
    twins: tuple[int, int] = (0, 0)
    """(worked, of so many) harmless twins of these."""
    turn: Turn | None = None
    again: bool = False
    """It was seen working again after the last of these."""


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked about, when, and what was seen."""

    target: str
    experiment: str
    first: datetime
    last: datetime
    """Start of the first and the last measurement."""
    seen: tuple[Seen, ...]
    days: int = 0
    """UTC days on which anything was measured; 0 where that was not counted."""
    place: str = ""
    encoding: str = ""


def say_period(period: Period, lang: str = "en") -> Saying:
    """Label, sentence, limits and how-sure line of all measurements together.

    Raises:
        ValueError: there is no catalogue for `lang`.
    """
    sayer = _Sayer(period, lang)
    messages = sayer.messages
    return Saying(
        label=sayer.label(),
        sentence=sayer.sentence(),
        limits=messages["limits"],
        how_sure=messages["period.sure" if sayer.decided else "sure.none"],
    )


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of the networks on which the same was seen."""

    clause: str
    places: str
    twins: str = ""
    tails: tuple[str, ...] = ()


class _Sayer:
    """One saying in the making."""

    def __init__(self, period: Period, lang: str) -> None:
        self.messages = catalogue(lang)
        self.lang = lang
        self.period = period
        self.word = period.experiment in WORD_EXPERIMENTS
        self.site = visible(host_of_target(period.target))
        path = period.target.partition("://")[2].removeprefix(host_of_target(period.target))
        self.path = visible(path) if path.strip("/") else ""
        self.decided = [one for one in period.seen if one.n]
        self.open = [one for one in period.seen if not one.n]
        self.ranks = {name: rank for rank, name in enumerate(_ORDER)}

    def _rank(self, group: str) -> int:
        return self.ranks.get(group, self.ranks[WordGroup.UNTRIGGERED])

    # --- label -----------------------------------------------------------------------------------------------------

    def label(self) -> str:
        """The most telling group, and on how many of the networks that were measured."""
        messages, total = self.messages, len(self.period.seen)
        if not self.decided:
            return messages["label.insufficient"]
        group = min((one.group for one in self.decided), key=self._rank)
        mine = [one for one in self.decided if one.group == group]
        fields = {"label": self._group(mine[0]), "k": f"{len(mine)}"}
        if again := sum(one.again for one in mine):
            fields |= {"again": f"{again}", "lifted": ""}
        if self.open:
            fields["open"] = f"{len(self.open)}"
        return counted(messages, "period.label", total, **fields)

    def _group(self, seen: Seen) -> str:
        known = self.messages.get(f"group.{seen.group}")
        first = seen.mechanisms[0] if seen.mechanisms else ""
        return known or nearest(self.messages, "label", first) or visible(seen.group)

    # --- sentence --------------------------------------------------------------------------------------------------

    def sentence(self) -> str:
        """The time, then what was seen, the most telling first; then what was not decided and not measured."""
        messages = self.messages
        alike: dict[tuple[str, tuple[str, ...]], list[Seen]] = {}
        for one in sorted(self.decided, key=lambda one: (self._rank(one.group), -one.k)):
            alike.setdefault((one.group, tuple(sorted(one.mechanisms))), []).append(one)
        told = [self._told(mine) for mine in alike.values()]
        if self.open:
            subject = self._sent("period.pack.whole") if self.word else self.site
            clause = fill(messages["period.undecided"], {"subject": subject}) or ""
            told.append(_Told(clause=clause, places=self._places(self.open, "open")))
        between, said = self._between(), []
        for place, part in enumerate(told):
            fields = {"between": between, "clause": part.clause, "places": part.places}
            fields |= {"twins": part.twins} if part.twins else {}
            said += [fill(messages["period.next" if place else "period.first"], fields) or "", *part.tails]
        if not told:
            said.append(fill(messages["period.nothing"], {"between": between}) or "")
        about = [messages["tail.word"]] if self.word and self.decided else []
        return messages["space"].join([*said, *about, *self._missing()])

    def _told(self, mine: Sequence[Seen]) -> "_Told":
        return _Told(
            clause=self._clause(mine[0]),
            places=self._places(mine, "place"),
            twins=self._twins(mine),
            tails=tuple(self._tails(mine[0])),
        )

    def _outcome(self, group: str) -> str:
        return _ORDER.get(group, "other")

    def _clause(self, seen: Seen) -> str:
        """The catalogue's clause where the target's name is all that it needs, else a plain one with the way."""
        messages, outcome = self.messages, self._outcome(seen.group)
        how = self._how(seen)
        fields = {"site": self.site, "carried": self._carried(), "label": self._group(seen)}
        fields |= {"how": how} if how else {}
        if self.word:
            return fill(messages[f"period.word.{outcome}"], fields) or ""
        if outcome in {"down", "other", "untriggered"}:
            return fill(messages["period.down" if outcome == "down" else "period.other"], fields) or ""
        if outcome == "ok":
            experiment = self.period.experiment
            key = f"clause.ok.{'web' if experiment.startswith('web') else experiment}"
            key = "period.middlebox" if experiment == "middlebox" else key if key in messages else "clause.ok"
            return fill(messages[key], fields) or ""
        own = nearest(messages, "clause", seen.mechanisms[0]) if len(seen.mechanisms) == 1 else None
        fields_of_one = {"site": self.site} | ({"path": self.path} if self.path else {})
        return (fill(own, fields_of_one) if own else None) or fill(messages[f"period.{outcome}"], fields) or ""

    def _how(self, seen: Seen) -> str:
        return self.messages["list"].join(mechanism_words(one, self.lang) for one in seen.mechanisms if one)

    def _sent(self, key: str = "period.pack") -> str:
        """What was sent; a pack is no word, and its name is none of its words."""
        text = self.period.target
        shown = fill(self.messages["what.one"], {"text": quotable(text[:SHORT] + "…" * (len(text) > SHORT))}) or ""
        encoding = self.messages.get(f"encoding.{self.period.encoding}")
        fields = {"text": shown} | ({"encoding": encoding} if encoding else {})
        return fill(self.messages[key if self.period.experiment == "screen" else "what.word"], fields) or ""

    def _carried(self) -> str:
        place = self.period.place
        keys = (f"carried.domain.{place}",) if self.period.experiment == "domain" else ()
        found = next((self.messages[key] for key in (*keys, f"carried.{place}") if key in self.messages), None)
        return fill(found or self.messages["carried.other"], {"what": self._sent()}) or ""

    def _places(self, mine: Sequence[Seen], kind: str) -> str:
        """Each network with its counts, those of most measurements first; beyond `NAMED` they are added up."""
        messages = self.messages
        mine = sorted(mine, key=lambda one: (-one.k, -one.n, -one.undecided, one.network))
        named = mine if len(mine) <= NAMED + 1 else mine[:NAMED]
        shown = [self._place(one.network, [one], kind) for one in named]
        if rest := mine[len(named) :]:
            shown.append(self._place(counted(messages, "period.networks", len(rest)), rest, kind))
        *first, last = shown
        start = messages["period.comma"].join(first)
        return start + messages["period.and"] + last if start else last

    def _place(self, network: str, mine: Sequence[Seen], kind: str) -> str:
        n = sum(one.n if kind == "place" else one.undecided for one in mine)
        change = self._change(mine[0].turn) if len(mine) == 1 else ""
        k, failed = sum(one.k for one in mine), sum(one.failed for one in mine)
        fields = {"network": network, "k": f"{k:,}"} | ({"change": change} if change else {})
        if failed > k:
            fields["failed"] = f"{failed:,}"
        return counted(self.messages, f"period.{kind}", n, **fields)

    def _change(self, turn: Turn | None) -> str:
        if turn is None:
            return ""
        fields = {"worked": self._moment(turn.worked), "failed": self._moment(turn.failed)}
        if turn.failed_last is not None and turn.works is not None:
            fields |= {"failed_last": self._moment(turn.failed_last), "works": self._moment(turn.works)}
        if not turn.confirmed:
            fields["unconfirmed"] = ""
        return fill(self.messages["period.change"], fields) or ""

    def _moment(self, moment: datetime) -> str:
        text = _iso(moment)
        return when(self.messages, text, text)

    def _twins(self, mine: Sequence[Seen]) -> str:
        if self._outcome(mine[0].group) not in _COMPARED:
            return ""
        worked, tried = (sum(one.twins[part] for one in mine) for part in (0, 1))
        counts = times(self.messages, "worked", worked, tried)
        return fill(self.messages["period.twins"], {"times": counts}) or "" if tried else ""

    def _between(self) -> str:
        messages = self.messages
        months = messages["months"].split()
        first, last = self.period.first.astimezone(UTC), self.period.last.astimezone(UTC)
        fields: dict[str, str] = {}
        for moment, suffix in ((first, ""), (last, "2")):
            fields |= {f"year{suffix}": f"{moment.year}", f"month{suffix}": months[moment.month - 1]}
            fields[f"day{suffix}"] = f"{moment.day}"
        same = [
            first.date() == last.date(),
            (first.year, first.month) == (last.year, last.month),
            first.year == last.year,
        ]
        key = next((key for key, equal in zip(("day", "month", "year"), same, strict=True) if equal), "years")
        return fill(messages[f"period.{key}"], fields) or ""

    # --- what else is to be said -----------------------------------------------------------------------------------

    def _tails(self, seen: Seen) -> Iterator[str]:
        """What a label does not say, right after what it stands for."""
        outcome, messages = self._outcome(seen.group), self.messages
        if outcome == "unreachable":
            yield messages["tail.word.unreachable" if self.word else "tail.unreachable"]
        elif outcome in {"down", "server_side"}:
            yield messages[f"tail.{outcome}"]
        elif outcome == "untriggered":
            yield messages["period.untriggered"]
        elif outcome == "ok" and (also := self._how(seen)):
            yield fill(messages["also"], {"also": also}) or ""

    def _missing(self) -> list[str]:
        """What decided nothing where something else did, and days without a measurement."""
        left, said = sum(one.undecided for one in self.decided), []
        if left:
            said.append(counted(self.messages, "period.left", left))
        first, last = self.period.first.astimezone(UTC), self.period.last.astimezone(UTC)
        every = (last.date() - first.date()).days + 1
        if 0 < self.period.days < every:
            said.append(counted(self.messages, "period.days", every, k=f"{self.period.days}"))
        return said


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
