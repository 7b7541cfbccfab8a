"""Which server addresses must rest, since a name sent to them may still be held against them.

Some censors go on blocking (client, server, port) for minutes after a trigger (residual censorship: GFW TLS 180 s,
HTTP 90 s, refs/BEYOND 2.7). Until measured, a suspicious trial burns its server address, any port, for 180 s; the
first suspicion measures: `cooling` baselines at doubling gaps, of which two passes in a row free the address and say
how long it lasted; a later cut that no name made shows that they passed by chance, and the address rests twice as
long. A failure on a burned address belongs to nobody's name: it is void, also retroactively.

The `residual` experiment measures whose flows are held: its cooling flows, which have a pair, share with the trigger
both its ports, the server's, or the address alone. What was cut shows how wide a burn is; what passed three times
beside one, and was never cut, it does not cover.
"""

from collections.abc import Iterable, Iterator

from hushmap.detect import Planted, flowed
from hushmap.model import CUT, IDS_PER_TARGET, Ask, Attempt, Failure, Layer, Residual, Role, Side, Trial, Void

BURN_SECONDS = 180.0
"""The longest residual time reported for TLS and ESNI triggers (refs/BEYOND 2.7)."""
MARGIN = 1.5
"""A measured time brackets one sample, and the censor may count from the last packet, not the first. A baseline that
came late measured nothing: no address rests longer than `BURN_SECONDS`."""

BURNING = frozenset({Layer.TLS, Layer.HTTP, Layer.RAW})
"""Where something named is sent on a connection, which may be held against its address."""
_NO_WORDS = frozenset({None, "address", "site"})
"""What is changed where bytes that are sent are no words."""
_FORGED = (CUT | {Failure.REFUSED}) - {Failure.TIMEOUT}
"""Ends that somebody has to make."""


def suspicious(trial: Trial) -> bool:
    """Whether a trial may have triggered something: a named exchange of ours was cut after the connection stood."""
    if trial.side is not Side.HERE or trial.ask.layer not in BURNING or trial.undone is not None:
        return False
    if trial.role is Role.BASELINE or trial.role is Role.SENTINEL:
        return False
    if trial.ask.extract is not None:
        return False  # the line learns a platform's own name, and that was on it a moment ago
    if trial.ask.layer is Layer.TLS and trial.ask.sni is None:
        return False  # a relay of Tor has no name, and its address is asked about
    if trial.ask.layer is Layer.RAW and trial.changed in _NO_WORDS:
        return False  # the first words of a service: its address is asked about
    if flowed(trial):
        return False  # who lets bytes arrive and then slows or stops them counts bytes, and blocks nothing after
    steps = (trial.handshake, trial.fetch, trial.exchange)
    return any(step is not None and (step.failure in CUT or step.failure is Failure.TLS_ALERT) for step in steps)


SAME_FLOW, SAME_PORT, SAME_ADDRESS = 0, 1, 2
"""What a flow shares with the trigger, at most: 4-, 3- and 2-tuple."""
FREE_PASSES = 3
"""Passes beside a burn that show what it does not cover (refs/BEYOND 2.7 step 5)."""


class _Burn:
    """Since and until when an address is burned by one target, and how many cooling baselines passed in a row."""

    __slots__ = ("first_pass", "passes", "since", "trigger", "until")

    def __init__(self, since: float, until: float, trigger: Ask) -> None:
        self.since, self.until, self.trigger = since, until, trigger
        self.passes = 0
        self.first_pass = 0.0

    def shared(self, ask: Ask) -> int:
        """What an attempt has in common with the trigger; a port that the kernel chose is a new one."""
        if ask.port != self.trigger.port:
            return SAME_ADDRESS
        chosen = ask.source_port is not None and ask.source_port == self.trigger.source_port
        return SAME_FLOW if chosen else SAME_PORT


class _Width:
    """What was seen of one target's burns: the widest that was cut, and what passed beside them."""

    __slots__ = ("covers", "cut", "passed")

    def __init__(self) -> None:
        self.cut = SAME_FLOW
        self.passed = {SAME_PORT: 0, SAME_ADDRESS: 0}
        self.covers = SAME_ADDRESS
        """The widest that a burn has to be taken for."""

    def learn(self, shared: int, *, cut: bool) -> None:
        """Take what came of a flow that shares so much with the trigger."""
        if cut:
            self.cut = max(self.cut, shared)
        elif shared > self.cut:
            self.passed[shared] += 1
        free = [beside for beside, passes in self.passed.items() if beside > self.cut and passes >= FREE_PASSES]
        self.covers = min(free, default=SAME_ADDRESS + 1) - 1


_MANY = 16
"""Burns at one port from which old ones are looked for."""
_KEPT = 256
"""Failures at one address from which old ones are let go: none takes as long as an address may rest."""
_Place = tuple[str, int]
"""An address and a port of it."""


def _place(ask: Ask) -> _Place:
    return ask.address or "", ask.port or 0


_Burns = dict[int, dict[int, _Burn]]
"""By port, where it is known that each port of an address burns for itself, else under 0; then by target. Among
hundreds of words nearly every port of ours burns, and who asks about one must not look at all."""


def _beside(burns: _Burns, port: int | None) -> Iterator[tuple[int, _Burn]]:
    """Burns that may concern a port, and by which target they are."""
    for each in {0, port or 0}:
        yield from burns.get(each, {}).items()


class Cooldown:
    """The run's one table of burned addresses. Times are seconds since the run began.

    Burns are kept by target: two names at one address may meet two censors, and one that forgets at once must not
    free what the other still holds.
    """

    def __init__(self, scale: float = 1.0) -> None:
        self._scale, self._default = scale, BURN_SECONDS / scale
        self._burns: dict[str, _Burns] = {}
        self._failures: dict[str, list[tuple[float, float, int, int]]] = {}
        self.measured: dict[tuple[str, int], float] = {}
        """How long it lasts, by address and target."""
        self._widths: dict[tuple[str, int], _Width] = {}
        self._calibrated: dict[_Place, tuple[int, float]] = {}
        """What a burn covers and how long it lasts, by address and port of an echo of ours."""
        self._rests: dict[tuple[str, int | None, int | None], float] = {}
        """Answers that hold until something burns or cools: everything that waits asks again and again."""

    def know(self, address: str, ports: Iterable[int], found: Residual) -> None:
        """What calibration found of hits at our own echo: how wide and how long they are held against it."""
        wide = SAME_ADDRESS if found.scope == "2-tuple" else SAME_PORT
        lasts = self._default if found.high is None else min(self._default, found.high * MARGIN / self._scale)
        lasts = 0.0 if found.scope == "none" else lasts  # another rule than the canary's may yet refute that
        for port in ports:  # places may share them, and each has a filter of its own
            before = self._calibrated.get((address, port), (SAME_FLOW, 0.0))
            self._calibrated[address, port] = (max(wide, before[0]), max(lasts, before[1]))
        self._rests.clear()

    def ready(self, attempt: Attempt) -> float:
        """The earliest time at which `attempt` may start; 0 where nothing holds it."""
        ask = attempt.ask
        if ask.address is None or attempt.side is not Side.HERE or attempt.cooling:
            return 0.0
        flow = ask.address, ask.port, ask.source_port
        if flow not in self._rests:
            burns = _beside(self._burns.get(ask.address, {}), ask.port)
            self._rests[flow] = max(
                (burn.until for owner, burn in burns if self._covered(owner, burn, ask)), default=0.0
            )
        return self._rests[flow]

    def _covered(self, owner: int, burn: _Burn, ask: Ask) -> bool:
        """Whether an attempt on the address may be held by a burn, as wide as that is known to be."""
        width = self._widths.get((ask.address or "", owner))
        known = self._calibrated.get(_place(burn.trigger))
        covers = SAME_ADDRESS if known is None else known[0]
        return burn.shared(ask) <= (covers if width is None else width.covers)

    def tell(self, trial: Trial) -> tuple[Void, ...]:
        """Learn from a trial; the voids that it makes, of itself or of earlier ones."""
        address, owner = trial.ask.address, trial.id // IDS_PER_TARGET
        if address is None or trial.side is not Side.HERE or trial.undone is not None:
            return ()
        burns = self._burns.setdefault(address, {})
        self._forget(burns, trial.t0)
        burned = {
            by
            for by, burn in _beside(burns, trial.ask.port)
            if burn.since < trial.t0 < burn.until and self._covered(by, burn, trial.ask)
        }
        if trial.cooling or trial.failed is not None:
            self._rests.clear()
        if trial.cooling:
            self._cool(address, owner, trial)
            others = trial.pair is not None and trial.failed is not None and burned - {owner}
            return (Void(trial=trial.id, reason="residual"),) if others else ()
        if trial.failed is not None:
            if burned or self._refuted(address, trial):
                return (Void(trial=trial.id, reason="residual"),)
            failures = self._failures.setdefault(address, [])
            if len(failures) > _KEPT:
                failures[:] = [one for one in failures if one[1] > trial.t0 - self._default]
            failures.append((trial.t0, trial.t, trial.id, trial.ask.port or 0))
        if not suspicious(trial) and not self._still_held(trial):
            return ()
        self._rests.clear()
        lasts = self.measured.get((address, owner), self._lasts(trial.ask))
        burns.setdefault(self._port(owner, trial.ask), {})[owner] = _Burn(trial.t, trial.t + lasts, trial.ask)
        return self._overlapping(address, trial)

    def _forget(self, burns: _Burns, now: float) -> None:
        """Let burns go that neither hold anything nor can be refuted; among many words they would be many."""
        for port, here in burns.items():
            if len(here) > _MANY:
                ends = {by: max(burn.until, burn.since + 2 * self._default) for by, burn in here.items()}
                burns[port] = {by: burn for by, burn in here.items() if ends[by] >= now}

    def _port(self, owner: int, ask: Ask) -> int:
        """Under which a burn is kept: each port by itself, where what hits one is not held against the others."""
        place = _place(ask)
        width, known = self._widths.get((place[0], owner)), self._calibrated.get(place)
        apart = known is not None or (width is not None and width.covers < SAME_ADDRESS)
        return place[1] if apart else 0

    def _apart(self, ask: Ask, port: int, owner: int) -> bool:
        """Whether another port is known to be a server of its own: by what passed beside hits, or by calibration."""
        width = self._widths.get((ask.address or "", owner))
        if width is not None and width.covers <= SAME_PORT:
            return port != ask.port
        known = [self._calibrated.get((ask.address or "", each)) for each in (ask.port or 0, port)]
        return port != ask.port and all(each is not None and each[0] <= SAME_PORT for each in known)

    def _still_held(self, trial: Trial) -> bool:
        """Whether a port of ours refuses connections: it is held against us for something that we did not see cut."""
        connect = trial.connect
        held = self._calibrated.get(_place(trial.ask), (SAME_FLOW, 0.0))[1] > 0
        return held and connect is not None and connect.failure in _FORGED

    def _lasts(self, trigger: Ask) -> float:
        """How long a burn is taken to last before it was measured itself."""
        known = self._calibrated.get(_place(trigger))
        return self._default if known is None else known[1]

    def _refuted(self, address: str, trial: Trial) -> bool:
        """Whether a failure that no name made shows that the address was freed too soon; it rests twice as long then.

        A censor that blocks only some of what follows a trigger (refs/BEYOND 2.7) lets two baselines pass by chance.
        A line loses packets too, so a silence shows nothing; nor does what is planted in plenty to count the noise.
        """
        failed = trial.failed
        connect = trial.connect
        nameless = trial.role is Role.BASELINE or (connect is not None and connect.failure is not None)
        if not nameless or failed is None or failed.failure not in _FORGED or trial.changed == Planted.HARMLESS:
            return False
        burns = _beside(self._burns[address], trial.ask.port)
        owner, burn = max(burns, key=lambda item: item[1].since, default=(0, None))
        if burn is None or not burn.until <= trial.t0 < burn.since + self._default:
            return False
        lasted = min(self._default, 2 * (trial.t0 - burn.since))
        self.measured[address, owner] = lasted
        for here in self._burns[address].values():  # its other ports were freed too soon as well
            if owner in here:
                here[owner].until = max(here[owner].until, here[owner].since + lasted)
        return True

    def _overlapping(self, address: str, trial: Trial) -> tuple[Void, ...]:
        """Failures of other trials that were under way on the address when this one may have triggered."""
        owner = trial.id // IDS_PER_TARGET
        return tuple(
            Void(trial=other, reason="residual")
            for t0, t, other, port in self._failures.get(address, ())
            if other != trial.id and t0 < trial.t and t > trial.t0 and not self._apart(trial.ask, port, owner)
        )

    def _cool(self, address: str, owner: int, trial: Trial) -> None:
        """Two passes in a row free the address of this target's burn, and say how long it lasted."""
        burns = self._burns[address]
        burn = burns.get(trial.ask.port or 0, {}).get(owner) or burns.get(0, {}).get(owner)
        if burn is None or burn.until <= trial.t0:
            return
        if trial.pair is not None and not self._frees(address, owner, burn, trial):
            return
        if trial.failed is not None:
            burn.passes = 0
            if suspicious(trial):  # the trigger once more: what it began, it may have begun anew
                burn.until = trial.t + self.measured.get((address, owner), self._default)
            return
        if trial.changed == Planted.AGAIN:
            return  # a second flow at the same moment: it may refute a pass, but is not the next one
        burn.passes += 1
        if burn.passes == 1:
            burn.first_pass = trial.t0
            return
        self.measured[address, owner] = min(self._default, (burn.first_pass - burn.since) * MARGIN)
        burn.until = trial.t

    def _frees(self, address: str, owner: int, burn: _Burn, trial: Trial) -> bool:
        """Whether a cooling flow of the `residual` experiment tells of the burn itself; learns how wide that is."""
        width, shared = self._widths.setdefault((address, owner), _Width()), burn.shared(trial.ask)
        width.learn(shared, cut=trial.failed is not None)
        return shared <= width.cut
