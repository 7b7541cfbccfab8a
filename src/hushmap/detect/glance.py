"""What a measurement shows in which everything was tried once, read in one pass for the rules of `once`.

An OONI measurement has no pairs and cannot be asked again: there is one page load, followed through its redirects,
and beside it what a test helper got. A `Glance` sorts the trials by the hosts through which the load went (`Hop`) and
answers what those rules are made of. Files hold millions of measurements, so that nothing is searched twice, and what
only a rare rule wants is computed when it is asked for.
"""

import ipaddress
import re
from itertools import pairwise
from typing import Literal

from hushmap.detect.hosts import host_in, same_site
from hushmap.detect.same_page import same_page
from hushmap.model import (
    SYSTEM_RESOLVER,
    Failure,
    Knowledge,
    Layer,
    Page,
    Record,
    Resolve,
    Side,
    Trial,
    is_bogon,
    is_public,
)

_DNS, _HTTP, _TLS, _HELPER = Layer.DNS, Layer.HTTP, Layer.TLS, Side.HELPER
"""Looked up once: reading a member of an enumeration costs as much as a call."""
HTTPS_PORT = 443
"""RFC 9110 4.2.2."""
_CHECKING = re.compile(r"(?:0\.(?:[4-9]|[1-9][0-9])|[1-9][0-9]*)\.")
"""Versions of OONI's web_connectivity whose client takes no page under a certificate that does not hold (ts-017).
Those before 0.4 ran on Twisted and measurement-kit, which may have taken any: own knowledge, unchecked."""


def checks_certificates(record: Record) -> bool:
    """Whether a page over https says of itself that its certificate held, where no handshake is recorded."""
    return record.source is None or _CHECKING.match(record.annotations.get("test_version", "")) is not None


def certified(trial: Trial, *, checked: bool) -> bool:
    """Whether what came over https came under a certificate valid for the name; `checked`: the client takes no other.

    Before 0.5 OONI kept only the outcome of a request, and no handshake.
    """
    handshake = trial.handshake
    return checked if handshake is None else handshake.valid is True


class Hop:
    """One host of the chain of redirects, over one scheme, with what was tried for it from here."""

    __slots__ = ("checked", "host", "https", "lied", "loads", "offered", "own", "page", "trial", "url")

    def __init__(self, url: str, host: str, *, checked: bool) -> None:
        """`checked`: the client takes no page under a certificate that does not hold for its name."""
        self.url, self.host, self.checked = url, host, checked
        self.https = url.startswith("https:")
        self.loads: list[Trial] = []
        """Requests, in order of time; several where several addresses were tried."""
        self.trial: Trial | None = None
        """The newest request that was answered in full."""
        self.page: Page | None = None
        """Its page."""
        self.lied: tuple[str, str] | Literal[False] | None = False
        """What `Glance.lie` says of the answer; False until it was asked."""
        self.own: list[Resolve] | None = None
        """Lookups at the own resolver; `None` until they were looked for."""
        self.offered: tuple[str, ...] | None = None
        """What it answered; `None` until that was asked."""

    @property
    def authentic(self) -> bool:
        """Whether the answer was the site's own: over TLS with a certificate valid for the name."""
        return self.trial is not None and self.https and certified(self.trial, checked=self.checked)


class Glance:
    """The counted trials of one measurement, by the hosts through which its page load went."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:
        self.record, self.knowledge = record, knowledge
        self._checked = checks_certificates(record)
        self.lookups: list[Trial] = []
        """Name lookups from here."""
        self.bare: list[Trial] = []
        """Connections and handshakes from here that were made for nothing but to see."""
        self.helper: list[Trial] = []
        self.helper_lookup: Resolve | None = None
        self.helper_load: Trial | None = None
        self.hops: list[Hop] = []
        for trial in self._sort(record.counted if record.context.voids else record.trials):
            self._load(trial)
        self._name_hops()
        self.first, self.last = self.hops[0], self.hops[-1]
        """The target's own host, and the host at which the chain ended."""
        self.told: tuple[str, ...] = self.helper_lookup.addresses if self.helper_lookup is not None else ()
        """The addresses of the target's host that the helper was told."""
        fetch = self.helper_load.fetch if self.helper_load is not None else None
        self.helper_page = fetch.page if fetch is not None and fetch.failure is None else None
        """The page at the end of the helper's own chain, if it came to one."""
        self.genuine = self.last.authentic and self._straight()
        """Whether the page at the end is the site's beyond doubt."""
        self.site = self.genuine or self._same_end()
        """Whether it is the site's, by its certificate or by being the page at the end of the helper's chain."""
        made = self.attempts(self.last) if self.last.page is None else []
        self.failures = [trial for trial in made if trial.failed is not None]
        """The attempts at the last host that failed, if no page came; a connection alone is no page."""

    def _sort(self, trials: tuple[Trial, ...]) -> list[Trial]:
        loads: list[Trial] = []
        for trial in trials:
            if trial.undone is not None:
                continue
            layer = trial.ask.layer
            if trial.side is _HELPER:
                self.helper.append(trial)
                if layer is _DNS:
                    self.helper_lookup = next(iter(trial.resolves), self.helper_lookup)
                elif layer is _HTTP:
                    self.helper_load = trial
            elif layer is _DNS:
                self.lookups.append(trial)
            elif layer is _HTTP:
                loads.append(trial)
            else:
                self.bare.append(trial)
        if len(loads) > 1:
            loads.sort(key=_start)
        return loads

    def _load(self, trial: Trial) -> None:
        url = trial.ask.url or ""
        hop = self._hop(url)
        hop.loads.append(trial)
        fetch = trial.steps[-1] if trial.steps else None
        if fetch is not None and fetch.failure is None:
            page = getattr(fetch, "page", None)
            if page is not None and page.status:
                hop.url, hop.trial, hop.page = url, trial, page

    def _hop(self, url: str) -> Hop:
        """The hop of `url`: a host over one scheme is one hop, however many of its pages redirect to one another."""
        host = host_in(url) or ""
        https = url.startswith("https:")
        for hop in self.hops:
            if hop.host == host and hop.https is https:
                return hop
        self.hops.append(Hop(url, host, checked=self._checked))
        return self.hops[-1]

    def _name_hops(self) -> None:
        """A host of which nothing was requested: the target's, or that of a redirect which led no further."""
        if not self.hops:
            url = self.record.target if "://" in self.record.target else f"http://{self.record.target}/"
            self._hop(url)
            if self.lookups and self.lookups[0].ask.name:
                self.hops[0].host = self.lookups[0].ask.name  # an IDN is asked for in its A-label form
            return
        page = self.hops[-1].page
        if page is None or page.location is None or page.status // 100 != 3 or "://" not in page.location:
            return
        host = host_in(page.location)
        if host and all(hop.host != host for hop in self.hops) and any(t.ask.name == host for t in self.lookups):
            self.hops.append(Hop(page.location, host, checked=self._checked))

    # --- the chain -------------------------------------------------------------------------------------------------

    def _same_end(self) -> bool:
        page, there = self.last.page, self.helper_page
        return page is not None and there is not None and same_page(page, there)

    def _straight(self) -> bool:
        """Whether no step that could be forged led astray.

        Over plain HTTP anybody on the way can redirect. Such a step is harmless if it stays with the site, which
        then proves itself by its certificate.
        """
        return all(hop.authentic or same_site(hop.host, following.host) for hop, following in pairwise(self.hops))

    # --- lookups ---------------------------------------------------------------------------------------------------

    def own(self, hop: Hop) -> list[Resolve]:
        """Lookups of the host at the resolver that programs here use."""
        if hop.own is None:
            hop.own = [
                step
                for trial in self.lookups
                if trial.ask.name == hop.host and trial.ask.resolver == SYSTEM_RESOLVER
                for step in trial.resolves
            ]
        return hop.own

    def others(self, hop: Hop) -> dict[str, list[Resolve]]:
        """Lookups of the host at other resolvers, asked from here."""
        found: dict[str, list[Resolve]] = {}
        for trial in self.lookups:
            resolver = trial.ask.resolver
            if trial.ask.name == hop.host and resolver is not None and resolver != SYSTEM_RESOLVER:
                found.setdefault(resolver, []).extend(trial.resolves)
        return found

    def offered(self, hop: Hop) -> tuple[str, ...]:
        """The addresses that programs here were told."""
        if hop.offered is None:
            hop.offered = tuple(dict.fromkeys(one for step in self.own(hop) for one in step.addresses))
        return hop.offered

    def proven(self, address: str, host: str) -> bool:
        """Whether a certificate valid for the host was shown to this side at `address`."""
        for trial in self.bare:
            if trial.ask.address == address and _certified(trial, host):
                return True
        return any(
            trial.ask.address == address and _certified(trial, host) for hop in self.hops for trial in hop.loads
        )

    def at(self, address: str, host: str) -> bool:
        """Whether a certificate proved that the host is at home at `address`, here or for the helper."""
        if self.proven(address, host):
            return True
        for trial in self.helper:
            if trial.ask.address == address and trial.ask.sni == host and _certified(trial, host):
                return True
        return False

    def impossible(self, address: str) -> bool:
        """Whether no public site can have `address`, and the helper was not told it either.

        A network that has IPv6 only answers with the site's own IPv4 address inside a prefix of its own, which may be
        a private one (NAT64 and DNS64, RFC 6052 2.2): that is no lie.
        """
        if address in self.told or not is_bogon(address):
            return False
        return ":" not in address or _inner(address) not in self._known_addresses()

    def _known_addresses(self) -> set[str]:
        """Public addresses that anybody was told."""
        found = {one for trial in self.lookups for step in trial.resolves for one in step.addresses}
        return {one for one in found.union(self.told) if is_public(one)}

    def lie(self, hop: Hop) -> tuple[str, str] | None:
        """(address, mechanism): the own resolver's whole answer is wrong by a positive sign (METHOD 4)."""
        if hop.lied is False:
            hop.lied = self._lie(hop)
        return hop.lied

    def _lie(self, hop: Hop) -> tuple[str, str] | None:
        offered = self.offered(hop)
        if not offered or any(self.at(address, hop.host) for address in offered):
            return None
        for address in offered:
            if self.impossible(address):
                return address, "dns.tamper.bogon"
        for trial in self.helper:
            address = trial.ask.address or ""
            handshake = trial.handshake
            if address in offered and handshake is not None and handshake.failure is Failure.INVALID_HOSTNAME:
                return address, "dns.tamper.other"
        return None

    # --- the helper ------------------------------------------------------------------------------------------------

    @property
    def helper_counts(self) -> tuple[int, int]:
        """(failures, attempts) of the helper: its page load, or its connections where it made none."""
        if self.helper_load is not None:
            return (0 if self.helper_page is not None else 1), 1
        tried = [trial for trial in self.helper if trial.ask.layer is not Layer.DNS]
        return sum(trial.failed is not None for trial in tried), len(tried)

    @property
    def helper_loaded(self) -> bool:
        """Whether the helper got a page that is the site's answer, not a failure of the site's."""
        return self.helper_page is not None and self.helper_page.status < 500

    def beside(self, trial: Trial) -> Trial | None:
        """The helper's attempt on the same address and port."""
        ask = trial.ask
        return next(
            (t for t in self.helper if t.ask.address == ask.address and t.ask.port == ask.port and ask.address), None
        )

    # --- what failed -----------------------------------------------------------------------------------------------

    def attempts(self, hop: Hop) -> list[Trial]:
        """What was tried at addresses of the host: connections made for nothing but to see, and requests.

        Where IPv4 was tried too, an IPv6 address that was never connected says only that IPv6 is broken here.
        """
        made = [trial for trial in self.bare if _about(trial, hop)] + hop.loads
        plain = [trial for trial in made if not (":" in (trial.ask.address or "") and _unconnected(trial))]
        return plain or made


def _inner(address: str) -> str:
    """The IPv4 address in the last 32 bits of an IPv6 address."""
    return str(ipaddress.IPv4Address(int(ipaddress.IPv6Address(address)) & 0xFFFFFFFF))


def _start(trial: Trial) -> float:
    return trial.steps[0].t0 if trial.steps else 0.0


def _certified(trial: Trial, host: str) -> bool:
    handshake = trial.handshake
    return handshake is not None and handshake.valid is True and handshake.sni == host


def _about(trial: Trial, hop: Hop) -> bool:
    """Whether a bare attempt was for this host over its scheme; of a mere connection its port says the scheme."""
    ask = trial.ask
    secure = ask.layer is _TLS or ask.port == HTTPS_PORT
    return (ask.sni or ask.host) == hop.host and secure is hop.https


def _unconnected(trial: Trial) -> bool:
    connect = trial.connect
    return connect is not None and connect.failure is not None


NO_NAME = frozenset({Failure.NXDOMAIN, Failure.NO_ANSWER})
"""Lookups that were answered, and without an address."""
