"""The path as an engine: TTL, ICMP, delay, injected packets, loss; no device and no clock."""

import os
import random
import socket
import threading
from ipaddress import ip_address
from types import SimpleNamespace

import pytest

from hushmap.lab import packet as p
from hushmap.lab import path as path_module
from hushmap.lab.addresses import hop
from hushmap.lab.censors.box import Box
from hushmap.lab.censors.rule import Action, Injection, Sighting
from hushmap.lab.line import Line
from hushmap.lab.loss import Link
from hushmap.lab.path import Path, carry
from hushmap.lab.routers import Routers

C4, S4 = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
C6, S6 = ip_address("2001:db8::2").packed, ip_address("2001:db8:2::20").packed
FORGED = p.udp((S4, 53), (C4, 5353), b"forged", ttl=64)


class Injector:
    """A rule that answers every packet from the client, and drops it."""

    kind = "test"

    def inspect(self, packet, flow, now):
        """Inject toward the client."""
        if not packet.outward:
            return None
        return Action(Sighting("dns.injection", "x"), (Injection(FORGED, outward=False),), drop=True)


def line(outages=(), **settings):
    """A line, that loses nothing but in these times."""
    return Line(Link(random.Random(1), outages=outages), rng=random.Random(1), **settings)


def path(boxes=(), *, hops=8, delay=0.025, out=None, back=None):
    """A path with these boxes."""
    return Path(routers=Routers(hops), delay=delay, boxes=boxes, out=out or line(), back=back or line())


def datagram(client=C4, server=S4, *, ttl=64, outward=True):
    """A datagram with its payload."""
    ends = ((client, 5353), (server, 53)) if outward else ((server, 53), (client, 5353))
    return p.udp(*ends, b"payload", ttl=ttl)


@pytest.mark.parametrize(("client", "server"), [(C4, S4), (C6, S6)])
@pytest.mark.parametrize("outward", [True, False])
def test_a_packet_comes_out_later_and_eight_hops_older(client, server, outward):
    """One way takes the delay and counts the TTL down once a hop."""
    (due,) = path().receive(datagram(client, server, outward=outward), 1.0, outward=outward)
    assert due.at == pytest.approx(1.025)
    assert due.outward is outward
    assert p.ttl_of(due.raw) == 56


@pytest.mark.parametrize(("client", "server", "family"), [(C4, S4, 0), (C6, S6, 1)])
@pytest.mark.parametrize("ttl", range(1, 9))
def test_each_hop_says_when_the_ttl_ran_out(client, server, family, ttl):
    """Hop n answers a TTL of n from its own address, after the way there and back."""
    (due,) = path().receive(datagram(client, server, ttl=ttl), 0.0, outward=True)
    seen = p.parse(due.raw, outward=False)
    assert (seen.source, seen.target) == (ip_address(hop(ttl)[family]).packed, client)
    assert due.at == pytest.approx(2 * 0.025 * ttl / 8)
    assert p.ttl_of(due.raw) == 64 - (ttl - 1)
    assert not due.outward


def test_from_the_far_side_hops_count_backwards():
    """A TTL of 1 from a server ends at the last hop."""
    (due,) = path().receive(datagram(ttl=1, outward=False), 0.0, outward=False)
    assert p.parse(due.raw).source == ip_address(hop(8)[0]).packed
    assert due.outward


def test_icmp_errors_are_never_answered_by_icmp_errors():
    """RFC 1122 3.2.2: an error about an error would never end; an echo request is answered."""
    error = p.ip(C4, S4, p.ICMP, b"\x0b\0\0\0\0\0\0\0", ttl=1)
    echo = p.ip(C4, S4, p.ICMP, b"\x08\0\0\0\0\0\0\0", ttl=1)
    error6 = p.ip(C6, S6, p.ICMP6, b"\x03\0\0\0\0\0\0\0", ttl=1)
    assert path().receive(error, 0.0, outward=True) == []
    assert path().receive(error6, 0.0, outward=True) == []
    assert len(path().receive(echo, 0.0, outward=True)) == 1


def test_a_router_limits_its_errors():
    """After a burst of 50 a hop falls silent, and speaks again when its bucket has filled."""
    eight = path()
    answered = sum(len(eight.receive(datagram(ttl=2), 0.0, outward=True)) for _ in range(200))
    assert answered == 50
    assert len(eight.receive(datagram(ttl=2), 1.0, outward=True)) == 1
    assert len(eight.receive(datagram(ttl=3), 0.0, outward=True)) == 1, "each hop has its own"


def test_strangers_lead_nowhere():
    """Neighbour discovery, answers to dead addresses and scraps are dropped."""
    other = ip_address("203.0.113.99").packed
    assert path().receive(datagram(other), 0.0, outward=True) == []
    assert path().receive(datagram(other, outward=False), 0.0, outward=False) == []
    for scrap in (b"", b"\x45", b"\x60" * 39):
        assert path().receive(scrap, 0.0, outward=True) == []


def box(*, at=3, on_path=False):
    """A box with these rules."""
    return Box([Injector()], at=at, on_path=on_path, log=lambda *_: None)


def test_a_forged_answer_is_nearer_and_faster_than_the_true_one():
    """From hop 3 it takes 3/8 of the way back and loses 3 of its TTL; on the path the packet goes on beside it."""
    forged, true = path([box(on_path=True)]).receive(datagram(), 0.0, outward=True)
    assert (forged.outward, true.outward) == (False, True)
    assert forged.at == pytest.approx(2 * 0.025 * 3 / 8)
    assert p.ttl_of(forged.raw) == 61
    assert true.at == pytest.approx(0.025)


def test_in_the_path_the_packet_ends_at_the_censor():
    """Only the forged answer comes out."""
    assert [due.outward for due in path([box()]).receive(datagram(), 0.0, outward=True)] == [False]


@pytest.mark.parametrize("ttl", [1, 2, 3, 4])
def test_the_censor_is_found_between_two_hops(ttl):
    """A probe that ends before the censor meets a router, one hop further it is answered falsely (refs/LAB 3)."""
    (due,) = path([box()]).receive(datagram(ttl=ttl), 0.0, outward=True)
    assert (p.parse(due.raw, outward=False).protocol == p.ICMP) is (ttl <= 3)


def test_a_forged_packet_with_too_little_ttl_does_not_arrive():
    """Injected at hop 8, a packet with TTL 8 ends one hop short of the client."""

    class Short(Injector):
        def inspect(self, packet, flow, now):
            raw = p.with_ttl(FORGED, 8)
            return Action(Sighting("x.y", "x"), (Injection(raw, outward=False),), drop=True)

    short = Box([Short()], at=8, on_path=False, log=lambda *_: None)
    assert path([short]).receive(datagram(), 0.0, outward=True) == []


def test_boxes_are_met_in_the_order_of_the_way():
    """Outward the nearer censor is first, inward the farther."""
    seen = []

    def watcher(name):
        class Watch:
            kind = name

            def inspect(self, packet, flow, now):
                seen.append(name)

        return Watch()

    boxes = [Box([watcher(f"at {at}")], at=at, on_path=True, log=lambda *_: None) for at in (6, 2)]
    watched = path(boxes)
    watched.receive(datagram(), 0.0, outward=True)
    watched.receive(datagram(outward=False), 0.0, outward=False)
    assert seen == ["at 2", "at 6", "at 6", "at 2"]


def test_loss_sits_on_the_access_line_of_both_ways():
    """What leaves is lost before any censor sees it, what arrives when it is due."""
    dead = [(0.0, 1.0)]
    both = path([box()], out=line(dead), back=line(dead))
    assert both.receive(datagram(), 0.5, outward=True) == []
    (due,) = both.receive(datagram(outward=False), 0.5, outward=False)
    assert not both.survives(due, 0.525)
    assert both.survives(due, 1.2)
    assert [one.outward for one in both.receive(datagram(), 1.1, outward=True)] == [False]
    (leaving,) = path().receive(datagram(), 0.0, outward=True)
    assert path(back=line(dead)).survives(leaving, 0.5)


class Late:
    """A rule that lets packets with this payload wait, and changes them."""

    kind = "late"

    def __init__(self, was, becomes=None, hold=0.5):
        self.was, self.becomes, self.hold = was, becomes, hold

    def inspect(self, packet, flow, now):
        """Hold it."""
        if packet.payload != self.was:
            return None
        ends = (packet.source, packet.sport), (packet.target, packet.dport)
        raw = p.udp(*ends, self.becomes, ttl=p.ttl_of(packet.raw)) if self.becomes else None
        return Action(Sighting("throttle.delay", "x"), hold=self.hold, replace=raw)


def steps(engine, raw, *, outward=True):
    """All that comes out in the end, each at its own time."""
    waiting, out = engine.receive(raw, 1.0, outward=outward), []
    while waiting:
        due = waiting.pop()
        if due.step == path_module.OUT:
            out.append(due)
        else:
            waiting += engine.goes_on(due)
    return sorted(out)


@pytest.mark.parametrize("outward", [True, False])
def test_boxes_behind_one_that_holds_see_what_it_sends_on(outward):
    """Each holds what the one before it made of the packet; it comes out with their names after all times."""
    near, far = (Box([rule], at=at, on_path=False, log=lambda *_: None) for at, rule in ((2, None), (6, None)))
    first, second = Late(b"payload", b"changed"), Late(b"changed", b"again", hold=0.25)
    near._rules, far._rules = ((first,), (second,)) if outward else ((second,), (first,))
    (due,) = steps(path([near, far]), datagram(outward=outward), outward=outward)
    assert due.at == pytest.approx(1.775)
    assert due.outward is outward
    assert (p.parse(due.raw).payload, p.ttl_of(due.raw)) == (b"again", 56)
    assert due.by == ("late", Sighting("throttle.delay", "x"))


def test_a_censor_behind_one_that_holds_still_finds_its_trigger():
    """It acts when the packet has got there, not when that entered the path."""
    holding = Box([Late(b"payload")], at=2, on_path=False, log=lambda *_: None)
    (forged,) = steps(path([holding, box(at=3)]), datagram())
    assert forged.at == pytest.approx(1.5 + 2 * 0.025 * 3 / 8)
    assert p.parse(forged.raw).payload == b"forged"


def test_a_held_packet_whose_ttl_runs_out_is_answered_by_its_hop():
    """A censor that holds packets is no wall for traceroute: the hop answers when it has come there."""
    holding = Box([Late(b"payload")], at=2, on_path=False, log=lambda *_: None)
    (due,) = steps(path([holding, box(at=6, on_path=True)]), datagram(ttl=4))
    assert p.parse(due.raw).source == ip_address(hop(4)[0]).packed
    assert due.at == pytest.approx(1.5 + 2 * 0.025 * 4 / 8)
    (last,) = steps(path([holding]), datagram(ttl=8))
    assert p.parse(last.raw).source == ip_address(hop(8)[0]).packed


def test_the_line_lets_packets_wait_in_both_directions():
    """1,000 bytes a second: the client's datagram and the server's each take as long as they are."""
    slow = {"out": line(rate=1000.0), "back": line(rate=1000.0)}
    (due,) = steps(path(**slow), datagram())
    assert due.at == pytest.approx(1.0 + len(datagram()) / 1000 + 0.025)
    (due,) = steps(path(**slow), datagram(outward=False), outward=False)
    assert due.at == pytest.approx(1.0 + 0.025 + len(datagram()) / 1000)


def test_what_finds_no_room_before_the_line_is_lost():
    """In a queue of 50 ms the second of two datagrams is one too many."""
    short = {"out": line(rate=100.0, queue=0.05), "back": line(rate=100.0, queue=0.05)}
    engine = path(**short)
    assert [len(engine.receive(datagram(), 0.0, outward=True)) for _ in range(2)] == [1, 0]
    first, second = (engine.receive(datagram(outward=False), 0.0, outward=False) for _ in range(2))
    assert (len(engine.goes_on(*first)), len(engine.goes_on(*second))) == (1, 0)


def test_strangers_do_not_use_the_line():
    """What leads nowhere takes no room from what does."""
    engine = path(out=line(rate=100.0, queue=0.05))
    assert engine.receive(datagram(ip_address("203.0.113.99").packed), 0.0, outward=True) == []
    assert len(engine.receive(datagram(), 0.0, outward=True)) == 1


def segment(payload=b"", *, outward=True, flags=p.ACK, ttl=64):
    """A TCP segment of one connection."""
    ends = ((C4, 5000), (S4, 443)) if outward else ((S4, 443), (C4, 5000))
    return p.tcp(*ends, seq=1, ack=1, flags=flags, payload=payload, ttl=ttl)


def test_a_flow_that_every_box_has_settled_is_shown_to_none():
    """Both directions pass without a look, as old and as late as before, until a SYN begins it anew."""
    boxes = [Box([], at=at, on_path=False, log=lambda *_: None) for at in (2, 6)]
    engine, shown = path(boxes), []
    for each in boxes:
        each.see = lambda raw, now, *, outward, see=each.see: shown.append(raw) or see(raw, now, outward=outward)
    for _ in range(2):
        engine.receive(segment(b"x"), 0.0, outward=True)
    assert len(shown) == 4
    for outward in (True, False):
        (due,) = engine.receive(segment(b"y", outward=outward), 1.0, outward=outward)
        assert (due.at, due.outward, due.step) == (1.025, outward, path_module.OUT)
        assert due.raw == p.with_ttl(segment(b"y", outward=outward), 56)
    assert len(shown) == 4
    engine.receive(segment(flags=p.SYN), 2.0, outward=True)
    engine.receive(segment(b"z"), 2.0, outward=True)
    assert len(shown) == 8


def test_settled_flows_wait_before_the_line_too():
    """The way past the censors is no way past a slow line."""
    engine = path(back=line(rate=1000.0))
    engine.receive(segment(b"x"), 0.0, outward=True)
    (due,) = steps(engine, segment(b"x", outward=False), outward=False)
    assert due.at == pytest.approx(1.025 + 0.041)


def test_the_loop_carries_between_two_descriptors_until_told_to_stop():
    """What is written at the client's end comes out at the other, older; the loop ends when its pipe closes."""
    (client, ours), (internet, theirs) = (socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(2))
    for end in (client, internet):
        end.setblocking(False)
    stop, life = os.pipe()
    loop = threading.Thread(target=carry, args=(path(delay=0.001), client.fileno(), internet.fileno(), stop))
    theirs.send(datagram(outward=False))
    loop.start()
    try:
        theirs.settimeout(5)
        ours.settimeout(5)
        ours.send(datagram())
        assert p.ttl_of(theirs.recv(2000)) == 56
        theirs.send(datagram(outward=False))
        assert p.ttl_of(ours.recv(2000)) == 56
    finally:
        os.close(life)
        loop.join(5)
        os.close(stop)
        for end in (client, ours, internet, theirs):
            end.close()
    assert not loop.is_alive()


@pytest.fixture
def carried():
    """Makes a carrier of a path between two pairs of sockets; gives it, its ends, and the sockets beyond them."""
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(2)]
    (client, ours), (internet, theirs) = pairs
    for end in (client, ours, internet, theirs):
        end.setblocking(False)

    def made(engine, tap=None):
        ends = client.fileno(), internet.fileno()
        return path_module._Carrier(engine, *ends, tap), *ends, ours, theirs

    yield made
    for each in (end for pair in pairs for end in pair):
        each.close()


def test_a_tap_is_shown_what_enters_and_what_leaves_and_whose_it_is(carried):
    """At the client's end its question and the forged answer, with the censor's own word for it."""
    shown = []
    carrier, client, _, ours, _ = carried(path([box()], delay=0.0), lambda *what: shown.append(what))
    ours.send(datagram())
    carrier.take(client)
    carrier.give()
    answer = ours.recv(2000)
    assert shown == [
        (datagram(), True, None),
        (answer, True, ("test", Sighting("dns.injection", "x"))),
    ]


def test_the_clock_starts_with_the_client_and_goes_on(carried, monkeypatch):
    """What comes before its first packet is nobody's; what is not due waits, and what goes on does so in its time."""
    clock = [100.0]
    monkeypatch.setattr(path_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    carrier, client, internet, ours, theirs = carried(path(back=line(rate=1000.0)))
    theirs.send(datagram(outward=False))
    carrier.take(internet)
    assert (carrier.pause(), carrier._waiting) == (1.0, [])
    carrier.give()
    ours.send(datagram())
    carrier.take(client)
    assert carrier.pause() == pytest.approx(0.025)
    theirs.send(datagram(outward=False))
    carrier.take(internet)
    clock[0] += 0.02
    carrier.give()
    with pytest.raises(BlockingIOError):
        theirs.recv(2000)
    clock[0] += 0.01
    carrier.give()
    assert theirs.recv(2000) == p.with_ttl(datagram(), 56)
    assert carrier.pause() == pytest.approx(0.025 + len(datagram()) / 1000 - 0.03)
    clock[0] += 1.0
    assert carrier.pause() == 0.0
    carrier.give()
    assert ours.recv(2000) == p.with_ttl(datagram(outward=False), 56)
    assert carrier.pause() == 1.0


def test_one_end_leaves_the_other_its_turn(carried, monkeypatch):
    """So many packets are read at once, and no more."""
    monkeypatch.setattr(path_module, "_BATCH", 3)
    carrier, client, _, ours, _ = carried(path())
    for _ in range(5):
        ours.send(datagram())
    carrier.take(client)
    assert len(carrier._waiting) == 3
    carrier.take(client)
    assert len(carrier._waiting) == 5


def test_what_the_line_loses_is_not_given(carried):
    """In an outage nothing is written at the client's end, and nobody is shown it."""
    shown = []
    carrier, client, internet, ours, theirs = carried(
        path(delay=0.0, back=line([(0.0, 9e9)])), lambda *what: shown.append(what)
    )
    ours.send(datagram())
    carrier.take(client)
    theirs.send(datagram(outward=False))
    carrier.take(internet)
    carrier.give()
    assert len(theirs.recv(2000)) == len(datagram())
    with pytest.raises(BlockingIOError):
        ours.recv(2000)
    assert len(shown) == 3


def test_a_full_device_loses_and_a_broken_one_is_an_error():
    """The kernel's queue may be full; anything else is our fault and is raised."""
    reader, writer = os.pipe2(os.O_NONBLOCK)
    try:
        while True:
            try:
                os.write(writer, b"x" * 4096)
            except BlockingIOError:
                break
        path_module._write(writer, b"lost")
    finally:
        os.close(reader)
        os.close(writer)
    with pytest.raises(OSError, match="Bad file"):
        path_module._write(writer, b"nobody")
