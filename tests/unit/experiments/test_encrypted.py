"""The asks of an experiment about one resolver; tests/playbooks/test_encrypted.py has whole conversations."""

import pytest

from hushmap.experiments.encrypted import EncryptedDns
from hushmap.experiments.web import Web
from hushmap.model import Ask, Layer, Side, Target, Transport, trial_of
from hushmap.wire import url
from worlds import SITE, conditions

PAGE = url.parse("https://dns.example/")


def inquiry(text):
    """A fresh conversation about a resolver."""
    return EncryptedDns(Target(experiment="encrypted_dns", text=text), conditions(), 10_000)


@pytest.mark.parametrize(
    ("text", "port", "transport", "alpn"),
    [
        ("tls://dns.example", 853, Transport.TCP, ("dot",)),
        ("quic://dns.example", 853, Transport.QUIC, ("doq",)),
        ("https://dns.example:8443/dns-query", 8443, Transport.TCP, ("h2", "http/1.1")),
    ],
)
def test_a_visit_is_a_handshake_as_its_clients_make_it(text, port, transport, alpn):
    """Port, transport and ALPN of the protocol; the certificate must hold."""
    ask = inquiry(text).visit(PAGE, SITE)
    assert (ask.layer, ask.address, ask.port, ask.sni, ask.verify) == (Layer.TLS, SITE, port, "dns.example", True)
    assert (ask.transport, ask.alpn) == (transport, alpn)


@pytest.mark.parametrize(
    "text", ["udp://192.0.2.53:53", "system", "tls://192.0.2.53", "tls://dns.example#192.0.2.53", "x"]
)
def test_only_a_resolver_by_name_can_be_asked_about(text):
    """Its address is looked up, and its name is what may be blocked."""
    with pytest.raises(ValueError, match="resolver"):
        inquiry(text)


def test_a_question_spends_a_contact_of_the_resolvers_name():
    """What is asked for travels inside; a lookup elsewhere, and what the helper does, is as in any experiment."""
    found = inquiry("tls://dns.example")
    inside = found.ask(0.05)[0]
    ask = Ask(layer=Layer.DNS, name="www.baseline-a.example", resolver=f"tls://dns.example#{SITE}")
    spent = [
        found._contact(trial_of(inside.__class__(id=1, ask=one, side=side)))
        for one, side in ((ask, Side.HERE), (ask, Side.HELPER), (inside.ask, Side.HERE))
    ]
    assert spent == ["dns.example", None, "dns.example"]
    assert isinstance(found, Web)


def test_an_address_whose_handshake_is_not_told_yet_is_asked_nothing(monkeypatch):
    """The survey waits for it."""
    found = inquiry("tls://dns.example")
    leg = found._talk
    monkeypatch.setattr(type(leg), "addresses", (SITE,))
    assert [want.ask.layer for want in found._survey(leg)] == [Layer.DNS] * 3
