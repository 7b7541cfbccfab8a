"""Entries of OONI's lists as steps."""

import base64

import msgspec
import pytest

import foreign
import seeds
from foreign import ADDRESS, NAME, SIX, URL
from hushmap.codec.ooni_loose import RequestRow, TcpRow, TlsRow
from hushmap.codec.ooni_steps import connect, fetch, handshake, sni_of, sole
from hushmap.model import Connect, Failure, Fetch, Handshake, Page, Resolve
from hushmap.wire.certificate import certificate


def connected(**fields):
    """The step of a connection."""
    return connect(msgspec.convert(foreign.tcp(**fields), TcpRow), 4)


def shaken(before=None, **fields):
    """The step of a handshake."""
    return handshake(msgspec.convert(foreign.tls(**fields), TlsRow), 4, before)


def fetched(curve=None, **fields):
    """The step of a request."""
    return fetch(msgspec.convert(foreign.request(**fields), RequestRow), 4, curve)


def test_a_connection():
    """Place, times and outcome; before 0.5 there is one time, and before 0.4 none."""
    assert connected(t0=0.1, t=0.2) == Connect(t0=0.1, t=0.2, address=ADDRESS, port=443)
    assert connected(t=0.2, port="80") == Connect(t0=0.2, t=0.2, address=ADDRESS, port=80)
    assert connected(ip=SIX, failure="generic_timeout_error") == Connect(
        t0=0.0, t=0.0, failure=Failure.TIMEOUT, address=SIX, port=443
    )


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ({"success": True}, None),
        ({"success": 1, "failure": False}, None),
        ({"failure": False}, None),
        ({"success": False}, Failure.UNKNOWN),
        ({"success": 0, "failure": None}, Failure.UNKNOWN),
        ({"failure": True}, Failure.UNKNOWN),
        ({"success": True, "failure": True}, Failure.UNKNOWN),
        ({"success": True, "failure": "connection_refused"}, Failure.REFUSED),
        ({"failure": "network_error"}, Failure.UNKNOWN),
    ],
)
def test_how_a_connection_ended(status, failure):
    """A named failure goes before a flag; a flag alone tells that it failed, not how."""
    found = connected(status=status)
    assert found is not None
    assert found.failure is failure


@pytest.mark.parametrize("status", [None, {}, {"success": None, "failure": None}])
def test_a_connection_that_tells_no_end_is_no_step(status):
    """No outcome is guessed."""
    assert connected(status=status) is None


def test_a_port_that_is_none():
    """The place is told."""
    for port in (None, "http", 70_000, -1):
        with pytest.raises(ValueError, match=r"no port - at `\$\.test_keys\.tcp_connect\[4\]\.port`"):
            connected(port=port)


def test_a_handshake():
    """Version, cipher and chain, on the connection before it."""
    der = seeds.certificate()
    before = Connect(t0=0.0, t=0.1, address=ADDRESS, port=8443)
    found = shaken(
        before,
        address="192.0.2.99:443",
        tls_version="TLSv1.3",
        cipher_suite="TLS_AES_128_GCM_SHA256",
        peer_certificates=[foreign.binary(der)] * 12,
        t0=0.1,
        t=0.2,
    )
    assert found == Handshake(
        t0=0.1,
        t=0.2,
        address=ADDRESS,
        port=8443,
        sni=NAME,
        version="TLSv1.3",
        cipher="TLS_AES_128_GCM_SHA256",
        spoke=True,
        chain=(certificate(der),) * 10,
        valid=True,
    )


def test_where_a_handshake_was():
    """At its own address, or nowhere that is known."""
    found = shaken(address=f"[{SIX}]:443", t=0.3)
    assert (found.address, found.port, found.t0) == (SIX, 443, 0.3)
    assert (shaken().address, shaken().port) == ("", 443)
    with pytest.raises(ValueError, match=r"- at `\$\.test_keys\.tls_handshakes\[4\]\.address`"):
        shaken(address="nowhere")


@pytest.mark.parametrize(
    ("fields", "valid", "spoke"),
    [
        ({}, True, True),
        ({"no_tls_verify": True}, None, True),
        ({"no_tls_verify": 0}, True, True),
        ({"failure": "ssl_invalid_hostname"}, False, True),
        ({"failure": "ssl_unknown_authority"}, False, True),
        ({"failure": "ssl_invalid_certificate", "no_tls_verify": True}, False, True),
        ({"failure": "connection_reset"}, None, False),
        ({"failure": "connection_reset", "peer_certificates": [foreign.binary(b"x")]}, None, True),
        ({"failure": "unknown_failure: tls_alert"}, None, True),
        ({"failure": "ssl_failed_handshake"}, None, False),
    ],
)
def test_what_a_handshake_proves(fields, valid, spoke):
    """Only a success that was checked is valid; only a certificate that did not hold is not."""
    found = shaken(**fields)
    assert (found.valid, found.spoke) == (valid, spoke)


def test_a_server_name_that_is_an_address_was_not_sent():
    """RFC 6066 section 3: an address is no server name."""
    assert [shaken(name=name).sni for name in ("192.0.2.1", SIX, "", None, NAME)] == [None] * 4 + [NAME]


def test_a_certificate_that_is_no_base64():
    """The place is told; bytes that are no certificate have a digest."""
    with pytest.raises(ValueError, match=r"no base64 - at `\$\.test_keys\.tls_handshakes\[4\]\.peer_certificates`"):
        shaken(peer_certificates=[{"data": "?"}])
    assert shaken(peer_certificates=[foreign.binary(b"x")]).chain == (certificate(b"x"),)


def test_a_fetch():
    """Page, method and the arrival of bytes since it began."""
    found = fetched(curve=[(0.1, 5), (0.2, 10), (0.5, 20)], t0=0.2, t=0.6)
    assert found.curve == ((0.0, 10), (0.3, 20))
    assert msgspec.structs.replace(found, curve=()) == Fetch(t0=0.2, t=0.6, url=URL, page=Page(status=200))
    assert len(fetched(curve=[(1.0, at) for at in range(99)]).curve) == 64


@pytest.mark.parametrize(
    ("fields", "failure", "status"),
    [
        ({"code": None}, Failure.UNKNOWN, None),
        ({"code": 0}, Failure.UNKNOWN, None),
        ({"code": 0, "failure": "eof_error"}, Failure.EOF, None),
        ({"code": 200, "failure": "eof_error"}, Failure.EOF, 200),
        ({"code": 302, "failure": "http_invalid_redirect_url"}, None, 302),
        ({"code": None, "failure": "http_invalid_redirect_url"}, Failure.UNKNOWN, None),
        ({"code": 200}, None, 200),
    ],
)
def test_how_a_fetch_ended(fields, failure, status):
    """No answer is a failure; a redirect that the old client could not follow is a page."""
    found = fetched(**fields)
    assert (found.failure, found.page and found.page.status) == (failure, status)


def test_a_request_without_a_method():
    """It was a GET."""
    row = msgspec.convert({"request": {"url": URL}}, RequestRow)
    assert fetch(row, 0, None).method == "GET"


PLACE = (ADDRESS, 443)


@pytest.mark.parametrize(
    ("failure", "place", "kind"),
    [
        ("dns_nxdomain_error", None, Resolve),
        ("dns_lookup_error", PLACE, Resolve),
        ("ssl_unknown_authority", None, Handshake),
        ("ssl_error: x", PLACE, Handshake),
        ("unknown_failure: remote error: tls: x", None, Handshake),
        ("connection_refused", PLACE, Connect),
        ("host_unreachable", PLACE, Connect),
        ("network_unreachable", PLACE, Connect),
        ("connection_refused", None, Fetch),
        ("generic_timeout_error", PLACE, Fetch),
        ("connection_reset", PLACE, Fetch),
        ("network_error", PLACE, Fetch),
    ],
)
def test_a_request_of_the_old_client_is_the_layer_that_failed(failure, place, kind):
    """What its failure can only be of; what may be of any layer stays a fetch."""
    step = fetched(failure=failure, code=None, t=0.5)
    found = sole(step, place)
    assert type(found) is kind
    assert (found.t0, found.t, found.failure, found.detail) == (0.5, 0.5, step.failure, step.detail)
    if kind in {Connect, Handshake}:
        assert (found.address, found.port) == (place or ("", 443))


def test_what_that_step_tells():
    """A lookup has the URL's name, a handshake its server name; a certificate that does not hold was spoken."""
    found = sole(fetched(failure="dns_nxdomain_error", code=None), None)
    assert (found.name, found.qtype, found.resolver, found.answers) == (NAME, "ANY", "system", ())
    found = sole(fetched(failure="ssl_invalid_hostname", code=None), None)
    assert (found.sni, found.spoke, found.valid) == (NAME, True, False)
    found = sole(fetched(failure="ssl_failed_handshake", code=None), None)
    assert (found.sni, found.spoke, found.valid) == (NAME, False, None)


def test_a_page_is_always_a_fetch():
    """Whatever failed after the answer had begun."""
    for failure in (None, "ssl_unknown_authority", "dns_nxdomain_error"):
        step = fetched(failure=failure)
        assert sole(step, PLACE) is step


def test_server_names():
    """A fetch over TLS sends its host, if that is a name."""
    assert sni_of("HTTPS://News.example/") == "news.example"
    assert sni_of("https://пример.испытание/") == "xn--e1afmkfd.xn--80akhbyknj4f"
    for url in ("http://news.example/", "https://192.0.2.1/", "https://[2001:db8::1]/", "https://", "x"):
        assert sni_of(url) is None


def test_certificates_are_parsed_once():
    """The same text gives the same value, not another that is equal."""
    text = base64.b64encode(b"one").decode()
    first, second = (shaken(peer_certificates=[{"data": text}]).chain[0] for _ in range(2))
    assert first is second
