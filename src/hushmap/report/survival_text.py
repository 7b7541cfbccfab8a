"""How long posts stayed, in sentences: shares with their intervals, how many were still followed, and the limits.

No median is told where it is not sure that half of all posts were ever gone so. Why a post is gone is the platform's
word; who made it go is in no sentence.
"""

from collections.abc import Iterable, Iterator

from hushmap.analysis import Panel, Survival
from hushmap.report.words import Words


def survival_sentences(panel: Panel, told: Iterable[Survival], words: Words, *, platform: str = "") -> Iterator[str]:
    """What came of the visits, sentence by sentence; `platform` is the name of the one that showed the posts."""
    every = tuple(told)
    accounts = max((one.accounts for one in every), default=0)
    kept = max((one.posts for one in every), default=0)
    if platform:
        yield words("stay.platform", platform=platform)
    yield words(
        "stay.followed",
        posts=words.count("n.posts", kept),
        accounts=words.count("n.accounts", accounts),
        visits=words.count("n.visits", panel.visits),
        horizon=_span(every[0].horizon if every else panel.horizon, words),
    )
    for key, number in (("nameless", panel.nameless), ("unseen", panel.unseen), ("returned", panel.returned)):
        if number:
            yield words(f"stay.{key}", posts=words.count("n.posts", number))
    if every and every[0].left_out:
        yield words("stay.left", posts=words.count("n.posts", every[0].left_out))
    if every and every[0].lost:
        yield words("stay.lost", posts=words.count("n.posts", every[0].lost))
    for one in every:
        yield _cause(one, words)
        if one.cause is None and (unsaid := one.gone - sum(other.gone for other in every if other.cause is not None)):
            yield words("stay.unsaid", posts=words.count("n.posts", unsaid))
    if every:
        risk = [
            words("stay.at", n=f"{number:,}", time=_span(share.hours, words))
            for number, share in zip(every[0].at_risk, every[0].shares, strict=True)
        ]
        yield words("stay.risk", numbers=words("stay.comma").join(risk))
    yield words("stay.limits")


def _cause(one: Survival, words: Words) -> str:
    """Shares gone so, and the median, or that there is none."""
    shares = [
        words("stay.share", share=_percent(share.share), low=_percent(share.low), high=_percent(share.high),
              time=_span(share.hours, words))
        for share in one.shares
    ]  # fmt: skip
    name = words(f"stay.cause.{one.cause or 'any'}")
    line = words(
        "stay.gone", cause=name, gone=f"{one.gone:,}", of=f"{one.posts:,}", shares=words("stay.comma").join(shares)
    )
    return f"{line} {_median(one, words)}"


def _median(one: Survival, words: Words) -> str:
    if one.median is not None and one.median_low is not None and one.median_high is not None:
        times = {"median": one.median, "low": one.median_low, "high": one.median_high}
        return words("stay.median", **{name: _span(hours, words) for name, hours in times.items()})
    if one.few:
        return words("stay.few", accounts=words.count("n.accounts", one.accounts))
    if one.median_low is not None:
        return words("stay.open", low=_span(one.median_low, words), horizon=_span(one.horizon, words))
    return words("stay.beyond", horizon=_span(one.horizon, words))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _span(hours: float, words: Words) -> str:
    """A time in the unit in which it is a small number."""
    for unit, key in ((24.0, "days"), (1.0, "hours")):
        if hours >= 2 * unit or (hours == unit and unit == 1.0):
            return words.count(f"stay.{key}", round(hours / unit))
    return words.count("stay.minutes", max(1, round(hours * 60)))
