"""The attempt that holds a text in one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faults import value_or_fault
from hushmap.experiments.carriers import CHANGED, alike, ask_for, port_of, turns, twin_of, unfit
from hushmap.model import Encoding, Layer, Place, Transport
from hushmap.wire import carrying, echo, http
from worlds import DARK, HELPER, conditions

HOST = "www.baseline-a.example"
FULL = conditions(echo_tcp=9007, echo_quic=9443, echo_span=4)
WAYS = [(place, way) for place in Place for way in carrying.encodings(place)]
TEXTS = st.text(st.sampled_from("abcXYZ09 ./-敏感詞жطé🕯"), min_size=1, max_size=20)


def test_each_place_holds_the_word_as_its_layer_has_it():
    """Always toward an address of ours, and only there."""
    asks = {place: ask_for("敏 b", place, None, FULL) for place in Place if not place.is_name}
    escaped = "%E6%95%8F%20b"
    assert asks[Place.HTTP_PATH].url == f"http://{HOST}/{escaped}"
    assert asks[Place.HTTP_QUERY].url == f"http://{HOST}/?q={escaped}"
    assert asks[Place.HTTP_HEADER].headers[-1] == ("X-Note", escaped)
    assert asks[Place.HTTP_COOKIE].headers[-1] == ("Cookie", f"note={escaped}")
    body = asks[Place.HTTP_BODY]
    assert (body.method, body.payload, body.headers[-1][1]) == ("POST", "敏 b".encode(), "text/plain; charset=utf-8")
    assert echo.to_say(asks[Place.HTTP_RESPONSE].url.removeprefix(f"http://{HOST}")) == ("敏 b".encode(), "utf-8")
    assert echo.tcp_answer(asks[Place.TCP_PAYLOAD].payload) == (echo.answer("敏 b".encode()) + echo.END,)
    assert echo.tcp_answer(asks[Place.TCP_ANSWER].payload) == ("敏 b".encode(), echo.END)
    assert {ask.address for ask in asks.values()} == {HELPER}


def test_names_hold_the_word_as_a_label_or_are_the_word():
    """In a lookup at an address that runs no resolver, a hello over TCP or QUIC, a Host header."""
    asks = {place: ask_for("kw-alpha", place, None, FULL) for place in Place if place.is_name}
    dns = asks[Place.DNS_NAME]
    assert (dns.layer, dns.name, dns.resolver, dns.timeout) == (Layer.DNS, f"kw-alpha.{HOST}", DARK, 2.0)
    assert asks[Place.TLS_SNI].sni == asks[Place.QUIC_SNI].sni == f"kw-alpha.{HOST}"
    assert (asks[Place.QUIC_SNI].transport, asks[Place.QUIC_SNI].port) == (Transport.QUIC, 9443)
    assert asks[Place.HTTP_HOST].url == f"http://kw-alpha.{HOST}/"
    assert ask_for("Blocked.Example", Place.TLS_SNI, None, FULL).sni == "blocked.example"
    upper = ask_for("blocked.example", Place.HTTP_HOST, Encoding.UPPER, FULL)
    assert upper.host == "BLOCKED.EXAMPLE"


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (Place.HTTP_HOST, b"\r\nHost: \xc3\xf4." + HOST.encode() + b"\r\n"),
        (Place.HTTP_PATH, b"GET /\xc3\xf4 HTTP/1.1\r\n"),
        (Place.HTTP_QUERY, b"GET /?q=\xc3\xf4 HTTP/1.1\r\n"),
        (Place.HTTP_HEADER, b"\r\nX-Note: \xc3\xf4\r\n"),
        (Place.HTTP_COOKIE, b"\r\nCookie: note=\xc3\xf4\r\n"),
    ],
)
def test_bytes_that_a_library_would_escape_go_as_they_are(place, line):
    """A request of our own making, which the echo reads as one and whose answer can be kept whole."""
    ask = ask_for("敏", place, Encoding.GB18030, FULL)
    assert ask.layer is Layer.RAW
    assert ask.port == 8080
    assert line in ask.payload
    assert http.parse_request(ask.payload).complete
    longest = ask_for("a" * carrying.capacity(place), place, Encoding.UTF_8, FULL)
    answered = b"".join(echo.http_answer(http.parse_request(longest.payload), longest.payload))
    assert len(answered) <= longest.most
    dotted = ask_for("敏.b", Place.HTTP_HOST, Encoding.UTF_8, FULL)
    assert "\r\nHost: 敏.b\r\n".encode() in dotted.payload


@pytest.mark.parametrize(
    ("way", "kind", "payload"),
    [
        (Encoding.GB18030, "text/plain; charset=gb18030", b"\xc3\xf4"),
        (Encoding.PERCENT, "application/x-www-form-urlencoded", b"q=%E6%95%8F"),
        (Encoding.PERCENT_GB18030, "application/x-www-form-urlencoded", b"q=%C3%F4"),
        (Encoding.UPPER, "text/plain; charset=utf-8", "敏".encode()),
    ],
)
def test_a_body_says_what_it_is(way, kind, payload):
    """A form where the word is escaped, else text in its charset."""
    ask = ask_for("敏", Place.HTTP_BODY, way, FULL)
    assert (ask.headers[-1], ask.payload) == (("Content-Type", kind), payload)


@pytest.mark.parametrize("place", Place)
def test_without_a_place_of_our_own_nothing_is_sent(place):
    """A stranger's server is no place to try words."""
    bare = conditions(echo_http=None, echo_tls=None, dark=None)
    assert ask_for("kw", place, None, bare) is None
    assert ask_for("kw", place, None, conditions(helper_address=None)) is None
    assert twin_of("kw", place, None, conditions(baselines=())) is None
    assert ask_for("kw", place, None, FULL) is not None


@pytest.mark.parametrize("place", Place)
def test_attempts_take_turns_among_the_ports_of_one_echo(place):
    """All differ in nothing else; a lookup has one port. The last of a row is the sentinel's."""
    asks = [ask_for("kw", place, None, FULL, turn) for turn in range(4)]
    assert turns(place, FULL) == len({ask.port for ask in asks}) == (1 if place is Place.DNS_NAME else 3)
    assert asks[0] == asks[3]
    assert [port_of(place, FULL, turn) for turn in range(4)] == [ask.port for ask in asks]


@given(TEXTS, st.sampled_from(WAYS))
def test_a_twin_differs_in_nothing_but_letters_of_the_word(text, where):
    """Layer, address, port and every length are the same; or the place cannot hold the text, in one line."""
    subject, twin = value_or_fault(ask_for, text, *where, FULL), value_or_fault(twin_of, text, *where, FULL)
    if isinstance(subject, ValueError) or isinstance(twin, ValueError):
        return
    assert twin != subject
    for name in subject.__struct_fields__:
        one, other = getattr(subject, name), getattr(twin, name)
        if isinstance(one, str | bytes):
            assert len(one) == len(other)
        elif name == "headers":
            assert [(key, len(value)) for key, value in one] == [(key, len(value)) for key, value in other]
        else:
            assert one == other


def test_a_server_that_is_no_echo_is_told_the_bare_word():
    """It says none: what goes the other way needs our own echo."""
    named = conditions(helper=False, echo_tcp=9007)
    assert ask_for("kw", Place.TCP_PAYLOAD, None, named).payload == b"kw"
    assert ask_for("kw", Place.TCP_ANSWER, None, named) is None
    assert ask_for("kw", Place.HTTP_RESPONSE, None, named) is None
    assert ask_for("kw", Place.HTTP_BODY, None, named).payload == b"kw"


def test_what_cannot_be_asked_is_known_before():
    """For lists: one clause, without any conditions."""
    assert unfit("kw", Place.HTTP_PATH) is None
    assert "control character" in unfit("a\nb", Place.HTTP_HEADER, Encoding.UTF_8)


def test_words_that_people_take_for_one_are_linked():
    """By case and width, and by OpenCC's tables where they are installed (the extra dev has them)."""
    assert alike(["kw", "other", "KW", "\uff4bw"]) == (("kw", "KW", "\uff4bw"),)
    assert alike(["乾淨", "干净"]) == (("乾淨", "干净"),)


def test_every_place_has_its_change():
    """What a twin changes is said of each place, by one word."""
    assert set(CHANGED) == set(Place)
