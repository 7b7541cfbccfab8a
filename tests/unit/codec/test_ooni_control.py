"""What the helper met as OONI's control, by example."""

import msgspec

from hushmap.codec.ooni_control import NOT_ASKED, control_of
from hushmap.codec.ooni_requests import WITHHELD
from hushmap.codec.ooni_survey import Places
from hushmap.model import Failure, Page, Side
from trials import PAGE, SITE, connected, loaded, lookup, record, shaken

NEXT = "https://m.news.example/"
MOVED = Page(status=301, location=NEXT)
THERE = {"side": Side.HELPER}


def control(*helped, own=(), target="https://news.example/"):
    """The control of these trials."""
    return control_of(own, helped, Places(record(*own, *helped, target=target), own))


def test_endpoints():
    """Connections and handshakes by endpoint, each with how it ended; the first attempt counts."""
    found = control(
        loaded(1, **THERE), loaded(2, Failure.RESET, at="handshake", **THERE), loaded(3, Failure.REFUSED, "2001:db8::7", at="connect", **THERE)
    )  # fmt: skip
    assert {place: one.failure for place, one in found.tcp_connect.items()} == {
        f"{SITE}:443": None,
        "[2001:db8::7]:443": "connection_refused",
    }
    assert {place: (one.server_name, one.status) for place, one in found.tls_handshake.items()} == {
        f"{SITE}:443": ("news.example", True)
    }


def test_lookups():
    """Addresses of all its lookups; a failure only where there is none; none is needed for an address."""
    both = control(lookup(1, [SITE], **THERE), lookup(2, Failure.NO_ANSWER, **THERE)).dns
    assert (both.failure, both.addrs) == (None, (SITE,))
    assert control(lookup(1, Failure.NXDOMAIN, **THERE)).dns.failure == "dns_nxdomain_error"
    assert control(loaded(1, **THERE)).dns.failure == NOT_ASKED
    assert control(loaded(1, **THERE), target=f"https://{SITE}/").dns.failure is None


def test_the_page_is_the_last_that_redirects_led_to():
    """OONI's test helper follows redirects; a page goes before a failure, and a failure is named."""
    own = (loaded(1, MOVED), loaded(2, url=NEXT))
    page = msgspec.structs.replace(PAGE, header_names=("server", "x-a"), server="httpd")
    helped = (
        loaded(3, MOVED, **THERE),
        loaded(4, Failure.TIMEOUT, url=NEXT, **THERE),
        loaded(5, page, url=NEXT, **THERE),
    )
    found = control(*helped, own=own).http_request
    assert (found.status_code, found.title, found.failure, found.body_length) == (200, "News", None, 9)
    assert found.headers == {"Server": "httpd", "X-A": WITHHELD}
    assert control(*helped[:2], own=own).http_request.failure == "generic_timeout_error"
    assert control(*helped[:2], own=own).http_request.status_code == -1


def test_a_page_that_did_not_come():
    """The step that failed before it says why; nothing is said to have failed that was not tried."""
    assert control(loaded(1, Failure.REFUSED, at="connect", **THERE)).http_request.failure == "connection_refused"
    assert control(connected(1, **THERE)).http_request.failure == NOT_ASKED
    bare = loaded(1, **THERE)
    steps = (*bare.steps[:-1], msgspec.structs.replace(bare.steps[-1], page=None))
    assert control(msgspec.structs.replace(bare, steps=steps)).http_request.failure == NOT_ASKED


def test_addresses():
    """Who named each, whether a public site can have it, and whether TLS there held for the name."""
    own = (lookup(1, ["198.51.100.8", "192.168.0.1", "224.0.0.1", "no address"]),)
    helped = (
        lookup(2, ["198.51.100.8", "198.51.100.9", "198.51.100.10"], **THERE),
        loaded(3, address="198.51.100.8", **THERE),
        shaken(4, Failure.RESET, address="198.51.100.9", **THERE),
        loaded(5, address="198.51.100.4", **THERE),
    )
    found = {address: info.flags for address, info in control(*helped, own=own).ip_info.items()}
    named_by_probe = {"192.168.0.1": 5, "224.0.0.1": 5, "no address": 1}
    assert found == {"198.51.100.10": 2, "198.51.100.8": 11, "198.51.100.9": 2, **named_by_probe}
