"""QUIC Initial packets against the sample of RFC 9001 and the keys of RFC 9369, and against packets made otherwise."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushmap.lab.censors.initial import V1, V2, Handshake, client_keys, crypto_frames, initials, opened

DCID = bytes.fromhex("8394c8f03e515708")
HELLO_A2 = bytes.fromhex(
    "010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c0000000"
    "10000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e00050005010000"
    "0000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400"
    "0d0010000e0403050306030203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07"
    "048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff"
)
"""The ClientHello of RFC 9001 A.2."""


@pytest.mark.parametrize(
    ("version", "key", "iv", "hp"),
    [
        (V1, "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2"),
        (V2, "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9"),
    ],
)
def test_the_keys_are_those_of_the_standards(version, key, iv, hp):
    """RFC 9001 A.1 and RFC 9369 A.1."""
    keys = client_keys(version, DCID)
    assert (keys.key.hex(), keys.iv.hex(), keys.hp.hex()) == (key, iv, hp)


def test_the_sample_packet_of_the_standard_is_opened(talk):
    """RFC 9001 A.2: packet number 2, 1200 bytes; its first bytes are the standard's."""
    raw = talk.initial(b"\x06\x00\x40\xf1" + HELLO_A2, dcid=DCID, number=2)
    assert raw.hex().startswith(
        "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec"
    )
    assert len(raw) == 1200
    (packet,) = initials(raw)
    assert list(crypto_frames(opened(packet, client_keys(V1, DCID)))) == [(0, HELLO_A2)]


@pytest.mark.parametrize("version", [V1, V2])
@given(
    data=st.binary(min_size=1, max_size=900),
    dcid=st.binary(max_size=20),
    scid=st.binary(max_size=20),
    token=st.binary(max_size=60),
    number=st.integers(0, 2**32 - 1),
)
@settings(max_examples=40)
def test_whatever_was_sealed_is_opened(talk, version, data, dcid, scid, token, number):
    """Connection ids, tokens and packet numbers of any length, in both versions."""
    raw = talk.initial(talk.crypto(data), version=version, dcid=dcid, scid=scid, token=token, number=number)
    handshake = Handshake()
    handshake.feed(raw)
    assert (handshake.data, handshake.initials) == (data, 1)


@given(cuts=st.lists(st.integers(1, 240), max_size=5), chance=st.randoms(use_true_random=False), apart=st.booleans())
@settings(max_examples=40)
def test_a_hello_is_put_together_from_frames_and_datagrams(talk, cuts, chance, apart):
    """In any order, some twice, with PING, PADDING and ACK between; in one packet or in several."""
    edges = sorted({0, len(HELLO_A2), *cuts})
    pieces = [talk.crypto(HELLO_A2[start:end], start) for start, end in pairwise(edges)]
    pieces += chance.sample(pieces, 1)
    chance.shuffle(pieces)
    filler = [b"\x01", b"\0\0\0", b"\x02\x05\0\x01\x00\x00\x01", b"\x03\x05\0\x00\x00\x01\x02\x03"]
    pieces = [chance.choice(filler) + piece for piece in pieces]
    handshake = Handshake()
    for number, frames in enumerate(pieces if apart else [b"".join(pieces)]):
        handshake.feed(talk.initial(frames, number=number))
    assert handshake.data == HELLO_A2


def test_packets_that_share_a_datagram_are_all_opened(talk):
    """RFC 9000 12.2: two Initials, then something else that ends the search."""
    first, second = (talk.initial(talk.crypto(bytes((n,)), n), number=n, pad=40) for n in (0, 1))
    handshake = Handshake()
    handshake.feed(first + second + b"\x40rest of a 1-RTT packet")
    assert (handshake.data, handshake.initials) == (b"\0\1", 2)


def test_the_first_connection_id_stays_the_keys_source(talk):
    """After the server has chosen its own, the client's Initials carry that; after a Retry the keys change too."""
    handshake = Handshake()
    handshake.feed(talk.initial(talk.crypto(b"a"), dcid=b"first-id"))
    handshake.feed(talk.initial(talk.crypto(b"b", 1), dcid=b"servers", keyed=b"first-id", number=1))
    assert handshake.data == b"ab"
    handshake.feed(talk.initial(talk.crypto(b"c", 2), dcid=b"retried", number=2))
    assert handshake.data == b"abc"
    handshake.feed(talk.initial(talk.crypto(b"d", 3), dcid=b"servers", keyed=b"unknown"))
    assert (handshake.data, handshake.initials) == (b"abc", 3)


def test_a_version_that_is_not_read_is_passed_over(talk):
    """A censor of version 1 does not open version 2; an unknown version is nobody's Initial."""
    handshake = Handshake(frozenset({V1}))
    handshake.feed(talk.initial(talk.crypto(b"x"), version=V2))
    assert handshake.initials == 0
    raw = bytearray(talk.initial(talk.crypto(b"x")))
    raw[4] = 9
    assert list(initials(bytes(raw))) == []


def test_what_no_initial_may_hold_ends_it(talk):
    """A STREAM frame, a cut-off frame; a CONNECTION_CLOSE is read over. What came before stands."""
    close = b"\x1c\x0a\x00\x03bye"
    assert list(crypto_frames(talk.crypto(b"a") + close + talk.crypto(b"b", 1))) == [(0, b"a"), (1, b"b")]
    assert list(crypto_frames(talk.crypto(b"a") + b"\x08" + talk.crypto(b"b", 1))) == [(0, b"a")]
    assert list(crypto_frames(talk.crypto(b"a") + talk.crypto(b"b", 1)[:-1])) == [(0, b"a")]


def test_what_is_kept_is_bounded(talk):
    """Offsets far away, and pieces behind a hole without end."""
    handshake = Handshake()
    for number in range(200):
        frames = b"".join(talk.crypto(b"x", 10 + 2 * (number * 10 + n)) for n in range(10))
        handshake.feed(talk.initial(frames, number=number, pad=80))
    assert len(handshake._pieces) == 64
    handshake.feed(talk.initial(b"\x06\x80\x01\x00\x00\x01x", number=999))
    assert (len(handshake._pieces), handshake.data) == (64, b"")
    full = Handshake()
    for number in range(20):
        full.feed(talk.initial(talk.crypto(bytes(1000), 1000 * number), number=number))
    assert 16384 <= len(full.data) < 17384


@pytest.mark.parametrize("field", ["dcid", "scid"])
def test_a_connection_id_too_long_is_none(talk, field):
    """RFC 9000 17.2: at most 20 bytes."""
    assert list(initials(talk.initial(talk.crypto(b"x"), **{field: bytes(21)}))) == []


def test_every_truncation_is_refused(talk):
    """A datagram cut anywhere holds no Initial."""
    raw = talk.initial(talk.crypto(b"x"), pad=60, token=b"token", scid=b"scid")
    assert all(list(initials(raw[:size])) == [] for size in range(len(raw)))
    short = bytes((0xC3,)) + V1.to_bytes(4, "big") + b"\0\0\0\x05hello"
    assert list(initials(short)) == [], "too short for its own sample"


@given(st.binary(max_size=80), st.sampled_from([V1, V2]))
def test_any_bytes_are_read_or_refused(data, version):
    """Datagrams and frames of any kind."""
    handshake = Handshake()
    handshake.feed(data)
    handshake.feed(bytes((0xC3 | (version == V2) << 4,)) + version.to_bytes(4, "big") + data)
    assert handshake.data == b""
    list(crypto_frames(data))


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_packet_stays_closed(talk, data):
    """One wrong byte anywhere, and nothing is read from it (RFC 9001 5.3); unless the byte follows the packet."""
    raw = bytearray(talk.initial(talk.crypto(b"hello"), pad=60))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    handshake = Handshake()
    handshake.feed(bytes(raw))
    assert handshake.data == b""
