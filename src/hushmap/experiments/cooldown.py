"""Which server addresses must rest, since a name sent to them may still be held against them.

Some censors go on blocking (client, server, port) for minutes after a trigger (residual censorship: GFW TLS 180 s,
HTTP 90 s, refs/BEYOND 2.7). Until measured, a suspicious trial burns its server address, any port, for 180 s; the
first suspicion measures: `cooling` baselines at doubling gaps, of which two passes in a row free the address and say
how long it lasted; a later cut that no name made shows that they passed by chance, and the address rests twice as
long. A failure on a burned address belongs to nobody's name: it is void, also retroactively.
"""

from hushmap.detect import flowed
from hushmap.model import CUT, IDS_PER_TARGET, Attempt, Failure, Layer, Role, Side, Trial, Void

BURN_SECONDS = 180.0
"""The longest residual time reported for TLS and ESNI triggers (refs/BEYOND 2.7)."""
MARGIN = 1.5
"""A measured time brackets one sample, and the censor may count from the last packet, not the first. A baseline that
came late measured nothing: no address rests longer than `BURN_SECONDS`."""

_LAYERS = frozenset({Layer.TLS, Layer.HTTP})
_FORGED = (CUT | {Failure.REFUSED}) - {Failure.TIMEOUT}
"""Ends that somebody has to make."""


def suspicious(trial: Trial) -> bool:
    """Whether a trial may have triggered something: a named exchange of ours was cut after the connection stood."""
    if trial.side is not Side.HERE or trial.ask.layer not in _LAYERS or trial.undone is not None:
        return False
    if trial.role is Role.BASELINE or trial.role is Role.SENTINEL:
        return False
    if trial.ask.layer is Layer.TLS and trial.ask.sni is None:
        return False  # a relay of Tor has no name, and its address is asked about
    if flowed(trial):
        return False  # who lets bytes arrive and then slows or stops them counts bytes, and blocks nothing after
    steps = (trial.handshake, trial.fetch)
    return any(step is not None and (step.failure in CUT or step.failure is Failure.TLS_ALERT) for step in steps)


class _Burn:
    """Since and until when an address is burned by one target, and how many cooling baselines passed in a row."""

    __slots__ = ("first_pass", "passes", "since", "until")

    def __init__(self, since: float, until: float) -> None:
        self.since, self.until = since, until
        self.passes = 0
        self.first_pass = 0.0


class Cooldown:
    """The run's one table of burned addresses. Times are seconds since the run began.

    Burns are kept by target: two names at one address may meet two censors, and one that forgets at once must not
    free what the other still holds.
    """

    def __init__(self, scale: float = 1.0) -> None:
        self._default = BURN_SECONDS / scale
        self._burns: dict[str, dict[int, _Burn]] = {}
        self._failures: dict[str, list[tuple[float, float, int]]] = {}
        self.measured: dict[tuple[str, int], float] = {}
        """How long it lasts, by address and target."""

    def ready(self, attempt: Attempt) -> float:
        """The earliest time at which `attempt` may start; 0 where nothing holds it."""
        address = attempt.ask.address
        if address is None or attempt.side is not Side.HERE or attempt.cooling:
            return 0.0
        return max((burn.until for burn in self._burns.get(address, {}).values()), default=0.0)

    def tell(self, trial: Trial) -> tuple[Void, ...]:
        """Learn from a trial; the voids that it makes, of itself or of earlier ones."""
        address, owner = trial.ask.address, trial.id // IDS_PER_TARGET
        if address is None or trial.side is not Side.HERE or trial.undone is not None:
            return ()
        burns = self._burns.setdefault(address, {})
        if trial.cooling:
            self._cool(address, owner, trial)
            return ()
        if trial.failed is not None:
            if any(burn.since < trial.t0 < burn.until for burn in burns.values()) or self._refuted(address, trial):
                return (Void(trial=trial.id, reason="residual"),)
            self._failures.setdefault(address, []).append((trial.t0, trial.t, trial.id))
        if not suspicious(trial):
            return ()
        burns[owner] = _Burn(trial.t, trial.t + self.measured.get((address, owner), self._default))
        return self._overlapping(address, trial)

    def _refuted(self, address: str, trial: Trial) -> bool:
        """Whether a failure that no name made shows that the address was freed too soon; it rests twice as long then.

        A censor that blocks only some of what follows a trigger (refs/BEYOND 2.7) lets two baselines pass by chance.
        A line loses packets too, so a silence shows nothing.
        """
        failed = trial.failed
        connect = trial.connect
        nameless = trial.role is Role.BASELINE or (connect is not None and connect.failure is not None)
        if not nameless or failed is None or failed.failure not in _FORGED:
            return False
        owner, burn = max(self._burns[address].items(), key=lambda item: item[1].since, default=(0, None))
        if burn is None or not burn.until <= trial.t0 < burn.since + self._default:
            return False
        lasted = min(self._default, 2 * (trial.t0 - burn.since))
        self.measured[address, owner] = lasted
        burn.until = burn.since + lasted
        return True

    def _overlapping(self, address: str, trial: Trial) -> tuple[Void, ...]:
        """Failures of other trials that were under way on the address when this one may have triggered."""
        return tuple(
            Void(trial=other, reason="residual")
            for t0, t, other in self._failures.get(address, ())
            if other != trial.id and t0 < trial.t and t > trial.t0
        )

    def _cool(self, address: str, owner: int, trial: Trial) -> None:
        """Two passes in a row free the address of this target's burn, and say how long it lasted."""
        burn = self._burns[address].get(owner)
        if burn is None or burn.until <= trial.t0:
            return
        if trial.failed is not None:
            burn.passes = 0
            return
        burn.passes += 1
        if burn.passes == 1:
            burn.first_pass = trial.t0
            return
        self.measured[address, owner] = min(self._default, (burn.first_pass - burn.since) * MARGIN)
        burn.until = trial.t
