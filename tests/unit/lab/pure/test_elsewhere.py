"""The helper of a pure lab: what a visitor from elsewhere sees."""

import pytest

from hushmap.lab.pure.elsewhere import Elsewhere
from hushmap.lab.pure.folder import KeptTruth
from hushmap.lab.pure.servers import Servers
from hushmap.model import Ask, Failure, Layer
from hushmap.net import Limits


@pytest.fixture
def steps(small):
    """Asks the helper's side."""

    def asked(ask, more="", sites=""):
        servers = Servers(small(more, sites), KeptTruth(lambda: 0.0), lambda: 0.0)
        return Elsewhere(servers, Limits().scaled(5.0)).ask(ask, 10.0)[0]

    return asked


def page(name, at, **more):
    """A page load."""
    host = f"{name}.example"
    return Ask(layer=Layer.HTTP, address=f"198.51.100.{at}", url=f"https://{host}/", sni=host, **more)


def test_pages_and_how_they_fail(steps):
    """A page, one that is cut, one in drops, and a certificate of another."""
    assert [step.failure for step in steps(page("news-one", 20))] == [None, None, None]
    assert steps(page("cut-one", 23))[-1].failure is Failure.EOF
    assert steps(page("slow-one", 24))[-1].failure is None
    assert steps(page("other", 20))[-1].failure is Failure.INVALID_HOSTNAME
    assert steps(page("other", 21))[-1].failure is Failure.RESET
    assert (steps(page("other", 22))[-1].failure, steps(page("other", 22))[-1].alert) == (Failure.TLS_ALERT, 112)
    sites = '[[site]]\nname = "drops.example"\naddresses = ["198.51.100.80"]\ndrip_s = 60.0\n'
    assert steps(page("drops", 80), sites=sites)[-1].failure is Failure.TIMEOUT


def test_connections(steps):
    """Nobody at home, nobody listening, and a bare connection."""
    dead, closed, one = (
        steps(Ask(layer=Layer.TCP, address=f"198.51.100.{at}", port=port))
        for at, port in ((99, 443), (20, 22), (20, 80))
    )
    assert (dead[0].failure, dead[0].t) == (Failure.TIMEOUT, 11.6)
    assert closed[0].failure is Failure.REFUSED
    assert one[0].failure is None


def test_lookups(steps):
    """The truth for somebody else's customer; a failing provider fails there too."""

    def asked(resolver, qtype="A", name="news-one.example", more=""):
        return steps(Ask(layer=Layer.DNS, name=name, qtype=qtype, resolver=resolver), more)

    assert [step.addresses for step in asked("system", "A+AAAA")] == [("198.51.100.20",), ("2001:db8:2::20",)]
    assert asked("udp://198.51.100.53:53")[0].answers[0].rcode == 0
    assert asked("system", name="gone.example")[0].failure is Failure.NXDOMAIN
    assert asked("udp://203.0.113.10:53")[0].failure is Failure.TIMEOUT
    failing = asked("udp://198.51.100.53:53", more='[client]\nresolver = "servfail"')[0]
    assert failing.failure is Failure.SERVFAIL


def test_a_name_is_looked_up_where_no_address_is_given(steps):
    """As the helper's own proof of being online has it."""
    assert steps(Ask(layer=Layer.TLS, sni="news-one.example", verify=False))[-1].spoke
    assert steps(Ask(layer=Layer.TLS, sni="gone.example", verify=False))[-1].failure is Failure.NXDOMAIN


def test_raw_words(steps):
    """An echo, and a server that says nothing to them."""
    assert steps(Ask(layer=Layer.RAW, address="203.0.113.10", port=7, payload=b"word"))[-1].received == b"word"
    assert steps(Ask(layer=Layer.RAW, address="198.51.100.20", port=80, payload=b"word"))[-1].failure is Failure.EOF
