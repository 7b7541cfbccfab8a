"""Answers name lookups in place of the resolver, loses them, or leads them elsewhere, from a place on the path."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_network
from itertools import islice
from typing import ClassVar

from hushmap.lab.censors.flow import Flow, Table
from hushmap.lab.censors.forge import Injection, resets
from hushmap.lab.censors.naming import Naming
from hushmap.lab.censors.parameters import Censor, fields, groups
from hushmap.lab.censors.rule import SETTLED, STAMP, Action, Answer, Listed
from hushmap.lab.censors.stream import Found, Resetting, Trigger, Watch
from hushmap.lab.censors.tls import Sni
from hushmap.lab.packet import ACK, SYN, TCP, UDP, Packet, changed, udp
from hushmap.wire import dns

PORT = 53
DOT_PORT = 853
_SPACING = 0.0005
"""Seconds between the answers of several injectors on one path; own knowledge, unchecked."""
_DOCUMENTATION = tuple(
    ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)
"""RFC 5737, RFC 3849: in a lab these stand for public addresses."""
_AUTHORITATIVE = 0x8580
"""QR, AA, RD, RA: what one of the injectors sets (refs/BEYOND 2.5, from memory there)."""


class _Queries(Listed):
    """Looks at queries by datagram for a listed name."""

    takes = fields(*Naming.takes, "ports")
    needs = Naming.needs
    each_datagram = True
    lasting = False

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._naming = Naming(censor)
        self._ports = frozenset(censor.ports or (PORT,))

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Act on a query for a listed name."""
        if packet.protocol != UDP or flow.sport not in self._ports:
            return SETTLED
        if not packet.outward:
            return None
        try:
            _, name, qtype = dns.question(packet.payload)
            if self._naming.covers(name) is None:
                return None
            return self.act(name, qtype, packet, now)
        except ValueError:  # no query: an injector lets it pass
            return None

    @abstractmethod
    def act(self, name: str, qtype: str, packet: Packet, now: float) -> Action | None:
        """What is done about a query for a listed name; `ValueError` if it is none."""


class _Injecting(_Queries):
    """Forged answers, to any resolver and also to an address that runs none."""

    takes = fields("authoritative", *STAMP)
    discards: ClassVar[bool] = True
    """Where it stands in the path, the query ends there; beside it, the true answer comes later."""

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._censor = censor
        self._flags = _AUTHORITATIVE if censor.authoritative else None

    def forged(self, name: str, packet: Packet, answers: Sequence[tuple[str, ...]], rcode: int = 0) -> Action:
        """One answer per tuple of addresses."""
        censor = self._censor
        server, client = (packet.target, packet.dport), (packet.source, packet.sport)
        sent = []
        for number, addresses in enumerate(answers, 1):
            ttl = censor.record_ttl + number - 1
            said = dns.reply(packet.payload, addresses, rcode=rcode, ttl=ttl, flags=self._flags)
            raw = udp(server, client, said, ttl=censor.ttl, ident=censor.ident, df=censor.df)
            delay = censor.late_s if number == censor.late else (number - 1) * _SPACING
            sent.append(Injection(raw, outward=False, delay=delay, mirror=number == censor.mirror))
        return Action(self.sighting(name), tuple(sent), drop=self.discards)


class DnsInjection(_Injecting):
    """One forged answer per address, to any resolver and also to an address that runs none.

    Source: refs/BEYOND 2.5 (three injectors on the path, so one to three answers to a query, of which one mirrors the
    query's TTL; a query to an address without a resolver is answered too); the true answer arrives later. Types
    without a forged address pass.
    """

    kind = "dns-injection"
    mechanism = "dns.injection"
    takes = fields("addresses", "answers", "record_ttl", "mirror", "late", "late_s")
    needs = groups(*_Queries.needs, fields("addresses"))
    discards = False
    default: ClassVar[tuple[str, ...]] = ()
    """What it forges if nothing is given."""

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        pool = censor.addresses or self.default
        self._pools = {
            "A": list(islice(((address,) for address in pool if ":" not in address), censor.answers)),
            "AAAA": list(islice(((address,) for address in pool if ":" in address), censor.answers)),
        }

    def act(self, name: str, qtype: str, packet: Packet, now: float) -> Action | None:
        """Forge an answer per address."""
        del now
        pool = self._pools.get(qtype)
        return self.forged(name, packet, pool) if pool else None

    @classmethod
    def faults(cls, censor: Censor) -> Iterator[str]:
        """An answer that is spoken of must be among them."""
        for field in ("mirror", "late"):
            if getattr(censor, field) > censor.answers:
                yield f"{field} {getattr(censor, field)} is not among its {censor.answers} answers"


class DnsBogon(DnsInjection):
    """Forges addresses that no public site can have; this computer's own if none are given.

    Source: refs/BEYOND 2.5 (Turkmenistan: 127.0.0.1, DNS TTL 300, identification 30000, initial TTL 128).
    """

    kind = "dns-bogon"
    mechanism = "dns.tamper.bogon"
    needs = _Queries.needs
    discards = True
    default = ("127.0.0.1", "::1")

    @classmethod
    def faults(cls, censor: Censor) -> Iterator[str]:
        """Bogons only; addresses of documentation stand for public ones in a lab."""
        yield from super().faults(censor)
        for address in censor.addresses:
            known = ip_address(address)
            if known.is_global or any(known in network for network in _DOCUMENTATION):
                yield f"address {address} is no bogon"


class DnsNotice(DnsInjection):
    """Forges the address of a server that shows a block notice. Source: refs/BEYOND 2.12 (block-page clusters)."""

    kind = "dns-notice"
    mechanism = "dns.tamper.blockpage"
    discards = True


class _Refusing(_Injecting):
    """One forged answer without any address, to a question of any type."""

    rcode: ClassVar[int]

    def act(self, name: str, qtype: str, packet: Packet, now: float) -> Action | None:
        """Forge the refusal."""
        del qtype, now
        return self.forged(name, packet, [()], self.rcode)


class DnsNxdomain(_Refusing):
    """Forges "there is no such name". Source: refs/LAB 2 (DNS NXDOMAIN in-path: rcode 3 only)."""

    kind = "dns-nxdomain"
    mechanism = "dns.nxdomain"
    rcode = 3


class DnsRefused(_Refusing):
    """Forges "I will not answer that". Source: METHOD 2 (`dns.refused`); own knowledge, unchecked."""

    kind = "dns-refused"
    mechanism = "dns.refused"
    rcode = 5


class DnsServfail(_Refusing):
    """Forges "I could not find out". Source: refs/BEYOND 2.4 (servfail is never censorship alone); METHOD 2."""

    kind = "dns-servfail"
    mechanism = "dns.servfail"
    rcode = 2


class DnsEmpty(_Refusing):
    """Forges an answer with no records. Source: refs/BEYOND 3 (`ip.empty`); METHOD 2."""

    kind = "dns-empty"
    mechanism = "dns.empty"
    rcode = 0


class _StreamName(Trigger):
    """A listed name in the first query of a TCP connection (RFC 1035 4.2.2: two bytes of length before it)."""

    ports: ClassVar = (PORT,)

    def __init__(self, censor: Censor) -> None:
        self._naming = Naming(censor)

    def find(self, data: bytes, *, alone: bool) -> Found:
        """The name if it is listed."""
        size = int.from_bytes(data[:2], "big")
        if not alone and (len(data) < 2 or len(data) < 2 + size):
            return None
        try:
            _, name, _ = dns.question(data[2 : 2 + size])
        except ValueError:
            return SETTLED
        return name if self._naming.covers(name) is not None else SETTLED


class DnsDrop(_Queries):
    """Loses queries for a listed name, by datagram and by TCP. Source: refs/LAB 2 (DNS drop: nothing comes)."""

    kind = "dns-drop"
    mechanism = "dns.timeout"
    in_path = True

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._watch = Watch(_StreamName(censor), censor)

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Lose a query, or silence the connection that it came by."""
        if packet.protocol != TCP:
            return super().inspect(packet, flow, now)
        found = self._watch.look(packet, flow)
        return Action(self.sighting(found), drop=True, silence=True) if isinstance(found, str) else found

    def act(self, name: str, qtype: str, packet: Packet, now: float) -> Action | None:
        """Lose the query."""
        del qtype, packet, now
        return Action(self.sighting(name), drop=True)


class DnsIntercept(_Queries):
    """Leads queries to a resolver of its own, whose answer comes back as if from the one asked; the answer is right.

    Source: refs/BEYOND 2.5 (transparent proxies: a correct reply is "intercepted", not "tampered"). An address that
    runs no resolver seems to answer too.
    """

    kind = "dns-intercept"
    mechanism = "dns.intercepted"
    takes = fields("to")
    needs = groups(*_Queries.needs, fields("to"))
    in_path = True

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._to = {len(each): each for each in (ip_address(address).packed for address in censor.to)}
        self._asked: Table[tuple[bytes, int, int], bytes] = Table()

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Lead a query there, and its answer back."""
        if packet.protocol != UDP or packet.outward or packet.source not in self._to.values():
            return super().inspect(packet, flow, now)
        asked = self._asked.get((packet.target, packet.dport, packet.sport), now)
        if asked is None:
            return None
        return Action(None, replace=changed(packet, source=(asked, packet.sport)))

    def act(self, name: str, qtype: str, packet: Packet, now: float) -> Action | None:
        """Lead the query there, unless that is where it goes."""
        del qtype
        to = self._to.get(len(packet.target), packet.target)
        if to == packet.target:
            return None
        self._asked.put((packet.source, packet.sport, packet.dport), packet.target, now)
        return Action(self.sighting(name), replace=changed(packet, target=(to, packet.dport)))


class _Resolver(Sni):
    """A resolver's own name in a ClientHello; none need be given."""

    needs = groups()


class DnsEncrypted(Resetting):
    """No encrypted DNS: port 853 is closed, and hellos that name a listed resolver are reset.

    Source: refs/LAB 2 (DoT 853 by RST: refused after 9 ms; DoH by SNI on the same rule paths as other names).
    """

    kind = "dns-encrypted"
    mechanism = "dns.encrypted"
    trigger = _Resolver

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Refuse a connection to port 853; else look at the hello."""
        if packet.protocol != TCP or flow.sport != DOT_PORT:
            return super().inspect(packet, flow, now)
        if not packet.outward or not packet.flags & SYN or packet.flags & ACK:
            return None
        return Action(self.sighting(f"port {DOT_PORT}"), resets(packet, self._style), drop=True)
