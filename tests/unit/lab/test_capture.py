"""The capture, read by a library that is not ours; that tshark reads it too is shown in tests/lab."""

from ipaddress import ip_address

import pytest

import strangers
from hushmap.lab import packet as p
from hushmap.lab.capture import Capture, spoken
from hushmap.lab.censors.rule import Sighting

CLIENT, SERVER = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
QUESTION = p.udp((CLIENT, 5353), (SERVER, 53), b"question")
FORGED = p.udp((SERVER, 53), (CLIENT, 5353), b"forged!")
BY = ("dns-injection", Sighting("dns.injection", "a.example"))


@pytest.fixture
def file(tmp_path):
    """A file that is there and empty."""
    made = tmp_path / "lab.pcapng"
    made.touch()
    return made


def test_packets_come_back_with_their_end_time_and_truth(file):
    """Nanoseconds beyond 32 bits, both ends by name, and a comment beside what a censor sent, and nothing else."""
    times = iter((1_790_000_000_123_456_789, 1_790_000_000_123_456_790, 1_790_000_001_000_000_000))
    capture = Capture(file, "lab x, seed 1", now=lambda: next(times))
    capture.packet(QUESTION, True, None)
    capture.packet(FORGED, False, BY)
    capture.packet(FORGED[:-1], True, None)
    capture.close()
    assert strangers.capture(file) == [
        ("client", 1_790_000_000_123_456_789, QUESTION, []),
        ("internet", 1_790_000_000_123_456_790, FORGED, ["dns-injection: dns.injection a.example"]),
        ("client", 1_790_000_001_000_000_000, FORGED[:-1], []),
    ]


def test_a_file_is_whole_at_any_moment(file):
    """After each packet, without its end: a lab may be killed."""
    capture = Capture(file, "lab x, seed 1")
    assert strangers.capture(file) == []
    for number in range(1, 4):
        capture.packet(QUESTION, True, None)
        assert len(strangers.capture(file)) == number
    capture.close()


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    """Its owner makes it: the path may run as root."""
    with pytest.raises(FileNotFoundError):
        Capture(tmp_path / "lab.pcapng", "x")


def test_an_act_that_goes_on_names_the_rule_alone():
    """What a splice does after its first packet has no sighting of its own."""
    assert spoken(BY) == "dns-injection: dns.injection a.example"
    assert spoken(("tls-mitm", None)) == "tls-mitm"
