"""HTTPS records: what they offer, with dnspython as the oracle."""

import contextlib
import random

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import pytest

from hushmap.wire import svcb
from hushmap.wire.svcb import MOST, Service


def rdata(text):
    """The wire form that dnspython makes."""
    return dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.HTTPS, text).to_wire()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("0 other.example.", Service()),
        ("1 .", Service()),
        ("1 . alpn=h2,h3", Service(alpn=("h2", "h3"))),
        (
            "1 svc.example. alpn=h3 port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1 ech=AAT+DQAA",
            Service(alpn=("h3",), hints=("192.0.2.1", "192.0.2.2", "2001:db8::1"), ech=True),
        ),
    ],
)
def test_a_record_is_read(text, offered):
    """Alias mode offers nothing; what is not compared is passed over."""
    assert svcb.read(rdata(text)) == offered


def test_only_so_much_is_kept():
    """A record with hundreds of values is cut."""
    many = b"".join(bytes((2,)) + b"h%d" % (n % 10) for n in range(100))
    found = svcb.read(b"\x00\x01\x00" + b"\x00\x01" + len(many).to_bytes(2, "big") + many)
    assert len(found.alpn) == MOST


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01",
        b"\x00\x01\xc0\x0c",
        b"\x00\x01\x05abc",
        b"\x00\x01\x00\x00",
        b"\x00\x01\x00\x00\x01\x00\x05ab",
        b"\x00\x01\x00\x00\x01\x00\x02\x05a",
        b"\x00\x01\x00\x00\x04\x00\x03abc",
    ],
)
def test_a_malformed_record_is_a_value_error(data):
    """Names, keys and values that run over the end, a compressed name, part of an address."""
    with pytest.raises(ValueError, match="an HTTPS record"):
        svcb.read(data)


def test_any_bytes_are_a_record_or_a_value_error():
    """Cut, changed, and with bytes behind it."""
    chance = random.Random(1)
    good = rdata("1 svc.example. alpn=h3 ipv4hint=192.0.2.1 ech=AAT+DQAA")
    for at in range(len(good)):
        with contextlib.suppress(ValueError):
            svcb.read(good[:at])
    for _ in range(500):
        data = bytearray(good + b"\x00")
        data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(ValueError):
            assert len(svcb.read(bytes(data)).hints) <= MOST
