"""Tests of hushmap.model.verdict."""

import pytest

from hushmap.model import MECHANISMS, TRIGGERS, mechanism_known


@pytest.mark.parametrize(
    "name", ["tls.reset", "tls.reset.sni", "http.reset.url", "dns.injection.name", "dns.tamper.bogon", "portal"]
)
def test_mechanisms_of_method_2_are_known_bare_and_with_a_trigger_of_their_family(name):
    """As rules write them."""
    assert mechanism_known(name)


@pytest.mark.parametrize(
    "name",
    ["", "tls", "tls.reset.name", "tls.prohibited", "ip.timeout.sni", "tls.reset.sni.sni", "nonsense.sni", "."],
)
def test_anything_else_is_not(name):
    """Another family's trigger, two triggers, or no mechanism."""
    assert not mechanism_known(name)


def test_every_bare_mechanism_and_every_pair_with_a_trigger_is_known():
    """The two tables are what is known, whole."""
    assert all(mechanism_known(name) for name in MECHANISMS)
    for name in MECHANISMS:
        for trigger in TRIGGERS.get(name.partition(".")[0], ()):
            assert mechanism_known(f"{name}.{trigger}")
