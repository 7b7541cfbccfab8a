"""What `hushmap publish` shows: what leaves, what was masked, what stays, and what no mask can know."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from hushmap.cli.wording import category, count, field, listed, moment, size, wrapped
from hushmap.publish import Refusal, Review, Wish

WHY = {
    Refusal.FOREIGN: "not measured here, but read from somebody else's file",
    Refusal.EXCLUDED: "a term of the hard exclusion list, or a mail address, in what was asked or answered",
    Refusal.SOMEBODY: "an address that names somebody (a login, a user's path, their folder), or a person's post",
    Refusal.PERSONAL: "a field with a person's name: a note, or the subject of a certificate",
    Refusal.HIDDEN: "something that was to be masked could still be read",
    Refusal.TIME: "a time that cannot be read, and so cannot be rounded",
    Refusal.ALTERED: "judged from the copy it would say something else",
    Refusal.CATEGORY: "of a category that you left here (--mask)",
}
"""Why records stay."""

_KEPT = (
    "what was asked for, and of whom; how each step ended, and after how many microseconds; addresses that names "
    "led to; certificates; names of headers, a few of their values, titles; lengths and hashes of pages"
)
_CARE = (
    "Masks know forms, not meanings: a title that spells your name, a list that only you could have written, a "
    "network with few people on it. A censor that kept logs may find the line by the sites and the hour. What others "
    "have received cannot be taken back."
)


class PublishText(msgspec.Struct, frozen=True, kw_only=True):
    """One bundle before it is written."""

    file: str
    size: int
    wish: Wish
    review: Review


def lines(text: PublishText) -> Iterator[str]:
    """All that is shown."""
    review = text.review
    runs = count(len(review.runs), "run")
    yield f"What would leave: {count(review.records, 'record')} of {runs} ({size(text.size)})"
    yield from _about(text)
    yield ""
    yield "What was masked:" if review.masked.total() else "Nothing had to be masked."
    for what, number in sorted(review.masked.items()):
        if number:
            yield f"  {number:8,}  {what}"
    if review.left_out or review.weaker or review.twice:
        yield ""
        yield "What stays here:" if review.left_out else "What else there is to know:"
        yield from _stays(review)
    yield ""
    yield from wrapped(_CARE)


def _about(text: PublishText) -> Iterator[str]:
    review, wish = text.review, text.wish
    about = ", ".join(_counted(review.experiments))
    yield from field("  Asked", f"{about} · {count(review.trials, 'attempt')}", 14)
    named = ", ".join(f"{category(code)} ({code}) {number:,}" for code, number in review.categories.most_common())
    yield from field("  About", named, 14)
    times = sorted(run.started for run in review.runs)
    if times:
        span = moment(times[0]) if times[0] == times[-1] else f"{moment(times[0])} to {moment(times[-1])}"
        yield from field("  Times", f"{span}, each rounded down to the {wish.precision}", 14)
    yield from field("  Place", _place(text), 14)
    for run in review.runs:
        label = f", label {run.label!r}" if run.label else ""
        yield from field("  Run", f"{run.run} · {count(run.records, 'record')} · deck {run.deck}{label}", 14)
    for name in sorted(review.lists):
        yield from field("  Words of", name, 14)
    yield from field("  Of each", _KEPT, 14)


def _place(text: PublishText) -> str:
    review = text.review
    countries = listed(sorted(code or "a country that is not said" for code in review.countries)) or "nothing"
    kinds = f", {listed(sorted(review.kinds))}" if review.kinds else ""
    if not text.wish.own_vantage:
        return f"{countries}{kinds}; the network is not named (--own-vantage names it, if the line's holder says yes)"
    if not review.networks:
        return f"{countries}{kinds}; no network is known"
    network = listed(sorted(review.networks))
    return (
        f"{countries}{kinds}; the network {network}, with its resolver: whoever has the provider's logs of that time "
        "can look for the line. The line's holder has to have said yes to this."
    )


def _counted(numbers: Mapping[str, int]) -> Iterator[str]:
    for name, number in sorted(numbers.items()):
        yield f"{name} {number:,}"


def _stays(review: Review) -> Iterator[str]:
    for reason, number in sorted(review.refused.items()):
        yield from wrapped(f"{count(number, 'record')}: {WHY[reason]}", "  ", "    ")
    if review.unreadable:
        yield f"  {count(review.unreadable, 'line')} that cannot be read"
    if review.weaker:
        yield from wrapped(
            f"{count(review.weaker, 'record leaves', 'records leave')} undecided: what carried the verdict (a page's "
            "text) is not published",
            "  ", "    ",
        )  # fmt: skip
    if review.twice:
        yield f"  {count(review.twice, 'run')} left out: the same as another"


def question(text: PublishText) -> str:
    """What is asked at the end."""
    number = text.review.records
    return f"Type the number of records that leave ({number}) to write {text.file}, or press Enter to stop: "


def published_object(text: PublishText) -> dict[str, Any]:
    """The object of `--json`."""
    review, wish = text.review, text.wish
    return {
        "schema": "hushmap.publish/1",
        "file": text.file,
        "bytes": text.size,
        "time_precision": wish.precision,
        "own_vantage": wish.own_vantage,
        "left": {
            "records": review.records,
            "trials": review.trials,
            "experiments": dict(sorted(review.experiments.items())),
            "categories": dict(sorted(review.categories.items())),
            "countries": sorted(filter(None, review.countries)),
            "networks": sorted(review.networks),
            "runs": msgspec.to_builtins(review.runs),
        },
        "masked": {name: number for name, number in sorted(review.masked.items()) if number},
        "refused": {reason.value: number for reason, number in sorted(review.refused.items())},
        "unreadable": review.unreadable,
        "weaker": review.weaker,
    }
