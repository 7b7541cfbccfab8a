"""The `calibrate` experiment: does a filter see words in this place, and what is a hit or a pass there worth?

A canary, known to be cut off where the deck is meant to be used, and harmless text are planted toward an address of
ours: first whether the canary fires at all; then what is cut off after it, and for how long; then the other ports of
our echo, harmless text in plenty, and packs. Each step waits for the one before it where that decides how, and asks
side by side where it does not (METHOD 3, refs/KEYWORDS 2.3). Other words of the place wait for all of it.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from hushmap.detect import Calibrated, Planted, pack_length, separators
from hushmap.experiments.carriers import ask_for, for_words, port_of, twin_of
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.cooldown import BURN_SECONDS, MARGIN
from hushmap.experiments.pairing import COOLING_PASSES, COOLING_START
from hushmap.model import (
    Ask,
    Calibration,
    Knowledge,
    Layer,
    Place,
    Record,
    Residual,
    Role,
    Target,
    Transport,
    Trial,
    place_key,
)
from hushmap.sampling import Decision, needed
from hushmap.wire import carrying

MOST_PLANTED = 1_200
"""Attempts in one place, at most: four at each of 128 ports, as many harmless ones, and packs."""


class Echo(msgspec.Struct, frozen=True, kw_only=True):
    """Ports of ours that were calibrated, and what is held against them after a hit."""

    key: str
    """The place, and the writing (`model.place_key`)."""
    address: str
    ports: tuple[int, ...]
    residual: Residual

    @property
    def apart(self) -> bool:
        """Whether each port is a server of its own: what hits one is not held against the others."""
        return self.residual.scope != "2-tuple" and len(self.ports) > 1


class Calibrate(Conversation):
    """One canary in one place."""

    experiment = "calibrate"
    most = MOST_PLANTED

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        assert target.place is not None, "the catalogue gives each of these a place"
        self.place: Place = target.place
        self._length = pack_length(self.place)
        self._asks: dict[tuple[str, int], Ask | None] = {}
        self.echo: Echo | None = None
        """Ports of ours, as soon as it is known what a hit is held against."""

    def wanted(self) -> Iterator[Want]:
        """Controls; the canary; what follows it; then ports, harmless text and packs side by side."""
        seen = Calibrated(self.record(), self.conditions.knowledge)
        if self._ask(self.target.text) is None or self._harmless(self.target.text) is None:
            return
        made = seen.planted(Planted.CONTROL)
        hits, informative = seen.share(Planted.CONTROL)
        if informative - hits < Calibrated.controls_needed:
            if len(made) < Calibrated.controls_needed + Calibrated.most_lost:
                yield self._want(self._harmless(self.target.text), Planted.CONTROL, len(made))
            return
        yield from self._firing(seen)
        if seen.fired and self._followed(seen):
            self.echo = self.echo or self._echo(seen)
            ports = tuple(self._ports(seen))
            yield from ports
            if all(self._over(want) for want in ports):  # a port of which all was void is none, and no reason to end
                yield from chain(self._plenty(seen), self._packs(seen))

    @property
    def first(self) -> tuple[Transport, int] | None:
        """The port of ours at which it begins; lookups have none."""
        ask = self._ask(self.target.text)
        return None if ask is None or ask.port is None else (ask.transport, ask.port)

    @property
    def begun(self) -> bool:
        """Whether anything was planted."""
        return bool(self.trials or self._pending)

    @property
    def occupied(self) -> tuple[Transport, int] | None:
        """The port at which hits of others would be held against its own harmless text, and the other way round."""
        left = self.done or not self.begun or (self.echo is not None and self.echo.apart)
        return None if left else self.first

    def _echo(self, seen: Calibrated) -> Echo | None:
        ports = (port_of(self.place, self.conditions, turn) for turn in range(for_words(self.conditions)))
        known, address = tuple(port for port in ports if port is not None), self.conditions.helper_address
        if seen.residual is None or address is None:
            return None
        return Echo(key=self.target.key, address=address, ports=known, residual=seen.residual)

    # Whether it fires, and what follows

    def _firing(self, seen: Calibrated) -> Iterator[Want]:
        """The canary until it is known to fire or not; after the first hits, looks at what is held against them."""
        for number in range(min(len(seen.firing), Calibrated.hits_followed)):
            if self._follows:
                yield from self._looks(seen, number)
        if self._looking(seen):
            return
        made = len(seen.planted(Planted.CANARY))
        more = seen.decision is Decision.UNDECIDED or (seen.fired and not self._followed(seen))
        if more and made < Calibrated.most_first:
            yield self._want(self._ask(self.target.text), Planted.CANARY, made, role=Role.CANARY)

    def _followed(self, seen: Calibrated) -> bool:
        """Whether there were hits enough, and it is known of each what it was held against."""
        return len(seen.firing) >= Calibrated.hits_followed and not self._looking(seen)

    @property
    def _follows(self) -> bool:
        """Whether anything can be held against what follows: lookups have no connection."""
        ask = self._ask(self.target.text)
        return ask is not None and ask.layer is not Layer.DNS

    def _looks(self, seen: Calibrated, number: int) -> Iterator[Want]:
        """Two harmless texts on the hit's port at doubling gaps until all pass twice; some on other ports."""
        hit, start = seen.firing[number], COOLING_START / self.conditions.scale
        if self._open(seen, number):
            look, pair = self._left_out(seen, number) + self._looked(seen, number), 1 + number
            for why in (Planted.SAME, Planted.AGAIN):
                yield self._want(
                    self._harmless(self.target.text), why, number * Calibrated.looks_each + look,
                    at=hit.t + start * 2**look, pair=pair,
                )  # fmt: skip
        ports = for_words(self.conditions)
        for look in range(Calibrated.others_each if ports > 1 else 0):
            other = self._harmless(self.target.text, 1 + look % (ports - 1))
            at = number + Calibrated.hits_followed * look
            yield self._want(other, Planted.OTHER, at, at=hit.t + start, pair=1 + number)

    def _looking(self, seen: Calibrated) -> bool:
        """Whether it is not yet known when one of the first hits was forgotten."""
        return self._follows and any(
            self._open(seen, number) for number in range(min(len(seen.firing), Calibrated.hits_followed))
        )

    def _open(self, seen: Calibrated, number: int) -> bool:
        looks, made = seen.looks(number), self._looked(seen, number)
        passed = len(looks) >= COOLING_PASSES and not any(cut for _, cut in looks[-COOLING_PASSES:])
        most = Calibrated.looks_each - self._left_out(seen, number)
        return made < most and not (passed and made >= len(seen.begun(number)))

    @staticmethod
    def _left_out(seen: Calibrated, number: int) -> int:
        """The last hit is left alone as long as the others were held: does looking make it last?"""
        return seen.unlooked if number == Calibrated.hits_followed - 1 else 0

    @staticmethod
    def _looked(seen: Calibrated, number: int) -> int:
        """How often it was looked at what follows a hit, by both flows."""
        return len(seen.begun(number) & seen.begun(number, Planted.AGAIN))

    # What it is worth

    def _ports(self, seen: Calibrated) -> Iterator[Want]:
        """The canary on each further port until it fires there; nothing once that is known of all."""
        residual = seen.residual
        if residual is not None and residual.scope == "2-tuple":
            return
        made = seen.planted(Planted.PORT)
        for port in range(1, for_words(self.conditions)):
            rounds = range(port * Calibrated.tries_each, (port + 1) * Calibrated.tries_each)
            yield from self._until_hit(seen, made, rounds, Planted.PORT, self._ask(self.target.text, port))

    def _plenty(self, seen: Calibrated) -> Iterator[Want]:
        """Harmless text of a pack's length, on the ports on which the canary fired."""
        packs, rested, ports = self._pack(None, separators(self.place)[0]), self._rested(seen), self._others(seen)
        for number in range(max(needed().harmless, len(ports))):
            ask = self._ask(packs, ports[number % len(ports)])
            at = 0.0 if ask is None else rested.get(ask.port, 0.0)
            yield self._want(ask, Planted.HARMLESS, number, at=at)

    @staticmethod
    def _others(seen: Calibrated) -> tuple[int, ...]:
        """Ports for what may be planted anywhere: the first is left to calibrations of other places."""
        return seen.ports[1:] or seen.ports

    def _rested(self, seen: Calibrated) -> dict[int | None, float]:
        """When a hit is not held against a port any more, by what was found of that: from then on it counts as noise.

        The cool-down takes what is cut for a sign that a port must rest longer, and would never count it.
        """
        residual = seen.residual
        if residual is None or residual.scope == "none":
            return {}
        lasts = BURN_SECONDS if residual.high is None else min(BURN_SECONDS, residual.high * MARGIN)
        planted = chain.from_iterable(seen.planted(why).values() for why in (Planted.CANARY, Planted.PORT))
        return {trial.ask.port: trial.t + lasts / self.conditions.scale for trial in planted if seen.cut(trial)}

    def _packs(self, seen: Calibrated) -> Iterator[Want]:
        """The canary first, in the middle and last among harmless words, and cut by what separates these."""
        made, apart, ports = seen.planted(Planted.POSITION), seen.planted(Planted.APART), self._others(seen)
        for number, separator in enumerate(separators(self.place)):
            for position in range(Calibrated.in_pack):
                start = (number * Calibrated.in_pack + position) * Calibrated.tries_each
                rounds = range(start, start + Calibrated.tries_each)
                ask = self._ask(self._pack(position, separator), ports[start % len(ports)])
                yield from self._until_hit(seen, made, rounds, Planted.POSITION, ask)
            start = number * Calibrated.tries_each
            ask = self._ask(self._cut(separator), ports[start % len(ports)])
            tried = sum(at // Calibrated.tries_each == number for at in apart)
            if ask is not None and tried < Calibrated.tries_each and not self._told_apart(seen, number):
                yield self._want(ask, Planted.APART, start + tried, role=Role.CANARY)
            if self._unfinished(seen, number):
                return  # another separator only where this one fails

    @staticmethod
    def _told_apart(seen: Calibrated, separator: int) -> bool:
        """Whether enough was seen of the canary cut by a separator; one attempt of all may say nothing."""
        return seen.apart(separator)[1] >= Calibrated.tries_each - 1

    def _unfinished(self, seen: Calibrated, separator: int) -> bool:
        if seen.separator == separator:
            return True
        tried = [seen.position(separator, position) for position in range(Calibrated.in_pack)]
        open_ = any(not hits and made < Calibrated.tries_each for hits, made in tried)
        return open_ or not self._told_apart(seen, separator)

    def _until_hit(
        self, seen: Calibrated, made: dict[int, Trial], rounds: range, why: Planted, ask: Ask | None
    ) -> Iterator[Want]:
        tried = [made[at] for at in rounds if at in made]
        if ask is not None and len(tried) < len(rounds) and not any(seen.cut(trial) for trial in tried):
            yield self._want(ask, why, rounds[len(tried)], role=Role.CANARY)

    # Texts and asks

    def _pack(self, position: int | None, separator: str) -> str:
        """Harmless words, and the canary at a position among them (`None`: not at all)."""
        word = carrying.stand_in(self.target.text, self.conditions.baseline_word, self.place, self.target.encoding)
        count = max(Calibrated.in_pack, (self._length + 1) // (len(word) + 1))
        pack = ""
        while count >= Calibrated.in_pack and (not pack or carrying.unfit(pack, self.place, self.target.encoding)):
            words = [word] * count
            if position is not None:
                words[(count - 1) * position // (Calibrated.in_pack - 1)] = self.target.text
            pack, count = separator.join(words), count - 1
        return pack

    def _cut(self, separator: str) -> str:
        middle = len(self.target.text) // 2
        return f"{self.target.text[:middle]}{separator}{self.target.text[middle:]}"

    def _ask(self, text: str, port: int = 0) -> Ask | None:
        """The attempt that holds a text, on a port of ours; each is wanted again and again until it was made."""
        key = text, port
        if key not in self._asks:
            fits = carrying.unfit(text, self.place, self.target.encoding) is None
            ask = ask_for(text, self.place, self.target.encoding, self.conditions, port) if fits else None
            self._asks[key] = ask
        return self._asks[key]

    def _harmless(self, text: str, port: int = 0) -> Ask | None:
        return twin_of(text, self.place, self.target.encoding, self.conditions, port)

    def _want(
        self, ask: Ask | None, why: Planted, number: int, *, role: Role = Role.BASELINE, at: float = 0.0,
        pair: int | None = None,
    ) -> Want:  # fmt: skip
        assert ask is not None, "nothing is planted without an address of ours"
        return Want(
            ask=ask, role=role, round=number, changed=why.value, cooling=pair is not None, not_before=at, pair=pair
        )


def echoes(conditions: Conditions) -> tuple[Echo, ...]:
    """What calibration has found of our echo's ports, place by place."""
    found = []
    for key, known in conditions.calibrations.items():
        place = Place(known.place)
        ports = tuple(port for turn in known.ports if (port := port_of(place, conditions, turn)) is not None)
        if conditions.helper_address is not None and ports and known.residual is not None:
            found.append(Echo(key=key, address=conditions.helper_address, ports=ports, residual=known.residual))
    return tuple(found)


def in_line(inquiry: object, others: Iterable[object]) -> bool:
    """Whether a calibration has to wait until another one has left the port at which both begin."""
    if not isinstance(inquiry, Calibrate) or inquiry.begun or inquiry.first is None:
        return False
    return any(other.occupied == inquiry.first for other in others if isinstance(other, Calibrate))


def planting(inquiries: Iterable[object]) -> tuple[Echo, ...]:
    """What open calibrations have found of our ports so far: what else they plant need not stand in one line."""
    return tuple(one.echo for one in inquiries if isinstance(one, Calibrate) and one.echo is not None)


def measured(record: Record, knowledge: Knowledge) -> tuple[str, Calibration]:
    """What a finished calibration says, under the key by which others of its place find it."""
    return place_key(record.layer, record.encoding), Calibrated(record, knowledge).calibration
