"""Tests of hushmap.experiments.pairing."""

import msgspec
import pytest

from hushmap.detect import Doubt, read_tests
from hushmap.detect.ruling import baseline_counts
from hushmap.experiments import Baseline, open_inquiry
from hushmap.experiments.conversation import Conversation
from hushmap.experiments.pairing import BURN_SECONDS, MAX_PAIRS, Pairing, visit
from hushmap.model import Ask, Failure, Knowledge, Layer, Role, Target, Void, trial_of
from worlds import BASELINES, HELPER, ISP, OTHER, SITE, World, conditions, converse

NAME = Target(experiment="sni", text="news.example")
SUBJECT = Ask(layer=Layer.TLS, address=HELPER, port=8443, sni="news.example", verify=False)


class Driven:
    """One `sni` inquiry, driven by hand: each attempt ends as it is told to."""

    def __init__(self, **given):
        self.inquiry = open_inquiry(NAME, conditions(**given), 10_000)
        self.world = World()

    def ask(self):
        """The one attempt that is wanted now, or `None`."""
        attempts = self.inquiry.ask(0.05)
        assert len(attempts) <= 1
        return attempts[0] if attempts else None

    def tell(self, attempt, failure=None, undone=None):
        """Carry out an attempt: it fails so, or passes."""
        self.world.now = max(self.world.now, attempt.not_before)
        self.world.blocks = lambda _ask: failure
        steps = () if undone else self.world.steps(attempt.ask, attempt.side)
        t = max((step.t for step in steps), default=self.world.now)
        trial = trial_of(attempt, steps, undone=undone, t0=self.world.now, t=t)
        self.world.now = t
        self.inquiry.tell(trial)
        return trial


def suspected(**given):
    """A conversation whose first attempt was refused a handshake without any need to cool down."""
    driven = Driven(**given)
    driven.tell(driven.ask(), Failure.TLS_FAILED)
    return driven


def test_a_pair_is_asked_one_attempt_at_a_time():
    """Baseline, subject, and after a hit a bystander elsewhere; nothing while one is awaited."""
    driven = suspected()
    before = driven.ask()
    assert (before.role, before.ask.address, before.changed) == (Role.BASELINE, HELPER, "sni")
    assert driven.ask() is None
    first = driven.tell(before)
    subject = driven.ask()
    assert (subject.ask, subject.causes, subject.pair) == (SUBJECT, (first.id,), before.pair)
    driven.tell(subject, Failure.TLS_FAILED)
    after = driven.ask()
    assert after.bystander
    assert after.ask.address in BASELINES[0].addresses + BASELINES[1].addresses
    driven.tell(after)
    assert driven.ask().pair == before.pair + 1


@pytest.mark.parametrize("how", ["failed", "undone", "void"])
def test_a_pair_whose_baseline_did_not_count_is_closed(how):
    """The next one begins; no name is sent for nothing."""
    driven = suspected()
    before = driven.ask()
    trial = driven.tell(before, Failure.RESET if how == "failed" else None, "budget" if how == "undone" else None)
    if how == "void":
        driven.inquiry.void((Void(trial=trial.id, reason="network_lost"),))
    following = driven.ask()
    assert following.role is Role.BASELINE
    if how != "void":
        assert following.pair == before.pair + 1


def test_a_subject_that_passed_needs_no_bystander():
    """Four such pairs and the line is clean."""
    driven = suspected()
    for _ in range(4):
        driven.tell(driven.ask())
        subject = driven.ask()
        assert subject.ask == SUBJECT
        driven.tell(subject)
    assert driven.ask() is None
    assert driven.inquiry.done


def test_pairs_that_never_count_end():
    """After 20 the question is given up; those dropped in a row wait at doubling gaps, never longer than a burn."""
    driven = suspected()
    starts = []
    while (attempt := driven.ask()) is not None:
        starts.append(attempt.not_before - driven.world.now)
        driven.tell(attempt, Failure.RESET)
    assert len(starts) == MAX_PAIRS
    assert starts[1:4] == pytest.approx([2.0, 4.0, 8.0])
    assert max(starts) <= BURN_SECONDS


def test_three_hits_wait_for_the_second_block_and_a_quiet_hit_is_sought_once():
    """A minute after the first; alone, if no hit was alone before."""
    driven = suspected()
    hits = []
    for number in range(5):
        before = driven.ask()
        waits = before.not_before - (hits[0].t0 if hits else 0.0)
        assert (waits >= 60.0) is (number >= 3)
        assert before.alone is (number == 3)
        driven.tell(before)
        driven.world.now += 1.0
        hit = driven.tell(driven.ask(), Failure.TLS_FAILED)
        crowded = msgspec.structs.replace(hit, in_flight=0 if number >= 3 else 2)
        driven.inquiry.trials = (*driven.inquiry.trials[:-1], crowded)
        hits.append(crowded)
        driven.tell(driven.ask())
    assert driven.ask() is None


def test_after_a_cut_the_address_is_measured_first():
    """Baselines at doubling gaps; two passes in a row end it, and what never passes is given up before 180 s."""
    driven = Driven()
    cut = driven.tell(driven.ask(), Failure.RESET)
    gaps = []
    for failure in (Failure.RESET, None, None):
        attempt = driven.ask()
        assert attempt.cooling
        assert driven.ask() is None
        gaps.append(attempt.not_before - cut.t)
        driven.tell(attempt, failure)
    assert gaps == pytest.approx([2.0, 4.0, 8.0])
    assert not driven.ask().cooling
    driven = Driven()
    driven.tell(driven.ask(), Failure.RESET)
    count = 0
    while (attempt := driven.ask()) is not None and attempt.cooling:
        driven.tell(attempt, Failure.RESET)
        count += 1
    assert count == 7, "2, 4, 8 ... 128 s"


@pytest.mark.parametrize(
    "given",
    [
        {"baselines": ()},
        {"baselines": (Baseline(name="www.baseline-a.example"),)},
        {"baselines": (Baseline(name="www.baseline-a.example", addresses=("2001:db8::81",)),)},
        {"baselines": (Baseline(name="www.baseline-a.example", addresses=(HELPER,)),)},
    ],
)
def test_without_a_bystander_no_pair_is_opened(given):
    """It could not be closed: no baseline, no address, none of this family, none but the subject's own."""
    driven = suspected(**given)
    assert driven.ask() is None
    assert driven.inquiry.done


def test_a_lookups_bystander_is_another_resolver():
    """Without another one, or without a name to ask, there is no pair."""
    target = Target(experiment="dns", text="news.example")

    def told(ask, _side):
        return Failure.NXDOMAIN if ask.name == "news.example" and ask.resolver == ISP else None

    _, record = converse(World(resolves=told), target, conditions(resolvers=(ISP,)))
    assert {trial.ask.resolver for trial in record.trials if trial.bystander} == {OTHER}
    for lonely in ({"comparison_resolvers": (), "resolvers": (ISP,)}, {"resolvers": (ISP,), "baselines": ()}):
        _, record = converse(World(resolves=told), target, conditions(**lonely))
        assert all(trial.pair is None for trial in record.trials)


@pytest.mark.parametrize(
    ("subject", "port", "url", "sni"),
    [
        (Ask(layer=Layer.TCP, address=SITE, port=9), 443, None, None),
        (Ask(layer=Layer.TLS, address=SITE, port=9, sni="x"), 443, None, "www.baseline-a.example"),
        (Ask(layer=Layer.HTTP, address=SITE, url="http://x/y"), 80, "http://www.baseline-a.example/", None),
        (
            Ask(layer=Layer.HTTP, address=SITE, url="https://x/y"),
            443,
            "https://www.baseline-a.example/",
            "www.baseline-a.example",
        ),
    ],
)
def test_a_bystander_is_visited_in_the_subjects_own_layer(subject, port, url, sni):
    """At its own server, under its own name."""
    ask = visit(subject, BASELINES[0], "203.0.113.81")
    assert (ask.layer, ask.address, ask.port, ask.url, ask.sni) == (subject.layer, "203.0.113.81", port, url, sni)


@pytest.mark.parametrize("cut", range(2, 16))
def test_a_killed_conversation_goes_on_where_it_stood(cut):
    """Told the same trials, a fresh one asks for the same attempt next, an open pair's included."""
    driven = Driven()
    told = []
    for _ in range(cut):
        attempt = driven.ask()
        named = attempt.ask.sni == "news.example"
        told.append(driven.tell(attempt, Failure.RESET if named else None))
    fresh = open_inquiry(NAME, conditions(), 10_000)
    for trial in told:
        fresh.tell(trial)
    expected, found = driven.ask(), fresh.ask(0.05)
    assert [(a.ask, a.role, a.pair, a.cooling, a.bystander) for a in found] == [
        (expected.ask, expected.role, expected.pair, expected.cooling, expected.bystander)
    ]


def test_while_a_pair_is_open_its_address_is_not_said_to_be_at_rest():
    """Nothing is asked to free it; once closed, cooling baselines are."""
    driven = suspected()
    doubt = Doubt(changed="sni", subject=SUBJECT)
    driven.tell(driven.ask())
    pairing = driven.inquiry._pairing
    assert list(pairing.free(doubt)) == []
    driven.tell(driven.ask(), Failure.RESET)
    driven.tell(driven.ask())
    assert [want.cooling for want in pairing.free(doubt)] == [True]


PAGE = Ask(layer=Layer.HTTP, address=SITE, port=80, url="http://news.example/a-page")


class Paged(Conversation):
    """A conversation whose one question is whether a path is cut."""

    experiment = "web"

    def __init__(self, **given):
        target = Target(experiment="web", text="http://news.example/a-page")
        super().__init__(target, conditions(**given), 10_000)
        self.pairing = Pairing(self)

    def wanted(self):
        """The pairs of the one doubt."""
        return self.pairing.wants(Doubt(changed="path", subject=PAGE))


class OfPaths(Driven):
    """The same, driven by hand; pages that come take a second."""

    def __init__(self, **given):
        self.inquiry = Paged(**given)
        self.world = World()

    def pair(self, failure=Failure.REFUSED, *, lasting=1.0):
        """One pair: its baseline if one is asked for, and the subject that fails so."""
        made = []
        while (attempt := self.ask()) is not None:
            made.append(attempt)
            subject = attempt.role is Role.SUBJECT
            self.world.now += lasting if subject else 0.0
            self.tell(attempt, failure if subject else None)
            if attempt.bystander or (subject and failure is not Failure.RESET):
                break
        return made


def roles(made):
    """What was asked of the site, in words."""
    return ["other" if attempt.bystander else attempt.role.value for attempt in made]


def test_subjects_of_a_minute_share_the_front_page_that_opened_the_first():
    """It shows the site's name, so it is asked for once; each pair names it as its cause, and counts."""
    driven = OfPaths()
    first, second = driven.pair(None), driven.pair(None)
    assert roles(first) == ["baseline", "subject"]
    assert roles(second) == ["subject"]
    assert second[0].causes == (first[0].id,)
    (test,) = read_tests(driven.inquiry.counted, driven.inquiry.context, Knowledge())
    assert test.counted == 2
    assert baseline_counts(test) == (0, 1)
    assert test.proof == tuple(trial.id for trial in driven.inquiry.trials)


@pytest.mark.parametrize("why", ["old", "silent", "void", "burned", "failed"])
def test_a_front_page_is_not_lent_where_it_may_no_longer_hold(why):
    """Too long ago; the last subject said nothing; it does not count; the address was burned; it did not come."""
    driven = OfPaths()
    made = driven.pair(Failure.REFUSED if why == "silent" else None, lasting=60.0 if why == "old" else 1.0)
    baseline, subject = driven.inquiry.trials
    if why == "void":
        driven.inquiry.void((Void(trial=baseline.id, reason="network_lost"),))
    if why == "burned":
        driven.inquiry.void((Void(trial=subject.id, reason="residual"),))
    if why == "failed":
        driven = OfPaths()
        driven.tell(driven.ask(), Failure.RESET)
        made = [driven.inquiry.trials[0]]
    assert roles(made)[0] == "baseline"
    assert driven.ask().role is Role.BASELINE


def test_the_second_block_has_a_front_page_of_its_own():
    """What opens it comes a minute later; and after a cut the rest of the address is reckoned with."""
    driven = OfPaths(scale=10.0)
    kinds = [roles(driven.pair(Failure.RESET, lasting=0.1)) for _ in range(4)]
    asked = [[kind for kind in made if kind != "other"] for made in kinds]
    assert asked[0][-2:] == ["baseline", "subject"]
    assert asked[3] == ["baseline", "subject"]
    assert sum(made.count("baseline") for made in asked[1:3]) <= 2
