"""How a QUIC connection ended, and what can be seen of it without keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Failure
from hushmap.wire import quic


@pytest.mark.parametrize(
    ("code", "failure", "alert"),
    [
        (0x178, Failure.TLS_ALERT, 120),
        (0x100, Failure.TLS_ALERT, 0),
        (0x1FF, Failure.TLS_ALERT, 255),
        (0x2, Failure.REFUSED, None),
        (0x0, Failure.EOF, None),
        (0xA, Failure.EOF, None),
        (0x200, Failure.EOF, None),
    ],
)
def test_a_close_by_the_peer_has_the_failure_of_its_code(code, failure, alert):
    """Codes from 0x100 on are TLS alerts; 2 is a refusal; the others are an early end."""
    found = quic.closed(code, ours=False)
    assert (found[0], found[2]) == (failure, alert)
    assert found[1]


@pytest.mark.parametrize("code", [0x0, 0x2, 0x12A])
def test_a_close_by_us_is_a_fault_of_what_came(code):
    """The peer sent no alert, so there is none."""
    assert quic.closed(code, ours=True) == (Failure.TLS_FAILED, f"quic {code:#x} by us", None)


def test_versions_have_names():
    """Two are standardised; what is none of them has no name."""
    assert [quic.version_name(number) for number in (1, 0x6B3343CF, 0xFACE, None)] == ["QUICv1", "QUICv2", None, None]


INITIAL = bytes((0xC3, 0, 0, 0, 1, 8)) + b"chosenid" + bytes(1200)


def test_an_initial_names_the_connection_that_it_begins():
    """By an id of the client's choice."""
    assert quic.first_id(INITIAL) == b"chosenid"
    assert quic.first_id(bytes((0xC0, 0, 0, 0, 1, 20)) + bytes(range(20)) + bytes(1200)) == bytes(range(20))


@pytest.mark.parametrize(
    "other",
    [
        b"",
        INITIAL[:1199],
        b"\x43" + INITIAL[1:],
        b"\xe3" + INITIAL[1:],
        b"\x83" + INITIAL[1:],
        INITIAL[:1] + b"\x6b\x33\x43\xcf" + INITIAL[5:],
        INITIAL[:1] + bytes(4) + INITIAL[5:],
        INITIAL[:5] + b"\x07" + INITIAL[6:],
        INITIAL[:5] + b"\x15" + INITIAL[6:],
    ],
)
def test_nothing_else_begins_a_connection(other):
    """Short datagrams, other packets and versions, ids that no client may choose."""
    assert quic.first_id(other) is None


@given(st.binary(max_size=40), st.integers(0, 1250))
def test_any_datagram_is_taken(data, size):
    """An id of a length that may be, or nothing."""
    found = quic.first_id(data + bytes(size))
    assert found is None or 8 <= len(found) <= 20


def test_a_stateless_reset_ends_in_the_servers_token():
    """No other datagram is one, nor any where no token is known."""
    token = bytes(range(16))
    assert quic.is_reset(b"\x40" + bytes(10) + token, token)
    assert not quic.is_reset(b"\x40" + bytes(10) + token[::-1], token)
    assert not quic.is_reset(b"\x40" + token, token)
    assert not quic.is_reset(bytes(40), b"")


def test_a_version_negotiation_has_a_long_header_and_version_0():
    """Read from plain bytes, whatever stands behind."""
    assert quic.offers_versions(b"\xc0" + bytes(4) + b"\x00\x00\x0a\x0a\x0a\x0a")
    assert not quic.offers_versions(b"\xc0\x00\x00\x00\x01\x00\x00")
    assert not quic.offers_versions(b"\x40" + bytes(8))
    assert not quic.offers_versions(b"\xc0" + bytes(4))
