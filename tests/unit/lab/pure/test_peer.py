"""One end of a TCP connection: what it sends, repeats, believes and refuses."""

import heapq

import pytest

from hushmap.lab.packet import ACK, FIN, PSH, RST, SYN, parse, tcp
from hushmap.lab.pure.peer import Peer

A, B = (b"\x0a\0\0\x01", 40000), (b"\x0a\0\0\x02", 443)


class Wire:
    """Two ends, a delay of 10 ms, and a list of packets to be lost by number."""

    def __init__(self, lost=()):
        self.time, self.count, self.lost = 0.0, 0, set(lost)
        self.events, self.sent, self.ends = [], [], {}

    def stack(self, name):
        """The computer of one end."""
        return Side(self, name)

    def at(self, when, call):
        """Have something happen."""
        self.count += 1
        event = [when, self.count, call]
        heapq.heappush(self.events, event)
        return event

    def run(self, until=100.0):
        """Let it happen."""
        while self.events and self.events[0][0] <= until:
            self.time, _, call = heapq.heappop(self.events)
            if call is not None:
                call()
        self.time = max(self.time, until)


class Side:
    """A stack of one end."""

    def __init__(self, wire, name):
        self.wire, self.name, self.forgotten = wire, name, []

    def send(self, raw):
        """Number it, lose it or deliver it."""
        packet = parse(raw)
        self.wire.sent.append((round(self.wire.time, 3), self.name, packet.flags, len(packet.payload)))
        if len(self.wire.sent) in self.wire.lost:
            return
        other = "b" if self.name == "a" else "a"
        self.wire.at(self.wire.time + 0.01, lambda: self.wire.ends[other](packet))

    def now(self):
        """The time."""
        return self.wire.time

    def later(self, seconds, call):
        """A timer."""
        event = self.wire.at(self.wire.time + seconds, call)
        return type("Timer", (), {"cancel": lambda _: event.__setitem__(2, None)})()

    def forget(self, peer):
        """It is over."""
        self.forgotten.append(peer)


class Told:
    """A user who writes down what it is told."""

    def __init__(self):
        self.words, self.data = [], b""

    def opened(self):
        """Noted."""
        self.words.append("opened")

    def came(self, data):
        """Noted."""
        self.data += data

    def ended(self):
        """Noted."""
        self.words.append("ended")

    def broke(self):
        """Noted."""
        self.words.append("broke")


def pair(lost=(), stamps=True):
    """Two ends of one connection that is being opened."""
    wire = Wire(lost)
    near, far = Told(), Told()
    client = Peer(wire.stack("a"), A, B, first=100, user=near, stamps=stamps)
    made = {}

    def served(packet):
        if "peer" not in made:
            made["peer"] = Peer(wire.stack("b"), B, A, first=900, user=far)
            made["peer"].accept(packet)
        else:
            made["peer"].take(packet)

    wire.ends = {"a": client.take, "b": served}
    client.connect()
    return wire, client, made, near, far


def test_bytes_arrive_in_order_both_ways_and_both_ends_close():
    """A request, a long answer, FIN and FIN."""
    wire, client, made, near, far = pair()
    wire.run(1)
    client.write(b"q" * 3000)
    wire.run(2)
    made["peer"].write(b"r" * 100_000)
    made["peer"].close()
    wire.run(3)
    client.close()
    wire.run(9)
    assert (far.data, len(near.data)) == (b"q" * 3000, 100_000)
    assert near.words == ["opened", "ended"]
    assert far.words == ["opened", "ended"]
    assert client.over
    assert made["peer"].over


@pytest.mark.parametrize("number", range(1, 40))
def test_any_one_lost_packet_is_made_good(number):
    """Whatever is lost once arrives after all."""
    wire, client, made, near, far = pair(lost=[number])
    wire.run(5)
    client.write(b"q" * 500)
    wire.run(10)
    made["peer"].write(bytes(range(256)) * 120)
    made["peer"].close()
    wire.run(20)
    client.close()
    wire.run(60)
    assert far.data == b"q" * 500
    assert near.data == bytes(range(256)) * 120
    assert near.words[-1] == "ended"


def test_many_lost_packets_are_made_good():
    """A burst of eight in an answer."""
    wire, client, made, near, _ = pair(lost=range(10, 18))
    wire.run(5)
    client.write(b"q")
    wire.run(6)
    made["peer"].write(b"r" * 40_000)
    wire.run(60)
    assert len(near.data) == 40_000


def test_syns_go_out_at_0_1_3_and_7_seconds():
    """RFC 6298 and Linux's first time-out."""
    wire, *_ = pair(lost=range(1, 100))
    wire.run(8)
    assert [when for when, *_ in wire.sent] == [0.0, 1.0, 3.0, 7.0]


def test_an_end_gives_up():
    """Nothing is sent for ever."""
    wire, client, *_ = pair(lost=range(1, 100))
    wire.run(10_000)
    assert client.over
    assert len(wire.sent) == 9


def reset(seq, ack=0, flags=RST | ACK):
    """A reset from the server's side."""
    return parse(tcp(B, A, seq=seq, ack=ack, flags=flags))


def test_a_reset_counts_only_at_the_expected_number():
    """RFC 5961: one within the window is not believed."""
    wire, client, _, near, _ = pair()
    wire.run(1)
    client.take(reset(client.expects + 1460))
    assert "broke" not in near.words
    client.take(reset(client.expects))
    assert near.words == ["opened", "broke"]
    assert client.over


def test_a_reset_of_a_syn_must_acknowledge_it():
    """RFC 9293 3.10.7.3."""
    _, client, _, near, _ = pair()
    client.take(reset(0, ack=7))
    client.take(reset(0, ack=101, flags=RST))
    assert near.words == []
    client.take(reset(0, ack=101))
    assert near.words == ["broke"]


def test_an_abort_resets_the_other_end():
    """SO_LINGER with no time."""
    wire, client, made, near, _ = pair()
    wire.run(1)
    made["peer"].abort()
    made["peer"].abort()
    wire.run(2)
    assert near.words == ["opened", "broke"]
    assert client.over


def test_forged_bytes_win_if_they_are_first():
    """What came first at a number stays; the true answer is then old."""
    wire, client, made, near, _ = pair()
    wire.run(1)
    client.take(parse(tcp(B, A, seq=client.expects, ack=101, flags=ACK | PSH | FIN, payload=b"forged")))
    made["peer"].write(b"answer")
    wire.run(2)
    assert near.data == b"forged"
    assert near.words == ["opened", "ended"]


def test_without_time_stamps_segments_have_no_options():
    """A client that is told not to send them."""
    for stamps, options in ((True, 12), (False, 0)):
        wire, client, *_ = pair(stamps=stamps)
        wire.run(1)
        seen = []
        wire.ends["b"] = seen.append
        client.write(b"x")
        wire.run(1.1)
        assert len(seen[0].options) == options


def test_a_strange_syn_or_old_segment_is_acknowledged():
    """An open end tells where it is."""
    wire, client, _, near, _ = pair()
    wire.run(1)
    before = len(wire.sent)
    client.take(parse(tcp(B, A, seq=900, ack=101, flags=SYN | ACK)))
    client.take(parse(tcp(B, A, seq=client.expects - 1, ack=101, flags=ACK, payload=b"z")))
    assert [flags for *_, flags, _ in wire.sent[before:]] == [ACK, ACK]
    assert near.data == b""


def test_an_opening_end_believes_no_wrong_answer():
    """A SYN-ACK of another SYN, data without a handshake."""
    _, client, _, near, _ = pair()
    client.take(parse(tcp(B, A, seq=900, ack=7, flags=SYN | ACK)))
    client.take(parse(tcp(B, A, seq=900, ack=101, flags=ACK, payload=b"x")))
    assert near.words == []


def test_bytes_behind_an_end_are_not_read():
    """A forged end came first: the true answer, which begins at the same number, is nothing to anybody."""
    wire, client, made, near, _ = pair()
    wire.run(1)
    client.take(parse(tcp(B, A, seq=client.expects, ack=101, flags=ACK | FIN)))
    client.take(parse(tcp(B, A, seq=client.expects - 1, ack=101, flags=ACK | FIN)))
    assert not client.over
    made["peer"].write(b"answer")
    wire.run(2)
    assert near.data == b""
    assert near.words == ["opened", "ended"]
    assert client.over
