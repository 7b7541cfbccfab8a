"""Which trials are the probe's own in OONI's sense, by example."""

import msgspec
import pytest

from hushmap.codec.ooni_survey import Places, first_round, host_in
from hushmap.model import Context, Role, Side, Void
from trials import CONTEXT, DARK, NAME, OTHER, SITE, connected, loaded, lookup, record, shaken

NEXT = "https://m.news.example/"


@pytest.mark.parametrize(
    "trial",
    [
        loaded(1, round=1),
        loaded(1, pair=3),
        loaded(1, changed="notice"),
        loaded(1, changed="sni"),
        loaded(1, undone="budget"),
        loaded(1, role=Role.BASELINE),
        loaded(1, role=Role.CANARY),
        loaded(1, role=Role.SENTINEL),
        loaded(1, side=Side.HELPER),
        loaded(1, side=Side.PEER),
        lookup(1, [SITE], DARK),
        loaded(7),
    ],
)
def test_what_is_not_the_first_round(trial):
    """Nothing but what any client would have done once; number 7 is void."""
    voids = msgspec.structs.replace(CONTEXT, voids=(Void(trial=7, reason="residual"),))
    assert first_round(record(trial, context=voids)) == ()


def test_the_first_round_in_the_order_of_its_plan():
    """Lookups at every resolver and page loads, from one side at a time."""
    here = [loaded(4), lookup(1, [SITE]), lookup(2, [SITE], OTHER, changed="resolver")]
    there = loaded(3, side=Side.HELPER)
    found = record(*here, there)
    assert [trial.id for trial in first_round(found)] == [1, 2, 4]
    assert first_round(found, Side.HELPER) == (there,)


def test_a_lookup_inside_tls_is_not_the_first_round():
    """Its connection and request are the resolver's: in OONI's arrays they would be the page's."""
    inside = lookup(1, [SITE], "https://dns.example/dns-query#192.0.2.53", changed="resolver")
    steps = (*loaded(2).steps, *inside.steps)
    assert first_round(record(msgspec.structs.replace(inside, steps=steps))) == ()
    assert first_round(record(inside)) == (inside,)


def test_without_a_dark_address_nothing_is_dark():
    """A lookup whose resolver is unknown is not taken for one at a dark address."""
    trial = lookup(1, [SITE])
    bare = msgspec.structs.replace(trial, ask=msgspec.structs.replace(trial.ask, resolver=None))
    assert first_round(record(bare, context=Context())) == (bare,)


def tags(*trials, target=f"https://{NAME}/"):
    """The tags of each trial."""
    places = Places(record(*trials, target=target), trials)
    return [set(places.tags(trial)) for trial in trials]


def test_depth_counts_redirects():
    """A page stands where the redirects led to it; a lookup, a connection or a handshake with the page of its name."""
    found = tags(
        lookup(1, [SITE]),
        loaded(2),
        lookup(3, [SITE], name="m.news.example"),
        loaded(4, url=NEXT),
        shaken(5, sni="m.news.example"),
        connected(6),
        loaded(7, url=NEXT),
    )
    depths = [next(tag for tag in one if tag.startswith("depth=")) for one in found]
    assert depths == ["depth=0", "depth=0", "depth=1", "depth=1", "depth=1", "depth=0", "depth=1"]


def test_a_load_of_an_unknown_page_is_the_first():
    """A helper's page that nobody loaded from here stands with the target."""
    places = Places(record(), ())
    assert places.first == NAME
    assert places.depth(loaded(1, url=NEXT)) == 0


def test_classic_is_what_the_system_s_resolver_led_to():
    """Its lookups, the addresses that it named, and a host that is an address itself."""
    found = tags(
        lookup(1, [SITE], "system"), lookup(2, ["198.51.100.8"]), loaded(3), loaded(4, address="198.51.100.8")
    )
    assert ["classic" in one for one in found] == [True, False, True, False]
    bare = loaded(1, url=f"http://{SITE}/")
    assert tags(bare, target=f"http://{SITE}/") == [{"depth=0", "fetch_body=true", "classic"}]
    assert tags(connected(1)) == [{"depth=0", "fetch_body=false"}]


def test_the_host_of_what_is_no_url_is_itself():
    """Targets of other kinds are compared as they are."""
    assert (host_in("HTTPS://News.Example/x"), host_in("no URL")) == ("news.example", "no URL")
