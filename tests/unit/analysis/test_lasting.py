"""How long posts stay: what is bracketed is no point, rivals are no censoring, accounts are what is drawn."""

import math

import numpy as np
import pytest

from hushmap.analysis import Cause, Followed, survival
from hushmap.sampling import wilson


def posts(*kinds, each=50):
    """Posts of accounts of their own: (seen, gone, cause)."""
    return [
        Followed(account=f"{kind}-{one}", seen=seen, gone=gone, cause=cause, planned=720.0)
        for kind, (seen, gone, cause) in enumerate(kinds)
        for one in range(each)
    ]


def rng():
    """Chance that repeats."""
    return np.random.default_rng(7)


def test_a_removal_enters_bit_by_bit_across_its_bracket():
    """Seen after an hour, gone after four: at two hours half of it is counted, for visits are spaced by log time."""
    told = survival(posts((1.0, 4.0, Cause.REMOVED)), rng(), times=(1.0, 2.0, 4.0))
    assert [round(one.share, 3) for one in told.shares] == [0.0, 0.5, 1.0]
    assert told.at_risk == (50, 0, 0)
    assert 1.0 < told.median_low < told.median < told.median_high < 4.0


def test_rivals_are_no_removals_and_no_censoring():
    """Half removed, half withdrawn: the share removed ends at one half, and no median of removals is told."""
    both = posts((1.0, 2.0, Cause.REMOVED), (1.0, 2.0, Cause.WITHDRAWN))
    removed = survival(both, rng())
    assert (removed.gone, removed.posts, removed.shares[-1].share) == (50, 100, 0.5)
    assert removed.median is None
    assert 1.0 < removed.median_low < 2.0
    assert removed.median_high is None
    any_cause = survival(both, rng(), cause=None)
    assert any_cause.gone == 100
    assert 1.0 < any_cause.median < 2.0


def test_where_nothing_is_removed_nothing_is_told():
    """No median, no least; posts that nobody could visit to the end are counted as there, and told."""
    told = survival([*posts((720.0, None, None)), *posts((10.0, None, None), each=1)], rng())
    assert (told.median, told.median_low, told.gone, told.lost) == (None, None, 0, 1)
    assert told.shares[-1].high < 0.1


def test_posts_found_too_late_are_left_out_whatever_became_of_them():
    """To keep those that are gone would be to choose; where none is left there is nothing to say."""
    late = [Followed(account="z", seen=0.0, gone=1.0, cause=Cause.REMOVED, planned=24.0)]
    told = survival([*posts((720.0, None, None)), *late], rng())
    assert (told.left_out, told.gone, told.posts) == (1, 0, 50)
    assert survival(late, rng(), horizon=24.0, times=(24.0,)).gone == 1
    with pytest.raises(ValueError, match="no post was to be followed for 720 hours"):
        survival(late, rng())


def test_posts_of_one_account_are_worth_less_than_as_many_of_many():
    """Accounts that vanish whole: the interval is as wide as that of as many posts as there are accounts."""
    alone = posts((1.0, 2.0, Cause.ACCOUNT), (720.0, None, None), each=100)
    bunched = [
        Followed(account=str(number // 20), seen=one.seen, gone=one.gone, cause=one.cause, planned=one.planned)
        for number, one in enumerate(alone)
    ]
    free, bound = (survival(one, rng(), cause=Cause.ACCOUNT).shares[1] for one in (alone, bunched))
    assert free.share == bound.share == 0.5
    assert bound.high - bound.low > 3 * (free.high - free.low)


def test_a_post_that_was_only_found_has_a_beginning():
    """Seen at no visit: nothing is known to vanish within a second, and the logarithm needs a beginning."""
    told = survival(posts((0.0, 1 / 60, Cause.REMOVED)), rng(), times=(1.0,))
    assert told.shares[0].share == 1.0
    assert math.isfinite(told.median)


def test_the_same_chance_tells_the_same():
    """Two calls with one seed."""
    some = posts((1.0, 2.0, Cause.REMOVED), (720.0, None, None))
    assert survival(some, rng()) == survival(some, rng())


@pytest.mark.parametrize(("accounts", "low"), [(1, 0.15), (3, 0.40), (12, 0.70)])
def test_posts_of_few_accounts_tell_little(accounts, low):
    """Twelve posts of one person that all went are one thing that happened; of twelve persons they are twelve."""
    some = [
        Followed(account=f"a-{one % accounts}", seen=1.0, gone=2.0, cause=Cause.REMOVED, planned=720.0)
        for one in range(12)
    ]
    (share,) = survival(some, rng(), times=(24.0,)).shares
    assert (share.share, share.high) == (1.0, 1.0)
    assert low < share.low < low + 0.1


def whole_accounts(number, gone, each=20):
    """Accounts of as many posts, the first of which are gone with all of them."""
    return [
        Followed(account=f"a-{account}", seen=1.0 if account < gone else 720.0, gone=2.0 if account < gone else None,
                 cause=Cause.REMOVED if account < gone else None, planned=720.0)
        for account in range(number)
        for _ in range(each)
    ]  # fmt: skip


@pytest.mark.parametrize("gone", [0, 1, 19, 20])
def test_posts_are_worth_their_accounts_where_nothing_shows_that_they_go_separately(gone):
    """Of 20 accounts with 20 posts each all went whole, or none, or one did: that is no more than 20 things."""
    (share,) = survival(whole_accounts(20, gone), rng(), times=(24.0,)).shares
    assert (share.low, share.high) == pytest.approx(wilson(gone, 20), abs=0.02)


def test_intervals_cover_where_accounts_go_whole():
    """A share of 0.95, and accounts by chance: 95 of 100 intervals, give or take two deviations."""
    chance, covered = np.random.default_rng(3), 0
    for _ in range(100):
        gone = int(chance.binomial(12, 0.95))
        (share,) = survival(whole_accounts(12, gone), chance, times=(24.0,)).shares
        covered += share.low <= 0.95 <= share.high
    assert covered >= 91
