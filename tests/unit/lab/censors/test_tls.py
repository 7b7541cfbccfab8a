"""Rules on the ClientHello, with hellos of the real TLS library and ones that hide their name."""

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.rule import SETTLED
from hushmap.wire import tls

NAMED = {"names": ["named.example"], "words": ["kw-one"]}
BY_NAME = {
    "sni-reset": "tls.reset.sni",
    "sni-drop": "tls.timeout.sni",
    "sni-close": "tls.close.sni",
    "sni-alert": "tls.alert.sni",
}
BY_ECH = {
    "ech-reset": "tls.reset.ech",
    "ech-drop": "tls.timeout.ech",
    "ech-close": "tls.close.ech",
    "ech-alert": "tls.alert.ech",
}


@pytest.mark.parametrize("kind", BY_NAME)
@pytest.mark.parametrize("name", ["named.example", "www.named.example", "a-kw-one.example"])
@pytest.mark.parametrize("pieces", [1, 3])
def test_a_listed_name_is_found_however_it_is_cut(talk, kind, name, pieces):
    """The last segment that completes the hello brings the act."""
    *before, last = talk.feed(talk.rule(kind, **NAMED), talk.hello(name), pieces=pieces)
    assert before == [None] * (pieces - 1)
    assert (last.sighting.mechanism, last.sighting.what) == (BY_NAME[kind], name)
    assert last.drop


@pytest.mark.parametrize("kind", BY_NAME)
def test_other_names_settle(talk, kind):
    """Another name, no name, no TLS, a hello that is broken, another port; and the twin passes the very hello."""
    rule = talk.rule(kind, **NAMED)
    assert talk.feed(rule, talk.hello("fine.example")) == [SETTLED]
    assert talk.feed(rule, talk.records(talk.message(None))) == [SETTLED]
    assert talk.feed(rule, b"GET / HTTP/1.1\r\n\r\n") == [SETTLED]
    assert talk.feed(rule, talk.records(b"\2\0\0\1x")) == [SETTLED]
    assert talk.feed(rule, talk.hello("named.example"), port=8443) == [SETTLED]
    assert talk.feed(talk.rule(kind, names=["other.example"]), talk.hello("named.example")) == [SETTLED]


def test_the_resets_of_a_name_are_five(talk):
    """Three to the client, two to the server; residual blocking is asked for."""
    (action,) = talk.feed(
        talk.rule("sni-reset", names=["named.example"], residual_s=2.0), talk.hello("named.example")
    )
    assert len(action.inject) == 5
    assert (action.burn.seconds, action.burn.scope, action.burn.way) == (2.0, "3-tuple", "reset")


def test_a_listed_name_is_silenced(talk):
    """Nothing is injected; all that follows is dropped."""
    (action,) = talk.feed(talk.rule("sni-drop", names=["named.example"]), talk.hello("named.example"))
    assert (action.drop, action.silence, action.inject, action.burn) == (True, True, (), None)


@pytest.mark.parametrize(("number", "meaning"), [(40, "handshake_failure"), (112, "unrecognized_name")])
def test_a_forged_alert_is_one_that_a_client_reads(talk, number, meaning):
    """A fatal alert of that number, then the end."""
    (action,) = talk.feed(talk.rule("sni-alert", alert=number, names=["named.example"]), talk.hello("named.example"))
    said = p.parse(action.inject[0].raw, outward=False)
    assert tls.ALERTS[tls.alert(said.payload)] == meaning
    assert said.flags & p.FIN


def test_whether_records_and_segments_are_put_together_is_the_censors_make(talk):
    """Cut in the name, by records or by segments, a hello passes whoever does not put that together."""
    message = talk.message("named.example")
    cut = message.index(b"named") + 3
    whole, records = talk.records(message), talk.records(message, cut)
    rules = {make: talk.rule("sni-reset", reassembly=make, **NAMED) for make in ("records", "tcp", "none")}

    def hit(make, stream, *cuts):
        return any(
            (each is None) is False and each is not SETTLED
            for each in talk.feed(rules[make], stream, cuts=(0, *cuts, len(stream)))
        )

    assert [hit(make, whole) for make in rules] == [True, True, True]
    assert [hit(make, records) for make in rules] == [True, False, False]
    assert [hit(make, whole, cut + 5) for make in rules] == [True, True, False]
    assert [hit(make, records, cut + 5) for make in rules] == [True, False, False]


def test_a_piece_that_holds_the_name_is_enough_for_a_hasty_one(talk):
    """Cut behind the name, the stateless censor has seen it."""
    stream = talk.records(talk.message("named.example", padding=300))
    cut = stream.index(b"named.example") + 13
    first, _ = talk.feed(talk.rule("sni-reset", reassembly="none", **NAMED), stream, cuts=(0, cut, len(stream)))
    assert first.sighting.what == "named.example"


@pytest.mark.parametrize("kind", BY_ECH)
@pytest.mark.parametrize("extension", [0xFE0D, 0xFFCE])
def test_a_hello_that_hides_its_name_is_found_by_that(talk, kind, extension):
    """ECH and ESNI, with any name in plain sight or none; a hello without them passes."""
    rule = talk.rule(kind)
    (action,) = talk.feed(rule, talk.records(talk.message("outer.example", extension)))
    assert (action.sighting.mechanism, action.sighting.what) == (BY_ECH[kind], "outer.example")
    (action,) = talk.feed(rule, talk.records(talk.message(None, extension)))
    assert action.sighting.what == "-"
    assert talk.feed(rule, talk.records(talk.message("outer.example"))) == [SETTLED]
    assert talk.feed(rule, talk.hello("outer.example")) == [SETTLED]


@pytest.mark.parametrize("kind", BY_ECH)
def test_some_need_both_the_extension_and_an_outer_name(talk, kind):
    """Two by two: only both together are acted on (refs/BEYOND 2.8)."""
    rule = talk.rule(kind, names=["outer.example"])
    seen = {
        (name, hidden): talk.feed(rule, talk.records(talk.message(name, *([0xFE0D] if hidden else [])))) != [SETTLED]
        for name in ("outer.example", "other.example")
        for hidden in (True, False)
    }
    assert [case for case, acted in seen.items() if acted] == [("outer.example", True)]


GREASE = 0x5A5A
"""One of the sixteen values of RFC 8701."""


@pytest.mark.parametrize("kind", BY_NAME)
@pytest.mark.parametrize(("hellos", "plain", "grease"), [("all", 1, 1), ("plain", 1, 0), ("grease", 0, 1)])
def test_a_kind_of_hello_may_be_spared(talk, kind, hellos, plain, grease):
    """Programs, browsers or all: whoever is not meant is settled, whatever the name."""
    rule = talk.rule(kind, hellos=hellos, **NAMED)
    (ours,) = talk.feed(rule, talk.records(talk.message("named.example")))
    (theirs,) = talk.feed(rule, talk.records(talk.message("named.example", GREASE)))
    assert ((ours is not SETTLED), (theirs is not SETTLED)) == (bool(plain), bool(grease))
