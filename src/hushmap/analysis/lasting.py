"""How long posts stay: the share that is gone by a time, by cause, and the median with an honest interval.

A post is visited now and then, so that the moment of its removal is known only to lie between the last visit that saw
it and the first that did not. Its author's deletion and the end of its account are no removals and no censoring
either: a post that is gone can not be removed any more. So the share removed by time t is counted over all posts, a
removal entering bit by bit across its bracket (evenly in log time, since visits are spaced so). Formulas and measured
coverage: refs/STATISTICS 5; a bracket of the usual fit for such data is no interval and covered 13 of 200.

Posts of one account share its fate, so accounts are drawn anew and not posts.
"""

import math
from collections.abc import Sequence
from enum import StrEnum

import msgspec
import numpy as np
import numpy.typing as npt

from hushmap.sampling import student, wilson

Numbers = npt.NDArray[np.float64]

DRAWS = 400
"""Resamplings of accounts: of its deviation one then knows three per cent or so."""
FINEST = 1 / 3600
"""Hours, one second: nothing is known to vanish sooner, and the logarithm needs a beginning."""
_GRID = 400
"""Times between a second and the horizon that are looked at: a step is four per cent."""


class Cause(StrEnum):
    """Why a post is gone."""

    REMOVED = "removed"
    HIDDEN = "hidden"
    """The platform has it, and does not show it to everybody."""
    WITHDRAWN = "withdrawn"
    """By its author."""
    ACCOUNT = "account"
    """With its account."""


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """One post, in hours since it was found."""

    account: str
    """Which posts share an account; a keyed hash, never a name."""
    named: bool = True
    """Whether that is known; else `account` is the post's own hash."""
    seen: float
    """When it was last seen; 0 where it was only found."""
    gone: float | None = None
    """When it was first seen to be gone; None: it was still there at the last visit."""
    cause: Cause | None = None
    planned: float
    """How long it was to be followed, as was known when it was found."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """The share gone by a time."""

    hours: float
    share: float
    low: float
    high: float


class Survival(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one cause."""

    cause: Cause | None
    """None: of any."""
    posts: int
    accounts: int
    gone: int
    left_out: int
    """Posts that were not to be followed long enough, gone or not: to keep those that are gone would be to choose."""
    lost: int
    """Posts that nobody could visit to the end, though they were there when last seen: counted as still there."""
    horizon: float
    shares: tuple[Share, ...]
    at_risk: tuple[int, ...]
    """Of each of these times, posts that were seen then or later."""
    median: float | None
    """Hours until half of all posts are gone so; None where it is not sure that half were within the horizon."""
    median_low: float | None
    """Its 95 % interval; without a median still the least that it could be, or None: it lies beyond the horizon."""
    median_high: float | None
    """None: open, more than the horizon."""

    @property
    def few(self) -> bool:
        """Whether the posts are those of too few accounts to tell anything of the median.

        Then half of all may be gone within the first second, for all that is known: of three that are there Wilson's
        upper limit is 0.56, of four 0.49.
        """
        return self.median is None and self.median_low is not None and self.median_low <= FINEST


def survival(
    posts: Sequence[Followed],
    rng: np.random.Generator,
    *,
    cause: Cause | None = Cause.REMOVED,
    horizon: float = 720.0,
    times: Sequence[float] = (1.0, 24.0, 720.0),
) -> Survival:
    """The share of posts gone by `cause`, and the time until half of all are.

    Args:
        posts: all that were followed, those still there too.
        rng: which accounts are drawn.
        cause: which one; None for any.
        horizon: hours that each post was to be followed; 30 days (refs/KEYWORDS 2.6).
        times: hours of which shares are told.

    Raises:
        ValueError: No post was to be followed so long.
    """
    kept = [post for post in posts if post.planned >= horizon]
    if not kept:
        raise ValueError(f"no post was to be followed for {horizon:g} hours")
    grid = np.geomspace(FINEST, horizon, _GRID)
    asked = np.asarray(times, dtype=np.float64)
    every = np.concatenate([grid, asked])
    rows = np.array([_gone_by(post, every, cause) for post in kept])
    share, low, high = _limits(rows, [post.account for post in kept], rng)
    # Where the limits are on both sides of one half the median may be; told is it only if that comes to an end.
    sure = bool(low[_GRID - 1] > 0.5)
    possible = high[:_GRID] >= 0.5
    return Survival(
        cause=cause,
        posts=len(kept),
        accounts=len({post.account for post in kept}),
        gone=sum(_by(post, cause) for post in kept),
        left_out=len(posts) - len(kept),
        lost=sum(post.gone is None and post.seen < horizon for post in kept),
        horizon=horizon,
        shares=tuple(
            Share(hours=float(hours), share=float(share[at]), low=float(low[at]), high=float(high[at]))
            for at, hours in enumerate(asked, _GRID)
        ),
        at_risk=tuple(sum(post.seen >= hours for post in kept) for hours in times),
        median=float(grid[int(np.argmax(share[:_GRID] >= 0.5))]) if sure else None,
        median_low=float(grid[int(np.argmax(possible))]) if possible.any() else None,
        median_high=float(grid[int(np.argmax(low[:_GRID] > 0.5))]) if sure else None,
    )


def _by(post: Followed, cause: Cause | None) -> bool:
    return post.gone is not None and cause in {None, post.cause}


def _gone_by(post: Followed, times: Numbers, cause: Cause | None) -> Numbers:
    """Of each time how much of the post is counted as gone."""
    if not _by(post, cause):
        return np.zeros(len(times))
    assert post.gone is not None
    low, high = np.log(max(post.seen, FINEST)), np.log(max(post.gone, FINEST * 2))
    passed: Numbers = np.clip((np.log(times) - low) / max(high - low, 1e-9), 0.0, 1.0)
    return passed


def _limits(rows: Numbers, accounts: Sequence[str], rng: np.random.Generator) -> tuple[Numbers, Numbers, Numbers]:
    """The share at each time with Wilson's limits for as many independent posts as these are worth.

    Where posts of one account go together, resampling accounts shows a greater deviation than so many posts by
    themselves would have; the number of posts that would have it takes their place. It is never more than there are.
    From few accounts the deviation itself is known badly: then posts are worth less by Student's t (Korn and Graubard
    1998). What tells it are accounts of which a post is gone beside accounts of which one is not; the fewer of these
    are counted: where hardly an account was touched, or all were, nothing shows that posts of one go separately. Of
    shares of 0.95 in 12 to 40 accounts of 20 posts that go whole, 0.42 to 0.82 of intervals covered by the count of
    all accounts, and by this one 0.91 and more (500 studies each). Posts are worth no less than their accounts, by
    Kish's count of unequal ones: that is what they are worth where all of an account always go together.
    """
    names, place = np.unique(np.asarray(accounts), return_inverse=True)
    sums = np.zeros((len(names), rows.shape[1]))
    np.add.at(sums, place, rows)
    sizes = np.bincount(place).astype(np.float64)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=DRAWS).astype(np.float64)
    resampled = (drawn @ sums) / (drawn @ sizes)[:, None]
    share = rows.mean(axis=0)
    variance = resampled.var(axis=0)
    posts = float(len(rows))
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(variance > 0, share * (1 - share) / variance, posts)
    least = posts**2 / float((sizes**2).sum())
    telling = np.minimum((sums > 0).sum(axis=0), (sums < sizes[:, None]).sum(axis=0))
    known = np.array([_known(number) for number in range(len(names) + 1)])
    worth = np.clip(np.minimum(worth, posts) * known[telling], least, posts)
    limits = np.array([wilson(float(one * n), float(n)) for one, n in zip(share, worth, strict=True)])
    return share, limits[:, 0], limits[:, 1]


def _known(accounts: int) -> float:
    """How much of what posts are worth is left where their deviation is known from so many accounts."""
    if accounts <= 1:
        return 0.0
    return (accounts - 1) / accounts * (student(math.inf) / student(accounts - 1)) ** 2
