"""ClientHellos, whole and in part, beside the strict reader and the real library."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab.censors import hello
from hushmap.wire import tls


def test_it_reads_what_the_real_library_writes(talk):
    """Name, and the extensions of a modern client."""
    message, more = hello.handshake(talk.hello("www.named.example"))
    seen = hello.read(message)
    assert (seen.whole, seen.name, more) == (True, "www.named.example", True)
    assert {0, 43, 51} <= set(seen.extensions)


@given(size=st.integers(0, 600), parts=st.lists(st.integers(1, 200), max_size=4))
def test_it_agrees_with_the_strict_reader(talk, size, parts):
    """Whatever the records and however much has come: where that one has a name, so has this."""
    message = talk.message("a.example", 0xFE0D, padding=200)
    stream = talk.records(message, *parts)[:size]
    state, name = tls.client_hello_sni(stream)
    found = hello.handshake(stream)
    seen = None if found is None else hello.read(found[0])
    assert (state == "ok") == (seen is not None and seen.whole)
    assert state != "no"
    if state == "ok":
        assert (seen.name, seen.extensions) == (name, (0, 0xFE0D, 21))


def test_a_part_gives_what_is_in_it(talk):
    """The name is known as soon as its bytes have come, long before the hello is whole."""
    message = talk.message("a.example", 0xFE0D, padding=200)
    whole = message.index(b"a.example") + len(b"a.example")
    assert hello.read(message[: whole - 1]) == hello.Hello(whole=False)
    assert hello.read(message[:whole]) == hello.Hello(whole=False, name="a.example", extensions=(0,))
    assert hello.read(message[:2]) == hello.Hello(whole=False)


def test_the_first_record_alone(talk):
    """For a censor that does not put records together; whether more of it may come is told."""
    message = talk.message("a.example")
    stream = talk.records(message, 20)
    assert hello.handshake(stream, records=False) == (message[:20], False)
    assert hello.handshake(stream[:10], records=False) == (message[:5], True)
    assert hello.handshake(stream) == (message, True)
    assert hello.handshake(stream[:7]) == (message[:2], True)
    assert hello.handshake(stream[:27]) == (message[:20], True)


def test_a_hello_without_a_name_or_without_extensions(talk):
    """Both are hellos; other kinds of names are none."""
    assert hello.read(talk.message(None)).name is None
    bare = b"\x03\x03" + bytes(32) + b"\0" + b"\0\2\x13\1" + b"\1\0"
    assert hello.read(b"\1" + len(bare).to_bytes(3, "big") + bare) == hello.Hello(whole=True)
    odd = bytearray(talk.message("a.example"))
    odd[odd.index(b"a.example") - 3] = 9
    assert hello.read(bytes(odd)).name is None


@pytest.mark.parametrize(
    "stream", [b"GET / HTTP/1.1", b"\x17\x03\x03\0\5", b"\x16\2\0\0\5", b"\x16\3\1\0\0", b"\x16\3\1\xff\xff"]
)
def test_other_beginnings_are_no_tls(stream):
    """Another protocol, another record, a version or a length that cannot be."""
    assert hello.handshake(stream) is None


def test_what_follows_the_hello_ends_it(talk):
    """Application data, or nonsense, behind whole records adds nothing and is no fault."""
    message = talk.message("a.example")
    stream = talk.records(message, 50)
    for tail in (b"\x17\3\3\0\1x", b"\x16\3\1\0\0", b"\x16\2"):
        assert hello.handshake(stream + tail) == (message, False)


@pytest.mark.parametrize("message", [b"\2\0\0\1x", b"\1\xff\xff\xff" + bytes(9), b"\1\0\0\5\3\3\0\0\0"])
def test_messages_that_are_no_hello(message):
    """A ServerHello, one too long to be true, and one that contradicts itself."""
    assert hello.read(message) is None


@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_are_read_or_refused(data, records):
    """Nothing is raised, whatever comes."""
    found = hello.handshake(b"\x16\3\1" + data, records=records)
    with suppress(TypeError):
        hello.read(found[0])
    hello.read(b"\1" + data)


@given(st.data())
def test_a_damaged_hello_is_read_or_refused(talk, data):
    """Any byte of a real one may be wrong, and it may end anywhere."""
    message = bytearray(talk.message("a.example", 0xFE0D))
    message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    hello.read(bytes(message[: data.draw(st.integers(0, len(message)))]))
