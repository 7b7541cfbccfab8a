"""The internet side of a pure lab as a computer: it takes packets for every address at which somebody is at home."""

from collections.abc import Callable
from functools import partial
from ipaddress import ip_address

from hushmap.lab import tunnel
from hushmap.lab.addresses import CLIENT, HELPER, HELPER_PORT
from hushmap.lab.packet import ACK, SYN, UDP, Packet, udp
from hushmap.lab.pure import tls
from hushmap.lab.pure.carrier import Carrier, Computer
from hushmap.lab.pure.peer import Peer
from hushmap.lab.pure.servers import HERE, Pieces, Servers
from hushmap.lab.services.doors import said
from hushmap.wire import tls as wire_tls

Say = Callable[[Pieces], None]
HelperAnswer = Callable[[bytes, Say], bool]
"""Given what has come to the helper's own port so far: whether it is a whole request; it answers when it can."""
_TUNNEL, _NEAR = (ip_address(tunnel.SERVER).packed, tunnel.PORT), (ip_address(CLIENT).packed, tunnel.PORT)
_INSIDE = ip_address(tunnel.INSIDE).packed


class Internet(Computer):
    """All servers, at one end of the path."""

    def __init__(self, carrier: Carrier, servers: Servers, helper: HelperAnswer) -> None:
        super().__init__(carrier, outward=False)
        self._servers = servers
        self._helper = helper
        self._first = 1 << 20

    def send(self, raw: bytes) -> None:
        """Send a packet; one to the tunnel's client goes as a datagram through it."""
        inside = raw[0] >> 4 == 4 and raw[16:20] == _INSIDE
        super().send(udp(_TUNNEL, _NEAR, raw) if inside else raw)

    def other(self, packet: Packet) -> None:
        """A datagram came; what is none of a resolver's, nor of a door's, is let fall."""
        if packet.protocol == UDP and (packet.target, packet.dport) == _TUNNEL:
            self.take(packet.payload)
            return
        if packet.protocol != UDP:
            return
        address, asker = str(ip_address(packet.target)), str(ip_address(packet.source))
        door = self._servers.door(address, packet.dport)
        if door is not None:
            told = said(door, packet.payload, (asker, packet.sport))
            if told is not None:
                self.send(udp((packet.target, packet.dport), (packet.source, packet.sport), told, df=True))
            return
        if packet.dport != 53:
            return
        try:
            answer = self._servers.resolve(packet.payload, address, asker)
        except ValueError:
            return
        if answer is not None:
            self.send(udp((packet.target, 53), (packet.source, packet.sport), answer, df=True))

    def strange(self, packet: Packet) -> None:
        """A connection is opened, or a segment is nobody's."""
        address = str(ip_address(packet.target))
        if not self._servers.lives(address):
            return
        opens = packet.flags & (SYN | ACK) == SYN
        if not opens or not self._servers.listens(address, packet.dport):
            super().strange(packet)
            return
        self._first += 1 << 16
        here = str(ip_address(packet.source)) in HERE
        service = _Service(self, self._servers, self._helper, address, packet.dport, here=here)
        local, remote = (packet.target, packet.dport), (packet.source, packet.sport)
        service.peer = self.begin(local, remote, first=self._first & 0x7FFFFFFF, user=service)
        service.peer.accept(packet)


class _Service:
    """One connection at a server: TLS if the port has it, one request, one answer, the end."""

    peer: Peer

    def __init__(
        self, computer: Computer, servers: Servers, helper: HelperAnswer, address: str, port: int, *, here: bool
    ) -> None:
        self._computer, self._servers, self._helper = computer, servers, helper
        self._address, self._port, self._here = address, port, here
        self._records = tls.Records() if servers.speaks_tls(address, port) else None
        self._hello = b""
        self._greeted = self._finished = self._answered = False
        self._seen = b""

    def opened(self) -> None:
        """A server waits to be asked."""

    def ended(self) -> None:
        """The client has said all: so has the server, unless it is still speaking."""
        if not self._answered:
            self.peer.close()

    def broke(self) -> None:
        """Nothing is left to do."""
        self._answered = True

    def came(self, data: bytes) -> None:
        """Bytes of the client."""
        if self._answered:
            return
        if self._records is None:
            self._ask(data)
            return
        if not self._greeted:
            self._hello += data
        try:
            for kind, body in self._records.feed(data):
                self._record(kind, body)
        except ValueError:  # no TLS: a server ends that
            self._answered = True
            self.peer.close()

    def _record(self, kind: int, body: bytes) -> None:
        if not self._greeted:
            state, name = wire_tls.client_hello_sni(self._hello)
            if state != "need":
                self._greet(name)
        elif kind == tls.ALERT:
            self._answered = True
            self.peer.close()
        elif kind == tls.DATA and not self._finished:
            self._finished = True
        elif kind == tls.DATA:
            self._ask(body)

    def _greet(self, name: str | None) -> None:
        self._greeted = True
        choice = self._servers.choose(self._address, self._port, name, here=self._here)
        if choice.shown is not None:
            self.peer.write(tls.flight(self._servers.number(choice.shown)))
            return
        self._answered = True
        if choice.alert:
            self.peer.write(tls.alert(choice.alert))
            self.peer.close()
        else:
            self.peer.abort()

    def _ask(self, data: bytes) -> None:
        self._seen += data
        if (self._address, self._port) == (HELPER, HELPER_PORT):
            self._answered = self._helper(self._seen, self._say)
            return
        pieces = self._servers.answer(self._seen, self._address, self._port, here=self._here)
        if pieces is not None:
            self._answered = True
            self._say(pieces)

    def _say(self, pieces: Pieces) -> None:
        """Each piece at its time, and the end with the last: of two timers for one moment either may be first."""
        for number, (wait, piece) in enumerate(pieces, 1):
            say = partial(self._write, piece, last=number == len(pieces))
            if wait:
                self._computer.later(wait, say)
            else:
                say()
        if not pieces:
            self._close()

    def _write(self, piece: bytes, *, last: bool) -> None:
        if not self.peer.over:
            self.peer.write(piece if self._records is None else tls.sealed(piece))
        if last:
            self._close()

    def _close(self) -> None:
        if not self.peer.over:
            self.peer.close()
