"""Tests of hushmap.experiments.sni."""

from hushmap.experiments import open_inquiry
from hushmap.model import Failure, Layer, Target
from worlds import HELPER, SITE, World, conditions, converse

NAME = Target(experiment="sni", text="news.example")
NO_HELPER = conditions(helper=False, helper_address=None, echo_tls=None)


def test_the_handshake_goes_to_our_own_port():
    """Neither the site nor its address is part of the question."""
    (attempt,) = open_inquiry(NAME, conditions(), 1).ask(0.05)
    ask = attempt.ask
    assert (ask.layer, ask.address, ask.port, ask.sni, ask.verify) == (Layer.TLS, HELPER, 8443, "news.example", False)


def test_without_one_the_sites_own_address_is_looked_up_first():
    """If nobody knows it nothing more is asked; a port without an address is none."""
    _, record = converse(World(), NAME, NO_HELPER)
    assert [(t.ask.layer, t.ask.address) for t in record.trials] == [(Layer.DNS, None), (Layer.TLS, SITE)]
    _, record = converse(World(resolves=lambda _ask, _side: Failure.NXDOMAIN), NAME, NO_HELPER)
    assert [trial.ask.layer for trial in record.trials] == [Layer.DNS]
    assert open_inquiry(NAME, conditions(helper_address=None), 1).ask(0.05) == ()
