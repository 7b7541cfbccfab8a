"""The `quic` experiment: is a site met over QUIC as it is over TCP, and if not, is it the name, or all of QUIC?

Survey: look the name up, load the page over TCP (whether it says that it speaks HTTP/3), then one handshake in
datagrams. Where that is met with silence: the same from the helper, harmless names at their own servers from both,
and the pairs that detect's doubts call for (refs/BEYOND 2.8: a harmless host; the site with its name; the site's
address with a harmless name; a harmless server with the site's name).
"""

from collections.abc import Iterator

import msgspec

from hushmap.detect import Reaction, Silence, quic_doubts
from hushmap.experiments.conditions import Baseline, Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.pairing import Pairing
from hushmap.experiments.sending import MAX_REPEATS
from hushmap.experiments.survey import load, visitable
from hushmap.model import SYSTEM_RESOLVER, Ask, Failure, Layer, Role, Side, Target, Transport, Trial, is_public
from hushmap.wire import names, url

ALPN = ("h2", "http/1.1")
"""What a browser offers over TCP."""
_UNHEARD = frozenset({Failure.TIMEOUT, Failure.DNS_TEMPORARY})
"""Lookups that nobody answered are repeated; an outage does that, too."""


class QuicName(Conversation):
    """One site, by name or URL."""

    experiment = "quic"

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        page = target.text if "://" in target.text else f"https://{names.ascii_name(target.text)}/"
        self._page = msgspec.structs.replace(url.parse(page), scheme="https", port=443)
        self._given = conditions
        self._pairing = Pairing(self)

    def wanted(self) -> Iterator[Want]:
        """The survey, then what tells a silence from a server that does not speak QUIC, then pairs."""
        qtype = "A+AAAA" if self._given.ipv6 else "A"
        lookup = Ask(layer=Layer.DNS, name=self._page.host, qtype=qtype, resolver=SYSTEM_RESOLVER)
        yield Want(ask=lookup, role=self.role)
        seen = self._seen
        address = next((each for each in seen.addresses if visitable(each, ipv6=self._given.ipv6)), None)
        if address is None:
            asked = [trial for trial in self.counted if trial.ask == lookup]
            if (
                any(step.failure in _UNHEARD for trial in asked for step in trial.resolves)
                and len(asked) <= MAX_REPEATS
            ):
                yield Want(ask=lookup, role=self.role, round=len(asked))
            return
        page = Want(ask=msgspec.structs.replace(load(self._page, address), alpn=ALPN), role=self.role)
        yield page
        if not self._over(page):
            return
        said = [seen.says(trial) for trial in self._asked(seen)]
        if Reaction.PASSED in said[:1]:
            return
        if Reaction.HIT in said:
            yield from self._explained(seen, address)
        elif said:
            yield from self._compared(address)  # somebody answered, and not with a handshake
        else:
            yield self._again(seen, address)

    def _asked(self, seen: Silence) -> list[Trial]:
        """The survey's own handshakes."""
        return [trial for trial in seen.site if trial.pair is None]

    def _again(self, seen: Silence, address: str) -> Want:
        return Want(ask=self._initial(address, self._page.host), role=self.role, round=len(self._asked(seen)))

    def twin(self, subject: Ask, changed: str, number: int) -> Ask | None:
        """The same over TCP; or with a harmless name that the server asked does not have."""
        if changed == "transport":
            return msgspec.structs.replace(subject, transport=Transport.TCP, dwell=None)
        others = [each for each in self.conditions.baselines if subject.address not in each.addresses]
        if not others:
            return None
        return msgspec.structs.replace(subject, sni=others[number % len(others)].name)

    @property
    def _seen(self) -> Silence:
        return Silence(self.record(), self._given.knowledge)

    def _initial(self, address: str, name: str) -> Ask:
        return Ask(layer=Layer.TLS, transport=Transport.QUIC, address=address, port=443, sni=name, verify=False)

    def _compared(self, address: str) -> Iterator[Want]:
        """Who else is met over QUIC: the site by the helper, harmless names by both."""
        subject = self._initial(address, self._page.host)
        if self._given.helper and is_public(address):
            yield Want(ask=subject, role=self.role, side=Side.HELPER)
        for baseline in self._given.baselines:
            place = next((each for each in baseline.addresses if (":" in each) is (":" in address)), None)
            if place is None or place in self._seen.addresses:
                continue
            own = Want(ask=self._initial(place, baseline.name), role=Role.BASELINE)
            yield own
            if place not in self._seen.speaking and self._over(own):
                yield msgspec.structs.replace(own, round=1)  # one lost attempt is no silence of a server's
            if self._given.helper:
                yield msgspec.structs.replace(own, side=Side.HELPER)

    def _record(self) -> Iterator[Want]:
        """The site's HTTPS record, from a resolver that is asked directly: the system's knows addresses only."""
        resolver = next((name for name in self._given.resolvers if name != SYSTEM_RESOLVER), None)
        if resolver is not None:
            ask = Ask(layer=Layer.DNS, name=self._page.host, qtype="HTTPS", resolver=resolver)
            yield Want(ask=ask, role=self.role)

    def _explained(self, seen: Silence, address: str) -> Iterator[Want]:
        compared = [*self._record(), *self._compared(address)]
        yield from compared
        if not all(map(self._over, compared)):
            return
        speaking = tuple(Baseline(name=name, addresses=(place,)) for place, name in seen.speaking.items())
        self.conditions = msgspec.structs.replace(self._given, baselines=speaking or self._given.baselines)
        doubts = quic_doubts(seen)
        for doubt in doubts:
            yield from self._pairing.wants(doubt)
        open_yet = not doubts and seen.spoken and seen.speaking and not (seen.passed or seen.blamed)
        if open_yet and len(self._asked(seen)) <= MAX_REPEATS:
            yield self._again(seen, address)
