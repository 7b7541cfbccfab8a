"""What probes with small TTLs show, from trials made by hand."""

import msgspec

from hopped import BOTH, DATA, NEAR, RESET, SILENT, SITE, TOLD, Made, cut, hop, router
from hushmap.detect.way import Way, met
from hushmap.model import Ask, Context, Failure, Knowledge, Layer, Role


def way(made, **context):
    """The trials read."""
    return Way(tuple(made.trials), Context(**context), Knowledge())


def test_a_packet_met_a_router_or_somebody_in_the_targets_place_or_both():
    """A refused datagram is the place itself; what this computer could not send met nothing."""
    made = Made()
    made.probe(2, BOTH)
    seen = met(made.trials[-1])
    assert (seen.told, seen.answered, seen.ended, seen.router) == (True, True, False, None)
    step = hop(3, TOLD, layer=Layer.DNS, address=SITE)
    ask = Ask(layer=Layer.DNS, address=SITE, ttl=3)
    assert met(made.add(ask, (step,))).router == router(3)
    refused = msgspec.structs.replace(step, icmp=(3, 3), reached=True, failure=Failure.REFUSED)
    seen = met(made.add(ask, (refused,)))
    assert (seen.told, seen.answered, seen.ended, seen.router) == (False, True, True, None)
    local = msgspec.structs.replace(step, failure=Failure.PERMISSION_DENIED)
    assert met(made.add(ask, (local,))) is None
    assert met(made.add(ask, ())) is None


def test_a_tls_alert_is_an_end_and_other_words_are_not():
    """A server may refuse a name in a word of its own."""
    step = hop(3, DATA, layer=Layer.TLS, address=SITE)
    alert = msgspec.structs.replace(step, received=b"\x15\x03\x03\x00\x02\x02\x70")
    for url, layer in ((None, Layer.TLS), ("https://cut.example/", Layer.HTTP)):
        ask = Ask(layer=layer, address=SITE, url=url, ttl=3)
        assert met(Made().add(ask, (alert,))).ended
        assert not met(Made().add(ask, (step,))).ended
    assert not met(Made().add(Ask(layer=Layer.HTTP, address=SITE, url="http://cut.example/"), (alert,))).ended


def test_the_way_is_what_harmless_packets_met():
    """Its end, its routers, and how often each tells."""
    made = Made()
    made.sweep(5, silent=(3,))
    found = way(made)
    assert (found.end, found.heard(2), found.heard(3)) == (5, (1, 1), (1, 0))
    assert found.routers == {1: router(1), 2: router(2), 4: router(4)}
    assert found.tells(2) > 0.8 > found.tells(3)
    assert way(Made()).end is None
    assert way(Made()).located is None
    assert way(Made()).link is None
    assert way(Made()).behind == ()
    assert way(Made()).facts == {}
    assert not way(Made()).usual(met(made.trials[0]))


def test_a_pair_counts_if_the_harmless_probe_met_the_usual():
    """A router's error, or the target at its own TTL; silence only where the router is silent anyway."""
    made = Made()
    made.sweep(5, silent=(3, 3, 3))
    made.trials += [msgspec.structs.replace(trial, id=90 + at) for at, trial in enumerate(made.trials[2:3] * 3)]
    found = way(made)
    usual = {(ttl, what): found.usual(met(probe)) for ttl, what, probe in _harmless()}
    assert usual == {
        (2, TOLD): True, (2, SILENT): False, (2, DATA): False, (3, SILENT): True, (5, DATA): True, (5, SILENT): False
    }  # fmt: skip
    assert not found.usual(None)


def _harmless():
    for ttl, what in ((2, TOLD), (2, SILENT), (2, DATA), (3, SILENT), (5, DATA), (5, SILENT)):
        made = Made()
        made.probe(ttl, TOLD, before=what)
        yield ttl, what, made.trials[0]


def test_a_silence_counts_only_if_the_line_was_up_right_after_it():
    """An ordinary visit elsewhere failed, was not made, worked."""
    for beside, counts in ((False, 0), (None, 0), (True, 1)):
        made = Made()
        made.sweep(5)
        made.probe(3, SILENT, beside=beside)
        assert len(way(made).good) == counts
        assert way(made).dropped == 1 - counts


def test_pairs_of_other_questions_are_none_of_the_ways():
    """A page load's own pairs have no TTL."""
    made = Made()
    made.sweep(5)
    made.whole(None)
    made.trials[-1] = msgspec.structs.replace(made.trials[-1], pair=9)
    assert way(made).pairs == ()


def test_losses_behind_a_hop_are_located_there():
    """Between the last hop that told and the first that did not; the packets themselves went no further."""
    found = way(cut(SILENT))
    assert (found.located.after, found.located.before, found.manner) == (3, 4, "in-path")
    assert (found.inside, found.beyond, found.counts) == (True, False, (6, 6))
    assert found.decided
    assert not way(cut(SILENT, votes=4)).decided
    assert found.facts == {"hop_from": "3", "hop_to": "4", "hops": "7", "manner": "in-path"} | {
        "router_from": router(3), "router_to": router(4)
    }  # fmt: skip


def test_losses_in_one_minute_decide_nothing():
    """Two blocks a minute apart (METHOD 3)."""
    made = cut(SILENT)
    made.trials = [msgspec.structs.replace(trial, t0=trial.id * 0.1) for trial in made.trials]
    assert not way(made).decided
    assert way(made, scale=1000.0).decided


def test_losses_are_decided_within_the_runs_error_budget():
    """Many targets share it, and no false share of a damaged record ends the judging."""
    found = cut(SILENT, votes=5)
    assert way(found).decided
    assert not way(found, targets=100_000).decided
    assert way(cut(SILENT, votes=5), f0=0.0).decided
    assert not way(cut(SILENT, votes=9), f0=0.8).decided


def test_a_reset_does_not_tell_whether_the_packet_went_on():
    """It ends the socket; data and a router's error beside it do tell."""
    reset, beside = way(cut(RESET)), way(cut(BOTH))
    assert (reset.located.before, reset.manner, len(reset.forged)) == (4, "", 6)
    assert (beside.located.before, beside.manner) == (4, "on-path")


def test_words_at_the_targets_own_ttl_are_the_targets_only_where_the_subject_is_cut():
    """Where it is answered in words, forged ones cannot be told from its own."""
    made = cut(SILENT)
    made.probe(7, DATA, before=DATA)
    found = way(made)
    assert found.tail
    assert found.probe(met(made.trials[-1])).told
    assert not way(cut(DATA)).tail
    assert way(cut(DATA)).located.before == 4


def test_what_is_cut_only_past_the_target_is_beyond():
    """Every probe as far as the target passed."""
    made = Made()
    made.whole(Failure.RESET)
    made.sweep(4)
    for ttl in (1, 2, 3, *(4,) * 9):
        made.probe(ttl, DATA if ttl == 4 else TOLD, before=DATA if ttl == 4 else TOLD)
    assert way(made).beyond
    assert not way(made).inside


def test_answers_that_come_too_soon_were_made_nearer():
    """In less time than the nearer router's own error took: the TTL of the packet was copied."""
    slow, fast = cut(RESET), cut(RESET)
    fast.trials = [
        msgspec.structs.replace(
            trial,
            steps=tuple(msgspec.structs.replace(step, t=0.04) if step.reached else step for step in trial.steps),
        )
        if trial.pair is not None and trial.role is not Role.BASELINE
        else trial
        for trial in fast.trials
    ]
    assert not way(slow).copied
    assert way(fast).copied
    assert not way(cut(SILENT)).copied


def test_harmless_packets_may_go_to_another_address():
    """Where the address itself is asked about."""
    made = cut(SILENT, layer=Layer.TCP)
    assert {trial.ask.address for trial in way(made).sweeps} == {NEAR}
    assert way(made).located.before == 4
