"""Innocents that look like censorship: what a careless rule would call `blocked`, `unreachable` or `down`.

METHOD 6: innocents come first. Each case was once called something worse than what stands here, or is one change away
from it.
"""

import itertools

import msgspec
import pytest

from hushmap.detect import judge
from hushmap.model import (
    Answer,
    Certificate,
    Failure,
    Fingerprint,
    Knowledge,
    Layer,
    Outcome,
    Page,
    Place,
    Reason,
    Role,
    Scope,
    Side,
    Target,
)
from worlds import BASELINES, DARK, ECHO, HELPER, ISP, OTHER, SITE, World, conditions, converse

SECURE = Target(experiment="web", text="https://news.example/")
PLAIN = Target(experiment="web", text="http://news.example/")
DEEP = Target(experiment="web", text="http://news.example/chapter?x=1")
LOOKUP = Target(experiment="dns", text="news.example")
NAME = Target(experiment="sni", text="news.example")
NO_HELPER = conditions(helper=False, helper_address=None, echo_http=None, echo_tls=None, dark=None)
MARKS = Knowledge(
    fingerprints=(
        Fingerprint(id="law", where="title", pattern="Blocked by law"),
        Fingerprint(id="vague", where="title", pattern="Not available", scope="vbw"),
        Fingerprint(id="sink", where="dns", pattern="198.51.100.98", kind="full"),
        Fingerprint(id="echo", where="body", pattern="kw-notice"),
    )
)
NOTICE = Page(status=200, title="Blocked by law", body_sha256="bb", body_length=5)
EDGE, AD, SEIZED, SIX = "198.51.100.8", "203.0.113.99", "198.51.100.98", "2001:db8:2::7"
TRUTH = {"news.example": (SITE,), **{baseline.name: baseline.addresses for baseline in BASELINES}}


def lying(told, resolvers=("system", ISP)):
    """Resolvers that say `told` of the site to people here."""

    def answer(ask, side):
        return told if side is Side.HERE and ask.name == "news.example" and ask.resolver in resolvers else None

    return answer


def nowhere(told):
    """A name that does not exist, for which the sides in `told` get an answer all the same."""

    def answer(ask, side):
        if ask.name != "news.example" or ask.resolver == DARK:
            return None
        return told.get((side, ask.resolver), told.get(side, Failure.NXDOMAIN))

    return answer


def at(address, told, side=None):
    """A server that does `told`, for everyone or for one side."""
    return lambda ask, asked: told if ask.address == address and side in {None, asked} else None


def refusing(failure, address=SITE):
    """A server that ends what names the site, for this country only, after the connection stands."""

    def says(ask, side):
        named = "news.example" in f"{ask.sni} {ask.url}"
        return failure if side is Side.HERE and ask.address == address and named else None

    return says


class Typed(World):
    """A name with IPv6 addresses only; `filtered` resolvers here hide IPv6 addresses of every name."""

    filtered = False

    def _lookup(self, ask, side, blocked):
        (step,) = super()._lookup(ask, side, blocked)
        if ask.resolver == DARK:
            return (step,)
        found = {self.name: (SIX,), **{one.name: (*one.addresses, f"{SIX}{at}") for at, one in enumerate(BASELINES)}}
        hides = self.filtered and side is Side.HERE and ask.resolver != OTHER
        steps = []
        for qtype in ask.qtype.split("+"):
            six = qtype == "AAAA"
            told = tuple(a for a in found[ask.name] if (":" in a) is six and not (six and hides))
            failure = None if told else Failure.NO_ANSWER
            answer = Answer(t=step.t, addresses=told, failure=failure)
            steps.append(msgspec.structs.replace(step, qtype=qtype, failure=failure, answers=(answer,)))
        return tuple(steps)


class Broken(Typed):
    """A line whose IPv6 leads nowhere."""

    def _connect(self, ask, here, failure):
        six = here and ":" in (ask.address or "")
        return super()._connect(ask, here, Failure.NETWORK_UNREACHABLE if six else failure)


class Walled(World):
    """A computer whose own firewall refuses connections to the site."""

    def _connect(self, ask, here, failure):
        return super()._connect(ask, here, Failure.PERMISSION_DENIED if here and ask.address == SITE else failure)


class Repeated(World):
    """The provider's resolver was asked `sent` times and gave two answers, another server of the site's first."""

    sent = 2

    def _lookup(self, ask, side, blocked):
        (step,) = super()._lookup(ask, side, blocked)
        if ask.name == "news.example" and ask.resolver in {"system", ISP} and side is Side.HERE and step.answers:
            first = msgspec.structs.replace(step.answers[0], addresses=(EDGE,))
            step = msgspec.structs.replace(step, sent=self.sent, answers=(first, step.answers[0]))
        return (step,)


class Aliased(World):
    """Every answer about the site comes by the alias of its content network."""

    def _lookup(self, ask, side, blocked):
        (step,) = super()._lookup(ask, side, blocked)
        if ask.name != "news.example" or not step.answers:
            return (step,)
        answers = tuple(msgspec.structs.replace(answer, cnames=("news.cdn.example",)) for answer in step.answers)
        return (msgspec.structs.replace(step, answers=answers),)


class Certified(World):
    """Everyone is shown the same certificate by the site; here it is refused with `here`."""

    here = Failure.INVALID_CERTIFICATE

    def _handshake(self, ask, here, now, said):
        refused = self.here if here and ask.address == SITE else said
        step = super()._handshake(ask, here, now, refused)
        return msgspec.structs.replace(step, chain=(Certificate(sha256="c0", subject="s", issuer="i"),))


def every_name(ask, side):
    """A proxy of the network that answers every query truly, whatever address it was sent to."""
    return TRUTH.get(ask.name) if side is Side.HERE and ask.resolver == DARK else None


def dated():
    """A notice that the site itself shows to everyone, with the time of day in it."""
    moments = itertools.count()
    return lambda ask, _side: msgspec.structs.replace(NOTICE, body_sha256=f"{next(moments)}")


def seized(ask, _side):
    """A site without HTTPS whose plain page is a notice, for everyone."""
    return None if ask.address != SITE else NOTICE if ask.port == 80 else Failure.REFUSED


def silent(*resolvers):
    """Resolvers that answer for no name at all."""
    return lambda ask, side: Failure.TIMEOUT if side is Side.HERE and ask.resolver in resolvers else None


CASES = {
    "a DNS proxy that answers truly": (World(resolves=every_name), SECURE, Outcome.OK, None),
    "a DNS proxy, plain page": (World(resolves=every_name), PLAIN, Outcome.OK, None),
    "a DNS proxy, lookup": (World(resolves=every_name), LOOKUP, Outcome.OK, None),
    "a DNS proxy before a dead site": (
        World(resolves=every_name, server=at(SITE, Failure.REFUSED)), SECURE, Outcome.DOWN, None,
    ),
    "asked twice, answered twice, one server dead": (
        Repeated(server=at(EDGE, Failure.TIMEOUT)), SECURE, Outcome.INSUFFICIENT, Reason.NO_RULE,
    ),
    "a dated notice for everyone": (World(server=dated()), PLAIN, Outcome.INSUFFICIENT, Reason.NO_RULE),
    "a notice at port 80 for everyone": (World(server=seized), SECURE, Outcome.DOWN, None),
    "moved to a known notice's address for everyone": (
        World(addresses=(SEIZED,), server=at(SEIZED, Failure.REFUSED)), SECURE, Outcome.DOWN, None,
    ),
    "vague words in place of the page": (
        World(server=at(SITE, Page(status=200, title="Not available", body_length=2, body_sha256="cc"), Side.HERE)),
        PLAIN, Outcome.INSUFFICIENT, Reason.NO_RULE,
    ),
    "no such name, and the helper is sent to advertisements": (
        World(resolves=nowhere({Side.HELPER: (AD,)}), server=at(AD, Failure.INVALID_HOSTNAME)), SECURE,
        Outcome.DOWN, None,
    ),
    "no such name, plain, and the helper is sent to advertisements": (
        World(resolves=nowhere({Side.HELPER: (AD,)})), PLAIN, Outcome.INSUFFICIENT, Reason.NO_RULE,
    ),
    "no such name, and people here are sent to advertisements": (
        World(resolves=nowhere({(Side.HERE, "system"): (AD,), (Side.HERE, ISP): (AD,)})), PLAIN,
        Outcome.INSUFFICIENT, Reason.NO_RULE,
    ),
    "no such name, lookup": (World(resolves=nowhere({})), LOOKUP, Outcome.DOWN, None),
    "the provider's resolver is down": (World(resolves=silent(ISP)), SECURE, Outcome.OK, None),
    "all own resolvers are down": (
        World(resolves=silent("system", ISP)), SECURE, Outcome.INSUFFICIENT, Reason.RESOLVER_DOWN,
    ),
    "all own resolvers are down, lookup": (
        World(resolves=silent("system", ISP)), LOOKUP, Outcome.INSUFFICIENT, Reason.RESOLVER_DOWN,
    ),
    "an edge with its default certificate that the helper is told of too": (
        World(addresses=(SITE, EDGE), resolves=lying((EDGE,)), server=at(EDGE, Failure.INVALID_HOSTNAME)), SECURE,
        Outcome.INSUFFICIENT, Reason.NO_RULE,
    ),
    "an edge with its default certificate behind the site's own alias": (
        Aliased(resolves=lying((EDGE,)), server=at(EDGE, Failure.INVALID_HOSTNAME)), SECURE,
        Outcome.INSUFFICIENT, Reason.NO_RULE,
    ),
    "one dead edge": (
        World(addresses=(SITE, EDGE), resolves=lying((EDGE,)), server=at(EDGE, Failure.TIMEOUT)), SECURE,
        Outcome.INSUFFICIENT, Reason.NO_RULE,
    ),
    **{
        f"a server that ends {what} from this country by {how}": (
            World(server=refusing(how)), target, Outcome.UNREACHABLE, None,
        )
        for what, target in (("handshakes", SECURE), ("requests", PLAIN), ("deep requests", DEEP))
        for how in (Failure.RESET, Failure.EOF, Failure.TIMEOUT)
    },
    "a server that ends handshakes from this country by alert": (
        World(server=refusing(Failure.TLS_ALERT)), SECURE, Outcome.UNREACHABLE, None,
    ),
    "a server that refuses a path from this country": (
        World(server=lambda ask, side: Failure.RESET
              if side is Side.HERE and ask.address == SITE and "chapter" in (ask.url or "") else None),
        DEEP, Outcome.UNREACHABLE, None,
    ),
    "nonsense in place of a page, here only": (
        World(server=lambda ask, side: Failure.HTTP_INVALID
              if side is Side.HERE and ask.address == SITE and ask.layer is Layer.HTTP else None),
        PLAIN, Outcome.UNREACHABLE, None,
    ),
    "the site's own certificate, a wrong clock here": (Certified(), SECURE, Outcome.INSUFFICIENT, Reason.CLOCK),
    "a firewall of one's own": (Walled(), SECURE, Outcome.INSUFFICIENT, Reason.NO_RULE),
    "an address in the URL": (World(), Target(experiment="web", text=f"http://{SITE}/"), Outcome.OK, None),
    "IPv6 only, asked for IPv4": (Typed(), SECURE, Outcome.INSUFFICIENT, Reason.NO_RULE),
    "IPv6 only, lookup, asked for IPv4": (Typed(), LOOKUP, Outcome.INSUFFICIENT, Reason.NO_RULE),
    "a word that is a notice's own wording": (
        World(server=at(HELPER, msgspec.structs.replace(ECHO, body="GET /kw-notice", body_sha256="ee"))),
        Target(experiment="keyword", text="kw-notice", place=Place.HTTP_PATH), Outcome.INSUFFICIENT,
        Reason.CANARY_FAILED,
    ),
    "a word asked through a DNS proxy": (
        World(resolves=lambda ask, _side: Failure.NXDOMAIN if ask.resolver == DARK else None),
        Target(experiment="keyword", text="kw-alpha", place=Place.DNS_NAME), Outcome.INSUFFICIENT, Reason.NO_RULE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("label", CASES)
def test_an_innocent_ends_as_method_1_says(label):
    """Nobody interferes, and the verdict is not `blocked`; nor `unreachable` or `down` where that is not shown."""
    world, target, outcome, reason = CASES[label]
    verdict, record = converse(world, target, knowledge=MARKS, in_flight=1)
    assert (verdict.outcome, verdict.reason) == (outcome, reason)
    assert len([t for t in record.trials if t.role is Role.SUBJECT and t.side is Side.HERE]) <= 32


@pytest.mark.parametrize("target", [SECURE, PLAIN, LOOKUP])
def test_a_proxy_for_name_lookups_is_named_and_costs_one_question(target):
    """A reachable site behind a transparent resolver is `ok`, `dns.intercepted`, after one baseline at the dark address."""
    verdict, record = converse(World(resolves=every_name), target)
    assert verdict.mechanisms == ("dns.intercepted",)
    assert len([trial for trial in record.trials if trial.pair is not None]) == 1


def test_a_proxy_seen_once_is_never_an_injector():
    """Outages can hide a proxy's answers to harmless names; one that got through tells the two apart."""
    asked = []

    def told(ask, side):
        if ask.resolver != DARK or side is not Side.HERE:
            return None
        asked.append(ask.name)
        lost = ask.name != "news.example" and len(asked) < 6
        return None if lost else TRUTH[ask.name]

    world = World(resolves=told, server=at(SITE, Failure.REFUSED))
    verdict, record = converse(world, SECURE, given=conditions(helper_address=None, helper=False))
    assert verdict.outcome is Outcome.BLOCKED, "three pairs by luck: nothing told the two apart"
    honest = next(t for t in record.trials if t.ask.resolver == DARK and t.role is Role.SUBJECT)
    late = msgspec.structs.replace(
        honest,
        id=99_999,
        role=Role.BASELINE,
        pair=99,
        ask=msgspec.structs.replace(honest.ask, name=BASELINES[0].name),
    )
    verdict = judge(msgspec.structs.replace(record, trials=(*record.trials, late)), Knowledge())
    assert verdict.outcome is not Outcome.BLOCKED


def test_two_answers_to_one_query_have_two_authors():
    """Asked once, answered twice and differently, the second proven: that is an injector."""
    world = Repeated(server=at(EDGE, Failure.TIMEOUT))
    world.sent = 1
    verdict, _ = converse(world, SECURE)
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, "dns.two-answers")


def test_an_address_that_only_ipv6_lookups_know_is_asked_for_as_such():
    """Where resolvers hide IPv6 addresses of every name, hiding this one's is no lie about it."""
    world = Typed()
    world.filtered = True
    verdict, record = converse(world, SECURE, conditions(ipv6=True))
    assert verdict.outcome is not Outcome.BLOCKED
    paired = {trial.ask.qtype for trial in record.trials if trial.ask.layer is Layer.DNS and trial.pair is not None}
    assert paired <= {"AAAA"}


def test_broken_ipv6_is_nobodys_doing():
    """A name with IPv6 addresses only, on a line whose IPv6 leads nowhere, is not decided."""
    verdict, _ = converse(Broken(), SECURE, conditions(ipv6=True))
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_RULE)


def test_a_lone_alias_is_a_lookup_that_was_not_finished():
    """A resolver that finds the alias and not its address may be refused by the name servers of the alias."""
    world = Aliased(resolves=lying(Failure.NO_ANSWER))
    verdict, _ = converse(world, SECURE)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ("dns.empty",))
    assert verdict.scope is Scope.THIS_RESOLVER


def test_a_failing_resolver_beside_one_that_works_leaves_the_site_reachable():
    """What one own resolver does not find out another did, and the page was loaded."""
    verdict, _ = converse(World(resolves=lying(Failure.SERVFAIL, ("system",))), SECURE)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.OK, ("dns.servfail",))


@pytest.mark.parametrize("target", [SECURE, NAME])
def test_an_alert_from_the_sites_own_server_is_no_proof_without_a_helper(target):
    """A server may refuse by alert whom it likes; only an address of ours could show that the name alone does it."""
    verdict, _ = converse(World(server=refusing(Failure.TLS_ALERT)), target, NO_HELPER)
    assert verdict.outcome is Outcome.INSUFFICIENT


def test_a_clock_known_to_be_wrong_explains_an_expired_certificate():
    """Without a chain to compare, the clock's own offset is explanation enough; a small one is not."""
    world = World(server=at(SITE, Failure.INVALID_CERTIFICATE, Side.HERE))
    verdict, record = converse(world, SECURE)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ("tls.mitm.untrusted",))
    for offset, outcome in ((-90_000.0, Outcome.INSUFFICIENT), (2.0, Outcome.UNREACHABLE)):
        context = msgspec.structs.replace(record.context, clock_offset=offset)
        assert judge(msgspec.structs.replace(record, context=context), Knowledge()).outcome is outcome


def test_a_certificate_store_that_lacks_a_root_is_our_own_fault():
    """The very certificate that the helper accepts is refused here: no proxy made it."""
    world = Certified()
    world.here = Failure.UNKNOWN_AUTHORITY
    verdict, _ = converse(world, SECURE)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.SOFTWARE_FAULT)


def test_a_foreign_certificate_is_a_proxys_only_where_the_helper_met_the_sites_own():
    """An edge that shows its default certificate here, and that the helper cannot reach, is not called a proxy."""

    def says(ask, side):
        if ask.address != EDGE:
            return Failure.REFUSED if side is Side.HERE and ask.address == SITE else None
        return Failure.INVALID_HOSTNAME if side is Side.HERE else Failure.TIMEOUT

    world = World(addresses=(EDGE, SITE), server=says, resolves=lying((EDGE, SITE)))
    verdict, _ = converse(world, SECURE)
    assert "tls.mitm.untrusted" not in verdict.mechanisms


def test_without_helper_and_other_resolvers_a_notice_is_not_blamed_on_the_resolver():
    """Nobody else named an address, so that the resolver's was wrong is not shown; the notice is."""
    given = msgspec.structs.replace(NO_HELPER, comparison_resolvers=())
    verdict, _ = converse(World(server=at(SITE, NOTICE)), PLAIN, given, knowledge=MARKS)
    assert verdict.mechanisms == ("http.blockpage",)


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("told", ["10.9.9.9", "192.168.1.2", "0.0.0.0"])
def test_a_lie_that_only_programs_here_are_told_is_this_computers(told, lost):
    """A hosts file, though its address may serve the very page; also where the provider's resolver was not heard."""

    def answer(ask, side):
        if side is Side.HELPER or ask.name != "news.example":
            return None
        return (told,) if ask.resolver == "system" else Failure.TIMEOUT if lost and ask.resolver == ISP else None

    for target in (SECURE, PLAIN):
        verdict, _ = converse(World(resolves=answer), target)
        assert verdict.outcome is not Outcome.BLOCKED
