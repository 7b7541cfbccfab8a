"""From visits to how long posts stayed: only what was seen is followed, and what decided nothing widens a bracket."""

import pytest

from hushmap.analysis import Cause, Visit, panel, survivals

HOUR = 3600.0
TIMES = (0.0, 1.0, 2.0, 4.0, 24.0)


def visits(post, states, account="", times=TIMES):
    """One post at each visit: True there, a cause or None gone, "" undecided."""
    return [
        Visit(post=post, account=account, run=hours * HOUR, at=hours * HOUR + 36, there=state is True,
              cause=state if isinstance(state, Cause) else None)
        for hours, state in zip(times, states, strict=True)
        if state != ""
    ]  # fmt: skip


def test_a_post_is_bracketed_by_the_last_look_that_saw_it_and_the_first_that_did_not():
    """A visit that decided nothing only widens the bracket; the cause is that of the first miss."""
    told = panel(visits("a", (True, True, "", Cause.REMOVED, Cause.ACCOUNT), account="x"))
    (one,) = told.followed
    assert (one.account, one.seen, one.gone, one.cause) == ("x", 1.0, 4.0, Cause.REMOVED)
    assert (one.planned, told.horizon, told.visits) == (24.0, 24.0, 4)


@pytest.mark.parametrize(("later", "cause"), [(Cause.REMOVED, Cause.REMOVED), (Cause.ACCOUNT, None), (None, None)])
def test_a_reason_that_is_given_later_is_given(later, cause):
    """The end of an account is none: it ends after the post as well, and hides why that went."""
    (one,) = panel(visits("a", (True, True, None, None, later))).followed
    assert (one.seen, one.gone, one.cause) == (1.0, 2.0, cause)


def test_what_stays_has_no_end():
    """Without an account a post is its own; of one found later less time was planned."""
    told = panel([*visits("a", (True,) * 5), *visits("b", ("", "", True, True, True))])
    first, second = told.followed
    assert (first.account, first.seen, first.gone, first.planned) == ("a", 24.0, None, 24.0)
    assert (second.seen, second.planned) == (22.0, 22.0)


def test_what_was_never_seen_is_not_followed():
    """Held back or gone when it was first asked for."""
    told = panel([*visits("a", (Cause.HIDDEN,) * 5), *visits("b", (True,) * 5)])
    assert (told.posts, told.unseen, len(told.followed)) == (2, 1, 1)
    assert survivals(told, 1)[0].posts == 1


def test_what_came_back_was_not_gone():
    """It counts as there until it was last seen, and is told."""
    told = panel(visits("a", (True, Cause.REMOVED, True, True, True)))
    assert (told.returned, told.followed[0].gone) == (1, None)
    told = panel(visits("a", (True, Cause.REMOVED, True, True, Cause.REMOVED)))
    assert (told.returned, told.followed[0].seen, told.followed[0].gone) == (1, 4.0, 24.0)


def test_what_was_found_too_late_is_not_kept():
    """Only from the first visit on a post is followed for the whole time; months are cut at thirty days."""
    told = panel([*visits("a", (True,) * 5), *visits("b", ("", "", True, True, True))])
    assert [one.planned for one in told.kept] == [24.0]
    long = panel(
        [*visits("a", (True, True), times=(0.0, 2000.0)), *visits("b", ("", True, True), times=(0.0, 1.0, 2000.0))]
    )
    assert (long.span, len(long.kept)) == (720.0, 2)


def test_a_post_may_be_gone_without_a_word():
    """It is gone for any reason, and for none of the causes."""
    told = panel([*visits("a", (True, None, None, None, None)), *visits("b", (True,) * 5)])
    assert (told.followed[0].gone, told.followed[0].cause) == (1.0, None)
    assert [one.cause for one in survivals(told, 1)] == [None]


def test_every_cause_is_told_that_was_seen():
    """All together first; shares at an hour and at the end, of all that were followed."""
    rows = [visits(f"r{n}", (True, True, Cause.REMOVED, Cause.REMOVED, Cause.REMOVED)) for n in range(12)]
    rows += [visits(f"w{n}", (True, True, True, Cause.WITHDRAWN, Cause.WITHDRAWN)) for n in range(4)]
    told = survivals(panel(one for row in rows for one in row), 1)
    assert [one.cause for one in told] == [None, Cause.REMOVED, Cause.WITHDRAWN]
    assert [share.hours for share in told[0].shares] == [1.0, 24.0]
    assert (told[1].gone, told[1].shares[-1].share) == (12, 0.75)
    assert told[1].median is not None
    assert told[2].median is None


def test_nothing_is_told_of_nothing():
    """No visit that decided anything; one visit only; nothing that was seen."""
    with pytest.raises(ValueError, match="no visit decided"):
        panel([])
    for states in ((True,), (Cause.REMOVED,)):
        with pytest.raises(ValueError, match="no post was seen"):
            survivals(panel(visits("a", states, times=(0.0,))), 1)
