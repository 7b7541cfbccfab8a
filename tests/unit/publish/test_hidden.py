"""What must not leave is found in every form, and nothing else is."""

import base64
import ipaddress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.publish.hidden import Hidden

OWN, OWN_6, TOKEN = "203.0.113.77", "2001:db8::4d", "a-token/of+mine"
HIDDEN = Hidden([TOKEN, "abc"], [OWN, OWN_6, "127.0.0.1", "no address"])

FORMS = {
    "text": lambda text: text,
    "percent": lambda text: quote(text, safe=""),
    "every byte percent": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "hex": lambda text: text.encode().hex(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 behind one": lambda text: base64.b64encode(b"_" + text.encode()).decode(),
    "base64 behind two": lambda text: base64.b64encode(b"__" + text.encode()).decode(),
    "base64 url": lambda text: base64.urlsafe_b64encode(f"GET /?{text}>>> HTTP/1.1".encode()).decode(),
    "reversed": lambda text: text[::-1],
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [OWN, OWN_6, TOKEN])
def test_it_is_masked_in_every_form_at_its_length(form, secret):
    """Plain and coded, alone and within a text."""
    coded = FORMS[form](secret)
    for text in (coded, f"<p>you, {coded}, are seen</p>"):
        masked = HIDDEN.text(text)
        assert len(masked) == len(text)
        assert coded not in masked
        assert HIDDEN.holds(text)
        assert not HIDDEN.holds(masked)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "203.0.113.7",
        "1.203.0.113.77",
        "203.0.113.770",
        "127.0.0.1",
        "abc",
        "2001:db8::4d0",
        "eHg=" * 20,
        "é\ud800",
    ],
)
def test_what_only_looks_alike_stays(text):
    """Longer addresses, short texts, everybody's address."""
    assert HIDDEN.text(text) == text


def test_nothing_hidden_masks_nothing():
    """And costs nothing."""
    assert Hidden().masked(b"203.0.113.77") == b"203.0.113.77"


@pytest.mark.parametrize("text", ["203%2E0%2e113.77".replace(".", "%2E"), "203.000.113.077", "3405803853"])
def test_an_address_as_urls_logs_and_databases_have_it(text):
    """Dots percent-encoded, octets of three digits, one whole number; a longer number is another."""
    assert HIDDEN.text(f"from {text} at") == f"from {'x' * len(text)} at"
    assert HIDDEN.text(f"1{text}0") == f"1{text}0"


def test_other_spellings_of_an_address():
    """As reverse names and host names have it, and as bytes in hexadecimal."""
    for text in (
        "77.113.0.203.in-addr.arpa",
        "host-203-0-113-77.isp.example",
        "cb00714d",
        "2001-db8--4d.isp.example",
    ):
        assert "x" * 8 in HIDDEN.text(text), text


@given(st.binary(max_size=200))
def test_masking_keeps_lengths_and_ends(data):
    """Whatever the bytes: as long as before, and masked once is masked for good."""
    masked = HIDDEN.masked(data + OWN.encode() + b" " + data)
    assert len(masked) == 2 * len(data) + len(OWN) + 1
    assert HIDDEN.masked(masked) == masked


def test_whose_request_a_proxy_says_it_was():
    """Though nobody told the address: in clear, and in what our echo says back in base64."""
    said = b"GET / HTTP/1.1\r\nX-Forwarded-For: 198.51.100.200\r\nHost: a\r\n"
    for hidden in (HIDDEN, Hidden()):
        assert hidden.masked(said) == said.replace(b"198.51.100.200", b"x" * 14)
        assert hidden.masked(base64.b64encode(said)) == base64.b64encode(said.replace(b"198.51.100.200", b"x" * 14))


@pytest.mark.parametrize("text", ["::ffff:203.0.113.77", "::ffff:cb00:714d", "64:ff9b::cb00:714d"])
def test_an_address_of_ipv4_as_a_server_of_ipv6_writes_it(text):
    """Mapped or translated it is the same line's."""
    assert HIDDEN.text(f"your address: {text}.") == f"your address: {'x' * len(text)}."


@pytest.mark.parametrize("address", ["203.0.113.77", "2001:db8:7:9abc::4d"])
def test_an_address_in_a_packet_is_masked_as_bytes(address):
    """Where a router or a server sent a header back; in a text four such bytes may be a word."""
    hidden, packed = Hidden((), [address]), ipaddress.ip_address(address).packed
    masked = hidden.masked(b"E\x00" + packed + b"\x08")
    assert packed not in masked
    assert len(masked) == len(packed) + 3


def test_letters_that_could_be_an_address_stay_in_a_text():
    """104.116.116.112 in bytes is a word of every web address."""
    assert Hidden((), ["104.116.116.112"]).text("http://news.example/") == "http://news.example/"


@pytest.mark.parametrize(
    "text", ["2001:db8:7:9abc::1", "2001:0db8:0007:9abc:1:2:3:4", "2001-db8-7-9abc--1.isp.example"]
)
def test_the_line_of_an_address_of_ipv6_is_masked(text):
    """Its neighbours in the /64 are of the same line; one of another line stays."""
    hidden = Hidden((), ["2001:db8:7:9abc::4d"])
    assert "9abc" not in hidden.text(text)
    assert hidden.text("2001:db8:7:9abd::1") == "2001:db8:7:9abd::1"
