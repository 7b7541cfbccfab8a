"""The `web` inquiry in fake worlds: what it asks, in which order, and what its record is judged to show."""

import msgspec
import pytest

from hushmap.detect import legs
from hushmap.experiments import open_inquiry
from hushmap.model import (
    Evidence,
    Failure,
    Fingerprint,
    Knowledge,
    Layer,
    Outcome,
    Page,
    Reason,
    Role,
    Scope,
    Side,
    Target,
    Void,
    mechanism_known,
    trial_of,
)
from worlds import DARK, HELPER, ISP, OTHER, SITE, World, conditions, converse

SECURE = Target(experiment="web", text="https://news.example/")
PLAIN = Target(experiment="web", text="http://news.example/")
DEEP = Target(experiment="web", text="http://news.example/chapter?x=1")
MARKS = Knowledge(
    fingerprints=(
        Fingerprint(id="law", where="title", pattern="Blocked by law", source="lab", notice="Blocked by law"),
        Fingerprint(id="away", where="location", pattern="notice.example", kind="contains"),
        Fingerprint(id="sink", where="dns", pattern="198.51.100.98", kind="full"),
    ),
    sha256="ab",
)
NOTICE = Page(status=200, title="Blocked by law", body_sha256="bb", body_length=5)
NO_HELPER = conditions(helper=False, helper_address=None, echo_http=None, echo_tls=None, dark=None)


def naming(failure):
    """A censor that acts on the name in a ClientHello."""
    return lambda ask: failure if ask.sni == "news.example" and ask.layer is not Layer.DNS else None


def asking(failure):
    """A censor that acts on the Host of an unencrypted request."""
    return lambda ask: failure if (ask.url or "").startswith("http://news.example") else None


def path(ask):
    """A censor that acts on a word in the path."""
    return Failure.RESET if "http://news.example/chapter" in (ask.url or "") else None


def lying(told, resolvers=("system", ISP)):
    """Resolvers that say `told` of the site to people here."""

    def answer(ask, side):
        return told if side is Side.HERE and ask.name == "news.example" and ask.resolver in resolvers else None

    return answer


def at(address, told, side=None):
    """A server that does `told`, for everyone or for one side."""
    return lambda ask, asked: told if ask.address == address and side in {None, asked} else None


def forging(page, part="news.example"):
    """A censor that answers unencrypted requests holding `part` in the server's place, wherever they go."""
    return lambda ask, side: page if side is Side.HERE and ask.port != 443 and part in (ask.url or "") else None


def refuses_strangers(ask, _side):
    """A server that resets every name but its own."""
    return Failure.RESET if ask.address == SITE and ask.sni != "news.example" else None


INNOCENT = {
    "nothing wrong": ({}, SECURE, Outcome.OK, "web.reached"),
    "plain page": ({}, PLAIN, Outcome.OK, "web.reached"),
    "no such name": (
        {"resolves": lambda ask, _side: Failure.NXDOMAIN if ask.resolver != DARK and "news" in ask.name else None},
        SECURE, Outcome.DOWN, "web.no-such-name",
    ),
    "refused for everyone": ({"server": at(SITE, Failure.REFUSED)}, SECURE, Outcome.DOWN, "web.down"),
    "silent for everyone": ({"server": at(SITE, Failure.TIMEOUT)}, SECURE, Outcome.INSUFFICIENT, "web.down"),
    "expired for everyone": ({"server": at(SITE, Failure.INVALID_CERTIFICATE)}, SECURE, Outcome.DOWN, "web.down"),
    "a frame around every page of that name": (
        {"server": forging(Page(status=200, title="Buy", body_sha256="ff", body_length=9))}, PLAIN,
        Outcome.INSUFFICIENT, "web.no-rule",
    ),
    "a provider's cache sends people to its copy": (
        {"server": forging(Page(status=302, location="http://cache.isp.example/news.example/"))}, PLAIN,
        Outcome.INSUFFICIENT, "web.no-rule",
    ),
    "refuses this country over plain HTTP": (
        {"server": at(SITE, Page(status=403), Side.HERE)}, PLAIN, Outcome.INSUFFICIENT, "web.no-rule",
    ),
    "refuses this country": (
        {"server": at(SITE, Failure.TIMEOUT, Side.HERE)}, SECURE, Outcome.UNREACHABLE, "web.unreachable",
    ),
    "resets unknown names": ({"server": refuses_strangers}, SECURE, Outcome.OK, "web.reached"),
    "one dead address": (
        {"addresses": (SITE, "198.51.100.8"), "server": at("198.51.100.8", Failure.TIMEOUT)},
        SECURE, Outcome.OK, "web.reached",
    ),
    "captcha": ({"server": at(SITE, Page(status=403, title="captcha"))}, SECURE, Outcome.SERVER_SIDE, "server.refused"),
    "legal": ({"server": at(SITE, Page(status=451))}, SECURE, Outcome.SERVER_SIDE, "server.refused"),
    "other addresses by resolver": (
        {"addresses": (SITE, "198.51.100.8"), "resolves": lying((SITE,))}, SECURE, Outcome.OK, "web.reached",
    ),
    "a notice for everyone": ({"server": at(SITE, NOTICE)}, PLAIN, Outcome.INSUFFICIENT, "web.no-rule"),
    "another page here": (
        {"server": at(SITE, Page(status=200, title="Hello", body_sha256="cc", body_length=9), Side.HERE)},
        PLAIN, Outcome.INSUFFICIENT, "web.no-rule",
    ),
    "resolver fails": (
        {"resolves": lying(Failure.SERVFAIL)}, SECURE, Outcome.UNREACHABLE, "dns.resolver-fails",
    ),
    "resolver is silent": (
        {"resolves": lying(Failure.TIMEOUT)}, SECURE, Outcome.UNREACHABLE, "dns.resolver-fails",
    ),
    "a page cut short here": (
        {"server": lambda ask, side: Failure.EOF if side is Side.HERE and ask.layer is Layer.HTTP else None},
        SECURE, Outcome.UNREACHABLE, "web.unreachable",
    ),
}  # fmt: skip
BLOCKED = {
    "handshakes reset": ({"blocks": naming(Failure.RESET)}, SECURE, "tls.reset.sni", "tls.name-pair"),
    "handshakes dropped": ({"blocks": naming(Failure.TIMEOUT)}, SECURE, "tls.timeout.sni", "tls.name-pair"),
    "handshakes closed": ({"blocks": naming(Failure.EOF)}, SECURE, "tls.close.sni", "tls.name-pair"),
    "handshakes ended by alert": ({"blocks": naming(Failure.TLS_ALERT)}, SECURE, "tls.alert.sni", "tls.name-pair"),
    "only at a server that resets unknown names": (
        {"blocks": naming(Failure.TIMEOUT), "server": refuses_strangers}, SECURE, "tls.timeout.sni", "tls.name-pair",
    ),
    "requests reset": ({"blocks": asking(Failure.RESET)}, PLAIN, "http.reset.host", "http.host-pair"),
    "requests dropped": ({"blocks": asking(Failure.TIMEOUT)}, PLAIN, "http.timeout.host", "http.host-pair"),
    "path reset": ({"blocks": path}, DEEP, "http.reset.url", "http.path-pair"),
    "resolver denies": ({"resolves": lying(Failure.NXDOMAIN)}, SECURE, "dns.nxdomain", "dns.name-pair"),
    "resolver refuses": ({"resolves": lying(Failure.DNS_REFUSED)}, SECURE, "dns.refused", "dns.name-pair"),
    "resolvers are silent": (
        {"resolves": lying(Failure.TIMEOUT, ("system", ISP, OTHER))}, SECURE, "dns.timeout", "dns.name-pair",
    ),
    "resolver has no address": ({"resolves": lying(Failure.NO_ANSWER)}, SECURE, "dns.empty", "dns.name-pair"),
    "impossible address": ({"resolves": lying(("10.0.0.1",))}, SECURE, "dns.tamper.bogon", "dns.name-pair"),
    "injected": (
        {"resolves": lying(("198.51.100.66",), ("system", ISP, OTHER, DARK)), "server": at("198.51.100.66", Failure.TIMEOUT)},
        SECURE, "dns.injection", "dns.dark-answer",
    ),
    "led to a notice": (
        {"resolves": lying(("198.51.100.99",)), "server": lambda ask, _side: (
            (NOTICE if ask.port == 80 else Failure.REFUSED) if ask.address == "198.51.100.99" else None)},
        SECURE, "dns.tamper.blockpage", "dns.notice-address",
    ),
    "led to a known notice address": (
        {"resolves": lying(("198.51.100.98",)), "server": at("198.51.100.98", Failure.REFUSED)},
        SECURE, "dns.tamper.blockpage", "dns.notice-address",
    ),
    "led to another site": (
        {"resolves": lying(("198.51.100.97",)), "server": at("198.51.100.97", Failure.INVALID_HOSTNAME)},
        SECURE, "dns.tamper.other", "dns.other-answer",
    ),
    "a false refusal": ({"server": forging(Page(status=451))}, PLAIN, "http.forged.host", "http.host-pair"),
    "a false refusal of a page": (
        {"server": forging(Page(status=403), "/chapter")}, DEEP, "http.forged.url", "http.path-pair",
    ),
    "sent to an unknown place": (
        {"server": forging(Page(status=302, location="http://away.example/"))}, PLAIN, "http.redirect.host",
        "http.host-pair",
    ),
    "notice in place of the page": ({"server": at(SITE, NOTICE, Side.HERE)}, PLAIN, "http.blockpage", "http.notice"),
    "sent to a notice": (
        {"server": at(SITE, Page(status=302, location="http://notice.example/"), Side.HERE)},
        PLAIN, "http.redirect", "http.notice",
    ),
}  # fmt: skip


@pytest.mark.parametrize("label", INNOCENT)
def test_an_innocent_is_never_called_blocked(label):
    """Each innocent of METHOD 6 that this room can know ends as METHOD 1 says."""
    world, target, outcome, rule = INNOCENT[label]
    verdict, _ = converse(World(**world), target, knowledge=MARKS, in_flight=2)
    assert (verdict.outcome, verdict.rule) == (outcome, rule)
    assert verdict.error_bound is None or outcome is Outcome.UNREACHABLE


@pytest.mark.parametrize("label", BLOCKED)
def test_each_censor_is_found_and_named(label):
    """Each mechanism is found with evidence that METHOD 1 lets carry `blocked`, within 24 contacts of the name."""
    world, target, mechanism, rule = BLOCKED[label]
    verdict, record = converse(World(**world), target, knowledge=MARKS, in_flight=2)
    assert (verdict.outcome, verdict.mechanisms[:1], verdict.rule) == (Outcome.BLOCKED, (mechanism,), rule)
    assert verdict.evidence in {Evidence.DIRECT, Evidence.CONTROLLED}
    assert verdict.knowledge == "sha256:ab"
    assert all(mechanism_known(name) for name in verdict.mechanisms)
    contacts = [t for t in record.trials if t.side is Side.HERE and t.role is Role.SUBJECT]
    assert len(contacts) <= 24


@pytest.mark.parametrize("miss", [0.25, 0.6])
def test_a_censor_that_misses_some_is_found_or_left_open(miss):
    """Once suspected, a censor that misses a share is called blocked, partly blocked or not decided; not reachable."""
    import random

    found = []
    for seed in range(12):
        world = World(blocks=naming(Failure.RESET), rng=random.Random(seed), miss=miss)
        verdict, record = converse(world, SECURE)
        if any(trial.pair is not None for trial in record.trials):
            found.append(verdict)
    assert found
    assert sum(verdict.outcome is Outcome.OK for verdict in found) <= len(found) // 4
    assert all(
        verdict.extent.partial
        for verdict in found
        if verdict.outcome is Outcome.BLOCKED and verdict.counts.subject[0] < verdict.counts.subject[1]
    )


def test_pairs_are_bracketed_in_two_blocks_and_the_second_begins_alone():
    """Baseline, subject, bystander on another address; three hits, then the rest a minute later, once in quiet."""
    verdict, record = converse(World(blocks=naming(Failure.RESET)), SECURE, in_flight=2)
    pairs = {}
    for trial in record.trials:
        if trial.pair is not None and trial.changed == "sni":
            pairs.setdefault(trial.pair, []).append(trial)
    ours = [members for members in pairs.values() if members[0].ask.address == HELPER]
    theirs = [members for members in pairs.values() if members[0].ask.address == SITE]
    assert all(
        [m.role for m in members] == [Role.BASELINE, Role.SUBJECT, Role.BASELINE] for members in pairs.values()
    )
    assert all(members[2].bystander and members[2].ask.address != members[1].ask.address for members in theirs)
    starts = [members[1].t0 for members in theirs]
    assert starts[-1] - starts[0] >= 60
    assert [members[0].alone for members in theirs] == [False, False, False, True], "with the one at ours five decide"
    assert ours, "the name is shown to trigger toward an address of ours too"
    assert verdict.error_bound == pytest.approx(1e-5)


def test_the_first_suspicion_measures_how_long_it_lasts():
    """Two baselines on the same address, after 2 s and at a doubled gap, come before the first pair."""
    _, record = converse(World(blocks=naming(Failure.RESET)), SECURE)
    cooling = [trial for trial in record.trials if trial.cooling and trial.ask.address == SITE]
    suspicion = next(trial for trial in record.trials if trial.failed is not None and trial.ask.address == SITE)
    assert [round(trial.t0 - suspicion.t) for trial in cooling] == [2, 4]
    assert min(trial.t0 for trial in record.trials if trial.pair is not None) > cooling[-1].t0


def test_a_redirect_is_followed_and_blamed_by_its_own_name():
    """A later host that is cut off decides, and the sentence names that host."""
    there = Page(status=301, location="https://www.news.example/", body_sha256="dd", body_length=1)
    world = World(
        server=lambda ask, _side: there if ask.url == "https://news.example/" else None,
        resolves=lambda ask, _side: (SITE,) if ask.name == "www.news.example" and ask.resolver != DARK else None,
        blocks=lambda ask: Failure.RESET if ask.sni == "www.news.example" else None,
    )
    verdict, record = converse(world, SECURE)
    assert (verdict.outcome, verdict.facts["site"]) == (Outcome.BLOCKED, "www.news.example")
    assert [leg.host for leg in legs(record, Knowledge())] == ["news.example", "www.news.example"]


@pytest.mark.parametrize("location", ["https://news.example/", "mailto:nobody"])
def test_a_redirect_to_itself_or_to_nowhere_ends(location):
    """Broken redirects are the site's own fault, for everyone, and end the conversation."""
    page = Page(status=302, location=location, body_sha256="dd", body_length=1)
    verdict, _ = converse(World(server=at(SITE, page)), SECURE)
    assert verdict.outcome is Outcome.OK


def test_redirects_end_after_ten():
    """An endless chain is followed ten times and no further."""

    def onward(ask, _side):
        if ask.layer is not Layer.HTTP:
            return None
        number = int(ask.url.rpartition("/")[2] or 0)
        return Page(status=302, location=f"/{number + 1}", body_sha256="dd", body_length=1)

    _, record = converse(World(server=onward), SECURE)
    assert len({trial.ask.url for trial in record.trials if trial.ask.layer is Layer.HTTP}) == 11


def test_without_a_helper_a_name_is_still_isolated_and_nothing_else_is_claimed():
    """Pairs need no helper; `unreachable` and `down` do, and are never said for want of one."""
    found, _ = converse(World(blocks=naming(Failure.RESET)), SECURE, NO_HELPER)
    assert (found.outcome, found.mechanisms) == (Outcome.BLOCKED, ("tls.reset.sni",))
    for server in (at(SITE, Failure.TIMEOUT), at(SITE, Failure.REFUSED), at(SITE, Failure.INVALID_CERTIFICATE)):
        verdict, _ = converse(World(server=server), SECURE, NO_HELPER)
        assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_HELPER)


def test_without_baselines_no_pair_is_made_and_nothing_is_called_blocked():
    """A suspicion without a harmless twin stays undecided or unreachable."""
    verdict, record = converse(World(blocks=naming(Failure.RESET)), SECURE, conditions(baselines=()))
    assert verdict.outcome is not Outcome.BLOCKED
    assert all(trial.pair is None for trial in record.trials)


def test_an_address_in_the_url_is_not_looked_up():
    """A URL that names an address needs no resolver."""
    _, record = converse(World(), Target(experiment="web", text=f"http://{SITE}/"))
    assert all(trial.ask.layer is not Layer.DNS for trial in record.trials)


def test_ipv6_addresses_are_left_out_where_there_is_no_ipv6():
    """Without IPv6 an IPv6 address is nobody's failure; with it, it is visited."""
    world = {"addresses": (SITE, "2001:db8:2::7")}
    for ipv6 in (False, True):
        _, record = converse(World(**world), SECURE, conditions(ipv6=ipv6))
        six = [t for t in record.trials if ":" in (t.ask.address or "") and t.side is Side.HERE]
        assert bool(six) is ipv6


def test_loopback_answers_are_never_contacted():
    """An answer of 127.0.0.1 is recorded and not visited."""
    verdict, record = converse(World(resolves=lying(("127.0.0.1",))), SECURE)
    assert all(trial.ask.address != "127.0.0.1" for trial in record.trials)
    assert verdict.mechanisms == ("dns.tamper.bogon",)


def test_a_void_attempt_is_asked_again_but_not_for_ever():
    """What a lost network spoiled is repeated; after five losses the want is given up."""
    inquiry = open_inquiry(SECURE, conditions(), 10_000)
    first = next(a for a in inquiry.ask(0.05) if a.ask.resolver == "system" and a.side is Side.HERE)
    for repeat in range(5):
        inquiry.tell(trial_of(first, ()))
        inquiry.void((Void(trial=first.id, reason="network_lost"),))
        again = [a for a in inquiry.ask(0.05) if (a.ask, a.side) == (first.ask, first.side)]
        assert bool(again) is (repeat < 4)
        first = again[0] if again else first


def test_a_journal_told_to_a_fresh_inquiry_ends_in_the_same_verdict():
    """Replay: cut anywhere, the told trials and the rest give the record that an uninterrupted run gives."""
    _, record = converse(World(blocks=naming(Failure.RESET)), SECURE)
    for cut in (0, 3, 8, len(record.trials) - 2):
        inquiry = open_inquiry(SECURE, conditions(), 10_000)
        for trial in record.trials[:cut]:
            inquiry.tell(trial)
            inquiry.tell(trial)
        asked = inquiry.ask(0.05)
        assert all(attempt.id > max((t.id for t in record.trials[:cut]), default=0) for attempt in asked)
        assert bool(asked)


def test_a_run_that_lost_everything_says_so():
    """With every trial void, the record shows nothing, for the reason that is true."""
    from worlds import verdict_of

    for spent, reason in ((False, Reason.NETWORK_LOST), (True, Reason.BUDGET)):
        inquiry = open_inquiry(SECURE, conditions(), 10_000)
        verdict, record = verdict_of(inquiry, conditions(), 0.05)
        from hushmap.detect import judge

        context = msgspec.structs.replace(record.context, budget_spent=spent)
        verdict = judge(msgspec.structs.replace(record, context=context), Knowledge())
        assert (verdict.outcome, verdict.reason, verdict.scope) == (Outcome.INSUFFICIENT, reason, None)


@pytest.mark.parametrize(
    ("fact", "reason"), [({"portal": True}, Reason.CAPTIVE_PORTAL), ({"intercepted": True}, Reason.INTERCEPTED)]
)
def test_facts_of_the_run_forbid_a_verdict(fact, reason):
    """Behind a portal, or where harmless names are intercepted too, nothing is said of the site."""
    from hushmap.detect import judge

    _, record = converse(World(blocks=naming(Failure.RESET)), SECURE)
    context = msgspec.structs.replace(record.context, **fact)
    verdict = judge(msgspec.structs.replace(record, context=context), Knowledge())
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, reason)


def test_a_helper_that_was_not_itself_online_decides_nothing():
    """`down` needs a comparison point that just reached a harmless name."""
    from hushmap.detect import judge

    for world in (World(server=at(SITE, Failure.REFUSED)), World(**INNOCENT["no such name"][0])):
        _, record = converse(world, SECURE)
        context = msgspec.structs.replace(record.context, helper_watch=())
        verdict = judge(msgspec.structs.replace(record, context=context), Knowledge())
        assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.HELPER_SILENT)


def test_scope_says_which_resolver_lied():
    """A lie of one resolver with the site reachable through another is of this resolver."""
    verdict, _ = converse(World(resolves=lying(Failure.NXDOMAIN)), SECURE)
    assert verdict.scope is Scope.THIS_RESOLVER
    assert verdict.facts["right_resolver"] == "203.0.113.53"
    assert verdict.facts["others"] == "5 of 5"


def test_a_word_in_a_path_that_is_cut_for_any_host_is_measured_in_minutes():
    """What tells whether the address rests holds neither the path nor the name, so that it rests after seconds."""
    world = World(blocks=lambda ask: Failure.RESET if "/chapter" in (ask.url or "") else None)
    verdict, record = converse(world, DEEP)
    assert verdict.mechanisms == ("http.reset.url",)
    assert all(trial.failed is None for trial in record.trials if trial.cooling)
    assert world.now < 100


def test_a_page_that_stops_part_way_spends_no_pairs():
    """Rate and volume are no question of names: three repeats, the name of no mechanism, and how much had come."""
    world = World()
    whole = world.steps

    def stopping(ask, side):
        steps = whole(ask, side)
        if side is Side.HERE and ask.layer is Layer.HTTP:
            fetch = msgspec.structs.replace(
                steps[-1], failure=Failure.TIMEOUT, page=None, curve=((0.1, 1400), (0.2, 16_384))
            )
            steps = (*steps[:-1], fetch)
        return steps

    world.steps = stopping
    verdict, record = converse(world, SECURE)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ())
    assert verdict.facts["came"] == "16"
    assert all(trial.pair is None for trial in record.trials)
    assert sum(trial.ask.layer is Layer.HTTP and trial.side is Side.HERE for trial in record.trials) == 4


def test_a_site_that_is_reached_says_what_was_cut_on_the_way():
    """One reset that the helper did not meet proves nothing; it was seen, and `ok` names it. A silence is the line's."""
    for failure, named in ((Failure.RESET, ("tls.reset",)), (Failure.TIMEOUT, ())):
        first = iter([failure])
        world = World(blocks=lambda ask, first=first: next(first, None) if ask.sni == "news.example" else None)
        verdict, _ = converse(world, SECURE)
        assert (verdict.outcome, verdict.mechanisms) == (Outcome.OK, named)
