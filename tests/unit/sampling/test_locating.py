"""The localiser: exact under loss, honest where routers are silent."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.sampling import LOST, LOST_REPEATED, Probe, locate, tells
from hushmap.sampling.locating import SURE, VOTES

ALL = dict.fromkeys(range(1, 30), (3, 3))
"""Every router told of each of three."""


def play(seed, end, k, manner, *, silent=(), lost=LOST, budget=60):
    """Ask until it is decided, on a way with a censor before hop `k`; (what was located, probes made)."""
    chance = random.Random(seed)
    heard = {ttl: (3, 0 if ttl in silent else 3) for ttl in range(1, end + 1)}
    probes = []
    while len(probes) < budget:
        found = locate(probes, heard, end, lost=lost)
        if found.decided:
            return found, len(probes)
        told = found.ask not in silent and chance.random() > lost
        acted = found.ask >= k
        probes.append(
            Probe(
                ttl=found.ask,
                told=told and not (acted and manner != "beside"),
                forged=acted and manner != "drop" and chance.random() > lost,
            )
        )
    return locate(probes, heard, end, lost=lost), len(probes)


@pytest.mark.parametrize("manner", ["drop", "instead", "beside"])
@pytest.mark.parametrize("k", [1, 2, 5, 8, 9])
def test_the_link_is_exactly_the_censors(manner, k):
    """On either side of any hop, at the loss of a bad line, however it acts; at least three probes a side."""
    for seed in range(4):
        found, made = play(f"{seed} {k}", 9, k, manner)
        assert (found.after, found.before, found.exact, found.decided) == (k - 1, k, True, True)
        assert found.weight >= SURE
        assert found.ask is None
        assert min(vote for vote, side in zip(found.votes, (k - 1, k), strict=True) if side) >= VOTES
        assert made < 40


def test_what_acts_only_past_the_end_is_beyond_it():
    """Nothing ever happens to a probe: a TTL is copied, or nothing is there."""
    found, _ = play(1, 6, 7, "drop")
    assert (found.after, found.before) == (6, 7)


@pytest.mark.parametrize(("silent", "link"), [((5,), (4, 6)), ((4,), (3, 5)), ((4, 5, 6), (3, 7))])
def test_silent_hops_beside_a_drop_make_the_link_wide(silent, link):
    """What is silent anyway tells nothing, and the answer says so by being wider."""
    found, _ = play(3, 9, 5, "drop", silent=silent, lost=LOST_REPEATED)
    assert (found.before, found.exact) == (link[1], False)
    assert link[0] - 1 <= found.after <= link[0], "a hop more, where no further probe was worth its contact"


def test_silent_hops_beside_a_forger_do_not():
    """Its answers come back from there all the same."""
    found, _ = play(3, 9, 5, "instead", silent=(4, 5))
    assert found.exact
    assert found.before == 5


def test_a_way_of_silent_hops_alone_tells_only_the_end():
    """Nothing can be told apart, and nothing is claimed."""
    found, _ = play(3, 5, 3, "drop", silent=(1, 2, 3, 4), budget=20)
    assert found.after < 3 <= found.before
    assert not found.exact


def test_a_router_is_believed_as_it_was_met():
    """Unknown, always, half, never."""
    assert tells(3, 3) > 0.8
    assert tells(0, 0) > 0.6
    assert 0.3 < tells(8, 4) < 0.6
    assert tells(3, 0) < 0.1


def test_probes_must_lie_on_the_way():
    """A TTL below 1 or past the end is a mistake of ours."""
    for ttl, end in ((0, 3), (4, 3), (1, 0)):
        with pytest.raises(ValueError, match="TTL from 1"):
            locate([Probe(ttl=ttl, told=True, forged=False)], ALL, end)


@given(
    st.integers(1, 12).flatmap(
        lambda end: st.tuples(
            st.just(end),
            st.lists(st.tuples(st.integers(1, end), st.booleans(), st.booleans()), max_size=20),
            st.dictionaries(st.integers(1, end), st.tuples(st.integers(0, 5), st.integers(0, 5))),
        )
    )
)
def test_whatever_came_the_answer_is_a_run_of_links(case):
    """Contradictory probes too; the next TTL lies on the way."""
    end, raw, heard = case
    probes = [Probe(ttl=ttl, told=told, forged=forged) for ttl, told, forged in raw]
    counts = {ttl: (max(pair), min(pair)) for ttl, pair in heard.items()}
    found = locate(probes, counts, end)
    assert 0 <= found.after < found.before <= end + 1
    assert found.weight >= SURE
    assert (found.ask is None) == found.decided
    assert found.ask is None or 1 <= found.ask <= end
