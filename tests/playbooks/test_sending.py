"""The `sni`, `keyword` and `dns` inquiries in fake worlds."""

from urllib.parse import urlsplit

import pytest

from hushmap.model import Evidence, Failure, Layer, Outcome, Place, Reason, Role, Side, Target, Transport
from hushmap.wire import echo
from worlds import DARK, HELPER, ISP, World, conditions, converse

NO_HELPER = conditions(helper=False, helper_address=None, echo_http=None, echo_tls=None, dark=None)
ROWS = conditions(echo_tcp=7, echo_quic=443)
NAMES = {
    Place.HTTP_PATH: "http.reset.path",
    Place.HTTP_HOST: "http.reset.host",
    Place.TLS_SNI: "tls.reset.sni",
    Place.DNS_NAME: "dns.injection.name",
    Place.QUIC_SNI: "quic.timeout.sni",
    Place.HTTP_QUERY: "http.reset.query",
    Place.HTTP_HEADER: "http.reset.header",
    Place.HTTP_COOKIE: "http.reset.cookie",
    Place.HTTP_BODY: "http.reset.body",
    Place.HTTP_RESPONSE: "http.reset.response",
    Place.TCP_PAYLOAD: "tcp.reset.payload",
    Place.TCP_ANSWER: "tcp.reset.answer",
}


def word(place, text="kw-alpha", **more):
    """A word in a place."""
    return Target(experiment="keyword", text=text, place=place, **more)


def on_the_line(ask):
    """What anybody on the way can read of an ask and of our echo's answer to it."""
    sent, target = ask.payload or b"", urlsplit(ask.url or "")
    told = echo.to_say(target.path) or (b"", "")
    answers = echo.tcp_answer(sent) if sent.startswith(echo.FIRST) else ()
    return f"{ask.url} {ask.sni} {ask.host} {ask.headers}".encode() + sent + told[0] + b"".join(answers)


def filtering(text):
    """A world in which whatever holds `text` is cut off or answered falsely."""
    cut = {Transport.TCP: Failure.RESET, Transport.QUIC: Failure.TIMEOUT}
    return World(
        blocks=lambda ask: cut[ask.transport] if text.encode() in on_the_line(ask) else None,
        resolves=lambda ask, _side: ("198.51.100.66",) if text in ask.name and ask.resolver == DARK else None,
    )


@pytest.mark.parametrize("place", Place)
def test_a_filtered_word_is_found_where_it_was_put(place):
    """In each place the word is cut off, its harmless twin is not, and the mechanism names the place."""
    verdict, record = converse(filtering("kw-alpha"), word(place), ROWS)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, (NAMES[place],))
    assert verdict.evidence is (Evidence.DIRECT if place is Place.DNS_NAME else Evidence.CONTROLLED)
    touched = {trial.ask.address or trial.ask.resolver for trial in record.trials if trial.role is Role.SUBJECT}
    assert touched == {DARK if place is Place.DNS_NAME else HELPER}, "words go to an address of ours only"


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize(("fired", "outcome"), [(True, Outcome.OK), (False, Outcome.INSUFFICIENT)])
def test_a_word_that_passes_is_fine_only_beside_a_canary_that_fired(place, fired, outcome):
    """Without proof that the measurement can see blocking, a clean word says nothing."""
    verdict, _ = converse(World(), word(place), ROWS, canaries={place.value: fired})
    assert verdict.outcome is outcome
    assert verdict.reason is (None if fired else Reason.CANARY_FAILED)


def test_a_named_servers_own_refusal_of_every_name_is_no_block():
    """Toward our echo an alert is somebody else's; a server that is only named may refuse names that it has not."""
    refusing = World(server=lambda ask, _side: Failure.TLS_ALERT if ask.layer is Layer.TLS else None)
    named = conditions(helper=False, dark=None)
    verdict, record = converse(refusing, word(Place.TLS_SNI), named)
    assert verdict.outcome is Outcome.INSUFFICIENT, verdict
    assert not record.context.echo
    cut = World(blocks=lambda ask: Failure.RESET if "kw-alpha" in (ask.sni or "") else None)
    verdict, _ = converse(cut, word(Place.TLS_SNI), named)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ("tls.reset.sni",))


def test_without_an_address_of_ours_no_word_is_sent():
    """A stranger's server is no place to try words."""
    verdict, record = converse(World(), word(Place.HTTP_PATH), NO_HELPER)
    assert record.trials == ()
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_HELPER)


@pytest.mark.parametrize(
    "given", [conditions(echo_http=None), conditions(baselines=()), conditions(helper_address=None)]
)
def test_a_missing_echo_port_or_baseline_leaves_the_word_unasked(given):
    """What cannot be asked with a twin is not asked."""
    verdict, record = converse(World(), word(Place.HTTP_PATH), given)
    assert record.trials == ()
    assert verdict.outcome is Outcome.INSUFFICIENT


def test_a_word_without_a_place_is_not_asked():
    """A target that names no place has no question."""
    verdict, record = converse(World(), word(None))
    assert record.trials == ()
    assert verdict.reason is Reason.NO_RULE


def test_a_name_is_cut_at_our_own_echo_port():
    """The site and its address are no part of the question."""
    world = World(blocks=lambda ask: Failure.TIMEOUT if ask.sni == "news.example" else None)
    verdict, record = converse(world, Target(experiment="sni", text="news.example"))
    assert (verdict.outcome, verdict.mechanisms, verdict.rule) == (Outcome.BLOCKED, ("tls.timeout.sni",), "sni.pair")
    assert {trial.ask.address for trial in record.trials if trial.role is Role.SUBJECT} == {HELPER}


def test_a_name_that_passes_is_fine():
    """One clean handshake is what a survey asks."""
    verdict, record = converse(World(), Target(experiment="sni", text="news.example"))
    assert (verdict.outcome, len(record.trials)) == (Outcome.OK, 1)


def test_without_a_helper_the_sites_own_address_serves():
    """The name is looked up first; if it cannot be, nothing is asked of anyone."""
    verdict, record = converse(World(), Target(experiment="sni", text="news.example"), NO_HELPER)
    assert [trial.ask.layer for trial in record.trials] == [Layer.DNS, Layer.TLS]
    assert verdict.outcome is Outcome.OK
    gone = World(resolves=lambda _ask, _side: Failure.NXDOMAIN)
    verdict, _ = converse(gone, Target(experiment="sni", text="news.example"), NO_HELPER)
    assert verdict.outcome is Outcome.INSUFFICIENT


def test_an_attempt_that_never_got_to_the_name_is_repeated_and_then_given_up():
    """A refused connection says nothing of the name in it."""
    world = World(server=lambda _ask, _side: Failure.REFUSED)
    verdict, record = converse(world, Target(experiment="sni", text="news.example"))
    assert len(record.trials) == 4
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.BUDGET)


def test_a_hit_that_does_not_come_back_ends_as_reachable():
    """One lost attempt, then four clean pairs: the line is clean."""
    hits = [Failure.RESET]
    world = World(blocks=lambda ask: hits.pop() if hits and ask.sni == "news.example" else None)
    verdict, _ = converse(world, Target(experiment="sni", text="news.example"))
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "sni.passed")


def dns(text="news.example"):
    """A name whose lookups are measured."""
    return Target(experiment="dns", text=text)


def test_a_name_told_truly_is_fine():
    """Each resolver's answer shows a certificate valid for the name."""
    verdict, record = converse(World(), dns())
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "lookup.answered")
    assert {trial.ask.layer for trial in record.trials} == {Layer.DNS, Layer.TLS}


def test_a_resolver_that_lies_is_found_by_a_pair_at_the_same_resolver():
    """The harmless name is answered where this one is denied."""

    def told(ask, side):
        return (
            Failure.NXDOMAIN
            if ask.name == "news.example" and ask.resolver in {"system", ISP} and side is Side.HERE
            else None
        )

    verdict, record = converse(World(resolves=told), dns())
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("dns.nxdomain",))
    paired = {trial.ask.resolver for trial in record.trials if trial.pair is not None and not trial.bystander}
    assert paired == {ISP}, "the system resolver may cache; the provider's own is asked"


def test_a_name_that_exists_nowhere_is_down():
    """NXDOMAIN for the helper too says nothing about blocking."""
    world = World(resolves=lambda ask, _side: Failure.NXDOMAIN if ask.resolver != DARK else None)
    verdict, _ = converse(world, dns())
    assert (verdict.outcome, verdict.rule) == (Outcome.DOWN, "lookup.nowhere")


def test_differing_failures_decide_nothing():
    """NXDOMAIN here and SERVFAIL there is no agreement and no proof."""

    def told(ask, side):
        if ask.resolver == DARK:
            return None
        return Failure.NXDOMAIN if side is Side.HERE else Failure.SERVFAIL

    verdict, _ = converse(World(resolves=told), dns())
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_RULE)


def test_an_answer_that_nobody_bears_out_is_left_open_without_a_helper():
    """Without a comparison point an unproven answer stays unproven."""
    world = World(server=lambda ask, _side: Failure.REFUSED)
    verdict, _ = converse(
        world,
        dns(),
        conditions(
            helper=False, helper_address=None, echo_http=None, echo_tls=None, dark=None, comparison_resolvers=()
        ),
    )
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_HELPER)


def test_a_lookup_that_was_lost_once_is_repeated():
    """A time-out that pairs do not confirm is asked again, and the name is then fine."""
    from worlds import Line

    class Once(Line):
        """Loses the first lookup at each own resolver."""

        seen = 0

        def passes(self, now, schedule):
            self.seen += 1
            return None if self.seen <= 2 else 0.0

    verdict, record = converse(World(line=Once()), dns())
    assert verdict.outcome is Outcome.OK
    assert any(trial.round > 0 and trial.pair is None for trial in record.trials)
