"""One DNS question: which replies count, and what they carry."""

import socket
import struct

import pytest

from hushmap.model import Failure
from hushmap.net.clock import Clock
from hushmap.net.lookup import Lookup, _ttl
from hushmap.wire import dns

QUERY = dns.query("a.example", "A", 0x1234)


@pytest.fixture
def lookup():
    """A question for the A records of a.example."""
    return Lookup(Clock(), "A.example", "A", "udp://192.0.2.53:53", QUERY)


def test_a_reply_to_the_question_counts_with_its_ttl(lookup):
    """Addresses, flags and the datagram's TTL are kept."""
    lookup.read(dns.reply(QUERY, ["192.0.2.1"]), 57)
    assert lookup.answers[0].addresses == ("192.0.2.1",)
    assert lookup.answers[0].ttl == 57
    assert lookup.step().failure is None


def test_replies_to_other_questions_do_not_count(lookup):
    """Another id, name or type is somebody else's answer."""
    for other in (
        dns.query("a.example", "A", 0x1235),
        dns.query("b.example", "A", 0x1234),
        dns.query("a.example", "AAAA", 0x1234),
    ):
        lookup.read(dns.reply(other, []), None)
    lookup.read(QUERY[:2][::-1] + b"junk", None)
    assert lookup.answers == []


def test_a_refusal_without_a_question_counts(lookup):
    """Some servers refuse with a bare header; the id is theirs to know."""
    lookup.read(struct.pack("!6H", 0x1234, 0x8185, 0, 0, 0, 0), None)
    assert lookup.answers[0].failure is Failure.DNS_REFUSED


def test_what_cannot_be_read_but_has_our_id_is_an_answer(lookup):
    """A malformed reply is a fact, and its meaning is that somebody misbehaves."""
    lookup.read(QUERY[:2] + b"junk", 12)
    assert (lookup.answers[0].failure, lookup.answers[0].ttl) == (Failure.DNS_MISBEHAVING, 12)
    assert lookup.step().failure is Failure.DNS_MISBEHAVING


def test_answers_are_bounded(lookup):
    """No flood fills a record."""
    for _ in range(100):
        lookup.read(dns.reply(QUERY, ["192.0.2.1"]), None)
    assert len(lookup.answers) == 16


def test_an_icmp_error_shows_at_the_next_call(lookup):
    """Sending again meets what the datagram before met; reading does too."""

    class Sock:
        family = socket.AF_INET

        def send(self, data):
            raise ConnectionRefusedError(111, "x")

        def recvmsg(self, size, space):
            raise OSError(113, "x")

    lookup.send(Sock())
    assert (lookup.failure, lookup.sent) == (Failure.REFUSED, 1)
    lookup.take(Sock())
    assert lookup.failure is Failure.HOST_UNREACHABLE


def test_the_ttl_is_read_from_what_the_kernel_says():
    """IPv4 TTL and IPv6 hop limit; other messages are passed over."""
    number = struct.pack("i", 61)
    assert _ttl([(1, 2, number), (socket.IPPROTO_IP, socket.IP_TTL, number)]) == 61
    assert _ttl([(socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT, number)]) == 61
    assert _ttl([(socket.IPPROTO_IP, socket.IP_TTL, b"")]) is None
    assert _ttl([]) is None


def test_a_failure_gives_way_to_an_answer(lookup):
    """ICMP and then an answer: the answer is the outcome."""
    lookup.failure, lookup.detail = Failure.REFUSED, "ECONNREFUSED"
    assert (lookup.step().failure, lookup.step().detail) == (Failure.REFUSED, "ECONNREFUSED")
    lookup.read(dns.reply(QUERY, ["192.0.2.1"]), None)
    assert (lookup.step().failure, lookup.step().detail) == (None, None)


def test_a_flood_is_read_in_turns(lookup):
    """What waits is read a bounded number at a time: the rest of the run has its turn between."""

    class Flood:
        read = 0

        def recvmsg(self, size, space):
            self.read += 1
            return b"\xff\xff" + bytes(12), [], 0, None

    flood = Flood()
    lookup.take(flood)
    assert 0 < flood.read <= 100
    assert lookup.answers == []
