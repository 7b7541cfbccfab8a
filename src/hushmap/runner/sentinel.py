"""The sentinel: is this computer's own connection what it was?

Pure, like an inquiry: rounds of attempts about two innocuous names (lookup, then TCP and TLS), one plain-HTTP echo
from our own helper for portals, and the helper's own word that it is online. METHOD 3 says when: before, every 60 s,
at a burst of failures, after. Its whole state follows from the trials of its rounds, which stand in the journal like
all others, so a resumed run knows what was void. A helper's watch and a changed network are journalled as trials
without steps: the first says what `net.watch_helper` said, the second is a mark.
"""

import base64
from itertools import takewhile

import msgspec

from hushmap.model import CERTIFICATE, IDS_PER_TARGET, Ask, Attempt, Handshake, HelperWatch, Layer, Role, Side, Trial
from hushmap.runner.schedule import target_of

EVERY_SECONDS = 60.0
"""METHOD 3."""
BURST = 5
"""Failures in a row, without a success between them, that make a round at once ..."""
BURST_TARGETS = 3
"""... if they are of so many targets: one blocked site fails alone."""
BURST_REST = 10.0
"""Seconds between rounds that bursts make; in a deck of blocked sites every burst is a false alarm."""
FIRST_RETRY, LAST_RETRY = 1.0, 30.0
"""While the network is lost: pauses double from the first to the last."""
GIVE_UP_SECONDS = 600.0
"""A network lost for ten minutes ends the run, which can be resumed."""
START_ROUNDS = 2
"""Rounds that may fail before the run is not started: one lost packet is no lost network."""

CHANGED = "network_changed"
REACHED, UNREACHED, UNTRIED = None, "helper_unreached", "helper_untried"
"""`undone` of the trial that stands for a helper's watch: it reached a harmless name, did not, or has not tried."""
_DATED = frozenset({"verify 9", "verify 10"})
"""How a handshake's detail says not yet valid, and expired (X509_V_ERR, openssl/x509_vfy.h)."""


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """What a sentinel asks about; all of it is told to the person in the plan."""

    names: tuple[str, ...]
    resolver: str
    other: str | None = None
    """Asked where the resolver gives no address: a resolver that is down is no lost network (METHOD 1)."""
    echo: str | None = None
    """URL of the helper's plain-HTTP echo, with a word in its path that must come back."""
    echo_address: str | None = None
    helper: bool = False
    ipv6: bool = False
    scale: float = 1.0


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One completed look at the connection."""

    number: int
    t0: float
    t: float
    up: bool
    """A harmless name was found and a server that it leads to reacted."""
    portal: bool = False
    intercepted: bool = False
    changed: bool = False
    watch: HelperWatch | None = None
    addresses: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether trials around this round may be trusted."""
        return self.up and not self.portal and not self.changed


class Sentinel:
    """All rounds of one run."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.rounds: list[Round] = []
        self._open: dict[int, list[Trial]] = {}
        self._next_id = 1
        self._lowest = 0
        self._next_round = 1
        self._known: dict[str, str] = {}
        self._streak: list[int | None] = []
        self._alarm = False

    @property
    def last_good(self) -> Round | None:
        """The last round that found all in order."""
        return next((round_ for round_ in reversed(self.rounds) if round_.good), None)

    @property
    def lost_since(self) -> float | None:
        """When the network was first found lost, if the last round found it so."""
        bad = None
        for round_ in reversed(self.rounds):
            if round_.good:
                break
            bad = round_.t0
        return bad

    @property
    def watches(self) -> tuple[HelperWatch, ...]:
        """What the helper said of itself, oldest first."""
        return tuple(round_.watch for round_ in self.rounds if round_.watch is not None)

    @property
    def found(self) -> dict[str, tuple[str, ...]]:
        """Addresses of the harmless names in the first good round: fixed, so that a resumed run asks the same."""
        return next((round_.addresses for round_ in self.rounds if round_.good), {})

    @property
    def busy(self) -> bool:
        """Whether a round is under way."""
        return bool(self._open)

    def due(self) -> float:
        """When the next round should begin, on the run clock."""
        if not self.rounds:
            return 0.0
        scale, last = self.watched.scale, self.rounds[-1]
        if not last.good:
            bad = sum(1 for _ in takewhile(lambda round_: not round_.good, reversed(self.rounds)))
            return last.t + min(LAST_RETRY, FIRST_RETRY * 2.0 ** min(bad - 1, 10)) / scale
        return last.t + (BURST_REST if self._alarm else EVERY_SECONDS) / scale

    def given_up(self) -> bool:
        """Whether the network has been lost for too long."""
        since = self.lost_since
        return since is not None and self.rounds[-1].t - since >= GIVE_UP_SECONDS / self.watched.scale

    def begin(self, *, changed: bool = False) -> tuple[Attempt, ...]:
        """Open a round: its first attempts."""
        number = self._next_round
        self._next_round += 1
        self._open[number] = []
        self._alarm = False
        self._streak.clear()
        first = Ask(layer=Layer.DNS, name=self.watched.names[0], resolver=self.watched.resolver)
        if changed:
            return (self._attempt(first, number),)
        attempts = [self._lookup(name, number) for name in self.watched.names]
        if self.watched.echo is not None:
            url, address = self.watched.echo, self.watched.echo_address
            attempts.append(self._attempt(Ask(layer=Layer.HTTP, url=url, address=address), number))
        if self.watched.helper:
            attempts.append(self._attempt(first, number, side=Side.HELPER))
        return tuple(attempts)

    def tell(self, trial: Trial) -> tuple[Attempt, ...]:
        """Take a trial of a round, this run's or a replayed one; the attempts that follow from it."""
        self._next_id = max(self._next_id, trial.id + 1)
        self._lowest = min(self._lowest, trial.id)
        self._next_round = max(self._next_round, trial.round + 1)
        members = self._open.setdefault(trial.round, [])
        members.append(trial)
        follow: tuple[Attempt, ...] = ()
        if trial.side is Side.HERE and trial.ask.layer is Layer.DNS and trial.undone is None:
            address = self._address(trial)
            if self._unanswered(trial):
                follow = (self._lookup(trial.ask.name or "", trial.round, self.watched.other, causes=(trial.id,)),)
            elif address is not None:
                ask = Ask(layer=Layer.TLS, address=address, port=443, sni=trial.ask.name)
                follow = (self._attempt(ask, trial.round, causes=(trial.id,)),)
        if self._complete(members):
            del self._open[trial.round]
            self._close(members)
        return follow

    def abandon(self) -> None:
        """Forget rounds that a killed run left half done."""
        self._open.clear()

    def notice(self, trial: Trial) -> None:
        """See another trial from here go by: many failures in a row call for a round."""
        if trial.side is not Side.HERE or trial.undone is not None:
            return
        if trial.failed is None:
            self._streak.clear()
            return
        self._streak.append(target_of(trial.id))
        if len(self._streak) >= BURST and len(set(self._streak)) >= BURST_TARGETS:
            self._alarm = True

    def _lookup(
        self, name: str, number: int, resolver: str | None = None, *, causes: tuple[int, ...] = ()
    ) -> Attempt:
        qtype = "A+AAAA" if self.watched.ipv6 else "A"
        ask = Ask(layer=Layer.DNS, name=name, qtype=qtype, resolver=resolver or self.watched.resolver)
        return self._attempt(ask, number, causes=causes)

    def _unanswered(self, lookup: Trial) -> bool:
        """Whether the resolver gave no address, and another is to be asked."""
        asked = self.watched.other is not None and lookup.ask.resolver == self.watched.resolver
        return asked and not any(step.addresses for step in lookup.resolves)

    def _attempt(self, ask: Ask, number: int, *, side: Side = Side.HERE, causes: tuple[int, ...] = ()) -> Attempt:
        # Ids from 10,000 on are the targets'; past 9,999, in a run of days, the sentinel's go on below zero.
        if self._next_id < IDS_PER_TARGET:
            identity, self._next_id = self._next_id, self._next_id + 1
        else:
            identity = self._lowest = self._lowest - 1
        return Attempt(id=identity, ask=ask, role=Role.SENTINEL, side=side, round=number, causes=causes)

    def _address(self, lookup: Trial) -> str | None:
        found = next((address for step in lookup.resolves for address in step.addresses), None)
        name = lookup.ask.name or ""
        if found is not None:
            self._known.setdefault(name, found)
        return found or self._known.get(name)

    def _complete(self, members: list[Trial]) -> bool:
        if any(trial.undone == CHANGED for trial in members):
            return True
        lookups = {
            trial.ask.name: trial
            for trial in members
            if trial.ask.layer is Layer.DNS and trial.side is Side.HERE and not self._awaited(trial)
        }
        handshakes = {trial.ask.sni for trial in members if trial.ask.layer is Layer.TLS}
        if set(lookups) != set(self.watched.names):
            return False
        expected = {name for name, trial in lookups.items() if trial.undone is None and self._address(trial)}
        if not expected <= handshakes:
            return False
        echoed = self.watched.echo is None or any(trial.ask.layer is Layer.HTTP for trial in members)
        watched = not self.watched.helper or any(trial.side is Side.HELPER for trial in members)
        return echoed and watched

    def _awaited(self, lookup: Trial) -> bool:
        """Whether another resolver's word on the same name is to follow this lookup."""
        return lookup.undone is None and self._unanswered(lookup)

    def _close(self, members: list[Trial]) -> None:
        lookups = [trial for trial in members if trial.ask.layer is Layer.DNS and trial.side is Side.HERE]
        handshakes = [trial.handshake for trial in members if trial.handshake is not None]
        reacted = [step for step in handshakes if step.failure is None or step.spoke or step.failure in CERTIFICATE]
        addresses = {}
        for trial in lookups:
            found = tuple(address for step in trial.resolves for address in step.addresses)
            if found and trial.ask.name is not None:
                addresses[trial.ask.name] = found
        here = [trial for trial in members if trial.side is Side.HERE]
        watch = next((trial for trial in members if trial.side is Side.HELPER and trial.undone != UNTRIED), None)
        self.rounds.append(
            Round(
                number=members[0].round,
                t0=min(trial.t0 for trial in here),
                t=max(trial.t for trial in here),
                up=bool(addresses) and bool(reacted),
                portal=any(self._portal(trial) for trial in members),
                intercepted=bool(reacted) and all(_forged(step) for step in reacted),
                changed=any(trial.undone == CHANGED for trial in members),
                watch=None if watch is None else HelperWatch(t=watch.t, reached=watch.undone is REACHED),
                addresses=addresses,
            )
        )

    def _portal(self, trial: Trial) -> bool:
        """The echo came back, and not as sent. An echo that did not come at all is the helper's trouble."""
        fetch = trial.fetch
        if fetch is None or fetch.page is None or fetch.failure is not None:
            return False
        word = (self.watched.echo or "").rpartition("/")[2]
        return fetch.page.status != 200 or (fetch.page.body is not None and not _repeats(fetch.page.body, word))


def _repeats(body: str, word: str) -> bool:
    """Whether a body is the echo's answer to a request that held the word (it writes base64)."""
    try:
        return word.encode() in base64.b64decode(body, validate=True)
    except ValueError:
        return False


def _forged(handshake: Handshake) -> bool:
    """Whether a certificate fails by its author or its name. By its date alone, this computer's clock may be wrong.

    The first round asks before the helper could tell the time; who intercepts makes certificates that are in date.
    """
    return handshake.failure in CERTIFICATE and handshake.detail not in _DATED
