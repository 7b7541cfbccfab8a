"""Tests of hushmap.detect.pairs."""

import msgspec
import pytest

from hushmap.detect.pairs import (
    Pair,
    PairState,
    in_two_blocks,
    proxied,
    read_pairs,
    read_tests,
    sequential,
    share_of_alpha,
    sharing,
)
from hushmap.model import Context, Failure, Page, Role, Side
from hushmap.sampling import F1, F1_RESIDUAL, Decision
from trials import CONTEXT, DARK, HARMLESS, NAME, NOTHING, OURS, SITE, loaded, lookup, pairs, shaken


def cut(number, **more):
    """The subject's handshake, reset."""
    return shaken(number, Failure.RESET, **more)


def harmless(number, **more):
    """A baseline's handshake, which passes."""
    return shaken(number, sni=HARMLESS, **more)


def only(trials, context=CONTEXT):
    """The one test that these trials make."""
    (test,) = read_tests(trials, context, NOTHING)
    return test


PAIR = {"pair": 1, "changed": "sni", "round": 1}


@pytest.mark.parametrize(
    ("members", "state"),
    [
        ([harmless(1, role=Role.BASELINE, **PAIR)], PairState.OPEN),
        ([cut(1, role=Role.BASELINE, **PAIR)], PairState.DROPPED),
        ([harmless(1, role=Role.BASELINE, **PAIR), cut(2, **PAIR)], PairState.OPEN),
        ([harmless(1, role=Role.BASELINE, **PAIR), shaken(2, **PAIR)], PairState.PASSED),
        ([harmless(1, role=Role.BASELINE, **PAIR), shaken(2, Failure.UNKNOWN, **PAIR)], PairState.DROPPED),
        ([cut(2, **PAIR)], PairState.DROPPED),
        (
            [
                harmless(1, role=Role.BASELINE, **PAIR),
                cut(2, **PAIR),
                harmless(3, role=Role.BASELINE, bystander=True, **PAIR),
            ],
            PairState.HIT,
        ),
        (
            [
                harmless(1, role=Role.BASELINE, **PAIR),
                cut(2, **PAIR),
                cut(3, role=Role.BASELINE, bystander=True, **PAIR),
            ],
            PairState.DROPPED,
        ),
    ],
)
def test_a_pair_counts_only_between_baselines_that_passed(members, state):
    """Open until it has what it needs; dropped where a baseline did not pass or the subject said nothing."""
    (pair,) = read_pairs(members, CONTEXT, NOTHING)
    assert pair.state is state
    assert pair.trials == tuple(members)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"causes": (1,)}, PairState.PASSED),
        ({"causes": (7, 1)}, PairState.PASSED),
        ({}, PairState.DROPPED),
        ({"causes": (2,)}, PairState.DROPPED),
        ({"causes": (1,), "changed": "host"}, PairState.DROPPED),
        ({"causes": (1,), "address": OURS}, PairState.DROPPED),
    ],
)
def test_a_baseline_may_be_lent_to_a_later_pair_of_its_question(more, state):
    """The subject names it as its cause; one of another change or address is none, nor is a subject."""
    first = [harmless(1, role=Role.BASELINE, **PAIR), shaken(2, **PAIR)]
    later = shaken(3, **{**PAIR, "pair": 2, **more})
    assert [pair.state for pair in read_pairs([*first, later], CONTEXT, NOTHING)] == [PairState.PASSED, state]


def test_cooling_baselines_and_other_sides_are_no_part_of_a_pair():
    """What measures residual blocking, and what the helper was asked, makes no pair."""
    strangers = [harmless(1, role=Role.BASELINE, cooling=True, **PAIR), shaken(2, side=Side.HELPER, **PAIR)]
    assert read_pairs([*strangers, shaken(3)], CONTEXT, NOTHING) == ()


def test_hits_in_two_blocks_decide_and_hits_in_one_do_not():
    """Five of five cross the boundary; a minute apart they decide, within it they wait."""
    decided = only(pairs(cut, harmless, 5, changed="sni", gap=15.0))
    assert (decided.decision, decided.hits, decided.counted) == (Decision.INTERFERED, 5, 5)
    assert len(decided.hit_trials) == 5
    assert len(decided.proof) == 15
    early = only(pairs(cut, harmless, 5, changed="sni", gap=14.9))
    assert (early.decision, early.crossed, early.spread) == (Decision.UNDECIDED, True, False)
    lab = msgspec.structs.replace(CONTEXT, scale=5.0)
    assert only(pairs(cut, harmless, 5, changed="sni", gap=3.0), lab).decision is Decision.INTERFERED


def test_a_suspicion_raised_in_company_must_be_seen_alone():
    """Once a survey's failure had company, one hit must have had none."""
    survey = cut(1, in_flight=3)
    made = [msgspec.structs.replace(trial, in_flight=2) for trial in pairs(cut, harmless, 5, changed="sni")]
    assert only([survey, *made]).decision is Decision.UNDECIDED
    assert only([msgspec.structs.replace(survey, in_flight=0), *made]).decision is Decision.INTERFERED
    quiet = [msgspec.structs.replace(trial, in_flight=0) if trial.pair == 1005 else trial for trial in made]
    assert only([survey, *quiet]).decision is Decision.INTERFERED
    assert only([survey, *quiet]).pairs[-1].alone


def test_where_blocking_lasts_the_test_expects_to_miss_more():
    """A cooling baseline that failed at the address lowers f1, so that four clean pairs no longer clear the name."""
    lasting = cut(1, role=Role.BASELINE, cooling=True)
    made = [trial for trial in pairs(shaken, harmless, 4, changed="sni") if not trial.bystander]
    assert only(made).decision is Decision.CLEAN
    assert only([lasting, *made]).decision is Decision.UNDECIDED
    assert sequential(CONTEXT, residual=True).f1 == F1_RESIDUAL
    assert sequential(CONTEXT, residual=False).f1 == F1


@pytest.mark.parametrize(
    ("context", "alpha", "f0"),
    [
        (Context(), 1e-5, 0.05),
        (Context(targets=2000), 5e-6, 0.05),
        (Context(targets=0, alpha=0.5), 1e-5, 0.05),
        (Context(alpha=-3.0, f0=-1.0), 1e-12, 0.05),
        (Context(alpha=9.0, f0=7.0, targets=-2), 1e-5, 0.49),
    ],
)
def test_many_targets_share_the_error_budget_and_no_context_breaks_the_test(context, alpha, f0):
    """A record may come from anyone: its numbers are brought within the test's bounds."""
    test = sequential(context, residual=False)
    assert (test.alpha, test.f0) == (pytest.approx(alpha), f0)
    assert share_of_alpha(context) >= alpha


def test_a_line_that_fails_too_often_decides_nothing():
    """Above the ceiling the counts do not matter."""
    noisy = msgspec.structs.replace(CONTEXT, f0=0.2)
    assert only(pairs(cut, harmless, 9, changed="sni"), noisy).decision is Decision.UNDECIDABLE


def dark(number, told=Failure.TIMEOUT, **more):
    """A lookup at the address without a resolver."""
    return lookup(number, told, resolver=DARK, **more)


def forged(number, **more):
    """An answer from there."""
    return dark(number, (SITE,), **more)


def quiet(number, **more):
    """No answer for a harmless name, as it should be."""
    bystander = more.get("bystander", False)
    return lookup(number, (SITE,), name=HARMLESS, **more) if bystander else dark(number, name=HARMLESS, **more)


def test_at_a_dark_address_two_answers_are_enough():
    """Once is direct evidence, twice no stray packet; blocks and quiet do not matter."""
    assert only(pairs(forged, quiet, 1, changed="name")).decision is Decision.UNDECIDED
    assert only(pairs(forged, quiet, 2, changed="name", gap=0.0)).decision is Decision.INTERFERED


def test_an_address_that_answers_for_harmless_names_too_is_a_proxy():
    """One such answer, whenever it came, takes back what pairs seemed to show."""
    made = pairs(forged, quiet, 3, changed="name")
    answered = dark(5000, Failure.NXDOMAIN, role=Role.BASELINE, name=HARMLESS)
    assert not proxied(made, CONTEXT)
    assert proxied([*made, answered], CONTEXT)
    assert only([*made, answered]).decision is Decision.CLEAN
    assert not proxied([answered], Context())


def test_two_blocks_are_a_minute_apart_or_what_the_scale_makes_of_it():
    """No hit spans nothing."""
    hits = [Pair(number=n, changed="sni", subject=cut(n, t0=t)) for n, t in ((1, 0.0), (2, 59.9))]
    assert not in_two_blocks(hits, 1.0)
    assert in_two_blocks(hits, 2.0)
    assert not in_two_blocks([], 1.0)


@pytest.mark.parametrize(("targets", "shared"), [(50, 50), (1, 1), (0, 1), (-1, 1), (10**18, 10**9)])
def test_the_budget_is_shared_among_targets_that_a_run_can_have(targets, shared):
    """A damaged count of targets, nought or greater than any list, still leaves a budget that can be computed."""
    context = Context(targets=targets)
    assert sharing(context) == shared
    assert 0 < share_of_alpha(context) <= context.alpha


@pytest.mark.parametrize(
    ("there", "context", "in_all"),
    [
        (Failure.RESET, CONTEXT, (5, 5)),
        (Failure.TIMEOUT, CONTEXT, (4, 4)),
        (None, CONTEXT, (4, 4)),
        (Failure.RESET, Context(), (4, 4)),
    ],
)
def test_what_is_cut_toward_ours_in_the_same_way_counts_for_the_site(there, context, in_all):
    """The same question on the same line; another end, a pass, or an address that is not ours adds nothing."""
    theirs = pairs(cut, harmless, 4, changed="sni")
    here = pairs(
        lambda number, **more: shaken(number, there, OURS, **more),
        lambda number, **more: shaken(number, address=OURS, sni=HARMLESS, **more),
        1,
        changed="sni",
        first=2000,
    )
    test, ours = read_tests([*theirs, *here], context, NOTHING)
    assert (test.hits, test.in_all) == (4, in_all)
    assert (test.decision is Decision.INTERFERED) is (in_all == (5, 5))
    assert set(test.proof) >= {trial.id for trial in theirs}
    assert bool(set(test.proof) & {trial.id for trial in here}) is (in_all == (5, 5))
    assert ours.also == ()


def test_a_reply_that_is_not_our_echos_decides_at_the_second_time():
    """No loss makes an answer: direct evidence, without the sequential test's bound."""
    forged, plain = Page(status=403), f"http://{NAME}/"
    made = pairs(
        lambda number, **more: loaded(number, forged, OURS, plain, **more),
        lambda number, **more: loaded(number, address=OURS, url=f"http://{HARMLESS}/", **more),
        2,
        changed="host",
    )
    test = only(made)
    assert (test.decision, test.direct, test.in_all) == (Decision.INTERFERED, True, (2, 2))
    assert not only(made[:3]).direct
