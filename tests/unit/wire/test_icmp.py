"""ICMP errors as Linux's error queue gives them."""

import ipaddress
import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.wire import icmp


def message(*, errno=113, origin=2, kind=11, code=0, family=2, router="192.0.2.1"):
    """A control message as the kernel writes it."""
    head = struct.pack("=IBBBBII", errno, origin, kind, code, 0, 0, 0)
    packed = ipaddress.ip_address(router).packed
    if family == 2:
        return head + struct.pack("=H", 2) + b"\0\0" + packed + bytes(8)
    return head + struct.pack("=H", family) + b"\0\0" + bytes(4) + packed + bytes(4)


def test_a_router_that_let_the_ttl_run_out_is_named():
    """Type, code and sender come out as they were written, in both families."""
    four = icmp.read(message())
    assert (four.router, four.kind, four.code, four.version, four.errno) == ("192.0.2.1", 11, 0, 4, 113)
    six = icmp.read(message(origin=3, kind=3, family=10, router="2001:db8::7"))
    assert (six.router, six.kind, six.code, six.version) == ("2001:db8::7", 3, 0, 6)
    assert four.expired
    assert six.expired


@pytest.mark.parametrize(("origin", "kind", "code"), [(2, 3, 0), (2, 3, 13), (3, 1, 0), (3, 3, 1), (2, 11, 1)])
def test_other_errors_are_no_expiry(origin, kind, code):
    """Unreachable, prohibited, and time exceeded in reassembly are something else; 3,0 is so only in IPv6."""
    assert not icmp.read(message(origin=origin, kind=kind, code=code)).expired


@pytest.mark.parametrize("origin", [0, 1, 4, 6, 255])
def test_what_is_none_of_icmps_is_nothing(origin):
    """Local errors and time stamps lie on the same queue."""
    assert icmp.read(message(origin=origin)) is None


def test_an_offender_that_is_not_known_is_none():
    """AF_UNSPEC, another family, or nothing at all."""
    whole = message()
    assert icmp.read(whole[:16]).router is None
    assert icmp.read(whole[:17]).router is None
    assert icmp.read(message(family=0)).router is None
    assert icmp.read(message(family=1)).router is None


def test_what_is_cut_off_is_refused_byte_by_byte():
    """Every proper prefix that cannot hold what it promises is a ValueError; trailing bytes are not looked at."""
    for whole, needed in ((message(), 24), (message(origin=3, kind=3, family=10, router="2001:db8::7"), 40)):
        for end in range(len(whole)):
            if end < 16 or 18 <= end < needed:
                with pytest.raises(ValueError, match=r"cut off|16 bytes"):
                    icmp.read(whole[:end])
            else:
                assert icmp.read(whole[:end]) is not None
        assert icmp.read(whole + b"\xff" * 9) == icmp.read(whole)


@given(st.binary(max_size=64))
def test_any_bytes_are_an_error_a_value_or_nothing(data):
    """Nothing but ValueError is let out, and an address is one that can be read back."""
    try:
        found = icmp.read(data)
    except ValueError:
        return
    if found is not None and found.router is not None:
        ipaddress.ip_address(found.router)


def test_random_changes_of_a_whole_message_are_read_or_refused():
    """As above, near to what is real."""
    rng = random.Random(7)
    for _ in range(20_000):
        data = bytearray(message(origin=rng.choice([2, 3]), family=rng.choice([2, 10]), router="2001:db8::7"))
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            icmp.read(bytes(data[: rng.randint(0, len(data))]))
        except ValueError:
            continue
