"""What a scenario says of the lab's own platform: how much there is on it, and how it fails."""

from datetime import datetime
from typing import Annotated

import msgspec

Share = Annotated[float, msgspec.Meta(ge=0, lt=1)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]


class PlatformSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One platform, at the site of its name."""

    site: str
    acts: bool = True
    """Whether it hides and removes anything; else it is a control of the same contents, all open but for a canary."""
    words: Count = 20
    posts: Count = 20
    seed: int = 1
    """By which words, posts and faults are drawn."""
    began: datetime | None = None
    """Its first moment; none: when it is first served."""
    soonest_s: Seconds = 180.0
    latest_s: Seconds = 20 * 86400.0
    """How long after it was written something happens to a post: evenly over the logarithm between these."""
    fail: Share = 0.0
    """Requests that end without a word, or with status 502."""
    captcha: Share = 0.0
    """Requests that are answered by a captcha for no reason that could be seen."""
    a_minute: Annotated[int, msgspec.Meta(ge=1)] = 60
    """More requests of one address within a minute are answered by a captcha."""
    lag_s: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """By how much one of the three replicas lags behind."""
    ghosts: bool = False
    """Another replica loses half of the posts for five minutes, now and then, while its index is made anew."""


def platform_faults(platforms: tuple[PlatformSettings, ...], sites: frozenset[str]) -> list[str]:
    """What the types cannot say; the first is reported."""
    faults = [f"[[platform]] {one.site}: there is no such [[site]]" for one in platforms if one.site not in sites]
    return faults + [
        f"[[platform]] {one.site}: latest_s must not lie before soonest_s"
        for one in platforms
        if one.latest_s < one.soonest_s
    ]
