"""What a run is told to do: targets in order, baselines, resolvers, helper, limits.

All of it comes from outside (deck, settings, command line) and is in the manifest, so that a resumed run is given
the same. What an inquiry may know of the run (`Conditions`) is made of this and of where the sentinel found the
baselines.
"""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from hushmap.experiments import Baseline, Conditions
from hushmap.model import RISKY, SYSTEM_RESOLVER, Knowledge, Software, Target, Vantage
from hushmap.net import OoniSpec
from hushmap.runner.allowance import Limits
from hushmap.runner.schedule import Rates
from hushmap.runner.sentinel import Watched

DNS_PORT = 53
CALIBRATION = "calibrate"
"""The experiment for whose end other words wait."""
OONI = "OONI's helper"
"""Whoever is asked by that name belongs to neither the person nor us."""


class HelperPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where the helper is, without its secret."""

    address: str | None = None
    """An IP address of one's own; the settings may name a host, which `cli` has looked up."""
    url: str | None = None
    """A helper of OONI's kind, in place of an address: it compares, and nothing can be sent to it."""
    http: int | None = None
    tls: int | None = None
    tcp: int | None = None
    quic: int | None = None
    """Ports of the echo services; `None`: it has none."""
    span: int = 1
    """How many ports each echo has, from that one on."""
    dark: bool = False
    """Its port 53 never answers."""
    only_address: bool = False
    """A server of one's own that words are sent to, and no helper: it compares nothing, and echoes nothing."""

    @property
    def dark_resolver(self) -> str | None:
        """The resolver URL at which nobody answers."""
        return f"udp://{_bracketed(self.address)}:{DNS_PORT}" if self.dark and self.address else None

    @property
    def name(self) -> str:
        """As people are told: its address, or whose it is."""
        if self.url is None:
            return f"your server {self.address}" if self.only_address else f"helper {self.address}"
        spec = OoniSpec(url=self.url)
        return f"{OONI if spec.ooni else 'helper'} {spec.name}"


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One run, wholly told."""

    run: str
    """Its id."""
    deck: str = ""
    targets: tuple[Target, ...]
    """In run order (`ordered`): a target's place is its index everywhere in the run."""
    off: tuple[Target, ...] = ()
    baselines: tuple[str, ...]
    baseline_word: str = "harmless"
    resolvers: tuple[str, ...] = (SYSTEM_RESOLVER,)
    comparison_resolvers: tuple[str, ...] = ()
    helper: HelperPlace | None = None
    vantage: Vantage = msgspec.field(default_factory=Vantage)
    software: Software = msgspec.field(default_factory=Software)
    knowledge: Knowledge = msgspec.field(default_factory=Knowledge)
    annotations: dict[str, str] = msgspec.field(default_factory=dict)
    limits: Limits = msgspec.field(default_factory=Limits)
    rates: Rates = msgspec.field(default_factory=Rates)
    ipv6: bool = False
    browser: bool = False
    """Whether a hello like a browser's can be sent from here."""
    mmdb: str | None = None
    """A table that tells whose network an address is in."""
    scale: float = 1.0
    alpha: float = 0.01
    seed: int = 0
    window: int = 128
    """Targets that are asked about at a time; twice what may be in flight, so that waiting ones fill the gaps."""

    @property
    def own_address(self) -> str | None:
        """An address of one's own, to which alone words are sent."""
        return None if self.helper is None else self.helper.address


def ordered(targets: Iterable[Target], seed: int) -> tuple[Target, ...]:
    """Canaries first, since words wait for them; the rest in an order that a seed fixes, not in the list's.

    What waits for a calibration comes last: until that is sealed, others are asked about.
    """
    once = {target.key: target for target in targets}
    waited = any(target.experiment == CALIBRATION for target in once.values())

    def rank(target: Target) -> tuple[bool, bool, bool, str]:
        planted = target.experiment == CALIBRATION
        late = waited and target.place is not None and not planted
        return not planted, late, not target.canary, _keyed(seed, target.key)

    return tuple(sorted(once.values(), key=rank))


def _keyed(seed: int, text: str) -> str:
    """A value that only the seed makes predictable, the same on every Python."""
    return hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), key=str(seed).encode()[:64], digest_size=8
    ).hexdigest()


def risky(target: Target) -> bool:
    """Whether bodies of its pages are never kept (METHOD 5)."""
    return target.risky or target.category is None or target.category in RISKY


def conditions(plan: RunPlan, found: Mapping[str, tuple[str, ...]]) -> Conditions:
    """The run as its inquiries see it; `found` is where the sentinel found the baselines."""
    place = plan.helper
    return Conditions(
        resolvers=plan.resolvers,
        comparison_resolvers=plan.comparison_resolvers,
        baselines=tuple(Baseline(name=name, addresses=found[name]) for name in plan.baselines if name in found),
        baseline_word=plan.baseline_word,
        helper=place is not None and not place.only_address,
        helper_address=place.address if place else None,
        helper_url=place.url if place else None,
        echo_http=place.http if place else None,
        echo_tls=place.tls if place else None,
        echo_tcp=place.tcp if place else None,
        echo_quic=place.quic if place else None,
        echo_span=place.span if place else 1,
        dark=place.dark_resolver if place else None,
        ipv6=plan.ipv6,
        browser=plan.browser,
        networks=plan.mmdb is not None,
        scale=plan.scale,
        alpha=plan.alpha,
        targets=max(1, len(plan.targets)),
        downloads=max(1, sum(target.experiment == "throttle" for target in plan.targets)),
        knowledge=plan.knowledge,
    )


def watched(plan: RunPlan) -> Watched:
    """What the sentinel asks about."""
    place = plan.helper
    echo = None
    if place is not None and place.address is not None and place.http is not None and not place.only_address:
        port = place.http + place.span - 1  # where no words are sent (experiments.carriers.for_words)
        echo = f"http://{_bracketed(place.address)}:{port}/sentinel/{_keyed(plan.seed, 'sentinel')}"
    return Watched(
        names=plan.baselines,
        resolver=plan.resolvers[0],
        other=next(iter(plan.comparison_resolvers), None),
        echo=echo,
        echo_address=place.address if place else None,
        helper=place is not None and not place.only_address,
        ipv6=plan.ipv6,
        scale=plan.scale,
    )
