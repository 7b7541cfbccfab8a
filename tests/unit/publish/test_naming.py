"""Stand-ins for addresses near the person."""

import msgspec

from hushmap.model import Ask, Context, Hop, Layer, Record, Trial, Vantage, is_public
from hushmap.publish.naming import Names, Near, addresses_in, addresses_of, near_routers

TARGET = "198.51.100.7"
WAY = ("192.168.1.1", "100.64.0.9", "203.0.113.1", "203.0.113.2", "198.51.100.1")


def traced(asn=64501, prefixes=(("203.0.113.0/24", 64501), ("198.51.100.0/24", 64502))):
    """A way of five routers."""
    steps = [
        Hop(t0=0.0, t=0.1, address=TARGET, port=443, ttl=ttl, router=router) for ttl, router in enumerate(WAY, 1)
    ]
    ask = Ask(layer=Layer.TCP, address=TARGET, port=443, resolver="udp://192.168.1.1:53")
    trials = tuple(Trial(id=at, ask=ask, steps=(step,)) for at, step in enumerate(steps))
    return Record(
        id="r-0000", run="r", experiment="hops", target="https://a.example/", started="", ended="", run_started="",
        vantage=Vantage(asn=asn, resolver="203.0.113.53"), trials=trials,
        context=Context(helper="203.0.113.10", prefixes=prefixes),
    )  # fmt: skip


def test_routers_near_the_person():
    """Those that are not public and the first that is; without leave to name the network, all of its own."""
    assert set(near_routers(traced(), own_vantage=True)) == {*WAY[:3]}
    assert set(near_routers(traced(), own_vantage=False)) == {*WAY[:4]}
    assert set(near_routers(traced(asn=None), own_vantage=False)) == {*WAY}
    assert set(near_routers(traced(prefixes=(("no prefix", 1),)), own_vantage=False)) == {*WAY}


def test_each_has_one_stand_in_as_public_as_itself():
    """The helper, the resolver and the routers; none is an address of the run, and no other address has one."""
    near = Near()
    near.look(traced(), own_vantage=False)
    names = near.names()
    assert set(names.of) == {"203.0.113.10", "203.0.113.53", *WAY[:4]}
    assert len(set(names.of.values())) == len(names.of)
    assert not set(names.of.values()) & near.seen
    assert is_public(names.of["203.0.113.10"])
    assert not any(is_public(names.of[router]) for router in WAY[:4])
    assert names.text("udp://203.0.113.10:53") == f"udp://{names.of['203.0.113.10']}:53"
    assert names.text("203.0.113.100 1.203.0.113.10 203.0.113.10.1") == "203.0.113.100 1.203.0.113.10 203.0.113.10.1"
    assert near.names().of == names.of


def test_the_providers_resolver_stays_where_the_network_is_named():
    """If it is public: one at home does not."""
    near = Near()
    near.look(traced(), own_vantage=True)
    assert near.resolvers == {"192.168.1.1"}


def test_ipv6_has_stand_ins_of_its_own():
    """And a name that is no address has none."""
    names = Names()
    names.public("2001:db8::1")
    names.public("helper.example")
    names.near("fe80::1")
    assert [name.split(":")[0] for name in names.of.values()] == ["2001", "fd00"]
    assert names.text("[2001:db8::1]:443 2001:db8::1:2") == f"[{names.of['2001:db8::1']}]:443 2001:db8::1:2"
    assert names.any_in("2001:db8::/32")
    assert not names.any_in("2001:db9::/32")
    assert names.any_in("no prefix")


def test_ports_of_this_side():
    """The same port is the same stand-in; none is none."""
    names = Names()
    assert [names.port(port) for port in (40_001, 40_002, 40_001, 0)] == [50_000, 50_001, 50_000, 0]


def test_addresses_in_texts():
    """Of resolvers as asks have them, and in any value."""
    assert list(addresses_in("tls://dns.example#192.0.2.53")) == ["192.0.2.53"]
    assert list(addresses_in("udp://[2001:db8::53]:53")) == ["2001:db8::53"]
    assert set(addresses_of((msgspec.structs.replace(traced()),))) >= {TARGET, "203.0.113.10"}
