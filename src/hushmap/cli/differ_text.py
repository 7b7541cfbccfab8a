"""Where OONI's conclusion and our verdict part: in a few words, as a list with examples, and as data."""

from collections.abc import Iterator
from typing import Any

from hushmap.cli.reasons import REASONS
from hushmap.cli.wording import count
from hushmap.detect import WHY_WORDS, claimed
from hushmap.judge import Counters, Example, Parting
from hushmap.model import Claim, Reason

DIFFER = "hushmap.differ/1"


def parting_words(parting: Parting) -> str:
    """`it says anomaly, we Not decided (one attempt only)`."""
    says = "gives no verdict" if parting.claim == "no verdict" else f"says {parting.claim}"
    return f"it {says}, we {parting.group} ({why_words(parting.why)})"


def why_words(why: str) -> str:
    """Why, in words: of the table in `detect`, or the reason for which nothing is decided."""
    return next((words for one, words in WHY_WORDS.items() if one == why), None) or REASONS[Reason(why)]


def claim_words(claim: Claim) -> str:
    """OONI's conclusion with the layer that it names: `anomaly (dns)`."""
    layer = f" ({claim.blocking})" if isinstance(claim.blocking, str) else ""
    return f"{claimed(claim)}{layer}"


def differ_lines(counters: Counters) -> Iterator[str]:
    """Every way to part, the commonest first, with examples."""
    total = counters.partings.total()
    yield f"OONI's verdict and ours differ in {total:,} of {count(counters.claims, 'record')} that have both."
    for parting, number in ordered(counters.partings):
        examples = counters.examples.get(parting, [])
        yield f"{number:>8,}  {parting_words(parting)}"
        for one in examples:
            yield f"            {one.target}"
            yield f"              OONI {_says(one)} · {one.label} · rule {one.rule} · {one.source} · {one.record}"
        if number > len(examples):
            yield f"            {number - len(examples):,} more"
    if total:
        yield "One of them, with its evidence: hushmap show RECORD --from PATH (and --fingerprints as here)"


def differ_objects(counters: Counters) -> Iterator[dict[str, Any]]:
    """The same as data: one object a way to part."""
    for parting, number in ordered(counters.partings):
        yield {
            "schema": DIFFER,
            "ooni": parting.claim,
            "group": parting.group,
            "why": parting.why,
            "words": why_words(parting.why),
            "count": number,
            "examples": counters.examples.get(parting, []),
        }


def ordered(partings: dict[Parting, int]) -> list[tuple[Parting, int]]:
    """The commonest first; those as common in the order of their names."""
    return sorted(partings.items(), key=lambda found: (-found[1], found[0]))


def _says(one: Example) -> str:
    return claim_words(Claim(blocking=one.blocking, accessible=one.accessible))
