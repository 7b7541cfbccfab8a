"""What is put to OONI's helper, and what its one answer says of each ask."""

import msgspec
import pytest

from hushmap.model import Ask, Connect, Failure, Fetch, Handshake, Layer
from hushmap.net.ooni_steps import CANNOT, OTHER_ADDRESS, Question, answer, question, reached
from hushmap.wire.ooni_helper import Dns, Http, IpInfo, OoniReply, Tcp, Tls

X, Y = "198.51.100.7", "198.51.100.8"
HOST, URL = "news.example", "https://news.example/a"
PAGE = Ask(layer=Layer.HTTP, address=X, port=443, url=URL, sni=HOST)
PLAIN = Ask(layer=Layer.HTTP, address=X, port=80, url="http://news.example/")
SHAKE = Ask(layer=Layer.TLS, address=X, port=443, sni=HOST)
LOOKUP = Ask(layer=Layer.DNS, name=HOST, qtype="A+AAAA", resolver="system")
TOUCH = Ask(layer=Layer.TCP, address=X, port=443, host=HOST)
GOOD = Tls(server_name=HOST, status=True)
REPLY = OoniReply(
    tcp_connect={f"{X}:443": Tcp(status=True), f"{X}:80": Tcp(status=True), f"{Y}:443": Tcp(status=True)},
    tls_handshake={f"{X}:443": GOOD, f"{Y}:443": GOOD},
    http_request=Http(body_length=5, title="A &amp;\n b", headers={"Server": "s", "X-A": "1"}, status_code=200),
    dns=Dns(addrs=(X, "2001:db8::7")),
    ip_info={X: IpInfo(flags=11), Y: IpInfo(flags=9)},
)


def but(value, **changes):
    """The same with other fields."""
    return msgspec.structs.replace(value, **changes)


ASKED = [
    (PAGE, Question(host=HOST, url=URL, endpoint=(X, 443))),
    (PLAIN, Question(host=HOST, url="http://news.example/", endpoint=(X, 80))),
    (but(PLAIN, port=None), Question(host=HOST, url="http://news.example/", endpoint=(X, 80))),
    (SHAKE, Question(host=HOST, url="https://news.example/", endpoint=(X, 443))),
    (but(SHAKE, port=8443), Question(host=HOST, url="https://news.example:8443/", endpoint=(X, 8443))),
    (but(SHAKE, port=None), Question(host=HOST, url="https://news.example/", endpoint=(X, 443))),
    (LOOKUP, Question(host=HOST)),
    (but(LOOKUP, qtype="AAAA", name="NEWS.example."), Question(host=HOST)),
    (TOUCH, Question(host=HOST, url="https://news.example/", endpoint=(X, 443))),
    (but(TOUCH, port=80), Question(host=HOST, url="http://news.example/", endpoint=(X, 80))),
    (
        Ask(layer=Layer.HTTP, address=X, port=443, url=f"https://{X}/"),
        Question(host=X, url=f"https://{X}/", endpoint=(X, 443)),
    ),
]


@pytest.mark.parametrize(("ask", "expected"), ASKED)
def test_what_the_helper_would_try_is_asked(ask, expected):
    """A lookup, a connection, a handshake, a page."""
    assert question(ask) == expected


REFUSED = [
    but(LOOKUP, resolver="udp://192.0.2.53:53"),
    but(LOOKUP, qtype="TXT"),
    but(LOOKUP, name=None),
    but(LOOKUP, name="a..b"),
    but(TOUCH, port=22),
    but(TOUCH, host=None),
    but(SHAKE, sni=None),
    but(SHAKE, verify=False),
    but(SHAKE, address=None),
    but(PAGE, address=None),
    but(PAGE, sni="other.example"),
    but(PAGE, sni=None),
    but(PAGE, port=80),
    but(PLAIN, port=443),
    but(PAGE, host="other.example"),
    but(PAGE, method="HEAD"),
    but(PAGE, payload=b"x"),
    but(PAGE, headers=(("X", "y"),)),
    but(PAGE, url="ftp://news.example/"),
    Ask(layer=Layer.RAW, address=X, port=80, payload=b"x"),
]


@pytest.mark.parametrize("ask", REFUSED)
def test_what_it_would_not_try_is_not_asked(ask):
    """Another resolver, another name in the hello, another port, raw bytes: no answer of it would be about that."""
    assert question(ask) is None


def _said(ask, reply=REPLY):
    return answer(ask, reply, 1.0, 2.0)


def test_a_lookup_is_the_helpers_own():
    """By family; an address is an answer, none is one of its kind."""
    four, six = _said(LOOKUP).steps
    assert (four.addresses, six.addresses) == ((X,), ("2001:db8::7",))
    assert (four.t0, four.t, four.answers[0].t, four.resolver) == (1.0, 2.0, 2.0, "system")
    four, six = _said(LOOKUP, but(REPLY, dns=Dns(addrs=(X,)))).steps
    assert (four.failure, six.failure) == (None, Failure.NO_ANSWER)
    assert six.answers[0].failure is Failure.NO_ANSWER


def test_only_addresses_are_addresses():
    """Old helpers list aliases among them; whatever else is there, nobody is sent to."""
    dns = Dns(addrs=("cdn.example", X, "2001:DB8:0::7", X, "fe80::1%eth0", "\x00"))
    four, six = _said(LOOKUP, but(REPLY, dns=dns)).steps
    assert (four.addresses, six.addresses) == ((X,), ("2001:db8::7", "fe80::1"))
    assert four.answers[0].cnames == ("cdn.example", "?")


LOOKUPS = [
    (Dns(), Failure.NO_ANSWER, 1, None),
    (Dns(failure="dns_name_error"), Failure.NXDOMAIN, 1, "dns_name_error"),
    (Dns(failure="dns_server_failure"), Failure.SERVFAIL, 0, "dns_server_failure"),
    (Dns(failure="unknown_error"), Failure.UNKNOWN, 0, "unknown_error"),
    (Dns(failure="generic_timeout_error"), Failure.TIMEOUT, 0, None),
]


@pytest.mark.parametrize(("dns", "failure", "answers", "detail"), LOOKUPS)
def test_a_lookup_fails_as_the_helper_says(dns, failure, answers, detail):
    """Its old names are read, and kept where they say something else than ours."""
    (step,) = _said(but(LOOKUP, qtype="A"), but(REPLY, dns=dns)).steps
    assert (step.failure, len(step.answers), step.detail) == (failure, answers, detail)


def test_a_page_is_connection_handshake_and_fetch():
    """The page's facts are those that the helper tells; what it does not tell stays empty."""
    connect, shaken, fetch = _said(PAGE).steps
    assert connect == Connect(t0=1.0, t=2.0, address=X, port=443)
    assert shaken == Handshake(t0=1.0, t=2.0, address=X, port=443, sni=HOST, spoke=True, valid=True)
    page = fetch.page
    assert (fetch.url, page.status, page.title, page.body_length) == (URL, 200, "A & b", 5)
    assert (page.header_names, page.server, page.location) == (("server", "x-a"), "s", None)
    assert (page.body_sha256, page.sketch, page.truncated) == ("", (), False)
    assert [type(step) for step in _said(PLAIN).steps] == [Connect, Fetch]
    assert [type(step) for step in _said(SHAKE).steps] == [Connect, Handshake]
    assert [type(step) for step in _said(TOUCH).steps] == [Connect]


@pytest.mark.parametrize(
    "page", [Http(status_code=200, body_length=1 << 24), Http(status_code=200, x_body_is_truncated=True)]
)
def test_a_page_that_may_go_on_is_cut(page):
    """As long as helpers read, or so said."""
    fetch = _said(PAGE, but(REPLY, http_request=page)).steps[-1]
    assert fetch.page.truncated
    assert fetch.page.title is None


def test_a_page_of_another_address_is_not_this_ones():
    """Over TLS the handshake still says what is at the address; over plain HTTP nothing does."""
    other = _said(but(PAGE, address=Y))
    assert ([type(step) for step in other.steps], other.undone) == ([Connect, Handshake], None)
    told = but(REPLY, dns=Dns(), ip_info={})
    other = _said(PLAIN, told)
    assert ([type(step) for step in other.steps], other.undone) == ([Connect], OTHER_ADDRESS)
    flagged = but(REPLY, dns=Dns())
    assert isinstance(_said(PLAIN, flagged).steps[-1], Fetch)


def test_a_failed_step_is_the_last():
    """Connection, then handshake, then page."""
    refused = but(REPLY, tcp_connect={f"{X}:443": Tcp(failure="connection_refused_error")})
    (step,) = _said(PAGE, refused).steps
    assert (step.failure, step.detail) == (Failure.REFUSED, "connection_refused_error")
    foreign = but(REPLY, tls_handshake={f"{X}:443": but(GOOD, status=False, failure="ssl_invalid_hostname")})
    shaken = _said(PAGE, foreign).steps[-1]
    assert (shaken.failure, shaken.valid, shaken.spoke) == (Failure.INVALID_HOSTNAME, False, True)
    cut = but(REPLY, tls_handshake={f"{X}:443": but(GOOD, status=False, failure="connection_reset")})
    shaken = _said(SHAKE, cut).steps[-1]
    assert (shaken.failure, shaken.valid, shaken.spoke) == (Failure.RESET, None, False)
    broken = but(REPLY, http_request=Http(failure="unknown_error"))
    fetch = _said(PAGE, broken).steps[-1]
    assert (fetch.failure, fetch.detail, fetch.page) == (Failure.UNKNOWN, "unknown_error", None)


MUTE = [
    but(REPLY, tcp_connect={}),
    but(REPLY, tls_handshake={}),
    but(REPLY, tls_handshake={f"{X}:443": but(GOOD, server_name="other.example")}),
    but(REPLY, http_request=Http()),
]


@pytest.mark.parametrize("reply", MUTE)
def test_what_was_not_tried_is_not_answered(reply):
    """No word about the connection, the handshake, this name, or the page."""
    assert _said(PAGE, reply).undone == CANNOT


def test_a_helper_that_got_anywhere_is_online():
    """A connection or a page; of one that got nowhere nothing is known."""
    assert reached(REPLY)
    assert reached(OoniReply(http_request=Http(status_code=200)))
    assert not reached(OoniReply(tcp_connect={f"{X}:80": Tcp()}, http_request=Http(failure="unknown_error")))
