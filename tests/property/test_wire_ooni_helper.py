"""OONI's helper protocol under any value and any bytes: back as itself, or one line of complaint."""

import json
from ipaddress import ip_address

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from faults import value_or_fault
from hushmap.model import Ask, Failure, Layer
from hushmap.net.ooni_steps import answer
from hushmap.wire import ooni_helper as wire
from hushmap.wire.cookies import Jar
from hushmap.wire.helper import HelperAnswer
from hushmap.wire.http import request_bytes
from hushmap.wire.ooni_helper import Dns, Http, IpInfo, OoniReply, OoniRequest, Tcp, Tls
from hushmap.wire.url import parse
from strategies import ADDRESSES, TEXTS

LOOKUPS = {Failure.SERVFAIL, Failure.DNS_TEMPORARY}
"""What the old names of failed lookups, broader than ours, are read as."""
NUMBERS = st.integers(-1, 2**53)
NAMES = st.none() | TEXTS
ENDPOINTS = st.builds(wire.endpoint_text, ADDRESSES, st.integers(1, 65535)) | TEXTS
TLS = st.dictionaries(ENDPOINTS, st.builds(Tls, server_name=TEXTS, status=st.booleans(), failure=NAMES), max_size=3)
PAGES = st.builds(
    Http,
    body_length=NUMBERS,
    discovered_h3_endpoint=TEXTS,
    failure=NAMES,
    title=TEXTS,
    headers=st.dictionaries(TEXTS, TEXTS, max_size=3),
    status_code=NUMBERS,
)
REPLIES = st.builds(
    OoniReply,
    tcp_connect=st.dictionaries(ENDPOINTS, st.builds(Tcp, status=st.booleans(), failure=NAMES), max_size=3),
    tls_handshake=TLS,
    quic_handshake=TLS,
    http_request=PAGES,
    http3_request=st.none() | PAGES,
    dns=st.builds(Dns, failure=NAMES, addrs=st.lists(TEXTS, max_size=3).map(tuple)),
    ip_info=st.dictionaries(ADDRESSES, st.builds(IpInfo, asn=NUMBERS, flags=NUMBERS), max_size=3),
)
REQUESTS = st.builds(
    OoniRequest,
    http_request=TEXTS,
    http_request_headers=st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2).map(tuple), max_size=3),
    tcp_connect=st.lists(ENDPOINTS, max_size=3).map(tuple),
    x_quic_enabled=st.booleans(),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
KEYS = [*OoniReply.__struct_fields__, *OoniRequest.__struct_fields__]


@given(REPLIES)
def test_a_reply_comes_back_as_itself(reply):
    """Every field, and every endpoint of its tables that is one."""
    assert wire.decode_reply(wire.encode_reply(reply)) == reply
    for address, port in wire.by_endpoint(reply.tcp_connect):
        assert wire.parse_endpoint(wire.endpoint_text(address, port)) == (address, port)


@given(REQUESTS)
def test_a_request_comes_back_as_itself(request):
    """Every field."""
    assert wire.decode_request(wire.encode_request(request)) == request


@given(REPLIES, st.integers(0, 400), st.binary(max_size=3))
def test_a_damaged_reply_is_a_value_or_one_line(reply, end, tail):
    """Cut anywhere, with anything after it."""
    data = wire.encode_reply(reply)
    value_or_fault(wire.decode_reply, data[:end] + tail)
    value_or_fault(wire.decode_reply, data + tail)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
def test_a_wrong_type_at_any_key_is_one_line(message):
    """No type crashes a reader."""
    data = json.dumps(message).encode()
    value_or_fault(wire.decode_reply, data)
    value_or_fault(wire.decode_request, data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_one_line(data):
    """Both readers."""
    value_or_fault(wire.decode_reply, data)
    value_or_fault(wire.decode_request, data)
    assert isinstance(wire.page_title(data), str)


@given(TEXTS | st.text(max_size=60))
def test_any_text_is_a_helper_or_one_line(text):
    """Settings come from people."""
    found = value_or_fault(wire.parse_ooni_spec, text)
    if not isinstance(found, ValueError):
        assert wire.parse_ooni_spec(found.url) == found


@given(st.sampled_from([Layer.DNS, Layer.TCP, Layer.TLS, Layer.HTTP]), st.sampled_from(Failure))
def test_a_failure_written_is_a_failure_read(layer, failure):
    """A name of old is broader than ours, and never success; but a lookup without addresses is none to OONI."""
    name = wire.failure_name(layer, failure)
    if layer is Layer.DNS and failure is Failure.NO_ANSWER:
        assert name is None
    else:
        assert wire.failure_of(status=False, text=name) in {failure, Failure.UNKNOWN, *LOOKUPS}


@given(st.lists(st.text(max_size=40) | st.sampled_from(["a=1", "b=2; Secure", "c=3; Domain=example"]), max_size=5))
def test_cookies_never_break_out_of_their_header(headers):
    """Whatever is set, what goes back is one line of a request, or nothing."""
    page, jar = parse("https://a.example/"), Jar()
    for header in headers:
        jar.take(page, header)
    sent = jar.header(page)
    if sent is not None:
        assert request_bytes("GET", "/", "a.example", (("Cookie", sent),)).count(b"\r\n") == 4


ASKS = [
    Ask(layer=Layer.DNS, name="a.example", qtype="A+AAAA", resolver="system"),
    Ask(layer=Layer.TCP, address="198.51.100.7", port=443, host="a.example"),
    Ask(layer=Layer.TLS, address="198.51.100.7", port=443, sni="a.example"),
    Ask(layer=Layer.HTTP, address="198.51.100.7", port=80, url="http://a.example/"),
    Ask(layer=Layer.HTTP, address="198.51.100.7", port=443, url="https://a.example/", sni="a.example"),
]
NEAR = st.builds(
    lambda reply, tcp, tls: msgspec.structs.replace(
        reply,
        tcp_connect={f"198.51.100.7:{port}": tcp for port in (80, 443)},
        tls_handshake={"198.51.100.7:443": tls},
    ),
    REPLIES,
    st.builds(Tcp, status=st.booleans(), failure=NAMES),
    st.builds(Tls, server_name=st.sampled_from(["", "a.example"]), status=st.booleans(), failure=NAMES),
)


@given(REPLIES | NEAR, st.sampled_from(ASKS))
def test_whatever_a_helper_says_becomes_steps_that_can_be_kept(reply, ask):
    """Each can be written, read back and visited; a failed step is the last."""
    said = answer(ask, reply, 1.0, 2.0)
    assert msgspec.json.decode(msgspec.json.encode(said), type=HelperAnswer) == said
    assert all(step.failure is None for step in said.steps[:-1]) or ask.layer is Layer.DNS
    for step in said.steps:
        for address in getattr(step, "addresses", ()):
            ip_address(address)
