"""The `throttle` experiment: do downloads that name a site run slower than like ones, or stop part-way?

The same bytes are had from our echo under the site's name and under a harmless one, in turn, alone on the line, each
order as often as the other (ABBA: what the line does meanwhile meets both). Without a helper they are the site's own
page from its own server, with another name in the ClientHello. Beside that a look at the site's address
shows whether the address is worth the same question. Method: refs/BEYOND 2.9; detect.streams reads it back.

Rates cost bytes, and people pay for those: all targets of a run together have `STREAM_BYTES`, and where that gives
none of them enough nothing is asked.
"""

from collections.abc import Iterator

import msgspec

from hushmap.detect import Rates, stream_of
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want, key_of
from hushmap.model import SYSTEM_RESOLVER, Ask, Layer, Role, Side, Target, Trial, is_address, is_public
from hushmap.wire import bulk, url

STREAM_BYTES = 10_000_000
"""refs/BEYOND 2.9: of a whole run, whatever its targets."""
SIZES = (256 * 1024, 128 * 1024, 64 * 1024, 48 * 1024)
"""Of one download, the largest that the run's bytes allow. 256 kB take 15 s at the 140 kbit/s of refs/BEYOND 2.9,
most of what a fetch waits; below 48 kB a bucket and the freeze window leave too little to see a rate in."""
FIRST_BLOCK = 3
"""Alternations before the second block is waited for, if they are suspicious."""
ENOUGH = 6
"""Alternations before anything is decided: as many in one order as in the other, in both blocks."""
MAX_ALTERNATIONS = 8
MAX_AT_ADDRESS = 6
LOOKS = 2
"""Alternations at the address before it is left alone: in one a lost packet may slow down either side."""
BLOCK_SECONDS = 60.0
_OVERHEAD = 1.06
"""Bytes on the wire for a byte of a body: headers of TCP, IP and TLS in segments of 1,448."""
_HANDSHAKE = 6_000
"""As experiments.registry has it."""
_AT_ADDRESS = 100
"""Pairs about the address are numbered from here."""


def size_for(targets: int) -> int | None:
    """Bytes of one download in a run of so many targets; `None` where even the smallest would be too much."""
    share = STREAM_BYTES // max(1, targets)
    return next((size for size in SIZES if most_bytes(size) <= share), None)


def most_bytes(size: int) -> int:
    """What one target may take at most, all of its downloads together."""
    return int(2 * (MAX_ALTERNATIONS + MAX_AT_ADDRESS) * (size * _OVERHEAD + _HANDSHAKE))


class Throttle(Conversation):
    """Alternations about one name, then about its address if that looks slow."""

    experiment = "throttle"

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        text = target.text if "://" in target.text else f"https://{target.text}/"
        self._page = url.parse(text)
        self._size = size_for(conditions.downloads)
        self._ours = conditions.helper_address

    def wanted(self) -> Iterator[Want]:
        """The lookup, the name's alternations, one look at the address, and its alternations if that was slow."""
        name, names = self._page.host, self.conditions.baselines
        if self._size is None or not names or is_address(name):
            return
        qtype = "A+AAAA" if self.conditions.ipv6 else "A"
        lookup = Want(ask=Ask(layer=Layer.DNS, name=name, qtype=qtype, resolver=SYSTEM_RESOLVER), role=self.role)
        yield lookup
        if not self._over(lookup):
            return
        found = self._answer(lookup)
        offered = [] if found is None else [one for step in found.resolves for one in step.addresses]
        address = next((one for one in offered if is_public(one)), None)
        arms = self._arms(address)
        if arms is None:
            return
        changed, subject, twin = arms
        yield from self._alternate(subject, twin, changed, 1, MAX_ALTERNATIONS)
        rates = self._rates()
        arm = rates.name
        settled = arm is not None and (arm.frozen or arm.slowed)
        if self._waits or settled or address is None or subject.address == address:
            return
        yield from self._at_address(address, twin)

    # What is asked

    def _arms(self, address: str | None) -> tuple[str, Ask, Ask] | None:
        """What is changed, and the download for the subject and for its twin; `None`: nothing can be compared."""
        secure = self._page.scheme == "https"
        port = self.conditions.echo_tls if secure else self.conditions.echo_http
        harmless = self.conditions.baselines[0].name
        if self._ours is not None and port is not None:
            changed = "sni" if secure else "host"
            return changed, self._from_echo(self._page.host, port), self._from_echo(harmless, port)
        if not secure or address is None:
            return None  # an unencrypted Host decides which page it is: there is no like transfer
        subject = self._from_site(address)
        return "sni", subject, msgspec.structs.replace(subject, sni=harmless, verify=False)

    def _from_echo(self, name: str, port: int) -> Ask:
        assert self._size is not None, "asked only where there is a size"
        secure = port == self.conditions.echo_tls and self._page.scheme == "https"
        page = url.Url(scheme=self._page.scheme, host=name, port=port, path=bulk.path_of(self._size))
        return Ask(
            layer=Layer.HTTP, address=self._ours, port=port, url=page.text, sni=name if secure else None,
            verify=False, most=self._size,
        )  # fmt: skip

    def _from_site(self, address: str) -> Ask:
        page = self._page
        name = page.host if page.scheme == "https" else None
        return Ask(
            layer=Layer.HTTP, address=address, port=page.port, url=page.text, sni=name, verify=False, most=self._size
        )

    def _at_address(self, address: str, twin: Ask) -> Iterator[Want]:
        """Two alternations with our echo and the helper's own load; more if in either the address looks slow."""
        subject = self._from_site(address)
        yield Want(ask=subject, role=self.role, side=Side.HELPER)
        yield from self._alternate(subject, twin, "address", _AT_ADDRESS, LOOKS)
        if not self._waits and self._rates().worth_asking:
            yield from self._alternate(subject, twin, "address", _AT_ADDRESS, MAX_AT_ADDRESS)

    def _alternate(self, subject: Ask, twin: Ask, changed: str, first: int, most: int) -> Iterator[Want]:
        """Alternations until they decide: one at a time, each order as often as the other."""
        began = 0.0
        for turn in range(most):
            arm = self._rates().arm(changed)
            if arm is not None and turn >= ENOUGH and arm.decided:
                return
            suspected = arm is not None and arm.suspected
            later = began + BLOCK_SECONDS / self.conditions.scale if suspected and turn >= FIRST_BLOCK else 0.0
            streams = [
                Want(ask=ask, role=role, pair=first + turn, changed=changed, round=1, alone=True, not_before=later)
                for ask, role in ((twin, Role.BASELINE), (subject, self.role))
            ]
            sooner, after = streams if turn % 2 == 0 else streams[::-1]
            yield sooner
            if not self._over(sooner):
                return
            done = self._answer(sooner)
            if done is None or stream_of(done) is None:
                continue  # it says nothing of a rate: nor would its twin
            began = began or done.t0
            yield msgspec.structs.replace(after, causes=(done.id,))
            if not self._over(after):
                return

    # What is known

    @property
    def _waits(self) -> bool:
        """Whether a stream is awaited."""
        return any(attempt.pair is not None for attempt in self.pending)

    def _rates(self) -> Rates:
        return Rates(self.record(), self.conditions.knowledge)

    def _answer(self, want: Want) -> Trial | None:
        """The counted trial that a want became."""
        return next((trial for trial in self.counted if key_of(trial) == want.key), None)
