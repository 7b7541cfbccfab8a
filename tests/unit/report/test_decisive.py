"""Which attempts are laid side by side, and what is marked as different."""

from hushmap.model import (
    Ask,
    Connect,
    Context,
    Failure,
    Fetch,
    Handshake,
    Layer,
    Outcome,
    Page,
    Role,
    Side,
)
from hushmap.report.decisive import decisive, named
from unit.report.sample import (
    entry,
    fetched,
    forged,
    greeted,
    loaded,
    lookup,
    opened,
    pairs,
    trial,
    verdict,
    word_pairs,
)

BLOCKED = verdict(Outcome.BLOCKED, "tls.reset.sni")
REFUSED = verdict(Outcome.SERVER_SIDE, "server.captcha")


def chosen(trials, judged=BLOCKED, **more):
    """What is laid side by side of these trials."""
    item = entry(1, "news.example.org", judged, trials, **more)
    return decisive(item.record, item.verdict)


def page(at, status=200, title="Front page", **more):
    """A page load over a connection."""
    url = "http://a.example/"
    return opened(at, port=80), Fetch(t0=at, t=at + 1, url=url, page=Page(status=status, title=title, **more))


def test_the_pair_of_the_proof_is_shown_and_nothing_twice():
    """Subject of the proof, its twin at the same server, and the same from elsewhere; a twin is no lookup."""
    found = chosen(pairs("news.example.org"), verdict(Outcome.BLOCKED, "tls.reset.sni", proof=(20014, 20013)))
    assert [trial.id for trial in found.trials] == [20014, 20013, 20090]
    assert found.mark is found.subject.handshake


def test_without_a_proof_the_first_subject_that_went_wrong_is_shown_with_its_lookup():
    """A verdict that names no trial still has something to show; an empty AAAA beside an A went not wrong."""
    found = chosen(pairs("news.example.org"), verdict(Outcome.UNREACHABLE))
    assert [trial.id for trial in found.trials] == [20002, 20001, 20090]
    assert found.twin is None


def test_of_what_worked_the_attempt_that_went_furthest_is_shown():
    """A reachable site shows its page, not a lookup, and marks nothing."""
    found = chosen(loaded("wiki.example.org"), verdict(Outcome.OK))
    assert (found.subject.ask.layer, found.mark) == (Layer.HTTP, None)
    assert [trial.id for trial in found.lookups] == [40001]
    failed = [trial(1, opened(0.0, failure=Failure.TIMEOUT))]
    assert chosen(failed, verdict(Outcome.OK)).subject.id == 1
    assert chosen([], verdict(Outcome.OK)) is None


def test_a_canary_has_something_to_show_too():
    """What is known to be blocked here is a subject."""
    made = [
        trial(1, opened(0.0), greeted(0.1, "b.example"), role=Role.BASELINE, pair=1, changed="sni"),
        trial(2, opened(1.0), greeted(1.1, "a.example", Failure.RESET), role=Role.CANARY, pair=1, changed="sni"),
        trial(3, opened(2.0), role=Role.SENTINEL),
    ]
    found = chosen(made)
    assert (found.subject.id, found.twin.id) == (2, 1)
    assert chosen(made[2:]) is None


def test_a_page_that_came_the_same_elsewhere_is_not_marked():
    """A captcha here and elsewhere differs in nothing; nor does what was compared with nothing."""
    here, there = page(0.0, 403, "Are you human?"), page(5.0, 403, "Are you human?")
    both = [trial(1, *here, layer=Layer.HTTP), trial(2, *there, layer=Layer.HTTP, side=Side.HELPER)]
    assert chosen(both, REFUSED).mark is None
    assert chosen(both[:1], REFUSED).mark is None
    other = trial(2, *page(5.0), layer=Layer.HTTP, side=Side.HELPER)
    assert chosen([both[0], other], REFUSED).mark is both[0].fetch


def test_a_failure_that_elsewhere_shares_is_not_marked():
    """A site that is down fails alike; one that is refused here and silent there does not."""
    here = trial(1, opened(0.0, failure=Failure.REFUSED), ask=Ask(layer=Layer.TLS, address="203.0.113.7"))
    for failure, marked in ((Failure.REFUSED, False), (Failure.TIMEOUT, True), (None, True)):
        there = trial(2, opened(9.0, failure=failure), side=Side.HELPER, ask=here.ask)
        assert (chosen([here, there], verdict(Outcome.DOWN)).mark is not None) is marked


def test_other_answers_elsewhere_are_marked_and_shared_ones_are_not():
    """An answer with an address that elsewhere is given too tells nothing."""
    false = chosen(forged(), verdict(Outcome.BLOCKED, "dns.injection", proof=(30001,)))
    assert false.mark is false.subject.steps[0]
    here = trial(1, lookup(0.0, "a.example", (0.1, ("192.0.2.1", "192.0.2.2"))), layer=Layer.DNS)
    there = trial(2, lookup(0.0, "a.example", (0.1, ("192.0.2.2",))), layer=Layer.DNS, side=Side.HELPER)
    assert chosen([here, there]).mark is None
    unlike = trial(3, lookup(0.0, "b.example", (0.1, ("192.0.2.9",))), layer=Layer.DNS, side=Side.HELPER)
    assert chosen([here, unlike]).elsewhere is None


def test_a_certificate_that_holds_elsewhere_only_is_marked():
    """The same name was proven there and not here."""

    def shaken(number, valid, side=Side.HERE):
        steps = (
            Connect(t0=0.0, t=0.1, address="203.0.113.7", port=443),
            Handshake(t0=0.1, t=0.2, address="203.0.113.7", port=443, sni="a.example", valid=valid),
            Fetch(t0=0.2, t=0.3, url="https://a.example/"),
        )
        return trial(number, *steps, layer=Layer.HTTP, side=side)

    assert isinstance(chosen([shaken(1, valid=False), shaken(2, valid=True, side=Side.HELPER)]).mark, Handshake)
    assert chosen([shaken(1, valid=None), shaken(2, valid=True, side=Side.HELPER)]).mark is None


def test_a_twins_other_page_tells_only_where_a_page_was_put_in_its_place():
    """Another name brings another page; only beside a block notice is that the difference."""
    twin = trial(1, *page(0.0, 404, "Not found"), layer=Layer.HTTP, role=Role.BASELINE, pair=1, changed="host")
    subject = trial(2, *page(3.0, 200, "Blocked"), layer=Layer.HTTP, pair=1, changed="host")
    assert chosen([twin, subject], verdict(Outcome.BLOCKED, "http.blockpage")).mark is subject.fetch
    assert chosen([twin, subject], verdict(Outcome.BLOCKED, "http.reset.host")).mark is None
    same = trial(1, *page(0.0, 200, "Blocked"), layer=Layer.HTTP, role=Role.BASELINE, pair=1, changed="host")
    assert chosen([same, subject], verdict(Outcome.BLOCKED, "http.blockpage")).mark is None


def test_elsewhere_is_the_nearest_thing_that_was_asked_there():
    """The same address first, then the same kind of attempt, then what worked."""
    subject = trial(1, opened(0.0), greeted(0.1, "a.example", Failure.RESET))
    url = "https://a.example/"
    far = (opened(1.0, "203.0.113.9"), greeted(1.1, "a.example"), fetched(1.2, url))
    near = (opened(2.0), greeted(2.1, "a.example"), fetched(2.2, url))
    made = [trial(2, *far, layer=Layer.HTTP, side=Side.HELPER), trial(3, *near, layer=Layer.HTTP, side=Side.HELPER)]
    made.append(trial(4, lookup(0.0, "a.example", (0.1, ("203.0.113.7",))), layer=Layer.DNS, side=Side.HELPER))
    assert chosen([subject, *made]).elsewhere.id == 3


def test_a_dark_answer_is_chosen_before_the_usual_silence():
    """At an address that runs no DNS service the answered lookup is the one that shows something."""
    dark = "udp://203.0.113.10:53"
    silent = trial(1, lookup(0.0, "a.example", resolver=dark, failure=Failure.TIMEOUT), layer=Layer.DNS)
    answered = trial(2, lookup(9.0, "a.example", (0.1, ("192.0.2.1",)), resolver=dark), layer=Layer.DNS)
    assert chosen([silent, answered], context=Context(dark=dark)).subject.id == 2


def test_what_a_pair_changes_is_what_it_is_named_by():
    """A path is named by its whole URL, a name by itself; a bare connection has none."""
    ask = Ask(layer=Layer.HTTP, url="http://a.example/x", address="192.0.2.1")
    assert named(ask, "path") == "http://a.example/x"
    assert named(ask, "host") == "a.example"
    assert named(Ask(layer=Layer.HTTP, url="http://a.example/", host="b.example"), "host") == "b.example"
    assert named(Ask(layer=Layer.TCP, address="192.0.2.1"), "address") is None


def test_words_are_compared_within_their_pair():
    """The twin of another pair is no twin, and an attempt that ended earlier has no such step."""
    found = chosen(word_pairs("moon"), verdict(Outcome.BLOCKED, "http.reset.query"))
    assert (found.subject.id, found.twin.id, found.mark) == (50002, 50001, None)


def test_a_pair_of_words_is_known_by_what_was_sent():
    """A header, a body, bytes; where only the answer differs, nothing is named."""
    header = Ask(layer=Layer.HTTP, url="http://a.example/", headers=(("Accept", "*/*"), ("X-Note", "moon")))
    assert named(header, "header") == "X-Note: moon"
    assert named(Ask(layer=Layer.HTTP, url="http://a.example/"), "cookie") == "a.example"
    assert named(Ask(layer=Layer.HTTP, url="http://a.example/?q=moon"), "query") == "http://a.example/?q=moon"
    assert named(Ask(layer=Layer.HTTP, url="http://a.example/", payload=b"moon"), "body") == "moon"
    assert named(Ask(layer=Layer.HTTP, url="http://a.example/bW9vbg"), "response") is None
    for payload, text in ((b"moon\r\n", "moon\r\n"), (b"\xff", None), (b"\x00", None), (None, None)):
        assert named(Ask(layer=Layer.RAW, payload=payload), "payload") == text
