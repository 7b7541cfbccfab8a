"""The helper's protocol and settings string."""

import math

import pytest

from hushmap.model import Ask, Connect, Failure, Layer
from hushmap.wire import helper
from hushmap.wire.helper import HelperAnswer, HelperReply, HelperRequest, HelperSpec, parse_spec

TOKEN = "token-of-the-test"
PIN = "0123456789abcdef" * 4
SPEC = f"hushmap://{TOKEN}@203.0.113.10:8443#sha256={PIN}&http=80&tls=443&tcp=7&dark=1"
ASK = Ask(layer=Layer.RAW, address="192.0.2.1", port=80, payload=b"\x00\xff")
REPLY = HelperReply(
    answers=(
        HelperAnswer(steps=(Connect(t0=0, t=0.1, address="192.0.2.1", port=80, failure=Failure.REFUSED),)),
        HelperAnswer(undone="no_ipv6"),
    ),
    now="2026-11-21T22:33:00Z",
    reached=True,
    reached_ago=3.5,
    software="hushmap 0.1.0",
)


def test_a_request_reads_back_as_itself():
    """Asks go over the wire whole, bytes included."""
    request = HelperRequest(asks=(ASK, ASK), run_t=12.5)
    assert helper.decode_request(helper.encode_request(request)) == request


def test_a_reply_reads_back_as_itself():
    """Steps, refusals and the helper's clock come back whole."""
    assert helper.decode_reply(helper.encode_reply(REPLY)) == REPLY


def test_a_request_beyond_the_bound_is_refused():
    """Too many asks, or too many bytes, are a ValueError before any work is done."""
    many = HelperRequest(asks=(ASK,) * (helper.ASK_LIMIT + 1))
    with pytest.raises(ValueError, match="65 asks"):
        helper.decode_request(helper.encode_request(many))
    with pytest.raises(ValueError, match="longer than"):
        helper.decode_request(b" " * (helper.MESSAGE_BYTES + 1))
    with pytest.raises(ValueError, match="longer than"):
        helper.decode_reply(b" " * (helper.MESSAGE_BYTES + 1))


@pytest.mark.parametrize("decode", [helper.decode_request, helper.decode_reply])
@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"asks":[{"layer":"x"}]}', b"\xff", b'{"asks":' + b"[" * 99_999]
)
def test_what_is_no_message_is_refused(decode, data):
    """A ValueError, also for hostile JSON."""
    with pytest.raises(ValueError, match=r"(?i)object|expected|malformed|truncated|recursion|enum|decode"):
        decode(data)


def test_a_time_that_is_not_finite_is_not_sent():
    """NaN has no JSON form."""
    with pytest.raises(ValueError, match="finite"):
        helper.encode_request(HelperRequest(asks=(), run_t=math.nan))


def test_a_settings_string_reads_back_as_itself():
    """parse_spec and text undo each other, with and without echo ports, with names and IPv6."""
    spec = parse_spec(SPEC)
    assert spec == HelperSpec(
        host="203.0.113.10", port=8443, token=TOKEN, pin=PIN, http_port=80, tls_port=443, tcp_port=7, dark=True
    )
    assert spec.text == SPEC
    for text in (
        f"hushmap://{TOKEN}@helper.example:1#sha256={PIN}",
        f"hushmap://{TOKEN}@helper.example:1#sha256={PIN}&http=80&quic=443&span=16&dark=1",
        f"hushmap://{TOKEN}@[2001:db8::1]:65535#sha256={PIN}&tcp=1",
    ):
        assert parse_spec(text).text == text
    assert parse_spec(f"  hushmap://{TOKEN}@[2001:db8::1]:1#dark=0&sha256={PIN.upper()}\n").host == "2001:db8::1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://203.0.113.10/",
        f"hushmap://short@203.0.113.10:8443#sha256={PIN}",
        f"hushmap://{TOKEN}@203.0.113.10#sha256={PIN}",
        f"hushmap://{TOKEN}@203.0.113.10:0#sha256={PIN}",
        f"hushmap://{TOKEN}@203.0.113.10:65536#sha256={PIN}",
        f"hushmap://{TOKEN}@203.0.113.256:1#sha256={PIN}",
        f"hushmap://{TOKEN}@2001:db8::1:1#sha256={PIN}",
        f"hushmap://{TOKEN}@203.0.113.10:1",
        f"hushmap://{TOKEN}@203.0.113.10:1#http=80",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN[:-1]}",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&http=x",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&http=",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&dark=203.0.113.11",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&colour=blue",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&span=0",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&span=129",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&span=x",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&tcp=65530&span=7",
        f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&sha256={PIN}",
        f"hushmap://{TOKEN}\ud800@203.0.113.10:1#sha256={PIN}",
    ],
)
def test_what_is_no_settings_string_is_refused_without_repeating_the_token(text):
    """A ValueError of one line that never shows the secret."""
    with pytest.raises(ValueError, match=r"helper|port|IPv4|label") as caught:
        parse_spec(text)
    assert TOKEN not in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_spec_names_the_echoes_that_there_are():
    """By what each speaks, with the first of its ports."""
    assert parse_spec(SPEC).echoes == {"http": 80, "tls": 443, "tcp": 7}
    assert parse_spec(f"hushmap://{TOKEN}@203.0.113.10:1#sha256={PIN}&quic=65530&span=6").echoes == {"quic": 65530}


def test_a_spec_does_not_show_its_token():
    """What ends in logs and tracebacks has no secret."""
    assert TOKEN not in repr(parse_spec(SPEC))
    assert TOKEN not in f"{parse_spec(SPEC)}"


@pytest.mark.parametrize(
    "answers",
    [
        "{}," * 70_000 + "{}",
        '{"steps":[{"step":"connect","t0":0,"t":0,"address":"a","port":' + "9" * 400 + "}]}",
        '{"steps":[{"step":"connect","t0":0,"t":0,"address":"a","port":' + "9" * 9000 + "}]}",
        '{"steps":[{"step":"connect","t0":0,"t":0,"address":"a","port":-1}]}',
    ],
)
def test_a_reply_that_would_not_fit_a_run_is_none(answers):
    """More values than any reply has, or a number that no file of ours could hold."""
    with pytest.raises(ValueError, match=r"values|written as JSON|port|[Ii]nteger|limit"):
        helper.decode_reply(f'{{"answers":[{answers}],"now":"2026-11-22T11:00:00Z"}}'.encode())
