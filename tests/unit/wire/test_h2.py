"""HTTP/2: an answer as it comes, and everything that a server may do instead."""

import random

import h2.config
import h2.connection
import h2.errors
import pytest
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    ExtensionFrame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
)

from hushmap.model import Failure
from hushmap.wire.h2 import EVENTS, EXTRA, Reader
from hushmap.wire.http import BODY_LIMIT
from hushmap.wire.streamed import request_fields

FIELDS = request_fields("GET", "a.example", "/", [("Accept", "*/*")])
PREFACE = SettingsFrame(0).serialize()
STATUS_200 = b"\x88"
"""HPACK's static table, index 8."""


def server(reader):
    """A server that took the reader's request, and what it saw."""
    other = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
    other.initiate_connection()
    return other, other.receive_data(reader.reply())


def talk(reader, other, *, one_byte=False):
    """Exchange what either side has to send until nobody has."""
    while not reader.done and (data := other.data_to_send()):
        for piece in [data[i : i + 1] for i in range(len(data))] if one_byte else [data]:
            reader.feed(piece)
        if owed := reader.reply():
            other.receive_data(owed)


def answer(body=b"<title>x</title>", *, one_byte=False):
    """What a reader makes of a plain answer."""
    reader = Reader(FIELDS)
    other, seen = server(reader)
    assert dict(seen[1].headers)[":authority"] == "a.example"
    other.send_headers(1, [(":status", "200"), ("server", "x")])
    other.send_data(1, body, end_stream=True)
    talk(reader, other, one_byte=one_byte)
    reader.feed(b"behind it")
    return reader


@pytest.mark.parametrize("one_byte", [False, True])
def test_an_answer_is_read(one_byte):
    """Whole and byte by byte, with bytes behind it."""
    reader = answer(one_byte=one_byte)
    assert (reader.status, reader.body, reader.complete, reader.failure) == (200, b"<title>x</title>", True, None)


def test_a_long_body_keeps_flowing_until_its_bound():
    """The window is refilled as the body comes; at the bound it ends."""
    reader = Reader(FIELDS)
    other, _ = server(reader)
    other.send_headers(1, [(":status", "200")])
    talk(reader, other)
    for _ in range(3 * BODY_LIMIT // 8192):
        if not reader.done:
            other.send_data(1, b"x" * 8192)
            talk(reader, other)
    assert (len(reader.body), reader.truncated, reader.complete) == (BODY_LIMIT, True, False)


def test_a_body_is_sent_as_far_as_the_window_goes():
    """What does not fit waits for room; the last piece ends the stream."""
    body = b"b" * 100_000
    reader = Reader(request_fields("POST", "a.example", "/", [], body=body), body)
    other, seen = server(reader)
    got, ended = b"", False
    while len(got) < len(body):
        for event in seen:
            ended |= type(event).__name__ == "StreamEnded"
            if hasattr(event, "flow_controlled_length"):
                got += event.data
                other.acknowledge_received_data(event.flow_controlled_length, 1)
        reader.feed(other.data_to_send())
        seen = other.receive_data(reader.reply())
    assert got == body
    assert ended


def framed(*frames):
    """A reader that was sent these frames."""
    reader = Reader(FIELDS)
    reader.feed(PREFACE + b"".join(frame.serialize() for frame in frames))
    return reader


def headers(block=STATUS_200, *flags):
    """A HEADERS frame on our stream."""
    frame = HeadersFrame(1, block)
    for flag in flags:
        frame.flags.add(flag)
    return frame


@pytest.mark.parametrize(
    ("frame", "detail"),
    [
        (RstStreamFrame(1, error_code=h2.errors.ErrorCodes.REFUSED_STREAM), "h2 reset 0x7"),
        (RstStreamFrame(1, error_code=0xABC), "h2 reset 0xabc"),
        (GoAwayFrame(0, error_code=h2.errors.ErrorCodes.HTTP_1_1_REQUIRED), "h2 goaway 0xd"),
        (GoAwayFrame(0, error_code=0x77), "h2 goaway 0x77"),
    ],
)
def test_what_the_server_ends_with_a_code_keeps_the_code(frame, detail):
    """It is the server's act, inside its own TLS, and no lost connection."""
    reader = framed(frame)
    assert (reader.failure, reader.detail) == (Failure.HTTP_INVALID, detail)


def test_a_goodbye_without_an_error_ends_nothing():
    """GOAWAY with NO_ERROR lets our stream end."""
    assert not framed(GoAwayFrame(0, error_code=0)).done


def test_an_answer_after_a_goodbye_is_read():
    """A server that is about to stop may still answer what it took (RFC 9113 section 6.8)."""
    reader = framed(GoAwayFrame(0, error_code=0, last_stream_id=1))
    reader.feed(HeadersFrame(1, data=STATUS_200, flags=["END_HEADERS"]).serialize())
    reader.feed(DataFrame(1, data=b"whole", flags=["END_STREAM"]).serialize())
    assert (reader.status, reader.body, reader.failure, reader.complete) == (200, b"whole", None, True)


def test_what_is_no_http_2_is_said():
    """A server that chose h2 and speaks something else."""
    reader = Reader(FIELDS)
    for piece in (b"HT", b"TP/1.1 200 OK\r\n\r\n"):
        reader.feed(piece)
    assert (reader.status, reader.failure, reader.detail) == (None, Failure.HTTP_INVALID, "no HTTP/2")
    assert framed(headers(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff", "END_HEADERS")).failure is Failure.HTTP_INVALID


def test_an_end_before_the_answer_is_an_eof():
    """The connection closed."""
    reader = framed()
    reader.eof()
    assert reader.failure is Failure.EOF


def continuation():
    """An endless header."""
    return [headers(STATUS_200), *(ContinuationFrame(1, b"\x88" * 100) for _ in range(100))]


FLOODS = {
    "continuation": continuation(),
    "empty continuation": [headers(STATUS_200), *(ContinuationFrame(1, b"") for _ in range(EVENTS))],
    "ping": [PingFrame(0, b"12345678") for _ in range(2 * EVENTS)],
    "settings": [SettingsFrame(0, {4: 70_000 + i}) for i in range(2 * EVENTS)],
    "empty data": [headers(STATUS_200, "END_HEADERS"), *(DataFrame(1, b"") for _ in range(2 * EVENTS))],
    "unknown frames": [ExtensionFrame(type=0xEE, stream_id=0, body=b"x" * 16000) for _ in range(60)],
    "a bomb": [headers(b"\x40\x01a\x7f\x81\x1e" + b"v" * 4000 + b"\xbe" * 12000, "END_HEADERS")],
    "100,000 cookies": [
        headers(STATUS_200),
        *(ContinuationFrame(1, b"\x60\x01c" * 5000) for _ in range(20)),
        ContinuationFrame(1, b"", flags=["END_HEADERS"]),
    ],
}


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_ends_as_a_failure(kind):
    """Whatever is sent without end, and what is owed in answer stays small."""
    reader = Reader(FIELDS)
    reader.reply()
    data = PREFACE + b"".join(frame.serialize() for frame in FLOODS[kind])
    owed = most = 0
    for at in range(0, len(data), 65536):
        reader.feed(data[at : at + 65536])
        sent = reader.reply()
        owed, most = owed + len(sent), max(most, len(sent))
    assert reader.failure in {Failure.HTTP_INVALID, Failure.HTTP_TOO_LARGE}
    assert owed < 40 * EVENTS
    assert most < 200_000


def test_a_body_that_never_grows_ends_by_its_bytes():
    """Padding counts among what may come beside the body."""
    frames = [headers(STATUS_200, "END_HEADERS")]
    for _ in range((BODY_LIMIT + EXTRA) // 250 + 10):
        frame = DataFrame(1, b"", pad_length=250)
        frame.flags.add("PADDED")
        frames.append(frame)
    reader = Reader(FIELDS)
    for frame in [SettingsFrame(0), *frames]:
        reader.feed(frame.serialize())
    assert (reader.failure, reader.detail) == (Failure.HTTP_INVALID, "too much beside the answer")


def test_any_bytes_are_survived():
    """Random changes of a real answer, and noise."""
    chance = random.Random(1)
    reader = Reader(FIELDS)
    other, _ = server(reader)
    other.send_headers(1, [(":status", "200"), ("server", "x")])
    other.send_data(1, b"hello" * 100, end_stream=True)
    good = other.data_to_send()
    for _ in range(300):
        data = bytearray(good if chance.random() < 0.8 else chance.randbytes(200))
        for _ in range(chance.randrange(6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        fuzzed = Reader(FIELDS)
        for at in range(0, len(data), step := chance.choice([1, 7, 1000])):
            fuzzed.feed(bytes(data[at : at + step]))
        fuzzed.eof()
        assert fuzzed.done
