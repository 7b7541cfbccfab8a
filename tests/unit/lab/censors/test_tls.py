"""Rules on the server name, with ClientHellos of the real TLS library."""

import ssl
from ipaddress import ip_address

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.rule import SETTLED, Flow
from hushmap.lab.censors.tls import SniDrop, SniReset

C, S = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed


def hello(name):
    """A ClientHello of the real library."""
    context = ssl.create_default_context()
    out = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name).do_handshake()
    return out.read()


def feed(rule, data, *, pieces=1, port=443):
    """Send `data` in so many segments; the rule's answer to each."""
    flow = Flow(C, S, 1, port, 0.0)
    size = -(-len(data) // pieces)
    answers = []
    for start in range(0, len(data), size):
        raw = p.tcp((C, 1), (S, port), seq=100 + start, ack=50, flags=p.ACK, payload=data[start : start + size])
        packet = p.parse(raw)
        flow.feed(packet)
        answers.append(rule.inspect(packet, flow, 0.0))
    return answers


@pytest.mark.parametrize("name", ["named.example", "www.named.example", "a-kw-one.example"])
@pytest.mark.parametrize("pieces", [1, 3])
def test_a_listed_name_is_reset_however_it_is_cut(name, pieces):
    """The last segment that completes the hello brings the resets; residual blocking is asked for."""
    *before, last = feed(SniReset(["named.example"], ["kw-one"], residual=2.0), hello(name), pieces=pieces)
    assert before == [None] * (pieces - 1)
    assert (last.sighting.mechanism, last.sighting.what) == ("tls.reset.sni", name)
    assert last.burn == 2.0
    assert len(last.inject) == 5
    assert last.drop


def test_a_listed_name_is_silenced():
    """Nothing is injected; all that follows is dropped."""
    (action,) = feed(SniDrop(["named.example"], []), hello("named.example"))
    assert (action.drop, action.silence, action.inject) == (True, True, ())
    assert action.sighting.mechanism == "tls.timeout.sni"


@pytest.mark.parametrize("rule", [SniReset(["named.example"], []), SniDrop(["named.example"], [])])
def test_other_names_settle(rule):
    """Another name, no TLS, another port."""
    assert feed(rule, hello("fine.example")) == [SETTLED]
    assert feed(rule, b"GET / HTTP/1.1\r\n\r\n") == [SETTLED]
    assert feed(rule, hello("named.example"), port=8443) == [SETTLED]


def test_the_twin_passes_the_very_hello():
    """Without a list the blocked name is let pass."""
    assert feed(SniReset([], []), hello("named.example")) == [SETTLED]
    assert feed(SniDrop([], []), hello("named.example")) == [SETTLED]
