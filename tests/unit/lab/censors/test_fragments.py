"""Datagrams in fragments: put together from any order, by those censors that do it, and never beyond their bounds."""

import struct
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab import packet as p
from hushmap.lab.censors import fragments as fragments_module
from hushmap.lab.censors.box import Box
from hushmap.lab.censors.catalogue import build
from hushmap.lab.censors.fragments import Fragments
from hushmap.lab.censors.parameters import Censor
from hushmap.wire import dns

C4, S4 = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
C6, S6 = ip_address("2001:db8::2").packed, ip_address("2001:db8:2::20").packed
OPTIONS = bytes((p.FRAGMENT, 0, 1, 4, 0, 0, 0, 0))


def whole(six, payload, ident=7):
    """A datagram in one piece."""
    return p.udp((C6 if six else C4, 5), (S6 if six else S4, 53), payload, ident=0 if six else ident)


def pieces(raw, size=16, ident=7, *, options=b""):
    """The fragments of a packet, of so many bytes each."""
    start = 40 if raw[0] >> 4 == 6 else 20
    body = raw[start:]
    made = []
    for at in range(0, len(body), size):
        part, more = body[at : at + size], at + size < len(body)
        if start == 20:
            head = raw[:2] + struct.pack("!HHH", 20 + len(part), ident, at // 8 | more << 13) + raw[8:20]
            made.append(head + part)
            continue
        header = options + struct.pack("!BBHI", raw[6], 0, at | more, ident)
        head = raw[:4] + struct.pack("!HB", len(header) + len(part), 60 if options else p.FRAGMENT) + raw[7:40]
        made.append(head + header + part)
    return made


@given(st.booleans(), st.binary(min_size=20, max_size=300), st.randoms(use_true_random=False))
def test_any_order_gives_the_datagram(six, payload, rng):
    """The last to come completes it, byte for byte; twice the same piece does no harm."""
    raw = whole(six, payload)
    parts = pieces(raw)
    rng.shuffle(parts)
    table = Fragments()
    *early, last = parts
    for part in (*early, *early[:1]):
        assert table.take(part, 0.0) is None
    assert table.take(last, 0.1) == raw


def test_other_headers_may_stand_before():
    """Destination options before the fragment header stay with the whole (RFC 8200 4.5)."""
    raw = whole(six=True, payload=bytes(40))
    table = Fragments()
    *early, last = pieces(raw, options=OPTIONS)
    assert [table.take(part, 0.0) for part in early] == [None] * len(early)
    made = table.take(last, 0.0)
    assert p.parse(made).payload == bytes(40)
    assert (made[6], made[40]) == (60, p.UDP)


@pytest.mark.parametrize("six", [False, True])
def test_what_does_not_fit_is_never_whole(six):
    """A hole, an overlap, two datagrams mixed, and a rest that comes too late."""
    one = pieces(whole(six, bytes(60)))
    for parts in (
        one[1:],
        [one[0], *pieces(whole(six, bytes(60)), size=8)[1:]],
        [one[0], *pieces(whole(six, bytes(60), 8), ident=8)[1:]],
    ):
        table = Fragments()
        assert [table.take(part, 0.0) for part in parts] == [None] * len(parts)
    late = Fragments()
    assert late.take(one[0], 0.0) is None
    assert [late.take(part, 60.0) for part in one[1:]] == [None] * (len(one) - 1)


def test_a_datagram_longer_than_any_is_none():
    """Offsets reach further than a length can say: such a one was used to crash hosts (own knowledge, unchecked)."""
    table = Fragments()
    for at in range(0, 66000, 1320):
        word = at // 8 | (at + 1320 < 66000) << 13
        assert table.take(p.ip(C4, S4, p.UDP, bytes(1320))[:6] + struct.pack("!H", word) + bytes(1332), 0.0) is None


def test_the_table_is_bounded(monkeypatch):
    """Neither many datagrams nor many pieces of one fill it."""
    monkeypatch.setattr(fragments_module, "_PIECES_MAX", 4)
    table = Fragments()
    parts = pieces(whole(six=False, payload=bytes(200)))
    assert [table.take(part, 0.0) for part in parts] == [None] * len(parts)
    for ident in range(2000):
        table.take(pieces(whole(six=False, payload=bytes(60)), ident=ident)[0], 0.0)
    assert len(table._parts) <= fragments_module._DATAGRAMS_MAX


@pytest.mark.parametrize("six", [False, True])
def test_whole_packets_are_none_of_its(six):
    """Nor are those whose fragment header parts nothing (RFC 6946), and those cut off in their headers."""
    raw = whole(six, bytes(30))
    table = Fragments()
    assert table.take(raw, 0.0) is None
    if six:
        (single,) = pieces(raw, size=1000)
        assert table.take(single, 0.0) is None
        assert table.take(pieces(raw)[0][:44], 0.0) is None
        assert table.take(raw[:6] + b"\x3c" + raw[7:40] + bytes((59, 0)) + bytes(6), 0.0) is None


@given(st.binary(min_size=40, max_size=120), st.sampled_from([0x45, 0x60]))
def test_any_bytes_are_read_or_passed_over(data, first):
    """No fault comes of them."""
    Fragments().take(bytes((first,)) + data, 0.0)


@pytest.mark.parametrize("six", [False, True])
@pytest.mark.parametrize("fragments", [False, True])
def test_only_a_censor_that_puts_them_together_finds_its_trigger(six, fragments):
    """It discards the last piece; the other lets all pass, and logs nothing."""
    log = []
    censor = Censor(kind="dns-drop", names=("named.example",))
    box = Box(
        [build(censor)], at=3, hops=8, on_path=False, log=lambda *row: log.append(row[1].what), fragments=fragments
    )
    raw = whole(six, dns.query("named.example", "A", 1) + bytes(40))
    seen = [box.see(part, 0.0, outward=True).forward for part in pieces(raw)]
    assert seen == [True] * (len(seen) - 1) + [not fragments]
    assert log == (["named.example"] if fragments else [])
