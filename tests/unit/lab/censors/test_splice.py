"""A connection that is led elsewhere, played between a client, a rule and a service; nobody else is there."""

from ipaddress import ip_address

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.box import Box
from hushmap.lab.censors.catalogue import build
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rule import SETTLED
from hushmap.lab.censors.splice import _scale

TO = ip_address("198.51.100.91").packed
MSS, SCALE = bytes((2, 4, 5, 180)), bytes((1, 3, 3))
STAMPS = bytes((1, 1, 8, 10)) + bytes(8)
CENSOR = Censor(kind="tls-mitm", names=("named.example",), to=("198.51.100.91", "2001:db8:2::91"))


class Play:
    """The three of them: what goes to whom is collected."""

    def __init__(self, talk, censor=CENSOR):
        self.talk = talk
        self.log = []
        self.box = Box([build(censor)], at=3, hops=8, on_path=False, log=lambda *row: self.log.append(row[1]))

    def send(self, packet, now=0.0):
        """Show a packet; what came out, parsed, in order."""
        passage = self.box.see(packet.raw, now, outward=packet.outward)
        out = [p.parse(each.raw, outward=each.outward) for each in passage.inject]
        goes_on = packet if passage.instead is None else p.parse(passage.instead, outward=packet.outward)
        return [goes_on, *out] if passage.forward else out

    def shake(self, ours=SCALE + bytes((7,)), theirs=SCALE + bytes((10,))):
        """The handshake with the true server."""
        talk = self.talk
        syn = talk.segment(seq=1000, ack=0, flags=p.SYN, options=MSS + ours)
        answer = talk.segment(seq=500, ack=1001, flags=p.SYN | p.ACK, options=MSS + theirs, outward=False)
        assert self.send(syn) == [syn]
        assert self.send(answer) == [answer]

    def service(self, payload=b"", *, seq, ack, flags=p.ACK, port=443, cport=40000):
        """A segment of the service."""
        raw = p.tcp((TO, port), (self.talk.client, cport), seq=seq, ack=ack, flags=flags, payload=payload)
        return p.parse(raw, outward=False)

    def lead(self, pieces=1):
        """Handshake and hello; what came of the hello."""
        self.shake()
        hello = self.talk.hello("named.example")
        cut = len(hello) if pieces == 1 else len(hello) // 2
        out = self.send(self.talk.segment(hello[:cut], options=STAMPS))
        if pieces > 1:
            assert len(out) == 1
            out = self.send(self.talk.segment(hello[cut:], seq=1001 + cut, options=STAMPS))
        return hello, out


@pytest.mark.parametrize("pieces", [1, 2])
def test_the_hello_goes_to_the_service(talk, pieces):
    """The true server is reset; the service sees a handshake and the hello, all from the client's address."""
    play = Play(talk)
    hello, (reset, syn) = play.lead(pieces)
    assert (reset.target, reset.flags & p.RST, reset.seq) == (talk.server, p.RST, 1001)
    assert (syn.target, syn.source, syn.sport, syn.flags, syn.seq) == (TO, talk.client, 40000, p.SYN, 1000)
    assert syn.options[:2] == MSS[:2], "neither window scale nor time stamps are offered"
    said = play.send(play.service(seq=9000, ack=1001, flags=p.SYN | p.ACK))
    assert b"".join(each.payload for each in said) == hello
    assert {(each.target, each.ack) for each in said} == {(TO, 9001)}
    assert said[0].seq == 1001
    ((sighting),) = play.log
    assert (sighting.mechanism, sighting.what) == ("tls.mitm.untrusted", "named.example")


def led(talk):
    """A play whose connection has been led elsewhere."""
    play = Play(talk)
    hello, _ = play.lead()
    play.send(play.service(seq=9000, ack=1001, flags=p.SYN | p.ACK))
    return play, 1001 + len(hello)


def test_both_ways_are_translated(talk):
    """Numbers, addresses and windows; options are left out; the client never sees another address."""
    play, after = led(talk)
    (seen,) = play.send(play.service(b"ServerHello", seq=9001, ack=after))
    assert (seen.source, seen.sport, seen.seq, seen.ack, seen.payload) == (
        talk.server,
        443,
        501,
        after,
        b"ServerHello",
    )
    assert seen.window == 0xFFFF >> 10
    (sent,) = play.send(talk.segment(b"Finished", seq=after, ack=512, options=STAMPS))
    assert (sent.target, sent.seq, sent.ack, sent.payload, sent.options) == (TO, after, 9012, b"Finished", b"")
    assert sent.window == 0xFFFF, "scaled by 7, as much as fits"
    (fin,) = play.send(play.service(seq=9012, ack=after + 8, flags=p.FIN | p.ACK))
    assert (fin.seq, fin.flags) == (512, p.FIN | p.ACK)
    assert len(play.log) == 1, "one act, however long it lasts"


def test_sequence_numbers_may_wrap(talk):
    """A service whose number lies below the server's, or beyond the end of all numbers."""
    play = Play(talk)
    hello, _ = play.lead()
    play.send(play.service(seq=2**32 - 1, ack=1001, flags=p.SYN | p.ACK))
    (seen,) = play.send(play.service(b"x", seq=0, ack=1001 + len(hello)))
    assert seen.seq == 501
    (sent,) = play.send(talk.segment(seq=1001 + len(hello), ack=502))
    assert sent.ack == 1


def test_nothing_of_the_true_server_reaches_the_client(talk):
    """Nor does the client's retransmission reach anybody before the service is there."""
    play = Play(talk)
    hello, _ = play.lead()
    assert play.send(talk.segment(b"true ServerHello", seq=501, ack=1001, outward=False)) == []
    assert play.send(talk.segment(hello)) == []
    assert play.send(play.service(b"early", seq=9001, ack=1001)) == []


def test_a_repeated_answer_of_the_service_gets_the_hello_again(talk):
    """It missed what came of the first."""
    play, _ = led(talk)
    again = play.send(play.service(seq=9000, ack=1001, flags=p.SYN | p.ACK))
    assert again[0].payload[:3] == b"\x16\x03\x01"


def test_others_are_left_alone(talk):
    """Another name at the same address, another protocol, the service's own clients, and the twin."""
    play = Play(talk)
    play.shake()
    fine = talk.segment(talk.hello("fine.example"))
    assert play.send(fine) == [fine]
    own = play.service(seq=1, ack=1, cport=50000)
    assert play.send(own) == [own]
    twin = Play(talk, Censor(kind="tls-mitm", names=("other.example",), to=("198.51.100.91",)))
    twin.shake()
    hello = talk.segment(talk.hello("named.example"))
    assert twin.send(hello) == [hello]
    assert (
        talk.show(talk.rule("tls-mitm", names=["a.example"], to=["198.51.100.91"]), talk.flow(), talk.datagram(b""))
        is SETTLED
    )


@pytest.mark.parametrize("case", ["no handshake seen", "no service of the family", "it goes there anyway"])
def test_what_cannot_be_led_passes(talk, case):
    """And is settled, so that nothing half-done comes of it."""
    to = {"no service of the family": "2001:db8:2::91", "it goes there anyway": "198.51.100.20"}.get(
        case, "198.51.100.91"
    )
    play = Play(talk, Censor(kind="tls-mitm", names=("named.example",), to=(to,)))
    if case != "no handshake seen":
        play.shake()
    hello = talk.segment(talk.hello("named.example"))
    assert play.send(hello) == [hello]
    assert play.log == []


def test_windows_are_shifted_only_if_both_said_so(talk):
    """RFC 7323 2.2."""
    play = Play(talk)
    play.shake(ours=SCALE + bytes((7,)), theirs=b"")
    hello = talk.hello("named.example")
    play.send(talk.segment(hello))
    play.send(play.service(seq=9000, ack=1001, flags=p.SYN | p.ACK))
    (seen,) = play.send(play.service(b"x", seq=9001, ack=1001 + len(hello)))
    assert seen.window == 0xFFFF


def test_a_trusted_service_is_told_as_one(talk):
    """The rule only leads there; whose root it has is the scenario's word."""
    play = Play(talk, Censor(kind="tls-mitm", names=("named.example",), to=("198.51.100.91",), trusted=True))
    play.lead()
    assert play.log[0].mechanism == "tls.mitm.trusted"


@pytest.mark.parametrize(
    ("options", "scale"),
    [
        (b"", -1),
        (MSS, -1),
        (MSS + SCALE + b"\7", 7),
        (MSS + SCALE + b"\x20", 14),
        (b"\1\1\0" + SCALE + b"\7", -1),
        (b"\3\3", -1),
        (b"\3", -1),
        (b"\5\0\3\3\7", -1),
    ],
)
def test_the_window_scale_among_options(options, scale):
    """At most 14 (RFC 7323 2.3); none in broken ones."""
    assert _scale(options) == scale


def test_ipv6_is_led_like_ipv4(talk):
    """To the service of its own family, and back."""
    client, server, to = (ip_address(text).packed for text in ("2001:db8::2", "2001:db8:2::20", "2001:db8:2::91"))
    box = Box([build(CENSOR)], at=3, hops=8, on_path=False, log=lambda *_: None)

    def send(source, target, **numbers):
        raw = p.tcp(
            (source, 40000 if source == client else 443), (target, 443 if source == client else 40000), **numbers
        )
        passage = box.see(raw, 0.0, outward=source == client)
        return [p.parse(each) for each in (*(sent.raw for sent in passage.inject), passage.instead) if each]

    send(client, server, seq=1000, ack=0, flags=p.SYN)
    send(server, client, seq=500, ack=1001, flags=p.SYN | p.ACK)
    reset, syn = send(client, server, seq=1001, ack=501, flags=p.ACK, payload=talk.hello("named.example"))
    assert (reset.target, syn.target, syn.source) == (server, to, client)
    assert send(to, client, seq=9000, ack=1001, flags=p.SYN | p.ACK)[0].target == to
    (seen,) = send(to, client, seq=9001, ack=1518, flags=p.ACK, payload=b"ServerHello")
    assert (seen.source, seen.target, seen.seq) == (server, client, 501)
