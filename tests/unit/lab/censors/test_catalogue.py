"""The catalogue: every kind is described, acts on its trigger, and leaves its uncensored twin alone."""

from ipaddress import ip_address

import msgspec
import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors import catalogue
from hushmap.lab.censors.box import Box
from hushmap.lab.censors.catalogue import CATALOGUE, EVERYWHERE, RESOLVER_KINDS, RULES, SERVER_KINDS, build, faults
from hushmap.lab.censors.parameters import Censor
from hushmap.model import mechanism_known
from hushmap.wire import dns

LISTED = "198.51.100.20"
NAME, WORD = "blocked.example", "kw-one"
NEEDED = {
    "names": [NAME],
    "words": [WORD],
    "addresses": [LISTED],
    "ports": [443],
    "location": "http://notice.isp.example/",
    "to": ["198.51.100.53"],
}
"""What is given to a kind that needs it."""
OTHERS = {"names": ["other.example"], "words": ["kw-other"], "addresses": ["198.51.100.99"], "ports": [9]}
"""The same for its twin, which censors somebody else."""
SPECIAL = {"dns-bogon": {}, "sni-throttle": {"burst_kb": 1.0}, "host-throttle": {"burst_kb": 1.0}}
SPECIAL |= {"resolver-bogon": {"addresses": ["10.0.0.1"]}}
SPECIAL |= {"address-throttle": {"burst_kb": 1.0}, "dns-encrypted": {"names": [NAME]}}


def censor_of(kind, **given):
    """A censor of this kind with what it needs."""
    needed = {group[0]: (given or NEEDED).get(group[0], NEEDED[group[0]]) for group in CATALOGUE[kind].needs}
    return msgspec.convert({"kind": kind, **needed, **SPECIAL.get(kind, {})}, Censor)


def exchange(talk):
    """What a client and a server say in all that can be censored: (packet, outward)."""
    hello = talk.records(talk.message(NAME, 0xFE0D, padding=100))
    request = talk.request(NAME, f"/{WORD}", headers=[f"X-Note: {WORD}"], body=WORD.encode())
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 25000\r\n\r\n" + WORD.encode()
    packets = [talk.datagram(dns.query(NAME, "A", 1))]
    for port, said in ((443, hello), (80, request), (853, hello)):
        packets += [
            talk.segment(port=port, seq=1000, ack=0, flags=p.SYN),
            talk.segment(port=port, seq=500, ack=1001, flags=p.SYN | p.ACK, outward=False),
            talk.segment(said, port=port),
            talk.segment(answer, port=port, seq=501, ack=1001 + len(said), outward=False),
        ]
        packets += [
            talk.segment(bytes(1000), port=port, seq=600 + 1000 * n, ack=1001 + len(said), outward=False)
            for n in range(25)
        ]
    return packets


def acts(censor, packets):
    """What the truth log of a box with this censor alone would say."""
    log = []
    box = Box(
        [build(censor)],
        at=3,
        hops=8,
        on_path=False,
        log=lambda kind, sighting, _: log.append((kind, sighting.mechanism)),
    )
    passages = [box.see(packet.raw, 0.001 * n, outward=packet.outward) for n, packet in enumerate(packets)]
    return log, [each for each in passages if each.inject or not each.forward or each.instead or each.hold]


ON_PATH = sorted(set(RULES) - {"quic-drop", "quic-sni-drop"})
"""QUIC has an exchange of its own, in test_quic."""


@pytest.mark.parametrize("kind", ON_PATH)
def test_every_kind_acts_on_its_trigger(talk, kind):
    """In a conversation that has every trigger, it does something, and the log has its word for it."""
    log, done = acts(censor_of(kind), exchange(talk))
    assert done
    assert log
    assert {each for each, _ in log} == {kind}
    assert {mechanism for _, mechanism in log} <= set(CATALOGUE[kind].mechanisms)


@pytest.mark.parametrize("kind", sorted(RULES))
def test_no_kind_can_discard_hold_or_change_from_beside_the_path(talk, kind):
    """Its box does not let it, whatever the rule says: as a tap it sees a copy, and the packet itself goes on."""
    packets = [*exchange(talk), talk.datagram(talk.initial(talk.crypto(talk.message(NAME))), port=443)]
    packets += packets[2:4] * 2  # silence and residual blocking would meet what follows
    log = []
    box = Box([build(censor_of(kind))], at=3, hops=8, on_path=True, log=lambda *what: log.append(what))
    for number, packet in enumerate(packets):
        passage = box.see(packet.raw, 0.001 * number, outward=packet.outward)
        assert (passage.forward, passage.instead, passage.hold) == (True, None, 0.0)
    assert log, "the rule did act"


@pytest.mark.parametrize("kind", ON_PATH)
def test_every_kind_leaves_its_twin_alone(talk, kind):
    """The same conversation beside a censor of the same kind that has others on its list: nothing is done or logged."""
    if kind in {
        "ech-alert",
        "ech-close",
        "ech-drop",
        "ech-reset",
        "dns-encrypted",
    }:  # these act on all; by their test
        censor = msgspec.convert({"kind": kind, "names": ["other.example"]}, Censor)
        packets = [packet for packet in exchange(talk) if 853 not in {packet.sport, packet.dport}]
    else:
        censor, packets = censor_of(kind, **OTHERS), exchange(talk)
    assert acts(censor, packets) == ([], [])


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_every_kind_is_described(kind):
    """A sentence, a source that can be named, mechanisms of METHOD 2, parameters that exist."""
    entry = CATALOGUE[kind]
    assert entry.what.endswith(".")
    assert 3 < len(entry.what.split()) < 60
    assert entry.source.startswith(("refs/", "METHOD"))
    assert entry.mechanisms
    assert all(mechanism_known(mechanism) for mechanism in entry.mechanisms)
    assert set(entry.takes) <= set(Censor.__struct_fields__) - set(EVERYWHERE)
    assert {name for group in entry.needs for name in group} <= set(entry.takes)
    assert entry.layer in {*catalogue.LAYERS, "resolver"}
    assert (entry.rule is None) == (kind in RESOLVER_KINDS)


def test_the_catalogue_covers_what_can_happen_on_a_path():
    """Every mechanism of METHOD 2 that a network can do; servers' and platforms' own are theirs."""
    from hushmap.model import MECHANISMS

    done = {mechanism for entry in CATALOGUE.values() for mechanism in entry.mechanisms}
    bare = {mechanism for mechanism in MECHANISMS if not mechanism.startswith(("platform.", "server."))}
    missing = {word for word in bare if not any(each == word or each.startswith(f"{word}.") for each in done)}
    assert missing == set()
    for action in ("reset", "timeout", "close"):
        places = ("host", "url", "path", "query", "header", "cookie", "body", "response")
        assert {f"http.{action}.{place}" for place in places} <= done
    for action in ("reset", "timeout"):
        assert {f"tcp.{action}.payload", f"tcp.{action}.answer"} <= done
    for action in ("reset", "timeout", "close", "alert"):
        assert {f"tls.{action}.sni", f"tls.{action}.ech"} <= done


def test_what_stands_where_is_known_by_kind():
    """Resolvers' lies and servers' refusals are not censors on the path."""
    assert all((kind in RESOLVER_KINDS) is kind.startswith("resolver-") for kind in CATALOGUE)
    told = {mechanism for kind in RESOLVER_KINDS for mechanism in CATALOGUE[kind].mechanisms}
    answers = {"bogon", "blockpage", "other"}
    codes = {"nxdomain", "refused", "servfail", "empty", "timeout"}
    assert told == {f"dns.tamper.{word}" for word in answers} | {f"dns.{word}" for word in codes}
    assert {"geo-syn-drop", "geo-syn-reset"} == SERVER_KINDS
    assert set(RULES) == set(CATALOGUE) - RESOLVER_KINDS


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_nothing_needless_can_be_given(kind):
    """A parameter that would do nothing is refused by its name."""
    entry = CATALOGUE[kind]
    foreign = next(name for name in ("alert", "late_s", "rate_kbit", "header") if name not in entry.takes)
    censor = msgspec.structs.replace(censor_of(kind), **{foreign: "x" if foreign == "header" else 7})
    assert [fault for fault in faults(censor) if fault.startswith(f"takes no {foreign};")]
    assert list(faults(censor_of(kind))) == []


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_what_is_needed_is_asked_for(kind):
    """Without it the message names it."""
    bare = list(faults(Censor(kind=kind)))
    for group in CATALOGUE[kind].needs:
        assert f"needs {' or '.join(group)}" in bare


@pytest.mark.parametrize("kind", sorted(RULES))
def test_a_tap_cannot_do_what_needs_the_path(kind):
    """Said at once, by the kinds that discard, hold or change."""
    censor = msgspec.structs.replace(censor_of(kind), on_path=True)
    refused = "cannot be on_path, for a tap cannot discard" in list(faults(censor))
    assert refused is CATALOGUE[kind].in_path


def test_what_needs_no_path_injects():
    """Whoever may be a tap has something to inject, or its act would be none."""
    injecting = {"resets", "ttl", "record_ttl"}
    for kind, entry in CATALOGUE.items():
        if entry.rule is not None and not entry.in_path and kind != "address-prohibited":
            assert injecting & set(entry.takes), kind


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"residual_scope": "2-tuple"}, "residual_scope means nothing without residual_s"),
        ({"follow_ups": 0.6}, "follow_ups means nothing without residual_s"),
        ({"day_s": 24.0}, "active_s must be a part of the day of 24 s"),
        ({"day_s": 24.0, "active_s": (8.0, 25.0)}, "active_s must be a part of the day of 24 s"),
        ({"active_s": (8.0, 20.0)}, "active_s means nothing without day_s"),
    ],
)
def test_parameters_that_need_each_other(more, fault):
    """One without the other would do nothing."""
    assert list(faults(Censor(kind="sni-reset", names=("a.example",), **more))) == [fault]


def test_addresses_are_addresses():
    """A name is none; and of the services that flows are led to there is one of each family."""
    assert list(faults(Censor(kind="address-drop", addresses=("a.example",)))) == [
        "addresses: a.example is no IP address"
    ]
    named = {"names": ("a.example",)}
    two = Censor(kind="tls-mitm", to=("198.51.100.1", "198.51.100.2"), **named)
    assert list(faults(two)) == ["to: one address of each family at most"]
    assert list(faults(Censor(kind="tls-mitm", to=("198.51.100.1", "2001:db8::1"), **named))) == []
    assert ip_address(LISTED).version == 4


def test_where_a_notice_looks_decides_what_it_takes():
    """By Host it takes names, by URL words that may be escaped."""
    by_url = Censor(kind="block-page", where="url", words=("a",), escapes=False)
    assert list(faults(by_url)) == []
    by_host = msgspec.structs.replace(by_url, where="host")
    (fault,) = faults(by_host)
    assert fault.startswith("takes no escapes;")
