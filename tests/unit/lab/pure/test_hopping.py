"""Packets with a small TTL in a pure lab; tests/lab/test_hops.py asks two kernels the same."""

import pytest

from hushmap.lab import load_scenario
from hushmap.lab.addresses import hop
from hushmap.lab.pure import act
from hushmap.model import Ask, Connect, Failure, Hop, Layer

DEMO = load_scenario("demo").quiet()
HONEST, HONEST6, SITE = "udp://203.0.113.53:53", "udp://[2001:db8:53::53]:53", "198.51.100.20"


def said(*asks):
    """The Hop of each ask, or its last step."""
    return [outcome.steps[-1] for outcome in act(DEMO, asks).outcomes]


def question(name, ttl, resolver=HONEST):
    """A question that goes so far."""
    return Ask(layer=Layer.DNS, name=name, resolver=resolver, ttl=ttl, source_port=21_000)


def hello(name, ttl, **more):
    """A ClientHello that goes so far, behind an ordinary handshake."""
    return Ask(layer=Layer.TLS, address=SITE, port=443, sni=name, ttl=ttl, source_port=21_000, **more)


@pytest.mark.parametrize(("resolver", "family"), [(HONEST, 0), (HONEST6, 1)])
def test_a_question_meets_its_router_or_an_answer_or_both(resolver, family):
    """Beyond the injector on the path a forged answer comes, and the router's error beside it."""
    near, both, end = said(*(question("injected-one.example", ttl, resolver) for ttl in (3, 4, 9)))
    error = ((11, 0), (3, 0))[family]
    assert (near.router, near.icmp, near.reached, near.failure) == (hop(3)[family], error, False, None)
    assert (both.router, both.icmp, both.reached) == (hop(4)[family], error, True)
    assert (end.router, end.reached) == (None, True)
    assert end.received


def test_a_syn_meets_its_router_the_server_or_a_forged_refusal():
    """From one port again and again: what belongs to an older packet is not heard."""
    asks = [Ask(layer=Layer.TCP, address=SITE, port=80, ttl=ttl, source_port=21_000) for ttl in (1, 8, 9, 12)]
    asks += [Ask(layer=Layer.TCP, address="198.51.100.41", port=443, ttl=ttl, source_port=21_000) for ttl in (4, 5)]
    asks.append(Ask(layer=Layer.TCP, address="198.51.100.40", port=443, ttl=6, timeout=0.3))
    one, eight, nine, twelve, router, forged, lost = said(*asks)
    assert [one.router, eight.router, router.router] == [hop(1)[0], hop(8)[0], hop(4)[0]]
    assert (nine.reached, twelve.reached, nine.failure) == (True, True, None)
    assert (forged.reached, forged.failure) == (True, Failure.REFUSED)
    assert (lost.reached, lost.icmp, lost.failure) == (False, None, Failure.TIMEOUT)


def test_of_a_payload_it_is_told_only_that_an_error_came():
    """As Linux tells it; a reset ends the socket, the server's words are kept."""
    told, words = said(hello("news-one.example", 2), hello("news-one.example", 9))
    assert (told.icmp, told.router, told.reached) == ((-1, -1), None, False)
    assert (words.reached, words.failure, words.received[:1]) == (True, None, b"\x16")
    (cut,) = said(hello("named-one.example", 4))
    assert (cut.reached, cut.failure) == (True, Failure.RESET)
    (lost,) = said(hello("hushed-one.example", 5))
    assert (lost.reached, lost.icmp, lost.failure) == (False, None, Failure.TIMEOUT)


def test_every_layer_says_its_own_first_words():
    """A request in the open, raw bytes, and what an end without a word is."""
    plain = Ask(layer=Layer.HTTP, url="http://plain-one.example/", address=SITE, port=80, ttl=4)
    raw = Ask(layer=Layer.RAW, payload=b"\x00\r\n\r\n", address=SITE, port=80, ttl=9)
    cut, ended = said(plain, raw)
    assert (cut.reached, cut.failure) == (True, Failure.RESET)
    assert (ended.reached, ended.failure) == (True, Failure.EOF)


def test_a_connection_that_fails_is_all_there_is():
    """Refused, or lost, before anything could be said."""
    lost = Ask(layer=Layer.TLS, address="198.51.100.40", port=443, sni="a.example", ttl=3)
    refused = Ask(layer=Layer.TLS, address="198.51.100.41", port=443, sni="a.example", ttl=3)
    first, second = said(lost, refused)
    assert (type(first), first.failure) == (Connect, Failure.TIMEOUT)
    assert (type(second), second.failure) == (Connect, Failure.REFUSED)
    assert Hop is not Connect
