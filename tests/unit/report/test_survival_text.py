"""How long posts stayed, in sentences: shares, medians where there are any, and what is not shown."""

import pytest

from hushmap.analysis import Cause, Followed, Panel, survivals
from hushmap.report import Words, survival_sentences


def told(*posts, lang="en", **more):
    """The sentences about posts of accounts of their own: (seen, gone, cause), each twenty times."""
    followed = tuple(
        Followed(account=f"{kind}-{n}", seen=seen, gone=gone, cause=cause, planned=720.0)
        for kind, (seen, gone, cause) in enumerate(posts)
        for n in range(20)
    )
    fields = {"posts": len(followed), "unseen": 0, "returned": 0, "visits": 300, "horizon": 720.0, **more}
    known = Panel(followed=followed, **fields)
    return "\n".join(survival_sentences(known, survivals(known, 1), Words(lang)))


def test_shares_medians_and_who_was_still_followed():
    """Of what all were, with intervals; the platform's word is called so."""
    text = told((2.0, 4.0, Cause.REMOVED))
    assert "20 posts of 20 accounts, 300 visits that decided something, followed for 30 days." in text
    assert "Removed, as the platform says: 20 of 20." in text
    assert "100 % (84 to 100) within 24 hours" in text
    assert "Half of all posts were gone so within 3 hours" in text
    assert "Seen then or later: 20 at 1 hour, 0 at 24 hours, 0 at 7 days, 0 at 30 days." in text
    assert "Not shown: posts that were held back or gone before they were listed" in text


def test_posts_of_unknown_accounts_are_told_of():
    """Among those that are counted; a post that was found too late is in no interval."""
    known = [Followed(account=f"a{n}", seen=2.0, gone=4.0, planned=720.0) for n in range(9)]
    nobodys = [
        Followed(account=f"p{n}", named=False, seen=2.0, planned=planned) for n, planned in ((1, 720.0), (2, 9.0))
    ]
    panel = Panel(followed=(*known, *nobodys), posts=11, unseen=0, returned=0, visits=30, horizon=720.0)
    said = list(survival_sentences(panel, survivals(panel, 1), Words("en")))
    assert said[1].startswith("Of 1 post the account is not known, and each counts as of one of its own")
    assert "not known, and" not in told((2.0, 4.0, None))


def test_no_median_where_half_may_never_go():
    """Rivals take the other half, or nothing ever goes."""
    text = told((2.0, 4.0, Cause.REMOVED), (2.0, 4.0, Cause.WITHDRAWN))
    wanted = "it is not sure that half of all posts go so within 30 days; if they do, it takes 3 hours at least."
    assert f"No median: {wanted}" in text
    text = told((720.0, None, None))
    assert "No median: fewer than half of all posts were gone so within 30 days." in text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "No median: posts of 3 accounts tell too little of it."),
        ("zh", "3 个账号的帖文不足以说明。"),
    ],
)
def test_no_limit_of_the_median_is_told_of_few_accounts(lang, said):
    """Of three that stay half of all posts may still go at once; of four they may not."""
    for accounts in (3, 4):
        followed = tuple(
            Followed(account=f"a-{n % accounts}", seen=720.0, gone=None, cause=None, planned=720.0) for n in range(60)
        )
        known = Panel(followed=followed, posts=60, unseen=0, returned=0, visits=300, horizon=720.0)
        text = "\n".join(survival_sentences(known, survivals(known, 1), Words(lang)))
        assert (said in text) is (accounts == 3)


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "For 20 posts of them the platform gave no reason."), ("zh", "没有说明原因")]
)
def test_what_went_without_a_reason_is_counted(lang, said):
    """After all that is gone; where each has one, nothing is said."""
    assert said in told((2.0, 4.0, Cause.REMOVED), (2.0, 4.0, None), lang=lang)
    assert said not in told((2.0, 4.0, Cause.REMOVED), lang=lang)


def test_what_is_left_out_is_told():
    """Never seen, back again, not visited to the end, found too late."""
    text = told((10.0, None, None), unseen=3, returned=1)
    assert "Left out: 3 posts that no visit saw" in text
    assert "There again at a later visit: 1 post; what counts is what came of each after it was last seen." in text
    assert "Not visited to the end: 20 posts" in text
    late = Followed(account="late", seen=1.0, planned=10.0)
    whole = Followed(account="whole", seen=720.0, planned=720.0)
    known = Panel(followed=(late, whole), posts=2, unseen=0, returned=0, visits=4, horizon=720.0)
    assert "Found too late to be followed so long, and left out: 1 post." in "\n".join(
        survival_sentences(known, survivals(known, 1), Words("en"))
    )


def test_short_times_are_told_in_minutes():
    """A bracket of a few minutes."""
    assert "No median" not in told((0.02, 0.05, Cause.REMOVED))
    assert "within 2 minutes (" in told((0.02, 0.05, Cause.REMOVED))


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_its_words_in_both_languages(cause):
    """And the limits stand at the end."""
    assert "as the platform says: 20 of 20" in told((2.0, 4.0, cause))
    text = told((2.0, 4.0, cause), lang="zh")
    assert "平台称" in text
    assert text.splitlines()[-1].startswith("区间为 95 %")
