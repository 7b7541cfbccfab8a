"""What an inquiry may know of the run before it asks anything, and the shape of every inquiry.

An inquiry is a pure conversation: `ask` gives the attempts that may now be made, `tell` takes a trial. It holds no
clock, no socket and no chance; its whole state follows from the trials and voids that it was told, which is why a
killed run can be replayed into a fresh inquiry and go on.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from hushmap.model import Attempt, Calibration, Context, Knowledge, Target, Trial, Void

LEAST_WAITED = 0.25
"""Seconds that an answer to a word is waited for in any lab: packets cross its path in no scaled time, dozens of
words are under way at once, and an injector that a busy computer delays by 0.1 s would else look like silence."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """An innocuous name and where it was found."""

    name: str
    addresses: tuple[str, ...] = ()


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """The run as an inquiry sees it. Ports are those of the helper's echo services."""

    resolvers: tuple[str, ...] = ("system",)
    """Whose answers are being measured: `system`, and the provider's own as `udp://ADDRESS:53`."""
    comparison_resolvers: tuple[str, ...] = ()
    """Other resolvers, asked from here, for what another one says."""
    baselines: tuple[Baseline, ...] = ()
    baseline_word: str = "harmless"
    helper: bool = False
    helper_address: str | None = None
    """Of a helper of one's own; one of OONI's kind has none to which anything could be sent."""
    helper_url: str | None = None
    """Of a helper of OONI's kind."""
    echo_http: int | None = None
    echo_tls: int | None = None
    echo_tcp: int | None = None
    echo_quic: int | None = None
    echo_span: int = 1
    """How many ports each echo has, from its first."""
    dark: str | None = None
    """`udp://ADDRESS:53` of an address of ours that runs no resolver."""
    ipv6: bool = False
    browser: bool = False
    """Whether a hello like a browser's can be sent from here (extra utls)."""
    networks: bool = False
    """Whether a table tells whose network an address is in."""
    scale: float = 1.0
    alpha: float = 0.01
    targets: int = 1
    downloads: int = 1
    """Among how many targets the bytes of a run's downloads are shared (experiment throttle)."""
    knowledge: Knowledge = msgspec.field(default_factory=Knowledge)
    calibrations: Mapping[str, Calibration] = msgspec.field(default_factory=dict)
    """Per place (`model.place_key`): what planted words showed, once they have."""

    def waited(self, seconds: float) -> float:
        """How long an answer to a word, which may never come, is waited for, in the lab's own seconds."""
        return min(seconds, max(seconds / self.scale, LEAST_WAITED))

    def context(self, f0: float) -> Context:
        """The part of a record's context that was known from the start."""
        return Context(
            f0=f0,
            alpha=self.alpha,
            targets=self.targets,
            scale=self.scale,
            baseline_names=tuple(baseline.name for baseline in self.baselines),
            dark=self.dark,
            helper=self.helper_address or self.helper_url,
            echo=self.helper or self.helper_address is None,
            ipv6=self.ipv6,
        )


class Inquiry(Protocol):
    """One conversation about one target."""

    target: Target
    done: bool
    trials: tuple[Trial, ...]
    voids: tuple[Void, ...]

    def ask(self, f0: float) -> tuple[Attempt, ...]:
        """The attempts that may be made now; empty while answers are awaited, or when `done`."""
        ...

    def tell(self, trial: Trial) -> None:
        """Take what came of an attempt, asked by this inquiry or by the one that it replays."""
        ...

    def void(self, voids: tuple[Void, ...]) -> None:
        """Take that some trials must not be counted; what is still needed is asked again."""
        ...

    def suspicious(self) -> bool:
        """Whether something looked wrong, so that attempts are being repeated."""
        ...
