"""Which trials of a record are the probe's own measurement in OONI's sense: the first round, and nothing else.

OONI's readers count whatever stands in the arrays as "what the probe met when it opened this page". A baseline, a
repeat or a page load that names another site would be counted as such, and make a blocked site reachable or the other
way round. So the arrays get what any client would have done, once: the survey. Its lookups at other resolvers belong
to it, as they do in OONI's own version 0.5 (refs/OONI 1.2); a lookup at an address that runs no resolver, whose
silence is what should come, and a look at a suspected notice over plain HTTP do not: OONI's probe makes neither. Nor
does one inside TLS: its connection, handshake and request are the resolver's, and would be counted as the page's.
"""

from hushmap.model import SYSTEM_RESOLVER, Layer, Record, Resolve, Role, Side, Transport, Trial
from hushmap.wire import url

RESOLVER = "resolver"
"""`Trial.changed` of a lookup in the survey that asks somebody else's resolver."""


def first_round(record: Record, side: Side = Side.HERE) -> tuple[Trial, ...]:
    """The survey's trials from one side, in the order in which they were planned: done, and not void."""
    return tuple(sorted((trial for trial in record.counted if _surveys(trial, record, side)), key=lambda one: one.id))


def _surveys(trial: Trial, record: Record, side: Side) -> bool:
    return (
        trial.side is side
        and trial.role is Role.SUBJECT
        and trial.round == 0
        and trial.pair is None
        and trial.ask.transport is Transport.TCP
        and trial.ask.ttl is None
        and trial.changed in {None, RESOLVER}
        and not _in_the_dark(trial, record.context.dark)
        and not _inside_tls(trial)
    )


def _in_the_dark(trial: Trial, dark: str | None) -> bool:
    return dark is not None and dark in {trial.ask.resolver, *_asked(trial)}


def _inside_tls(trial: Trial) -> bool:
    """Whether a lookup had a connection of its own, whatever came of it."""
    return trial.ask.layer is Layer.DNS and any(not isinstance(step, Resolve) for step in trial.steps)


def _asked(trial: Trial) -> set[str]:
    return {step.resolver for step in trial.resolves}


class Places:
    """Where in a page load a trial stands: how many redirects deep, and whether the system's resolver led there."""

    def __init__(self, record: Record, own: tuple[Trial, ...]) -> None:
        """`own` are the first round's trials from here."""
        asked = [trial.ask.url for trial in own if trial.ask.layer is Layer.HTTP and trial.ask.url is not None]
        self._urls = list(dict.fromkeys(asked)) or [record.target]
        self._hosts = [host_in(text) for text in self._urls]
        self._classic = {
            address
            for trial in own
            for step in trial.resolves
            if step.resolver == SYSTEM_RESOLVER
            for address in step.addresses
        }

    @property
    def first(self) -> str:
        """The host of the page that was asked for first."""
        return self._hosts[0]

    def depth(self, trial: Trial) -> int:
        """By how many redirects the trial was reached; a lookup stands with the first page of its name."""
        ask = trial.ask
        if ask.layer is Layer.HTTP:
            return self._urls.index(ask.url) if ask.url in self._urls else 0
        name = ask.name if ask.layer is Layer.DNS else ask.sni
        return self._hosts.index(name) if name in self._hosts else 0

    def tags(self, trial: Trial) -> tuple[str, ...]:
        """OONI's tags of the trial's entries (refs/OONI 1.2)."""
        found = [f"depth={self.depth(trial)}"]
        if trial.ask.layer is not Layer.DNS:
            found.append(f"fetch_body={'true' if trial.ask.layer is Layer.HTTP else 'false'}")
        # A host that is an address was looked up by nobody, which is as classic as it gets.
        address = trial.ask.address
        if SYSTEM_RESOLVER in _asked(trial) or address in self._classic or address == self._hosts[self.depth(trial)]:
            found.append("classic")
        return tuple(found)


def host_in(text: str) -> str:
    """The host of a URL; the text itself if it is none."""
    try:
        return url.parse(text).host
    except ValueError:
        return text
