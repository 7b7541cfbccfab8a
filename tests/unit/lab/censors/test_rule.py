"""What rules share: how a censor's parameters become its habits, and the words of the log."""

import pytest

from hushmap.lab.censors.forge import LEGACY, Style
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rule import burn_of, packed, style_of


def test_addresses_are_known_as_packets_have_them():
    """Of both families."""
    assert packed(("198.51.100.1", "2001:db8::1")) == {
        b"\xc6\x33\x64\x01": "198.51.100.1",
        b"\x20\x01\x0d\xb8" + bytes(11) + b"\x01": "2001:db8::1",
    }


def test_the_usual_style_is_the_legacy_injectors():
    """Nothing said: three resets at advancing numbers to both sides; else what is said."""
    assert style_of(Censor(kind="sni-reset")) == LEGACY == Style()
    special = Censor(
        kind="sni-reset", sides="client", resets=1, bare_resets=True, reset_payload="0102", ttl=9, ident=1
    )
    assert style_of(special) == Style(sides="client", resets=1, bare=True, payload=b"\1\2", ttl=9, ident=1)


@pytest.mark.parametrize("way", ["reset", "drop"])
def test_residual_blocking_follows_where_it_has_a_time(way):
    """Scope, share and renewal are the censor's; without seconds there is none."""
    assert burn_of(Censor(kind="sni-reset"), way) is None
    burn = burn_of(
        Censor(kind="sni-reset", residual_s=9.0, residual_scope="2-tuple", follow_ups=0.6, residual_renewed="no"), way
    )
    assert (burn.seconds, burn.scope, burn.share, burn.renewed, burn.way) == (9.0, "2-tuple", 0.6, "no", way)
