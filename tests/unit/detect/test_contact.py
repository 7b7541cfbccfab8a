"""One endpoint of a service: which trials are about it, and what they show."""

import random

import msgspec
import pytest

from doors import GATES, Doors, endpoint, target
from hushmap.detect.contact import Contact, about, live, resolver_of, url_of
from hushmap.model import Ask, Failure, HelperWatch, Knowledge, Layer, Live, Outcome, Reason, Side, Transport, Where
from worlds import HELPER, conditions, converse

GATE = endpoint(Live.TCP, address=GATES[0], port=443)
APP = endpoint(Live.TLS, "app.chat.example")
OWN = endpoint(Live.TLS, "own.chat.example", verify=False)
STUN = endpoint(Live.STUN, "stun.chat.example")


def seen(world, one, given=None, **context):
    """The contact that a whole conversation about one endpoint leaves."""
    _, record = converse(world, target(one), given)
    record = msgspec.structs.replace(record, context=msgspec.structs.replace(record.context, **context))
    return Contact(one, record, Knowledge())


def once(failure, which=lambda ask: True):
    """What a line does that fails the first time and never again."""
    made = []

    def blocks(ask):
        if made or not which(ask):
            return None
        made.append(ask)
        return failure

    return blocks


def test_an_ask_is_about_the_endpoint_that_it_goes_to():
    """By name where there is one, else by address; the port, the carrier and the layer count too."""
    assert about(GATE, Ask(layer=Layer.TCP, address=GATES[0], port=443))
    assert not about(GATE, Ask(layer=Layer.TCP, address=GATES[1], port=443))
    assert not about(GATE, Ask(layer=Layer.TCP, address=GATES[0], port=80))
    assert not about(GATE, Ask(layer=Layer.TLS, address=GATES[0], port=443))
    assert about(APP, Ask(layer=Layer.TCP, address="192.0.2.1", port=443, host="app.chat.example"))
    assert about(APP, Ask(layer=Layer.TLS, address="192.0.2.1", port=443, sni="app.chat.example"))
    assert not about(APP, Ask(layer=Layer.DNS, name="app.chat.example"))
    raw = Ask(layer=Layer.RAW, address="192.0.2.1", port=3478, host="stun.chat.example", transport=Transport.UDP)
    assert about(STUN, raw)
    assert not about(STUN, msgspec.structs.replace(raw, transport=Transport.TCP))
    page = endpoint(Live.HTTPS, "web.chat.example", path="/x")
    assert about(page, Ask(layer=Layer.HTTP, url="https://web.chat.example/x", port=443))
    assert not about(page, Ask(layer=Layer.HTTP, url="https://web.chat.example/", port=443))
    six = endpoint(Live.DNS, address="2001:db8::1")
    assert resolver_of(six) == "udp://[2001:db8::1]:53"
    assert about(six, Ask(layer=Layer.DNS, name="a.example", resolver=resolver_of(six)))


def test_a_page_has_a_url():
    """Without the port that goes without saying; what serves none has one in name only."""
    assert url_of(endpoint(Live.HTTP, "web.chat.example")) == "http://web.chat.example/"
    assert url_of(endpoint(Live.HTTPS, "web.chat.example", port=8443)) == "https://web.chat.example:8443/"
    assert url_of(STUN) == "https://stun.chat.example:3478/"


@pytest.mark.parametrize(("one", "failure"), [(GATE, Failure.TIMEOUT), (APP, Failure.RESET), (STUN, Failure.TIMEOUT)])
def test_a_stray_failure_ends_as_an_answer(one, failure):
    """Pairs come out clean, and the endpoint is asked again as it was asked at first."""
    layer = {Live.TCP: Layer.TCP, Live.TLS: Layer.TLS, Live.STUN: Layer.RAW}[one.answers]
    contact = seen(Doors(blocks=once(failure, lambda ask: ask.layer is layer)), one)
    assert contact.ruling.outcome is Outcome.OK
    assert contact.ruling.hits[0] == 1
    assert contact.questions() == ()


def test_failures_that_clean_pairs_do_not_explain_are_repeated_three_times():
    """Bare connections pass, those that a handshake would follow do not: unreachable after all."""

    def odd(ask, side):
        return Failure.TIMEOUT if side is Side.HERE and ask.layer is Layer.TLS else None

    contact = seen(Doors(server=odd), APP)
    assert sum(trial.pair is None for trial in contact.subjects) == 4
    assert contact.ruling.outcome is Outcome.UNREACHABLE


def test_a_handshake_counts_under_a_certificate_that_holds():
    """Or, where the service has a root of its own, under one by whom the helper was shown one too."""
    strangers = Doors(issuer=lambda _, side: "CN=other" if side is Side.HERE else "CN=own root")
    assert seen(Doors(), OWN).ruling.outcome is Outcome.OK
    assert seen(strangers, OWN).ruling.reason is Reason.NO_RULE
    assert seen(strangers, APP).ruling.outcome is Outcome.OK
    trial = seen(Doors(), APP).last
    shown = msgspec.structs.replace(trial.handshake, valid=False)
    assert not live(APP, msgspec.structs.replace(trial, steps=(trial.connect, shown)))


@pytest.mark.parametrize(("one", "failure"), [(APP, Failure.RESET), (GATE, Failure.TIMEOUT), (STUN, Failure.TIMEOUT)])
def test_one_pair_that_passes_shows_no_endpoint_that_answers(one, failure):
    """A censor that misses one of four is asked on until pairs decide: never is the endpoint said to be usable."""
    asked = one.name or one.address

    def blocks(ask):
        return failure if asked in {ask.sni, ask.host, ask.address} else None

    for seed in range(12):
        missing = Doors(blocks=blocks, miss=0.25, rng=random.Random(seed))
        contact = seen(missing, one)
        alone = [trial for trial in contact.subjects if trial.pair is None]
        assert contact.last is alone[-1]
        assert contact.ruling.outcome is not Outcome.OK or contact.alive(alone[-1])


def test_where_harmless_names_are_intercepted_a_foreign_certificate_says_nothing():
    """An antivirus program of this computer is no censor; on a line without one the same is unreachable."""
    foreign = Doors(blocks=lambda ask: Failure.UNKNOWN_AUTHORITY if ask.layer is Layer.TLS and ask.verify else None)
    contact = seen(foreign, APP, intercepted=True)
    assert contact.questions() == ()
    ruling = contact.ruling
    assert (ruling.outcome, ruling.reason, ruling.where) == (Outcome.INSUFFICIENT, Reason.INTERCEPTED, Where.HOST)
    assert seen(foreign, APP).ruling.outcome is Outcome.UNREACHABLE
    assert seen(Doors(), APP, intercepted=True).ruling.outcome is Outcome.OK


def test_something_else_that_answers_is_no_answer():
    """Here, or at the helper: then nothing is known."""
    assert seen(Doors(garbles=lambda _, side: side is Side.HERE), STUN).ruling.reason is Reason.NO_RULE
    assert seen(Doors(garbles=lambda _, __: True), STUN).ruling.reason is Reason.NO_RULE
    cut = Doors(blocks=lambda ask: Failure.TIMEOUT, garbles=lambda _, side: side is Side.HELPER)
    assert seen(cut, endpoint(Live.STUN, address=GATES[0])).ruling.reason is Reason.NO_RULE


def test_a_helper_that_was_not_online_shows_no_failure_elsewhere():
    """Nor does one that was never heard."""
    down = Doors(server=lambda ask, _: Failure.REFUSED if ask.address == GATES[0] else None)
    watch = (HelperWatch(t=0.0, reached=False),)
    assert seen(down, GATE).ruling.outcome is Outcome.DOWN
    assert seen(down, GATE, helper_watch=watch).ruling.reason is Reason.HELPER_SILENT
    alone = conditions(helper=False)
    assert seen(down, GATE, alone).ruling.reason is Reason.HELPER_SILENT
    assert seen(down, GATE, alone, helper=None).ruling.reason is Reason.NO_HELPER


def test_this_computers_own_failures_say_nothing():
    """A firewall here is not the network's."""
    contact = seen(Doors(blocks=lambda ask: Failure.PERMISSION_DENIED), GATE)
    assert contact.questions() == ()
    assert contact.ruling.outcome is Outcome.INSUFFICIENT


def test_a_lie_about_its_name_is_told_first():
    """Where the provider's resolvers name an address that no site has, whatever answers elsewhere."""

    def lies(ask, side):
        lied = (
            ask.name == "app.chat.example"
            and side is Side.HERE
            and ask.resolver in {"system", "udp://198.51.100.53:53"}
        )
        return ("10.10.10.10",) if lied else None

    ruling = seen(Doors(resolves=lies), APP).ruling
    assert (ruling.outcome, ruling.mechanisms) == (Outcome.BLOCKED, ("dns.tamper.bogon",))


def test_a_share_of_handshakes_that_is_cut_decides_nothing_here():
    """Pairs that were used up leave it open; nothing counted leaves it open too."""
    world = Doors(blocks=lambda ask: Failure.RESET if ask.sni == "app.chat.example" else None, miss=0.5)
    assert seen(world, APP).ruling.outcome in {Outcome.OK, Outcome.INSUFFICIENT, Outcome.BLOCKED}
    contact = seen(Doors(), endpoint(Live.TCP, address="2001:db8::1"))
    assert (contact.ruling.reason, contact.last) == (Reason.NO_RULE, None)
    assert seen(Doors(), endpoint(Live.TCP, address="2001:db8::1"), budget_spent=True).ruling.reason is Reason.BUDGET


def test_pairs_toward_our_own_address_are_not_about_the_endpoint():
    """They isolate the name; they do not show the endpoint answering."""
    world = Doors(blocks=lambda ask: Failure.RESET if ask.sni == "app.chat.example" else None)
    contact = seen(world, APP, conditions(echo_tls=443))
    assert HELPER in {trial.ask.address for trial in contact.here}
    assert HELPER not in {trial.ask.address for trial in contact.subjects}
    assert contact.ruling.outcome is Outcome.BLOCKED
