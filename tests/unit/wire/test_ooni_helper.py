"""OONI's test-helper protocol: what is written is exact, what is read is forgiven, what is too much is refused."""

import json

import msgspec
import pytest

from faults import value_or_fault
from hushmap.model import Failure, Layer
from hushmap.wire import ooni_helper as wire
from hushmap.wire.ooni_helper import Dns, Flag, Http, IpInfo, OoniReply, OoniRequest, OoniSpec, Tcp, Tls
from hushmap.wire.url import parse

REQUEST = OoniRequest(
    http_request="https://news.example/",
    http_request_headers={"Accept": ("*/*",), "User-Agent": ("a",)},
    tcp_connect=("198.51.100.7:443", "[2001:db8::7]:443"),
)
REPLY = OoniReply(
    tcp_connect={"198.51.100.7:443": Tcp(status=True), "198.51.100.8:443": Tcp(failure="connection_refused_error")},
    tls_handshake={"198.51.100.7:443": Tls(server_name="news.example", status=True)},
    http_request=Http(body_length=1201, title="News", headers={"Content-Type": "text/html"}, status_code=200),
    dns=Dns(addrs=("198.51.100.7",)),
    ip_info={"198.51.100.7": IpInfo(asn=64501, flags=11)},
)


def test_a_request_is_what_a_probe_sends():
    """The four keys of refs/OONI 1.3, and nothing else."""
    assert json.loads(wire.encode_request(REQUEST)) == {
        "http_request": "https://news.example/",
        "http_request_headers": {"Accept": ["*/*"], "User-Agent": ["a"]},
        "tcp_connect": ["198.51.100.7:443", "[2001:db8::7]:443"],
        "x_quic_enabled": False,
    }
    assert wire.decode_request(wire.encode_request(REQUEST)) == REQUEST


def test_a_reply_has_every_key_that_ooni_reads():
    """Also those that say nothing here: no QUIC, no HTTP/3; ours appears only where a body was cut."""
    told = json.loads(wire.encode_reply(REPLY))
    assert told == {
        "tcp_connect": {
            "198.51.100.7:443": {"status": True, "failure": None},
            "198.51.100.8:443": {"status": False, "failure": "connection_refused_error"},
        },
        "tls_handshake": {"198.51.100.7:443": {"server_name": "news.example", "status": True, "failure": None}},
        "quic_handshake": {},
        "http_request": {
            "body_length": 1201,
            "discovered_h3_endpoint": "",
            "failure": None,
            "title": "News",
            "headers": {"Content-Type": "text/html"},
            "status_code": 200,
        },
        "http3_request": None,
        "dns": {"failure": None, "addrs": ["198.51.100.7"]},
        "ip_info": {"198.51.100.7": {"asn": 64501, "flags": 11}},
    }
    assert wire.decode_reply(wire.encode_reply(REPLY)) == REPLY
    cut = OoniReply(http_request=Http(body_length=5, status_code=200, x_body_is_truncated=True))
    assert json.loads(wire.encode_reply(cut))["http_request"]["x_body_is_truncated"] is True
    assert wire.decode_reply(wire.encode_reply(cut)) == cut


def test_a_page_that_did_not_come_is_minus_one():
    """OONI's own way to say "no number"."""
    http = json.loads(wire.encode_reply(OoniReply()))["http_request"]
    assert (http["body_length"], http["status_code"], http["title"], http["headers"]) == (-1, -1, "", {})


def test_what_is_null_or_absent_keeps_its_default():
    """Helpers of 2020 had no handshakes, and null where there was nothing; unknown keys are passed over."""
    old = {
        "tcp_connect": None,
        "http_request": {"headers": None, "failure": "dns_lookup_error", "body_length": -1, "status_code": -1},
        "dns": {"addrs": None, "failure": "dns_name_error", "new": {}},
        "new": 1,
    }
    reply = wire.decode_reply(json.dumps(old).encode())
    assert reply == OoniReply(http_request=Http(failure="dns_lookup_error"), dns=Dns(failure="dns_name_error"))
    request = wire.decode_request(
        b'{"http_request":"http://a.example/","http_request_headers":{"User-Agent":"a","Accept":null},'
        b'"tcp_connect":null}'
    )
    assert request == OoniRequest(http_request="http://a.example/", http_request_headers={"User-Agent": ("a",)})
    assert wire.decode_request(b'{"http_request":"http://a.example/","http_request_headers":null}').tcp_connect == ()


MANY = list(range(wire.ENTRIES + 1))
BAD = [
    b"",
    b"[]",
    b"{",
    b"\xff",
    b'"\\ud800"',
    b"[" * 99_999,
    json.dumps({"http_request": MANY}).encode(),
    json.dumps({"dns": dict.fromkeys(map(str, MANY), 1)}).encode(),
    json.dumps({"http_request": 7, "tcp_connect": {"a": 7}}).encode(),
    b'{"http_request":"http://a.example/","http_request_headers":7,"ip_info":[]}',
]


@pytest.mark.parametrize("decode", [wire.decode_request, wire.decode_reply])
@pytest.mark.parametrize("data", BAD)
def test_what_is_no_message_is_refused_in_one_line(decode, data):
    """Damage, nesting, endless tables and wrong types."""
    assert isinstance(value_or_fault(decode, data), ValueError)


def test_too_much_is_refused():
    """Bytes, endpoints, and numbers that no reader of JSON keeps."""
    with pytest.raises(ValueError, match="longer than 65536"):
        wire.decode_request(b" " * (wire.REQUEST_BYTES + 1))
    with pytest.raises(ValueError, match="longer than 1048576"):
        wire.decode_reply(b" " * (wire.REPLY_BYTES + 1))
    many = OoniRequest(http_request="http://a.example/", tcp_connect=("198.51.100.7:80",) * (wire.ENDPOINTS + 1))
    with pytest.raises(ValueError, match="65 endpoints"):
        wire.decode_request(wire.encode_request(many))
    for number in ("1" + "0" * 30, "-2"):
        with pytest.raises(ValueError, match=r"\$\.http_request\.body_length"):
            wire.decode_reply(b'{"http_request":{"body_length":%s}}' % number.encode())


TEXTS = [
    ("198.51.100.7:443", ("198.51.100.7", 443)),
    ("[2001:db8::7]:80", ("2001:db8::7", 80)),
    ("[2001:DB8:0::7]:80", ("2001:db8::7", 80)),
]


@pytest.mark.parametrize(("text", "endpoint"), TEXTS)
def test_an_endpoint_is_an_address_and_a_port(text, endpoint):
    """Spellings of one address agree."""
    assert wire.parse_endpoint(text) == endpoint
    assert wire.parse_endpoint(wire.endpoint_text(*endpoint)) == endpoint


@pytest.mark.parametrize(
    "text", ["", "a.example:80", "1.2.3.4:0", "1.2.3.4:65536", "999.1.1.1:80", "[::g]:1", "::1:8"]
)
def test_what_is_no_endpoint_is_refused(text):
    """Names, ports out of range, addresses that are none."""
    assert isinstance(value_or_fault(wire.parse_endpoint, text), ValueError)


def test_a_table_is_read_by_endpoint():
    """Keys that are none are passed over."""
    table = {"[2001:DB8::7]:80": 1, "nonsense": 2}
    assert wire.by_endpoint(table) == {("2001:db8::7", 80): 1}


PORTS = [
    ("https://a.example/", ((443, True),)),
    ("http://a.example/", ((80, False), (443, True))),
    ("https://a.example:8443/", ((8443, True),)),
    ("http://a.example:8080/", ((8080, False),)),
]


@pytest.mark.parametrize(("text", "ports"), PORTS)
def test_which_ports_a_helper_tries(text, ports):
    """refs/OONI 1.3: the URL's own, else 443, else 80 and 443."""
    assert wire.ports_of(parse(text)) == ports


TITLES = [
    (b"<html><TITLE>A &amp; b</TITLE>", "A &amp; b"),
    (b"<title>\xff</title>", "\ufffd"),
    (b"<title lang=en>no</title>", ""),
    (b"<title></title>", ""),
    (b"<title>" + b"x" * 513 + b"</title>", ""),
]


@pytest.mark.parametrize(("body", "title"), TITLES)
def test_a_title_is_what_oonis_tools_would_read(body, title):
    """Raw, without attributes, of at most 512 characters."""
    assert wire.page_title(body) == title


def test_header_names_are_written_as_oonis_helper_does():
    """Each part begins with a capital."""
    assert [wire.header_name(name) for name in ("content-type", "ETAG", "x--y")] == ["Content-Type", "Etag", "X--Y"]


NAMES = [
    (Layer.DNS, None, None),
    (Layer.DNS, Failure.NO_ANSWER, None),
    (Layer.DNS, Failure.NXDOMAIN, "dns_name_error"),
    (Layer.DNS, Failure.SERVFAIL, "dns_server_failure"),
    (Layer.DNS, Failure.TIMEOUT, "generic_timeout_error"),
    (Layer.DNS, Failure.NETWORK_DOWN, "unknown_error"),
    (Layer.TCP, Failure.REFUSED, "connection_refused_error"),
    (Layer.TCP, Failure.TIMEOUT, "generic_timeout_error"),
    (Layer.TCP, Failure.RESET, "connect_error"),
    (Layer.TLS, Failure.RESET, "connection_reset"),
    (Layer.TLS, Failure.TLS_ALERT, "unknown_failure: tls_alert"),
    (Layer.HTTP, Failure.NXDOMAIN, "dns_lookup_error"),
    (Layer.HTTP, Failure.REFUSED, "connection_refused_error"),
    (Layer.HTTP, Failure.EOF, "unknown_error"),
]


@pytest.mark.parametrize(("layer", "failure", "name"), NAMES)
def test_failures_go_out_under_their_old_names(layer, failure, name):
    """By layer, as helpers always did; handshakes under a probe's names."""
    assert wire.failure_name(layer, failure) == name


READ = [
    (True, None, None),
    (False, None, Failure.UNKNOWN),
    (False, "connection_refused_error", Failure.REFUSED),
    (False, "generic_timeout_error", Failure.TIMEOUT),
    (False, "dns_name_error", Failure.NXDOMAIN),
    (False, "ssl_invalid_hostname", Failure.INVALID_HOSTNAME),
    (False, "connect_error", Failure.UNKNOWN),
    (True, "unknown_error", Failure.UNKNOWN),
]


@pytest.mark.parametrize(("status", "text", "failure"), READ)
def test_old_names_are_read(status, text, failure):
    """A failure without a name, or with a broad one, is a failure all the same."""
    assert wire.failure_of(status, text) is failure


def test_flags_have_oonis_numbers():
    """refs/OONI 1.3."""
    assert [int(flag) for flag in Flag] == [1, 2, 4, 8]


SPECS = [
    ("ooni", "https://0.th.ooni.org/", "0.th.ooni.org", True),
    (" https://helper.example:8444/a ", "https://helper.example:8444/a", "helper.example:8444/a", False),
    ("HTTPS://[2001:db8::1]", "https://[2001:db8::1]/", "[2001:db8::1]", False),
    ("https://ooni.org", "https://ooni.org/", "ooni.org", True),
    ("https://notooni.org", "https://notooni.org/", "notooni.org", False),
]


@pytest.mark.parametrize(("text", "url", "name", "ooni"), SPECS)
def test_a_helper_is_a_word_or_a_url(text, url, name, ooni):
    """`ooni` stands for the first of OONI's own."""
    assert wire.is_ooni_spec(text)
    spec = wire.parse_ooni_spec(text)
    assert (spec, spec.name, spec.ooni) == (OoniSpec(url=url), name, ooni)
    assert spec.host == parse(url).host


@pytest.mark.parametrize("text", ["http://a.example/", "https://", "ooni.org", "hushmap://x@y:1#sha256=0"])
def test_what_is_no_such_helper_is_refused(text):
    """Plain HTTP would tell the line everything; a helper of our own kind is another kind."""
    assert isinstance(value_or_fault(wire.parse_ooni_spec, text), ValueError)
    assert not wire.is_ooni_spec("http://a.example/")


def test_every_public_helper_can_be_named():
    """The constant holds URLs that are read back."""
    assert all(wire.parse_ooni_spec(url).ooni for url in wire.PUBLIC)


def test_structs_cannot_hold_what_json_cannot():
    """A lone surrogate is a ValueError, not a crash."""
    bad = msgspec.structs.replace(REPLY, dns=Dns(addrs=("\ud800",)))
    assert isinstance(value_or_fault(wire.encode_reply, bad), ValueError)
