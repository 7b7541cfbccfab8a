"""The Handshake verb over QUIC: every way a server in datagrams can behave, on loopback."""

import asyncio
import logging
import os
import socket

import pytest
from aioquic.buffer import Buffer
from aioquic.quic.connection import QuicConnection
from aioquic.quic.packet import (
    QuicPacketType,
    encode_quic_version_negotiation,
    pull_quic_header,
)

from hushmap.model import Failure, Transport
from hushmap.net import quic as room
from hushmap.net.clock import Clock
from hushmap.net.handshake import Wish
from hushmap.net.mask import Own
from hushmap.net.quic import handshake
from hushmap.net.trust import Trust
from quicserver import SERVER_ID, Peer, configuration, serving


def shake(pki, peer, *, sni="a.example", verify=True, limit=5.0, dwell=0.05, host="127.0.0.1", **more):
    """One handshake with `peer`, and the port it came from."""

    async def go():
        async with serving(peer, host) as port:
            wish = Wish(address=host, port=port, sni=sni, name=sni, verify=verify, timeout=limit, alpn=("h3",))
            wish = type(wish)(**{name: more.get(name, getattr(wish, name)) for name in wish.__struct_fields__})
            step, link = await handshake(
                wish,
                dwell=dwell,
                source_port=more.get("source_port"),
                interface=None,
                clock=Clock(),
                trust=Trust(str(pki.roots)),
                own=Own(),
            )
            assert (link is None) == (step.failure is not None)
            if link is not None:
                assert link.address == host
                link.close()
            return step, port

    return asyncio.run(go())


def test_a_good_server_is_valid(pki):
    """Version, cipher, protocol and chain are recorded; the chain is judged as any other."""
    step, _ = shake(pki, peer := Peer(configuration(pki, "a.example")))
    assert (step.failure, step.transport, step.version, step.alpn) == (None, Transport.QUIC, "QUICv1", "h3")
    assert step.cipher.startswith("TLS_")
    assert (step.spoke, step.valid, step.valid_system, step.alert) == (True, True, False, None)
    assert [item.subject for item in step.chain] == ["CN=leaf", "CN=Test authority"]
    assert step.t - step.t0 >= 0.05, "the peer had to answer once more after the Initial"
    assert peer.came[0][0] & 0x80, "nothing precedes the Initial"


def test_a_server_is_met_over_ipv6(pki):
    """The family is the address's."""
    assert shake(pki, Peer(configuration(pki, "a.example")), host="::1")[0].failure is None


@pytest.mark.parametrize(
    ("how", "failure"),
    [
        ({"days": -0.5}, Failure.INVALID_CERTIFICATE),
        ({"self_signed": True}, Failure.UNKNOWN_AUTHORITY),
    ],
)
def test_a_bad_certificate_fails_with_its_chain(pki, how, failure):
    """The key was proven, and what was wrong is said; unless the ask did not mind."""
    step, _ = shake(pki, Peer(configuration(pki, "a.example", **how)))
    assert (step.failure, step.valid, step.spoke, bool(step.chain)) == (failure, False, True, True)
    step, _ = shake(pki, Peer(configuration(pki, "a.example", **how)), verify=False)
    assert (step.failure, step.valid) == (None, False)


def test_a_name_may_be_left_out(pki):
    """Without a server name only the chain is checked; a name that is none cannot be sent."""
    assert shake(pki, Peer(configuration(pki, "a.example")), sni=None)[0].failure is None
    with pytest.raises(ValueError, match="cannot be sent"):
        shake(pki, Peer(configuration(pki, "a.example")), sni="bücher.example")


def test_an_alert_is_kept(pki):
    """No protocol in common: alert 120, at once and not after the stragglers' time."""
    step, _ = shake(pki, Peer(configuration(pki, "a.example", alpn=("other",))))
    assert (step.failure, step.alert, step.spoke, step.version) == (Failure.TLS_ALERT, 120, True, None)


def test_silence_is_a_time_out(pki):
    """Nobody answers the Initial; nobody answers after the handshake: told apart by what came."""
    step, _ = shake(pki, Peer(configuration(pki, "a.example"), deaf_from=0), limit=0.1)
    assert (step.failure, step.spoke, step.chain, step.valid) == (Failure.TIMEOUT, False, (), None)
    step, _ = shake(pki, Peer(configuration(pki, "a.example"), deaf_from=1), limit=0.3)
    assert (step.failure, step.spoke, step.valid) == (Failure.TIMEOUT, True, True)
    assert (step.version, step.detail) == ("QUICv1", "silent after the handshake")


def test_a_closed_port_is_refused(pki):
    """ICMP says that nobody listens there."""

    async def go():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        wish = Wish(address="127.0.0.1", port=port, sni="a", name="a", verify=False, timeout=2.0, alpn=("h3",))
        return await handshake(
            wish, dwell=0.1, source_port=None, interface=None, clock=Clock(), trust=Trust(str(pki.roots)), own=Own()
        )

    step, link = asyncio.run(go())
    assert (step.failure, link) == (Failure.REFUSED, None)


def test_only_other_versions_is_said(pki, caplog):
    """A Version Negotiation packet without ours; the library's own words go nowhere."""

    class Other(Peer):
        def datagram_received(self, data, peer):
            header = pull_quic_header(Buffer(data=data), host_cid_length=SERVER_ID)
            assert header.packet_type is QuicPacketType.INITIAL
            self.transport.sendto(
                encode_quic_version_negotiation(
                    source_cid=header.destination_cid, destination_cid=header.source_cid, supported_versions=[0xFACE]
                ),
                peer,
            )

    step, _ = shake(pki, Other(None))
    assert (step.failure, step.detail, step.spoke) == (Failure.QUIC_VERSION, "version negotiation", False)
    assert logging.getLogger("quic").handlers


def closing(code, frame_type=None):
    """What a server does that closes as soon as it stands."""

    def act(peer, end, event):
        if type(event).__name__ == "HandshakeCompleted":
            end.close(error_code=code, frame_type=frame_type)
            peer.send(end)

    return act


def test_a_server_that_closes_once_it_stood_was_reached(pki):
    """Nobody but the server can say so, and the handshake was done."""
    step, _ = shake(pki, Peer(configuration(pki, "a.example"), on_event=closing(0)))
    assert (step.failure, step.valid, step.detail) == (None, True, "quic 0x0")


def test_a_stateless_reset_is_a_reset(pki):
    """Its last bytes are the server's own token."""

    def act(peer, end, event):
        if type(event).__name__ == "HandshakeCompleted":
            token = end._host_cids[0].stateless_reset_token
            for place in peer.ends:
                peer.transport.sendto(b"\x40" + os.urandom(30) + token, place)
            peer.deaf_from = 0

    step, _ = shake(pki, Peer(configuration(pki, "a.example"), on_event=act), dwell=0.3)
    assert (step.failure, step.detail) == (Failure.RESET, "stateless reset")


def test_words_that_make_no_sense_end_it_on_this_side(pki, monkeypatch):
    """A server whose transport parameters are impossible: no alert came, and it is no censor."""
    config = configuration(pki, "a.example")
    peer = Peer(config)
    real = QuicConnection._serialize_transport_parameters

    def wrong(self):
        return real(self) if self._is_client else b"\x0b\x02\x7f\xff"  # a delay beyond what may be

    monkeypatch.setattr(QuicConnection, "_serialize_transport_parameters", wrong)
    step, _ = shake(pki, peer)
    assert step.failure is Failure.TLS_FAILED
    assert step.detail.endswith("by us")


@pytest.mark.parametrize("error", [ValueError, IndexError])
def test_what_the_library_trips_over_ends_it_on_this_side(pki, monkeypatch, error):
    """Some versions of it raise for a certificate that is none: whoever intercepts could end a run."""

    def tripping(self, *_args, **_more):
        raise error

    def sent(self, data, peer):
        monkeypatch.setattr(QuicConnection, "receive_datagram", tripping)
        self.transport.sendto(b"\x00" * 60, peer)

    step, _ = shake(pki, type("Odd", (Peer,), {"datagram_received": sent})(None))
    assert step.failure is Failure.TLS_FAILED
    assert step.detail.endswith("by us")


def test_a_flood_of_datagrams_ends(pki, monkeypatch):
    """Noise without end is a failure, and nobody's alert."""
    monkeypatch.setattr(room, "DATAGRAMS", 50)

    class Noise(Peer):
        def datagram_received(self, data, peer):
            for _ in range(60):
                self.transport.sendto(os.urandom(200), peer)

    step, _ = shake(pki, Noise(None))
    assert (step.failure, step.detail) == (Failure.TLS_FAILED, "a flood of datagrams")


def test_the_source_port_lies_above_the_destinations(pki):
    """Also where the kernel chose one below; one that is asked for is taken."""
    for _ in range(4):
        _, port = shake(pki, peer := Peer(configuration(pki, "a.example")))
        assert min(peer.ports) > port
    shake(pki, peer := Peer(configuration(pki, "a.example")), source_port=(wanted := free_port()))
    assert set(peer.ports) == {wanted}


def free_port():
    """A port that is free just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def test_no_port_above_the_highest(pki, monkeypatch):
    """At the top there is none; and where all are taken it is this computer's failure."""
    sock = room._socket(("127.0.0.1", 65535), None, None)
    sock.close()

    class Taken(socket.socket):
        def bind(self, place):
            raise OSError(98, "taken")

    monkeypatch.setattr(room, "open_socket", lambda kind, address, interface: Taken(socket.AF_INET, kind))
    with pytest.raises(OSError, match="taken"):
        room._above(("127.0.0.1", 50_000), None, 100)


def test_a_local_failure_is_a_step(pki):
    """An address that cannot be used from here."""
    wish = Wish(address="127.0.0.1", port=443, sni="a", name="a", verify=False, timeout=1.0, alpn=("h3",))
    go = handshake(
        wish, dwell=0.1, source_port=1, interface="no-such", clock=Clock(), trust=Trust(str(pki.roots)), own=Own()
    )
    step, link = asyncio.run(go)
    assert (link, step.spoke, step.chain) == (None, False, ())
    assert step.failure is not None
