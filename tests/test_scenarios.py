"""Guard: the lab's scenarios hold every innocent and every censor that is claimed of them.

Each kind of the catalogue stands in a scenario; each mechanism of the model is what some row must name, or waits for an
experiment that is not built; each variation and each innocent has its place in the table here; and a network that
stands for a published one says from where its figures are.
"""

from collections.abc import Callable

import pytest
from make_reference import from_room

from hushmap import model
from hushmap.lab import CATALOGUE, Scenario, load_scenario, shipped_scenarios

SHIPPED = {name: load_scenario(name) for name in shipped_scenarios()}
NETWORKS = {"great-firewall", "henan", "tspu", "iran", "turkmenistan", "isp-resolver", "corporate-mitm", "open"}

WAITING = {
    "tls.mitm.trusted": "chains",
    "http.rewritten.response": "known-page",
}
"""Mechanisms that stand in the lab and wait for an experiment: which."""
ELSEWHERE = {name: "platform" for name in model.MECHANISMS if name.startswith("platform.")}
"""No network does this: platforms have contents of their own, and lab and bench of them (hushmap.lab.platform)."""

INNOCENTS = {
    "certificate expired": ("innocents-servers", "https://expired-one.example/"),
    "certificate self-signed": ("innocents-servers", "https://self-signed-one.example/"),
    "certificate of another name": ("innocents-servers", "https://wrong-name-one.example/"),
    "CDN answers by resolver": ("innocents-addresses", "https://near-one.example/"),
    "CDN answers by country": ("innocents-addresses", "https://country-one.example/"),
    "private address for everyone": ("innocents-addresses", "https://private-one.example/"),
    "one dead address of four": ("innocents-addresses", "https://quarter-one.example/"),
    "IPv6 of a site broken": ("innocents-addresses", "https://no-six.example/"),
    "403": ("innocents-servers", "https://forbidden-one.example/"),
    "451": ("innocents-servers", "https://legal-one.example/"),
    "429": ("innocents-servers", "https://busy-one.example/"),
    "captcha": ("innocents-servers", "https://captcha-one.example/"),
    "alert for unknown names": ("innocents-servers", "https://alerting-one.example/"),
    "reset for unknown names": ("innocents-servers", "https://strict-one.example/"),
    "default certificate of an edge": ("innocents-servers", "https://tenant-one.example/"),
    "parked": ("innocents-servers", "https://parked-one.example/"),
    "page differs per fetch": ("innocents-servers", "https://front-page.example/"),
    "page differs by language": ("innocents-servers", "https://polyglot-one.example/"),
    "cookie banner": ("innocents-servers", "https://consent-one.example/"),
    "redirect loop": ("innocents-servers", "https://circle-one.example/"),
    "broken Location": ("innocents-servers", "https://nowhere-one.example/"),
    "slow server": ("innocents-servers", "https://slow-one.example/"),
    "close in mid-body": ("innocents-servers", "https://cut-one.example/"),
    "neighbour of a blocked site": ("censors-unsteady", "https://shared-innocent.example/"),
    "ad-blocker": ("innocents-hosts-file", "https://ads-one.example/"),
    "parental filter": ("innocents-hosts-file", "https://chat-one.example/"),
    "geoblock by dropped SYN": ("innocents-addresses", "https://geo-syn.example/"),
    "geoblock by refused SYN": ("innocents-addresses", "https://geo-refused.example/"),
    "geoblock by reset": ("innocents-addresses", "https://geo-reset.example/"),
    "geoblock by alert": ("innocents-addresses", "https://geo-alert.example/"),
    "geoblock by DNS": ("innocents-addresses", "https://geo-dns.example/"),
    "geoblock by page": ("innocents-servers", "https://abroad-one.example/"),
}
"""What looks like censorship and is none, by the row that shows it."""

TROUBLES: dict[str, tuple[str, Callable[[Scenario], bool]]] = {
    "5 % loss": ("innocents-loss-5", lambda one: one.path.loss == 0.05),
    "10 % loss": ("innocents-loss-10", lambda one: one.path.loss == 0.1),
    "bursts": ("innocents-bursts", lambda one: (one.path.loss, one.path.burst) == (0.05, 8.0)),
    "300 ms": ("innocents-far", lambda one: one.path.delay_ms == 300),
    "jitter": ("innocents-jitter", lambda one: one.path.jitter_ms >= 60),
    "200 kbit/s": ("innocents-slow", lambda one: one.path.down_kbit_s == 200),
    "bufferbloat": ("innocents-bufferbloat", lambda one: one.path.queue_ms >= 1000 and one.path.down_kbit_s > 0),
    "outages": ("innocents-outages", lambda one: len(one.outage) == 2),
    "IPv6 of the network broken": ("innocents-ipv6-broken", lambda one: one.client.ipv6_broken),
    "NAT64 and DNS64": ("innocents-nat64", lambda one: one.client.nat64),
    "ports of a NAT exhausted": ("innocents-cgnat", lambda one: one.client.cgnat_flows > 0),
    "antivirus root": ("innocents-antivirus", lambda one: one.client.trusts_interceptor),
    "helper down": ("innocents-helper-down", lambda one: one.helper.state == "down"),
    "helper blocked": ("innocents-helper-blocked", lambda one: one.helper.state == "blocked"),
    "helper sees another page": ("innocents-helper-other-page", lambda one: one.helper.state == "other-page"),
    "helper lies": ("innocents-helper-lies", lambda one: one.helper.state == "lies"),
    "resolver silent": ("innocents-resolver-silent", lambda one: one.client.resolver == "silent"),
    "resolver fails": ("innocents-resolver-servfail", lambda one: one.client.resolver == "servfail"),
    "resolver dies": ("innocents-resolver-dies", lambda one: one.client.resolver_from_s > 0),
    "portal before login": ("innocents-portal", lambda one: not any(censor.day_s for censor in one.censor)),
    "portal and login": ("innocents-portal-login", lambda one: all(censor.day_s for censor in one.censor)),
    "clock ahead": ("innocents-clock-ahead", lambda one: one.client.clock_s == 86400),
    "clock behind": ("innocents-clock-behind", lambda one: one.client.clock_s == -86400),
    "network lost": ("innocents-network-lost", lambda one: [c.kind for c in one.change] == ["lost"]),
    "network changed": ("innocents-network-moved", lambda one: [c.kind for c in one.change] == ["moved"]),
    "VPN switched on": ("innocents-network-vpn", lambda one: [c.kind for c in one.change] == ["vpn"]),
}
"""The same for what is wrong with the line, the client or its helper, by how the scenario says so."""

VARIATIONS = {
    "one forged answer": {"kind": "dns-injection", "answers": 1},
    "two forged answers": {"kind": "dns-injection", "answers": 2},
    "three, one mirrors the query's TTL": {"kind": "dns-injection", "answers": 3, "mirror": 3},
    "one loses the race": {"kind": "dns-injection", "late": 1},
    "reset of the client only": {"kind": "sni-reset", "sides": "client", "resets": 1},
    "resets of both, at advancing numbers": {"kind": "sni-reset", "sides": "both", "resets": 3, "advance": True},
    "FIN": {"kind": "sni-close"},
    "segments put together": {"kind": "sni-reset", "reassembly": "tcp", "handshake": True},
    "records put together": {"kind": "sni-reset", "reassembly": "records", "handshake": False},
    "nothing put together, no handshake": {"kind": "sni-drop", "reassembly": "none", "handshake": False},
    "only without TCP options": {"kind": "sni-reset", "bare_header": True},
    "interception by an unknown root": {"kind": "tls-mitm", "trusted": False},
    "interception by a trusted root": {"kind": "tls-mitm", "trusted": True},
    "ECH": {"kind": "ech-drop", "names": ()},
    "ECH together with an outer name": {"kind": "ech-drop", "names": ("outer-name.example",)},
    "words that must stand together": {"kind": "url-reset", "also": ("kw-right",)},
    "escapes undone": {"kind": "url-reset", "escapes": True, "words": ("禁字",)},
    "escapes left alone": {"kind": "url-reset", "escapes": False},
    "GB18030": {"kind": "url-reset", "encodings": ("gb18030",)},
    "GB18030 as it is written": {"kind": "body-reset", "encodings": ("gb18030",), "escapes": False},
    "words that lift a rule": {"kind": "url-reset", "unless": ("kw-hotel", "kw-india")},
    "words in one order": {"kind": "url-reset", "also": ("kw-echo", "kw-foxtrot"), "ordered": True},
    "words that share letters": {"kind": "url-reset", "words": ("测试词",), "also": ("词丙丁",)},
    "capital letters told from small ones": {"kind": "url-reset", "cased": True},
    "the query alone": {"kind": "url-reset", "part": "query"},
    "the first bytes alone": {"first_bytes": 24},
    "words where one begins": {"bounded": True},
    "a score in place of words": {"score": 0.45, "spread": 0.2},
    "names in other scripts": {"kind": "dns-injection", "punycode": True},
    "a server's words, silenced": {"kind": "answer-drop"},
    "response body": {"kind": "response-reset"},
    "forged 403": {"kind": "http-forged", "status": 403},
    "forged 451": {"kind": "http-forged", "status": 451},
    "rewriting proxy": {"kind": "http-rewrite"},
    "QUIC by name, residual": {"kind": "quic-sni-drop", "residual_renewed": "by-triggers"},
    "all of QUIC": {"kind": "quic-drop"},
    "policing": {"kind": "sni-throttle"},
    "shaping": {"kind": "sni-delay"},
    "freeze after 16 to 20 KB": {"kind": "sni-freeze", "after_kb": (16.0, 20.0)},
    "residual on the 4-tuple": {"residual_scope": "4-tuple", "residual_renewed": "by-triggers"},
    "residual on the 3-tuple": {"residual_scope": "3-tuple", "residual_renewed": "by-triggers"},
    "residual on the 2-tuple": {"residual_scope": "2-tuple", "residual_renewed": "by-triggers"},
    "part of the day": {"kind": "sni-reset", "day_s": 4000.0},
    "60 % of follow-ups": {"follow_ups": 0.6},
    "a quarter of hits missed": {"kind": "sni-reset", "misses": 0.25},
    "some flows by hash": {"kind": "sni-drop", "flows": 0.7},
}
"""What censors do differently, by the parameters of one that stands in a scenario (ranges by their middle)."""


def named(mechanisms: set[str], mechanism: str) -> bool:
    """Whether it is among them, bare or with a trigger."""
    return any(each == mechanism or each.startswith(f"{mechanism}.") for each in mechanisms)


def rows(*, waiting: bool) -> dict[str, set[str]]:
    """Mechanisms that rows must name, by the experiment that they wait for; those that wait for none under none."""
    found: dict[str, set[str]] = {}
    for scenario in SHIPPED.values():
        for expect in scenario.expect:
            if bool(expect.needs) is waiting:
                found.setdefault(expect.needs, set()).update(expect.mechanisms)
    return found


def test_every_kind_of_censor_stands_in_a_scenario():
    """A rule that no scenario has is never measured."""
    assert set(CATALOGUE) - {censor.kind for scenario in SHIPPED.values() for censor in scenario.censor} == set()


def test_every_mechanism_is_shown_or_waits():
    """Some row must name it, or a portal or a server does it; else it waits for an experiment, and says for which."""
    shown = rows(waiting=False)[""]
    kinds = {censor.kind for scenario in SHIPPED.values() for censor in scenario.censor}
    innocent = {kind for kind in kinds if kind == "portal" or CATALOGUE[kind].server}
    shown |= {word for kind in innocent for word in CATALOGUE[kind].mechanisms}
    missing = {mechanism for mechanism in model.MECHANISMS if not named(shown, mechanism)}
    assert missing == {mechanism for mechanism in (*WAITING, *ELSEWHERE) if mechanism in model.MECHANISMS}


def test_what_waits_has_a_row_that_says_so():
    """Under the name of an experiment that does not exist yet, and no row waits for anything else."""
    built = from_room("experiments", "EXPERIMENTS")
    waiting = rows(waiting=True)
    assert not set(waiting) & set(built)
    assert set(waiting) == set(WAITING.values())
    assert [name for name, experiment in WAITING.items() if name not in waiting[experiment]] == []
    assert set().union(*waiting.values()) == set(WAITING)


@pytest.mark.parametrize("case", INNOCENTS)
def test_every_innocent_has_its_row(case):
    """METHOD 6 and what every project was fooled by; none may be called blocked."""
    name, target = INNOCENTS[case]
    (row,) = [expect for expect in SHIPPED[name].expect if expect.target == target]
    assert row.accused_by(model.Outcome.BLOCKED)


@pytest.mark.parametrize("case", TROUBLES)
def test_every_trouble_has_its_scenario(case):
    """Lines, clients and helpers; whatever they do, nobody is accused for it."""
    name, is_there = TROUBLES[case]
    assert is_there(SHIPPED[name])
    assert all(expect.accused_by(model.Outcome.UNREACHABLE) for expect in SHIPPED[name].expect)


@pytest.mark.parametrize("case", VARIATIONS)
def test_every_variation_stands_in_a_scenario(case):
    """By its parameters, whatever else the censor has."""
    wanted = VARIATIONS[case]
    censors = [censor for scenario in SHIPPED.values() for censor in scenario.censor]
    assert any(all(getattr(censor, name) == value for name, value in wanted.items()) for censor in censors)


def test_every_network_is_there_and_names_its_sources():
    """Published figures by a section of the notes; what is only known is said to be unchecked."""
    files = {
        name.partition("/")[2]: path for name, path in shipped_scenarios().items() if name.startswith("networks/")
    }
    assert set(files) >= NETWORKS
    for name, path in files.items():
        head = path.read_text("utf-8").partition("\nname =")[0]
        assert head.startswith("# ")
        assert "refs/" in head or "METHOD" in head, name
        assert SHIPPED[f"networks/{name}"].scale > 1


def test_every_scenario_says_what_it_stands_for():
    """In a comment at its head, which the reference shows, and in a title."""
    for name, path in shipped_scenarios().items():
        head = path.read_text("utf-8").partition("\nname =")[0]
        assert len(head.split()) > 8, name
        assert SHIPPED[name].title, name
