"""The `service` experiment: what each endpoint is asked, what is repeated, and what a service's verdict is then."""

import pytest

from doors import GATES, Doors, endpoint, target
from hushmap.detect import say
from hushmap.experiments import open_inquiry
from hushmap.experiments.service import MAX_ATTEMPTS, ask_of, payload_of
from hushmap.model import Evidence, Failure, Layer, Live, Outcome, Reason, Role, Scope, Side, Target, Transport
from hushmap.wire import greeting
from worlds import DARK, conditions, converse

DOORS = tuple(endpoint(Live.TCP, address=gate, port=443) for gate in GATES)
WEB = endpoint(Live.HTTPS, "web.chat.example")
APP = endpoint(Live.TLS, "app.chat.example")
STUN = endpoint(Live.STUN, "stun.chat.example")
OWN = endpoint(Live.TLS, "own.chat.example", verify=False)


def asked(record):
    """(layer, side) of every attempt."""
    return [(trial.ask.layer, trial.side) for trial in record.trials]


def test_a_service_needs_its_definition():
    """A name alone says nothing of where to knock."""
    with pytest.raises(ValueError, match="by its definition"):
        open_inquiry(Target(experiment="service", text="chat"), conditions(), 1)


def test_each_endpoint_is_asked_once_here_and_once_at_the_helper():
    """Where nothing is wrong, an address costs one contact, and a name the lookups beside."""
    verdict, record = converse(Doors(), target(*DOORS))
    assert asked(record) == [(Layer.TCP, side) for side in (Side.HERE, Side.HELPER)] * 3 or len(record.trials) == 6
    assert (verdict.outcome, verdict.rule, verdict.counts.subject) == (Outcome.OK, "service.used", (0, 3))
    verdict, record = converse(Doors(), target(WEB, APP, STUN, OWN, door=True))
    assert (verdict.outcome, verdict.evidence) == (Outcome.OK, Evidence.COMPARISON)
    here = [trial.ask for trial in record.trials if trial.side is Side.HERE and trial.ask.name == "stun.chat.example"]
    assert [ask.resolver for ask in here] == ["system", DARK]
    assert len(record.trials) == 20


def test_without_a_helper_an_endpoint_that_answers_is_enough():
    """And one that does not leaves the question open."""
    alone = conditions(helper=False, helper_address=None, echo_http=None, echo_tls=None, dark=None)
    verdict, record = converse(Doors(), target(APP, STUN), alone)
    assert (verdict.outcome, verdict.evidence) == (Outcome.OK, Evidence.NONE)
    assert {trial.side for trial in record.trials} == {Side.HERE}
    verdict, _ = converse(Doors(silent=lambda _, __: True), target(STUN), alone)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_HELPER)


def test_one_shut_door_of_three_is_told_and_not_knocked_at_again():
    """The service works; pairs would only spend contacts."""
    shut = Doors(blocks=lambda ask: Failure.TIMEOUT if ask.address == GATES[0] else None)
    verdict, record = converse(shut, target(*DOORS))
    assert (verdict.outcome, len(record.trials)) == (Outcome.OK, 6)
    said = say(verdict, record).sentence
    assert f"Of Chat, {GATES[0]}:443 failed and {GATES[1]}:443, {GATES[2]}:443 answered." in said


def test_where_every_door_is_needed_one_is_enough_to_shut_it_out():
    """Address by address nobody's hand is shown: unreachable."""
    shut = Doors(blocks=lambda ask: Failure.TIMEOUT if ask.address == GATES[0] else None)
    verdict, record = converse(shut, target(*DOORS, door=True))
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ("tcp.timeout",))
    assert verdict.facts["answering"] == f"{GATES[1]}:443, {GATES[2]}:443"
    assert any(trial.pair is not None for trial in record.trials)


def test_all_doors_shut_by_address_is_unreachable():
    """Each is paired with baselines; the sentence counts the helper's word."""
    shut = Doors(blocks=lambda ask: Failure.TIMEOUT if ask.address in GATES else None)
    verdict, record = converse(shut, target(*DOORS))
    assert (verdict.outcome, verdict.rule) == (Outcome.UNREACHABLE, "service.unreachable")
    assert (verdict.counts.subject, verdict.counts.helper) == ((5, 5), (0, 3))
    assert len(record.trials) < MAX_ATTEMPTS


@pytest.mark.parametrize(
    ("failure", "outcome", "reason"),
    [(Failure.REFUSED, Outcome.DOWN, None), (Failure.TIMEOUT, Outcome.INSUFFICIENT, Reason.ONE_POINT)],
)
def test_what_fails_for_everyone_accuses_nobody(failure, outcome, reason):
    """Silence at one comparison point decides nothing, a refusal there does."""
    down = Doors(server=lambda ask, _: failure if ask.address in GATES else None)
    verdict, _ = converse(down, target(*DOORS))
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


@pytest.mark.parametrize("name", ["web.chat.example", "app.chat.example"])
def test_a_name_that_is_cut_is_blocked_by_name(name):
    """Pages by the rules of sites, handshakes by the same pairs; what the service can do without is only told."""
    cut = Doors(blocks=lambda ask: Failure.RESET if ask.sni == name else None)
    verdict, record = converse(cut, target(WEB, APP, STUN, OWN, door=True))
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("tls.reset.sni",))
    assert (verdict.evidence, verdict.scope, verdict.facts["failing"]) == (Evidence.CONTROLLED, None, name)
    assert f"encrypted connections naming {name} were reset, 5 of 5 times" in say(verdict, record).sentence
    verdict, record = converse(cut, target(WEB, APP, STUN, OWN))
    assert (verdict.outcome, verdict.facts["failing"]) == (Outcome.OK, name)
    assert all(trial.pair is None for trial in record.trials)


def test_a_service_of_one_name_is_blocked_whole():
    """Then the scope is all of it."""
    cut = Doors(blocks=lambda ask: Failure.RESET if ask.sni == "app.chat.example" else None)
    verdict, _ = converse(cut, target(APP))
    assert (verdict.outcome, verdict.scope) == (Outcome.BLOCKED, Scope.ALL)


def test_a_server_that_refuses_our_names_is_asked_at_ours():
    """Baselines that its server resets say nothing; toward our address the name alone is cut."""

    def strict(ask, _):
        return Failure.RESET if ask.address == "198.51.100.62" and ask.sni != "app.chat.example" else None

    cut = Doors(blocks=lambda ask: Failure.RESET if ask.sni == "app.chat.example" else None, server=strict)
    verdict, _ = converse(cut, target(APP))
    assert verdict.outcome in {Outcome.BLOCKED, Outcome.INSUFFICIENT, Outcome.UNREACHABLE}


def test_datagrams_that_vanish_are_unreachable_and_their_baseline_is_a_datagram():
    """No mechanism of TCP is named for them."""
    shut = Doors(blocks=lambda ask: Failure.TIMEOUT if ask.port == 3478 else None)
    verdict, record = converse(shut, target(STUN))
    assert (verdict.outcome, verdict.mechanisms, verdict.counts.subject) == (Outcome.UNREACHABLE, (), (5, 5))
    twins = [trial.ask for trial in record.trials if trial.role is Role.BASELINE]
    assert {ask.layer for ask in twins} == {Layer.DNS}


def test_silence_of_who_owes_no_answer_accuses_nobody():
    """Strangers are not answered by WireGuard, here or elsewhere."""
    verdict, record = converse(Doors(silent=lambda _, __: True), target(endpoint(Live.WIREGUARD, address=GATES[0])))
    assert (verdict.outcome, verdict.reason, len(record.trials)) == (Outcome.INSUFFICIENT, Reason.ONE_POINT, 2)


def test_what_is_spoken_is_cut():
    """A Tor directory that answers the helper and is reset here: pairs with pages elsewhere."""
    tor = endpoint(Live.TOR_DIRECTORY, address=GATES[0])
    assert converse(Doors(), target(tor))[0].outcome is Outcome.OK
    cut = Doors(blocks=lambda ask: Failure.RESET if ask.layer is Layer.RAW else None)
    verdict, record = converse(cut, target(tor))
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ("tcp.reset",))
    assert {trial.ask.layer for trial in record.trials if trial.role is Role.BASELINE} == {Layer.HTTP}


def test_a_resolver_is_asked_for_a_harmless_name():
    """Without one there is nothing to ask; one that is cut off is compared with another."""
    quad = endpoint(Live.DNS, address=GATES[0])
    assert converse(Doors(), target(quad))[0].outcome is Outcome.OK
    shut = Doors(blocks=lambda ask: Failure.TIMEOUT if GATES[0] in (ask.resolver or "") else None)
    verdict, _ = converse(shut, target(quad))
    assert (verdict.outcome, verdict.counts.subject) == (Outcome.UNREACHABLE, (5, 5))
    verdict, record = converse(Doors(), target(quad), conditions(baselines=()))
    assert (verdict.outcome, record.trials) == (Outcome.INSUFFICIENT, ())


def test_an_endpoint_of_a_name_that_nobody_knows_is_not_asked():
    """Lookups at other resolvers are all there is; a bogon is not visited, and another's answer is."""
    gone = endpoint(Live.STUN, "gone.chat.example")
    verdict, record = converse(Doors(), target(gone))
    assert {trial.ask.layer for trial in record.trials} == {Layer.DNS}
    assert verdict.outcome is Outcome.INSUFFICIENT
    lied = Doors(
        resolves=lambda ask, side: (
            ("127.0.0.1",)
            if ask.name == "stun.chat.example" and ask.resolver == "system" and side is Side.HERE
            else None
        )
    )
    verdict, record = converse(lied, target(STUN))
    assert [trial.ask.address for trial in record.trials if trial.ask.layer is Layer.RAW] == ["198.51.100.63"] * 2


def test_an_address_of_the_other_family_waits_for_that_family():
    """IPv6 is asked where there is IPv6."""
    six = endpoint(Live.TCP, address="2001:db8::61")
    assert converse(Doors(), target(six))[1].trials == ()
    assert len(converse(Doors(), target(six), conditions(ipv6=True))[1].trials) == 2


def test_every_protocol_has_its_first_packet():
    """Equal endpoints send equal packets, others others; over TCP OpenVPN frames them."""
    for answers in (Live.STUN, Live.WIREGUARD, Live.OPENVPN, Live.TOR_DIRECTORY):
        one = endpoint(answers, address=GATES[0])
        assert greeting.protocol_of(payload_of(one)) == answers.value
        assert payload_of(one) == payload_of(one) != payload_of(endpoint(answers, address=GATES[1]))
        ask = ask_of(one, GATES[0], None)
        assert (ask.layer, ask.transport, ask.address) == (Layer.RAW, one.transport, GATES[0])
    plain = endpoint(Live.OPENVPN, address=GATES[0], transport=Transport.UDP)
    framed = endpoint(Live.OPENVPN, address=GATES[0], transport=Transport.TCP)
    assert payload_of(framed)[2:] == payload_of(plain)
    keyed = endpoint(Live.WIREGUARD, address=GATES[0], key="QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
    assert payload_of(keyed) != payload_of(endpoint(Live.WIREGUARD, address=GATES[0]))
    nameless = ask_of(endpoint(Live.TLS, address=GATES[0]), GATES[0], None)
    assert (nameless.sni, nameless.verify) == (None, False)
