"""From visits to how long posts stayed: each post between the last look that saw it and the first that did not.

Only a post that was seen can be followed: what was held back or gone when it was first asked for tells nothing of how
long it stood (refs/KEYWORDS 2.6). A visit that decided nothing widens the bracket and no more. A post that came back
was not gone.
"""

from collections.abc import Iterable
from itertools import pairwise

import msgspec
import numpy as np

from hushmap.analysis.lasting import Cause, Followed, Survival, survival

HORIZON = 720.0
"""Hours, 30 days (refs/KEYWORDS 2.6)."""
TIMES = (1.0, 24.0, 168.0)
"""Hours of which shares are told, beside the horizon."""

_HOUR = 3600.0


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What one visit showed of one post, in seconds on a clock that all visits share."""

    post: str
    account: str
    run: float
    """When the visit's run began."""
    at: float
    """When the post was looked for, first."""
    there: bool
    """Else it was not there, by two looks."""
    cause: Cause | None = None
    """Why not, by the platform's word; None: it gave none."""

    @property
    def author(self) -> str:
        """Whose the post is; where that is not known it counts as one of its own."""
        return self.account or self.post


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """The posts of some visits."""

    followed: tuple[Followed, ...]
    posts: int
    """All that visits decided something about."""
    unseen: int
    """Posts that no visit saw."""
    returned: int
    """Posts that were gone at one visit and there at a later one, whatever became of them after."""
    visits: int
    horizon: float
    """Hours from the first visit to the last: so long posts can have been followed, at most."""

    @property
    def span(self) -> float:
        """Hours for which posts have to have been followed, to be counted."""
        return min(HORIZON, self.horizon)

    @property
    def kept(self) -> tuple[Followed, ...]:
        """The posts that are counted: the rest was found too late."""
        return tuple(post for post in self.followed if post.planned >= self.span)

    @property
    def nameless(self) -> int:
        """How many of these have an account that is not known: each counts as one of an account of its own."""
        return sum(not post.named for post in self.kept)


def panel(visits: Iterable[Visit]) -> Panel:
    """Every post as it was followed.

    Raises:
        ValueError: There is no visit that decided anything.
    """
    every = sorted(visits, key=lambda visit: (visit.at, visit.post))
    if not every:
        raise ValueError("no visit decided whether a post was there")
    first, last = min(visit.run for visit in every), max(visit.run for visit in every)
    posts: dict[str, list[Visit]] = {}
    for visit in every:
        posts.setdefault(visit.post, []).append(visit)
    found = [_followed(mine, last) for mine in posts.values()]
    followed = tuple(one for one in found if one is not None)
    returned = sum(any(not one.there and later.there for one, later in pairwise(mine)) for mine in posts.values())
    return Panel(
        followed=followed,
        posts=len(posts),
        unseen=len(posts) - len(followed),
        returned=returned,
        visits=len(every),
        horizon=(last - first) / _HOUR,
    )


def _followed(visits: list[Visit], last: float) -> Followed | None:
    """One post, from the first visit that saw it; `None` if none did."""
    seen = [visit for visit in visits if visit.there]
    if not seen:
        return None
    found, newest = seen[0], seen[-1]
    after = [visit for visit in visits if visit.at > newest.at]
    gone = after[0] if after else None
    return Followed(
        account=found.author,
        named=bool(found.account),
        seen=(newest.at - found.at) / _HOUR,
        gone=None if gone is None else (gone.at - found.at) / _HOUR,
        cause=_cause(after),
        planned=(last - found.run) / _HOUR,
    )


def _cause(misses: list[Visit]) -> Cause | None:
    """Why a post is gone: the word that was given first, with the first miss or, where none was given then, later.

    Not so the end of its account: that comes to a post that went for another reason, too.
    """
    said = [visit.cause for visit in misses[:1]]
    said += [visit.cause for visit in misses[1:] if visit.cause is not Cause.ACCOUNT]
    return next((cause for cause in said if cause is not None), None)


def survivals(panel: Panel, seed: int) -> tuple[Survival, ...]:
    """Every cause that was seen, and before them all together.

    Raises:
        ValueError: No post was followed for any time.
    """
    horizon = panel.span
    if not panel.followed or not horizon:
        raise ValueError("no post was seen at one visit and looked for at a later one")
    times = (*(hours for hours in TIMES if hours < horizon), horizon)
    seen = {post.cause for post in panel.followed}
    return tuple(
        survival(panel.followed, np.random.default_rng(seed), cause=cause, horizon=horizon, times=times)
        for cause in (None, *(cause for cause in Cause if cause in seen))
    )
