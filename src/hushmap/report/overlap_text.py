"""What searches found on two lines: how alike for each word, one chance over all, and what it does not say."""

from collections.abc import Iterator

from hushmap.analysis import Overlap, Overlaps
from hushmap.report.words import Words

MOST = 40
"""Words that are told line by line; the rest is in the JSON."""


def overlap_lines(
    platform: str, found: Overlaps, editions: int, words: Words, *, in_turns: bool = True
) -> Iterator[str]:
    """All that is told of a comparison.

    Args:
        platform: its id.
        found: what came of it.
        editions: of the platform's manifest, in the runs.
        words: the language.
        in_turns: not all runs of one line were made before any of the other.
    """
    here, there = found.runs
    yield words(
        "overlap.of", platform=platform, words=_words(len(found.words), words), here=f"{here}", there=f"{there}"
    )
    if found.left_out:
        yield words("overlap.left", words=_words(found.left_out, words))
    if editions > 1:
        yield words("overlap.editions", n=f"{editions}")
    yield words("overlap.how")
    yield words("overlap.head")
    for one in sorted(found.words, key=lambda one: (not one.apart, one.across, one.word))[:MOST]:
        yield f"  {one.here:6.2f} {one.there:6.2f} {one.across:6.2f}   {one.word}{_only(one, words)}"
    if len(found.words) > MOST:
        yield words("overlap.more", words=_words(len(found.words) - MOST, words))
    yield words("overlap.apart", words=_words(sum(one.apart for one in found.words), words))
    yield words(
        "overlap.chance", difference=f"{found.difference:.2f}", p=f"{found.p:.2g}", least=f"{found.least:.2g}"
    )
    if not in_turns:
        yield words("overlap.turns")
    yield words("overlap.limits")


def _words(number: int, words: Words) -> str:
    return words.count("n.words", number)


def _only(one: Overlap, words: Words) -> str:
    told = []
    if one.only_there:
        told.append(words("overlap.only-there", n=f"{one.only_there}", of=f"{one.always_there}"))
    if one.only_here:
        told.append(words("overlap.only-here", n=f"{one.only_here}", of=f"{one.always_here}"))
    return words("overlap.only", what=words("overlap.both").join(told)) if told else ""
