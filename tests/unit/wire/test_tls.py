"""ClientHello, server records and alerts, with real hellos of the TLS library as input."""

import ssl

import pytest

from hushmap.wire import tls


def real_hello(name):
    """What this Python's TLS library sends first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    out = ssl.MemoryBIO()
    tls_object = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        tls_object.do_handshake()
    return out.read()


def record(data, kind=22, version=b"\x03\x01"):
    """One TLS record."""
    return bytes([kind]) + version + len(data).to_bytes(2, "big") + data


def vector(data, size):
    """A length-prefixed vector."""
    return len(data).to_bytes(size, "big") + data


def hello(extensions=None, start=b"\x03\x03" + bytes(32)):
    """A hand-made ClientHello message."""
    body = start + vector(b"", 1) + vector(b"\x13\x01", 2) + vector(b"\0", 1)
    body += b"" if extensions is None else vector(extensions, 2)
    return b"\x01" + vector(body, 3)


def server_name(name, kind=0):
    """A server_name extension."""
    return b"\0\0" + vector(vector(bytes([kind]) + vector(name, 2), 2), 2)


HELLO = real_hello("news-one.example")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 10_000])
def test_the_name_is_found_however_the_hello_lies_in_records(size):
    """Whole or split into records of any size, the name is the same (refs/LAB 7)."""
    message = HELLO[5:]
    split = b"".join(record(message[at : at + size]) for at in range(0, len(message), size))
    assert tls.client_hello_sni(split) == ("ok", "news-one.example")


def test_more_is_needed_until_the_hello_is_whole():
    """Every proper prefix says "need", whatever follows is not read."""
    for end in range(len(HELLO)):
        assert tls.client_hello_sni(HELLO[:end]) == ("need", None)
    assert tls.client_hello_sni(HELLO + b"\xff\xff") == ("ok", "news-one.example")


@pytest.mark.parametrize(
    "message",
    [
        hello(),
        hello(b""),
        hello(b"\0\x2b" + vector(b"\x02\x03\x04", 2)),
        hello(server_name(b"x", kind=1)),
        hello(b"\0\0" + vector(vector(b"", 2), 2)),
        real_hello(None)[5:],
    ],
)
def test_a_hello_without_a_name_has_none(message):
    """No extensions, other extensions, an empty list, a name of another kind: a hello without a host name."""
    assert tls.client_hello_sni(record(message)) == ("ok", None)


def test_a_name_comes_as_it_was_sent():
    """Case is kept; bytes that are no ASCII are escaped, so that the text can be written anywhere."""
    assert tls.client_hello_sni(record(hello(server_name(b"News.Example")))) == ("ok", "News.Example")
    assert tls.client_hello_sni(record(hello(server_name(b"\xff.example")))) == ("ok", "\\xff.example")


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"\x16\x02",
        b"\x16\x03\x01\x00\x00",
        b"\x16\x03\x01\xff\xff",
        record(b"\x02" + bytes(100)),
        b"\x16\x03\x01\x40\x00\x02",
        record(b"\x01\x02\x00\x00"),
        record(b"\x01") + b"\x17",
        record(hello(b"\0")),
        record(hello(b"\0\0" + vector(b"\0\x09\0", 2))),
        record(b"\x01" + vector(bytes(10), 3)),
    ],
)
def test_what_is_no_hello_is_told_at_once(data):
    """Another protocol, another record, a broken or oversized hello: "no", as early as the bytes tell it."""
    assert tls.client_hello_sni(data) == ("no", None)


@pytest.mark.parametrize(
    ("data", "spoke"),
    [
        (b"", False),
        (b"\x15\x03\x03\x00", False),
        (b"\x15\x03\x03\x00\x02", True),
        (b"\x16\x03\x03\x00\x7a\x02", True),
        (b"\x17\x03\x03\x00\x10", False),
        (b"\x14\x03\x03\x00\x01", False),
        (b"\x16\x03\x05\x00\x10", False),
        (b"\x16\x02\x00\x00\x10", False),
        (b"\x16\x03\x03\x00\x00", False),
        (b"\x16\x03\x03\xff\xff", False),
        (b"HTTP/1.1 400 Bad Request", False),
    ],
)
def test_a_server_spoke_tls_if_its_first_record_is_handshake_or_alert(data, spoke):
    """Only the head of a plausible record of type 21 or 22 counts."""
    assert tls.server_spoke(data) is spoke


FATAL = record(b"\x02\x28", kind=21)
WARNING = record(b"\x01\x70", kind=21)
SERVER_HELLO = record(b"\x02\0\0\0", kind=22)


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (b"", None),
        (FATAL, 40),
        (FATAL[:-1], None),
        (SERVER_HELLO + FATAL, 40),
        (WARNING, 112),
        (WARNING + SERVER_HELLO, 112),
        (WARNING + record(b"\x01\0", kind=21), 112),
        (WARNING + FATAL, 40),
        (record(bytes(24), kind=21), None),
        (record(b"\x01", kind=20) + FATAL, None),
        (SERVER_HELLO + b"garbage that is no record", None),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", None),
    ],
)
def test_the_alert_is_read_from_plaintext_records(data, number):
    """The first fatal alert, else the first warning; encrypted ones have no number that can be read."""
    assert tls.alert(data) == number


def test_the_alerts_of_rfc_8446_have_names():
    """Numbers that rules speak of are in the table."""
    assert {tls.ALERTS[number] for number in (40, 112, 70, 0)} == {
        "handshake_failure",
        "unrecognized_name",
        "protocol_version",
        "close_notify",
    }
