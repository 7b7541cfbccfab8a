"""The `quic` inquiry in fake worlds, innocents first."""

import random

import msgspec
import pytest

from hushmap.model import Evidence, Failure, Layer, Outcome, Page, Reason, Role, Scope, Side, Target, Transport
from worlds import BASELINES, SITE, Line, World, conditions, converse

NAME = "news.example"
NO_HELPER = conditions(helper=False, helper_address=None, echo_http=None, echo_tls=None, dark=None)
OURS = {name: address for name, (address,) in ((each.name, each.addresses) for each in BASELINES)}
TARGET = Target(experiment="quic", text=NAME)


def over(ask):
    """Whether it goes over QUIC."""
    return ask.transport is Transport.QUIC


def silent(_ask, _side):
    """A server that speaks no QUIC and drops it."""
    return Failure.TIMEOUT


def filtered(ask):
    """A censor that silences every Initial with the name."""
    return Failure.TIMEOUT if over(ask) and ask.sni == NAME else None


def quic_trials(record, **wanted):
    """Trials over QUIC."""
    return [
        t for t in record.trials if over(t.ask) and all(getattr(t, key) == value for key, value in wanted.items())
    ]


@pytest.mark.parametrize("text", [NAME, f"https://{NAME}/a", f"http://{NAME}:8080/"])
def test_a_site_that_answers_is_reached_in_three_attempts(text):
    """Lookup, page over TCP, handshake in datagrams; nobody else is asked."""
    verdict, record = converse(World(), msgspec.structs.replace(TARGET, text=text))
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "quic.reached")
    assert [trial.ask.layer for trial in record.trials] == [Layer.DNS, Layer.HTTP, Layer.TLS]
    assert record.trials[1].ask.alpn == ("h2", "http/1.1")
    assert all(trial.ask.port in {None, 443} for trial in record.trials)


def test_most_sites_speak_no_quic():
    """Silence here and at the helper, and nothing says otherwise: no pair is spent, nobody is accused."""
    world = World(quic=lambda ask, side: silent(ask, side) if ask.address == SITE else None)
    verdict, record = converse(world, TARGET)
    assert (verdict.outcome, verdict.reason, verdict.rule) == (
        Outcome.INSUFFICIENT,
        Reason.NO_QUIC,
        "quic.not-spoken",
    )
    assert all(trial.pair is None for trial in record.trials)


@pytest.mark.parametrize("failure", [Failure.REFUSED, Failure.TLS_ALERT, Failure.QUIC_VERSION, Failure.RESET])
def test_a_server_that_says_so_speaks_no_quic_either(failure):
    """An alert, a refusal, other versions: an answer, and no silence; asked once."""
    world = World(quic=lambda ask, _side: failure if ask.address == SITE else None)
    verdict, record = converse(world, TARGET)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_QUIC)
    assert len(quic_trials(record, side=Side.HERE, role=Role.SUBJECT)) == 1


def test_without_a_helper_a_silent_server_is_not_accused():
    """Harmless names are met with silence there too, so it speaks no QUIC."""
    world = World(quic=lambda ask, side: silent(ask, side) if ask.address == SITE else None)
    verdict, _ = converse(world, TARGET, NO_HELPER)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_QUIC)


def test_a_filtered_name_is_found():
    """Silence for the name at the site's server and at another; harmless names pass at both."""
    verdict, record = converse(World(blocks=filtered), TARGET)
    assert (verdict.outcome, verdict.mechanisms, verdict.scope) == (
        Outcome.BLOCKED,
        ("quic.timeout.sni",),
        Scope.QUIC,
    )
    assert (verdict.evidence, verdict.rule) == (Evidence.CONTROLLED, "quic.name")
    pairs = [trial for trial in quic_trials(record, role=Role.SUBJECT) if trial.pair is not None]
    assert {trial.ask.dwell for trial in pairs} == {5.0}
    assert {trial.ask.address for trial in pairs} == {SITE, *list(OURS.values())[:1]}
    assert len(quic_trials(record, role=Role.SUBJECT, side=Side.HERE)) <= 24


def test_a_filtered_name_is_found_without_a_helper():
    """The pairs need nobody elsewhere."""
    verdict, _ = converse(World(blocks=filtered), TARGET, NO_HELPER)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("quic.timeout.sni",))


@pytest.mark.parametrize("miss", [0.1, 0.25])
def test_a_censor_that_misses_some_is_found(miss):
    """A name that passes now and then."""
    found = 0
    for seed in range(10):
        world = World(blocks=filtered, miss=miss, rng=random.Random(seed))
        verdict, _ = converse(world, TARGET)
        assert verdict.outcome in {Outcome.BLOCKED, Outcome.OK, Outcome.INSUFFICIENT, Outcome.UNREACHABLE}
        found += verdict.outcome is Outcome.BLOCKED
    assert found >= 5


def test_a_server_that_ignores_names_it_does_not_know_is_no_censor():
    """Its own name is answered, others are not: nothing is wrong."""
    world = World(quic=lambda ask, side: silent(ask, side) if ask.address == SITE and ask.sni != NAME else None)
    assert converse(world, TARGET)[0].outcome is Outcome.OK


def test_a_filtered_name_is_found_at_a_server_that_ignores_others():
    """No twin passes at the site's server, so the other one decides; the helper shows that the site speaks QUIC."""
    world = World(
        blocks=filtered,
        quic=lambda ask, side: silent(ask, side) if ask.address == SITE and ask.sni != NAME else None,
    )
    verdict, _ = converse(world, TARGET)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("quic.timeout.sni",))


def test_a_server_that_refuses_this_network_is_unreachable():
    """It is silent here for its own name alone, and the name passes elsewhere on this line."""
    world = World(
        blocks=lambda ask: Failure.TIMEOUT if over(ask) and ask.sni == NAME and ask.address == SITE else None
    )
    verdict, _ = converse(world, TARGET)
    assert (verdict.outcome, verdict.rule, verdict.scope) == (Outcome.UNREACHABLE, "quic.unreachable", Scope.QUIC)


def test_an_address_that_is_silent_is_unreachable():
    """Whatever the name: the server may refuse this network."""
    world = World(blocks=lambda ask: Failure.TIMEOUT if over(ask) and ask.address == SITE else None)
    verdict, _ = converse(world, TARGET)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ())


def test_a_network_without_quic_is_the_networks_affair():
    """No server is reached over QUIC, and a harmless one is over TCP at the same address."""
    verdict, record = converse(World(blocks=lambda ask: Failure.TIMEOUT if over(ask) else None), TARGET)
    assert (verdict.outcome, verdict.mechanisms, verdict.rule) == (Outcome.BLOCKED, ("quic.all",), "quic.all")
    assert verdict.facts["servers"] == "3"
    asked = {trial.ask.sni for trial in record.trials if trial.changed == "transport"}
    assert NAME not in asked, "the site's name is not needed for it"


@pytest.mark.parametrize("given", [NO_HELPER, None])
def test_without_a_server_that_speaks_quic_nothing_is_said(given):
    """Baselines that speak none prove nothing of the network."""
    world = World(blocks=lambda ask: Failure.TIMEOUT if over(ask) else None, quic=silent)
    verdict, _ = converse(world, TARGET, given)
    assert verdict.outcome is Outcome.INSUFFICIENT


@pytest.mark.parametrize("seed", range(8))
def test_a_line_that_loses_in_spells_accuses_nobody(seed):
    """10 % loss in spells of eight seconds: the site speaks QUIC and is never called blocked."""
    world = World(line=Line(rate=0.1, mean=8.0, rng=random.Random(seed)))
    verdict, _ = converse(world, TARGET, f0=0.1)
    assert verdict.outcome in {Outcome.OK, Outcome.INSUFFICIENT}


def test_a_site_that_advertises_quic_and_is_silent_everywhere():
    """It says h3 in Alt-Svc; the only comparison point gets no answer either."""
    page = Page(status=200, headers=(("alt-svc", 'h3=":443"'),), body_length=1, body_sha256="aa")
    world = World(
        server=lambda ask, _side: page if ask.layer is Layer.HTTP else None,
        quic=lambda ask, side: silent(ask, side) if ask.address == SITE else None,
    )
    verdict, _ = converse(world, TARGET)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.ONE_POINT)


def test_a_lookup_that_nobody_hears_is_repeated():
    """Three times; then there is nothing to shake hands with."""
    heard = []

    def deaf(_ask, _side):
        heard.append(1)
        return Failure.TIMEOUT if len(heard) < 3 else None

    assert converse(World(resolves=deaf), TARGET)[0].outcome is Outcome.OK
    verdict, record = converse(World(resolves=lambda _ask, _side: Failure.TIMEOUT), TARGET)
    assert (verdict.outcome, len(record.trials)) == (Outcome.INSUFFICIENT, 4)


def test_a_name_that_does_not_exist_is_not_asked_for():
    """Without an address there is no handshake."""
    verdict, record = converse(World(resolves=lambda _ask, _side: Failure.NXDOMAIN), TARGET)
    assert verdict.outcome is Outcome.INSUFFICIENT
    assert not quic_trials(record)
