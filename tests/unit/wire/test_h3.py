"""HTTP/3 over a connection in memory: an answer, and everything that a server may do instead."""

import datetime as dt
import functools
import random

from aioquic.buffer import encode_uint_var
from aioquic.h3.connection import H3Connection
from aioquic.h3.events import HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import StreamDataReceived, StreamReset
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hushmap.model import Failure
from hushmap.wire.h3 import BESIDE, EVENTS, FIELDS, Reader
from hushmap.wire.http import BODY_LIMIT
from hushmap.wire.streamed import request_fields

ASKED = request_fields("GET", "a.example", "/", [("Accept", "*/*")])
CLIENT, SERVER = ("192.0.2.1", 40000), ("198.51.100.1", 443)


@functools.cache
def certificate():
    """A leaf that nobody checks here."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a.example")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    return builder.sign(key, hashes.SHA256()), key


class Pair:
    """Two ends of a connection that stands; time is a number."""

    def __init__(self, body=b""):
        leaf, key = certificate()
        self.now = 0.0
        self.client = QuicConnection(configuration=QuicConfiguration(alpn_protocols=["h3"], verify_mode=0))
        self.client.connect(SERVER, 0.0)
        self.server = QuicConnection(
            configuration=QuicConfiguration(
                is_client=False, alpn_protocols=["h3"], certificate=leaf, private_key=key
            ),
            original_destination_connection_id=self.client.original_destination_connection_id,
        )
        self.carry()
        self.h3 = H3Connection(self.server)
        self.reader = Reader(self.client, ASKED, body)
        self.asked = self.carry()

    def carry(self):
        """Let both ends send until nobody has anything; what the server's HTTP heard."""
        heard = []
        for _ in range(400):
            self.now += 0.01
            out = [data for data, _ in self.client.datagrams_to_send(self.now)]
            for data in out:
                self.server.receive_datagram(data, CLIENT, self.now)
            back = [data for data, _ in self.server.datagrams_to_send(self.now)]
            for data in back:
                self.client.receive_datagram(data, SERVER, self.now)
            while (event := self.server.next_event()) is not None:
                heard += self.h3.handle_event(event) if hasattr(self, "h3") else []
            while (event := self.client.next_event()) is not None:
                if hasattr(self, "reader"):
                    self.reader.take(event)
            if not out and not back:
                return heard
        return heard


def test_an_answer_is_read():
    """Fields, an interim answer, the answer, its body; what follows changes nothing."""
    pair = Pair()
    asked = next(event for event in pair.asked if isinstance(event, HeadersReceived))
    assert dict(asked.headers)[b":authority"] == b"a.example"
    pair.h3.send_headers(0, [(b":status", b"103")])
    pair.h3.send_headers(0, [(b":status", b"200"), (b"server", b"x")])
    pair.h3.send_data(0, b"<title>x</title>", end_stream=True)
    pair.carry()
    reader = pair.reader
    assert (reader.status, reader.body, reader.complete, reader.failure) == (200, b"<title>x</title>", True, None)
    reader.take(StreamReset(error_code=1, stream_id=0))
    assert reader.failure is None


def test_an_answer_may_have_no_body():
    """The header itself ends the stream."""
    pair = Pair()
    pair.h3.send_headers(0, [(b":status", b"204")], end_stream=True)
    pair.carry()
    assert (pair.reader.status, pair.reader.complete) == (204, True)


def test_a_body_goes_with_the_request():
    """The server hears it whole."""
    pair = Pair(body=b"abc")
    heard = b"".join(event.data for event in pair.asked if hasattr(event, "data"))
    assert heard == b"abc"


def test_a_long_body_is_cut_at_its_bound():
    """The bound is what is kept."""
    pair = Pair()
    pair.h3.send_headers(0, [(b":status", b"200")])
    pair.h3.send_data(0, b"x" * (BODY_LIMIT + 5000), end_stream=True)
    pair.carry()
    assert (len(pair.reader.body), pair.reader.truncated) == (BODY_LIMIT, True)


def test_a_stream_that_is_reset_keeps_its_code():
    """It is the server's act, inside its own keys; another stream's end is nothing to us."""
    pair = Pair()
    pair.reader.take(StreamReset(error_code=0x10C, stream_id=4))
    assert not pair.reader.done
    pair.server.reset_stream(0, 0x10C)
    pair.carry()
    assert (pair.reader.failure, pair.reader.detail) == (Failure.HTTP_INVALID, "h3 reset 0x10c")


def test_a_push_is_not_our_answer():
    """What a server pushes unasked is passed over, and counts."""
    pair = Pair()
    stream = pair.h3.send_push_promise(
        0, [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", b"a"), (b":path", b"/")]
    )
    pair.h3.send_headers(stream, [(b":status", b"404")], end_stream=True)
    pair.h3.send_headers(0, [(b":status", b"200")], end_stream=True)
    pair.carry()
    assert (pair.reader.status, pair.reader.complete) == (200, True)


def fed(*pieces, stream=0):
    """A reader that was told of these pieces of a stream."""
    reader = Reader(lone_client(), ASKED)
    for piece in pieces:
        reader.take(StreamDataReceived(data=piece, end_stream=False, stream_id=stream))
    return reader


def frame(kind, payload):
    """A frame of HTTP/3."""
    return encode_uint_var(kind) + encode_uint_var(len(payload)) + payload


def test_floods_end_as_failures():
    """An endless header, a stream beside, and pieces without end."""
    header = fed(*[frame(1, b"x" * FIELDS * 2)[i : i + 1000] for i in range(0, FIELDS + 2000, 1000)])
    beside = fed(*[b"\x21" + b"x" * 1000] * (BESIDE // 1000 + 1), stream=15)
    small = fed(*[b""] * (EVENTS + 1))
    assert header.failure is Failure.HTTP_TOO_LARGE
    assert beside.failure is Failure.HTTP_INVALID
    assert small.failure is Failure.HTTP_INVALID


def test_no_table_of_the_servers_making_is_used():
    """An insertion into it is an error of the peer's, which ends the connection and not this program."""
    reader = Reader((pair := Pair()).client, ASKED)
    assert reader._h3.sent_settings[1] == 0
    insert = b"\x3f\xbd\x01" + b"\x41a\x01b"  # a capacity of 220, then a: b
    reader.take(StreamDataReceived(data=b"\x02" + insert, end_stream=False, stream_id=11))
    assert not reader.done
    assert pair.carry() is not None


def test_any_bytes_are_survived():
    """Noise on every stream that a server may use."""
    chance = random.Random(1)
    for _ in range(200):
        reader = Reader(lone_client(), ASKED)
        for _ in range(20):
            data = chance.randbytes(chance.randrange(40))
            if chance.random() < 0.5:
                data = frame(chance.choice([0, 1, 4, 5, 7]), data)
            stream = chance.choice([0, 3, 7, 11])
            reader.take(StreamDataReceived(data=data, end_stream=chance.random() < 0.1, stream_id=stream))
        reader.eof()
        assert reader.done


def lone_client():
    """A client that has sent its first packet; enough for a reader."""
    client = QuicConnection(configuration=QuicConfiguration(alpn_protocols=["h3"], verify_mode=0))
    client.connect(SERVER, 0.0)
    return client
