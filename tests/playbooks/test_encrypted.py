"""A resolver that is asked inside TLS: innocents first, then what a censor can do to it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import pytest

from hushmap.detect import say
from hushmap.model import (
    Answer,
    Ask,
    Evidence,
    Failure,
    Fetch,
    Layer,
    Outcome,
    Page,
    Reason,
    Resolve,
    Scope,
    Side,
    Target,
    Transport,
)
from worlds import BASELINES, HELPER, ISP, SITE, World, conditions, converse

DOT = Target(experiment="encrypted_dns", text="tls://dns.example")
DOH = Target(experiment="encrypted_dns", text="https://dns.example/dns-query")
BOTH = pytest.mark.parametrize("target", [DOT, DOH], ids=["dot", "doh"])
DOQ = Target(experiment="encrypted_dns", text="quic://dns.example")
SIX = "2001:db8:2::7"
PORT = {"tls": 853, "https": 443, "quic": 853}


@dataclass
class Inside(World):
    """A resolver inside TLS; `says` is what it answers to a question: addresses, a failure, or a status."""

    name: str = "dns.example"
    says: object = ("203.0.113.81",)
    says_here: object = None
    """The same for those who ask from here, where it is another."""

    def steps(self, ask: Ask, side: Side) -> tuple[object, ...]:
        """A lookup inside TLS is a handshake, then a question; all else is as in any world."""
        scheme, _, rest = (ask.resolver or "").partition("://")
        if ask.transport is Transport.QUIC:
            here = side is Side.HERE
            return (self._handshake(ask, here, self.now, (here and self.blocks(ask)) or self.server(ask, side)),)
        if scheme not in PORT:
            return super().steps(ask, side)
        hello = Ask(layer=Layer.TLS, address=rest.partition("#")[2], port=PORT[scheme], sni=self.name)
        made = super().steps(hello, side)[scheme == "quic" :]
        if made[-1].failure is not None:
            return made
        t = made[-1].t + 0.05
        said = self.says if side is Side.HELPER or self.says_here is None else self.says_here
        cut = said in {Failure.RESET, Failure.TIMEOUT, Failure.EOF}
        lookup = Resolve(t0=made[-1].t, t=t, resolver=ask.resolver, name=ask.name, qtype="A")
        fetched = ()
        if scheme == "https":
            failure = said if cut else None
            page = None if cut else Page(status=said if isinstance(said, int) else 200)
            fetched = (Fetch(t0=made[-1].t, t=t, url="https://dns.example/dns-query", failure=failure, page=page),)
            if cut:
                return (*made, *fetched)
        if isinstance(said, tuple):
            lookup = msgspec.structs.replace(lookup, answers=(Answer(t=t, addresses=said, rcode=0),))
        else:
            failure = Failure.DNS_MISBEHAVING if isinstance(said, int) else said
            lookup = msgspec.structs.replace(lookup, failure=failure)
        return (*made, *fetched, lookup)


def measured(world, target, **given):
    """The verdict of one conversation, and its record."""
    return converse(world, target, conditions(**given))


ALONE = {"helper": False, "helper_address": None, "echo_http": None, "echo_tls": None, "dark": None}


def on_port(port, failure):
    """A block of one port at the resolver's address."""
    return lambda ask: failure if ask.layer is Layer.TCP and ask.address == SITE and ask.port == port else None


@BOTH
def test_a_resolver_that_answers_is_ok(target):
    """One lookup of its name, one handshake, one question: its name is on the line three times."""
    verdict, record = measured(Inside(), target)
    assert (verdict.outcome, verdict.evidence, verdict.mechanisms) == (Outcome.OK, Evidence.COMPARISON, ())
    here = [trial.ask for trial in record.trials if trial.side is Side.HERE]
    shown = [
        ask
        for ask in here
        if "dns.example" in {ask.name, ask.sni} or (ask.resolver or "").startswith(("tls:", "https:"))
    ]
    assert len(shown) == 4  # at the resolver of this line, and where nobody runs one
    assert [ask.name for ask in here if "://dns.example" in (ask.resolver or "")] == ["www.baseline-a.example"]


@BOTH
def test_a_resolver_that_answers_is_ok_without_a_helper_too(target):
    """Its certificate and its answer are enough; nothing is compared."""
    verdict, _ = measured(Inside(), target, **ALONE)
    assert (verdict.outcome, verdict.evidence) == (Outcome.OK, Evidence.NONE)


@BOTH
@pytest.mark.parametrize("says", [Failure.DNS_REFUSED, Failure.SERVFAIL, Failure.NXDOMAIN, ("10.0.0.1",), 404, 400])
def test_a_resolver_that_refuses_everyone_is_down(target, says):
    """Whatever it says behind its own certificate is its own: elsewhere the same."""
    verdict, _ = measured(Inside(says=says), target)
    assert (verdict.outcome, verdict.rule, verdict.mechanisms) == (Outcome.DOWN, "encrypted.refused", ())


@BOTH
@pytest.mark.parametrize("says", [Failure.DNS_REFUSED, 403])
def test_a_resolver_that_refuses_this_country_is_its_own_affair(target, says):
    """With or without a helper: nobody but its server can answer so."""
    for given in ({}, ALONE):
        verdict, _ = measured(Inside(says_here=says), target, **given)
        assert (verdict.outcome, verdict.rule, verdict.facts["act"]) == (
            Outcome.SERVER_SIDE, "encrypted.refused", "lookup",
        )  # fmt: skip


@BOTH
def test_an_expired_certificate_is_nobodys_block(target):
    """It fails elsewhere too."""
    expired = Inside(server=lambda ask, side: Failure.INVALID_CERTIFICATE if ask.address == SITE else None)
    verdict, _ = measured(expired, target)
    assert verdict.outcome is Outcome.DOWN


@BOTH
def test_a_resolver_that_is_down_is_down(target):
    """It refuses connections, here and elsewhere."""
    down = Inside(server=lambda ask, side: Failure.REFUSED if ask.address == SITE else None)
    verdict, _ = measured(down, target)
    assert verdict.outcome is Outcome.DOWN


@BOTH
def test_a_lost_first_question_is_asked_again(target):
    """A cut that comes once is no more than that."""
    world = Inside(says_here=Failure.TIMEOUT)
    original = world.steps
    asked = []

    def steps(ask, side):
        if side is Side.HERE and "://dns.example" in (ask.resolver or ""):
            asked.append(ask)
            world.says_here = Failure.TIMEOUT if len(asked) == 1 else None
        return original(ask, side)

    world.steps = steps
    verdict, _ = measured(world, target)
    assert (verdict.outcome, len(asked)) == (Outcome.OK, 2)


@BOTH
def test_questions_that_are_always_cut_off_are_unreachable(target):
    """Its certificate holds and nothing comes of any question here: encrypted DNS is told by its looks, or refused."""
    verdict, _ = measured(Inside(says_here=Failure.RESET), target)
    assert (verdict.outcome, verdict.rule) == (Outcome.UNREACHABLE, "encrypted.cut")
    assert (verdict.mechanisms, verdict.counts.subject) == (("dns.encrypted",), (4, 4))
    alone, _ = measured(Inside(says_here=Failure.RESET), target, **ALONE)
    assert alone.outcome is Outcome.INSUFFICIENT


@BOTH
def test_questions_that_are_cut_off_everywhere_are_the_resolvers_doing(target):
    """A close is somebody's word, at both ends the same; silence at one comparison point decides nothing."""
    closed, _ = measured(Inside(says=Failure.EOF), target)
    assert (closed.outcome, closed.rule, closed.mechanisms) == (Outcome.DOWN, "encrypted.cut", ())
    silent, _ = measured(Inside(says=Failure.TIMEOUT), target)
    assert (silent.outcome, silent.reason) == (Outcome.INSUFFICIENT, Reason.ONE_POINT)


@BOTH
@pytest.mark.parametrize(
    ("failure", "name"),
    [(Failure.RESET, "tls.reset.sni"), (Failure.TIMEOUT, "tls.timeout.sni"), (Failure.EOF, "tls.close.sni")],
)
def test_a_name_that_is_cut_is_blocked_by_name(target, failure, name):
    """Toward the resolver and toward our echo, where other names pass: the layer's own name, and encrypted DNS."""
    world = Inside(
        blocks=lambda ask: failure if ask.sni == "dns.example" or "://dns" in (ask.resolver or "") else None
    )
    verdict, record = measured(world, target)
    assert (verdict.outcome, verdict.evidence, verdict.scope) == (Outcome.BLOCKED, Evidence.CONTROLLED, Scope.ALL)
    assert verdict.mechanisms == (name, "dns.encrypted")
    assert verdict.counts.subject[0] == verdict.counts.subject[1] >= 5
    assert not any(
        "://dns.example" in (trial.ask.resolver or "") for trial in record.trials if trial.side is Side.HERE
    )


def test_a_port_that_is_not_reached_is_the_ports_matter():
    """The web's port of the same address is there: unreachable, since its own server may refuse it."""
    for failure in (Failure.TIMEOUT, Failure.REFUSED):
        world = Inside()
        world.server = lambda ask, side, failure=failure: failure if side is Side.HERE and ask.port == 853 else None
        verdict, record = measured(world, DOT)
        assert (verdict.outcome, verdict.rule) == (Outcome.UNREACHABLE, "encrypted.port")
        assert verdict.mechanisms == ("tcp.port", "dns.encrypted")
        assert "port 853 of dns.example" in say(verdict, record).sentence


@BOTH
def test_an_address_that_is_not_reached_is_unreachable(target):
    """On no port: its own server may refuse this network."""
    world = Inside()
    world.server = lambda ask, side: Failure.TIMEOUT if side is Side.HERE and ask.address == SITE else None
    verdict, _ = measured(world, target)
    assert (verdict.outcome, verdict.rule) == (Outcome.UNREACHABLE, "web.unreachable")
    assert verdict.mechanisms == ("tcp.timeout", "dns.encrypted")


@BOTH
def test_a_lie_about_its_name_is_a_lie(target):
    """The provider's resolver denies it, and others know it."""

    def denied(ask, side):
        here = side is Side.HERE and ask.name == "dns.example" and ask.resolver in {"system", ISP}
        return Failure.NXDOMAIN if here else None

    verdict, _ = measured(Inside(resolves=denied), target)
    assert (verdict.outcome, verdict.scope) == (Outcome.BLOCKED, Scope.THIS_RESOLVER)
    assert verdict.mechanisms == ("dns.nxdomain", "dns.encrypted")


def test_nothing_is_asked_of_a_resolver_without_a_harmless_name():
    """Then there is nothing to compare either."""
    verdict, record = measured(Inside(), DOT, baselines=())
    assert not any("://dns.example" in (trial.ask.resolver or "") for trial in record.trials)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_RULE)


def test_what_is_asked_of_whom():
    """The helper is asked the same question; our own echo and the web's port only where there is a doubt."""
    _, record = measured(Inside(), DOT)
    assert {trial.ask.address for trial in record.trials if trial.ask.address} == {SITE}
    assert HELPER not in {trial.ask.address for trial in record.trials}
    there = [
        trial.ask for trial in record.trials if trial.side is Side.HELPER and trial.ask.name == BASELINES[0].name
    ]
    assert [ask.resolver for ask in there] == [f"tls://dns.example#{SITE}"]


def test_over_quic_a_resolver_is_reached_or_not():
    """An answer is one; silence that the helper does not meet is unreachable, and no name is blamed for it."""
    verdict, _ = measured(Inside(), DOQ)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.OK, ())
    silent = Inside(blocks=lambda ask: Failure.TIMEOUT if ask.transport is Transport.QUIC else None)
    verdict, record = measured(silent, DOQ)
    assert (verdict.outcome, verdict.rule) == (Outcome.UNREACHABLE, "encrypted.quic")
    assert (verdict.mechanisms, verdict.counts.subject) == (("dns.encrypted",), (4, 4))
    assert not any(trial.pair for trial in record.trials)
    everywhere = Inside(server=lambda ask, side: Failure.TIMEOUT if ask.transport is Transport.QUIC else None)
    verdict, _ = measured(everywhere, DOQ)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.ONE_POINT)


PIN = "tls://dns.example#203.0.113.53"
SITE_TARGET = Target(experiment="web", text="https://news.example/")


@dataclass
class Compared(World):
    """A site whose name the provider's resolvers deny, and another resolver inside TLS that may be cut off."""

    cut: Failure | None = None

    def steps(self, ask: Ask, side: Side) -> tuple[object, ...]:
        """A lookup at the other resolver is a connection, a handshake and a lookup."""
        if ask.resolver != PIN:
            return super().steps(ask, side)
        connected = self._connect(Ask(layer=Layer.TCP, address="203.0.113.53", port=853), here=True, failure=self.cut)
        if self.cut is not None:
            return (connected,)
        hello = Ask(layer=Layer.TLS, address="203.0.113.53", port=853, sni="dns.example")
        shaken = self._handshake(hello, here=True, now=connected.t, said=None)
        return (connected, shaken, *self._lookup(ask, side, None))


def denied(ask, side):
    """The provider's resolvers say that there is no such name."""
    here = side is Side.HERE and ask.name == "news.example" and ask.resolver in {"system", ISP}
    return Failure.NXDOMAIN if here else None


def test_another_resolver_inside_tls_bears_a_name_out():
    """What it says counts as any other's, and a sentence can name it."""
    verdict, record = converse(Compared(resolves=denied), SITE_TARGET, conditions(comparison_resolvers=(PIN,)))
    assert (verdict.outcome, verdict.scope) == (Outcome.BLOCKED, Scope.THIS_RESOLVER)
    assert verdict.facts["right_resolver"] == PIN
    assert "DNS server dns.example" in say(verdict, record).sentence


def test_another_resolver_inside_tls_that_is_cut_off_says_nothing():
    """Then the helper alone bears the name out; a cut connection is no answer about it."""
    for cut in (Failure.TIMEOUT, Failure.RESET):
        world = Compared(resolves=denied, cut=cut)
        verdict, _ = converse(world, SITE_TARGET, conditions(comparison_resolvers=(PIN,)))
        assert verdict.outcome is not Outcome.OK
        assert verdict.facts.get("right_resolver") != PIN
    clean, _ = converse(Compared(cut=Failure.TIMEOUT), SITE_TARGET, conditions(comparison_resolvers=(PIN,)))
    assert clean.outcome is Outcome.OK


@pytest.mark.parametrize(("web", "outcome"), [(None, Outcome.UNREACHABLE), (Failure.TIMEOUT, Outcome.INSUFFICIENT)])
def test_over_quic_and_ipv6_a_connection_to_the_web_port_shows_that_the_line_has_ipv6(web, outcome):
    """Without it the silence may be this line's broken IPv6, and nothing is said."""
    world = Inside(addresses=(SIX,))
    world.server = lambda ask, side: (
        (Failure.TIMEOUT if ask.transport is Transport.QUIC else web) if side is Side.HERE else None
    )
    verdict, record = measured(world, DOQ, ipv6=True)
    assert (verdict.outcome, [trial.ask.port for trial in record.trials if trial.changed == "port"]) == (
        outcome,
        [443],
    )
    assert verdict.mechanisms == (("dns.encrypted",) if outcome is Outcome.UNREACHABLE else ())


@pytest.mark.parametrize("passes", [0, 1])
def test_a_closed_port_is_found_though_the_first_refusal_was_lost(passes):
    """A handshake that came through before every question was refused is asked for again."""
    world, made = Inside(), []

    def server(ask, side):
        if side is Side.HELPER or ask.port != 853:
            return None
        made.append(ask)
        return None if len(made) <= passes else Failure.REFUSED

    world.server = server
    verdict, _ = measured(world, DOT)
    assert (verdict.outcome, verdict.rule) == (Outcome.UNREACHABLE, "encrypted.port")


def test_a_resolver_whose_handshakes_always_hold_and_whose_questions_never_connect_is_undecided():
    """The handshake is asked for once more, and no oftener."""

    class Odd(Inside):
        def steps(self, ask, side):
            if ask.layer is Layer.DNS and (ask.resolver or "").startswith("tls://dns.example") and side is Side.HERE:
                hello = Ask(layer=Layer.TCP, address=SITE, port=853)
                return (self._connect(hello, here=True, failure=Failure.REFUSED),)
            return super().steps(ask, side)

    verdict, record = measured(Odd(), DOT)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_RULE)
    shaken = [trial for trial in record.trials if trial.ask.layer is Layer.TLS and trial.side is Side.HERE]
    assert [trial.round for trial in shaken] == [0, 1]
