"""The servers as functions."""

import pytest

from hushmap.lab.addresses import ECHO_HTTP, ECHO_TCP, ECHO_TLS, HELPER, HONEST_RESOLVER, ISP_RESOLVER
from hushmap.lab.pure import servers as servers_module
from hushmap.lab.pure.folder import KeptTruth
from hushmap.lab.pure.servers import Servers
from hushmap.lab.services import web
from hushmap.wire import bulk, dns
from hushmap.wire import echo as wire_echo

GET = b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n"


def servers(small, more=""):
    """The servers of the small scenario."""
    return Servers(small(more), KeptTruth(lambda: 0.0), lambda: 0.0)


def test_who_is_at_home_and_who_listens(small):
    """Sites on the web's ports, the helper on its own, unless it is down."""
    some = servers(small)
    assert some.lives("198.51.100.20")
    assert not some.lives("198.51.100.99")
    assert some.listens("198.51.100.20", 443)
    assert some.listens("198.51.100.20", 80)
    assert not some.listens("198.51.100.20", 8443)
    assert some.listens(HELPER, 8443)
    assert not servers(small, '[helper]\nstate = "down"').listens(HELPER, 443)


def test_hellos_are_answered_by_name(small):
    """A site's certificate, a reset, an alert, the helper's own."""
    some = servers(small)
    assert some.choose("198.51.100.20", 443, "news-one.example", here=True).shown == ("news-one.example", "valid")
    assert some.choose("198.51.100.21", 443, "other.example", here=True) == (None, 0)
    assert some.choose("198.51.100.22", 443, "other.example", here=True) == (None, 112)
    helper = some.choose(HELPER, 8443, None, here=True).shown
    echo = some.choose(HELPER, 443, "any.example", here=True).shown
    assert helper != echo
    assert some.certificate(some.number(echo)) == echo
    assert some.number(echo) == some.number(echo)


def test_requests_are_answered_when_they_are_whole(small):
    """A page, one that is cut, one in drops, an echo, and silence to what is no request."""
    some = servers(small)
    assert some.answer(b"GET / HTTP/1.1\r\n", "198.51.100.20", 443, here=True) is None
    assert some.answer(b"what?\r\n\r\n", "198.51.100.20", 443, here=True) == ()
    ((wait, page),) = some.answer(GET % b"news-one.example", "198.51.100.20", 443, here=True)
    assert wait == 0.0
    assert page.startswith(b"HTTP/1.1 200")
    ((_, moved),) = some.answer(GET % b"news-one.example", "198.51.100.20", 80, here=True)
    assert moved.startswith(b"HTTP/1.1 301")
    ((_, cut),) = some.answer(GET % b"cut-one.example", "198.51.100.23", 443, here=True)
    assert len(cut) < len(page) / 2
    drops = some.answer(GET % b"slow-one.example", "198.51.100.24", 443, here=True)
    assert len(drops) == 20
    assert 0.9 < drops[-1][0] < 1.0
    ((_, said),) = some.answer(GET % b"any.example", HELPER, 80, here=True)
    assert said.endswith(wire_echo.answer(GET % b"any.example"))
    assert some.answer(b"GET / HT", HELPER, 80, here=True) is None
    assert some.answer(b"word", HELPER, 7, here=True) == ((0.0, b"word"),)


def test_resolvers_answer_and_nobody_else(small):
    """By the scenario's own zone; NAT64 adds addresses of the provider's."""
    query = dns.query("news-one.example", "A", 1)
    some = servers(small)
    for resolver in (HONEST_RESOLVER, ISP_RESOLVER):
        assert dns.parse(some.resolve(query, resolver, "198.18.0.2"))[3].addresses == ("198.51.100.20",)
    assert some.resolve(query, HELPER, "198.18.0.2") is None
    mapped = servers(small, "[client]\nnat64 = true")
    six = dns.query("strict-one.example", "AAAA", 1)
    (address,) = dns.parse(mapped.resolve(six, ISP_RESOLVER, "198.18.0.2"))[3].addresses
    assert mapped.listens(address, 443)


def test_what_is_copied_from_the_servers_is_still_so():
    """The pieces of a dripping body."""
    assert servers_module.DROPS == web.DROPS


def test_the_echo_says_a_word_that_it_was_told(small):
    """In an HTTP answer and on a bare connection, with a pause and an end behind it; else what came comes back."""
    some = servers(small)
    asked = f"GET {wire_echo.say_path(b'kw-a')} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    pause = wire_echo.PAUSE_SECONDS
    (first, head), (second, end) = some.answer(asked, HELPER, 80, here=True)
    assert (first, second, head[-4:], end) == (0.0, pause, b"kw-a", wire_echo.END)
    assert some.answer(wire_echo.tcp_say(b"kw-a"), HELPER, 7, here=True) == ((0.0, b"kw-a"), (pause, wire_echo.END))
    assert some.answer(wire_echo.tcp_hush(b"kw-a")[:-1], HELPER, 7, here=True) is None
    ((_, hushed),) = some.answer(wire_echo.tcp_hush(b"kw-a"), HELPER, 7, here=True)
    assert b"kw-a" not in hushed
    assert some.answer(b"plain", HELPER, 7, here=True) == ((0.0, b"plain"),)


@pytest.mark.parametrize("span", [1, 16])
def test_each_echo_has_its_span_of_ports(small, span):
    """All the same; beyond them nobody listens."""
    some = servers(small, f"[helper]\nspan = {span}")
    for first in (ECHO_HTTP, ECHO_TLS, ECHO_TCP):
        assert [some.listens(HELPER, first + more) for more in (0, span - 1, span)] == [True, True, False]
        assert [some.speaks_tls(HELPER, first + more) for more in (0, span - 1)] == [first == ECHO_TLS] * 2
    assert some.answer(b"plain", HELPER, ECHO_TCP + span - 1, here=True) == ((0.0, b"plain"),)


def test_who_speaks_tls(small):
    """Web servers and resolvers on its ports, the helper on its own; a door there has a protocol of its own."""
    some = servers(small, '[[door]]\naddress = "198.51.100.20"\nport = 443')
    asked = [("198.51.100.21", 443), ("198.51.100.21", 853), (HELPER, 8443), ("198.51.100.20", 443), (HELPER, 80)]
    assert [some.speaks_tls(*each) for each in asked] == [True, True, True, False, False]


def test_the_echo_gives_downloads_of_known_size(small):
    """As the helper's own does: so many bytes at one path, for GET only."""
    some = servers(small)
    asked = f"GET {bulk.path_of(5000)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    ((_, said),) = some.answer(asked, HELPER, 443, here=True)
    assert said.endswith(b"\r\n\r\n" + bulk.body_of(5000))
    ((_, said),) = some.answer(asked.replace(b"GET", b"PUT"), HELPER, 443, here=True)
    assert not said.endswith(bulk.body_of(5000))
