"""Why a manifest does not read its platform today, by a check of one of its parts."""

from hushmap.detect.searched import (
    Block,
    Finding,
    Searched,
    found_on,
    listing_of,
    notice_on,
    says_nothing,
    unplaced_on,
    wall,
)
from hushmap.model import Knowledge, Record


def misread(record: Record, knowledge: Knowledge) -> tuple[str, ...]:
    """Why a manifest does not read its platform, by the searches for one of its harmless words; empty: it does."""
    seen = Searched(record, knowledge)
    walls = {wall(trial) for trial in seen.searches} - {None}
    first = seen.blocks[0] if seen.blocks else Block()
    search = record.platform.search if record.platform is not None else None
    if first.word is None or first.nonsense is None:
        return tuple(sorted(str(one) for one in walls)) or ("unread",)
    listing = listing_of(first.word)
    sources = search is not None and search.source_of is not None
    kinds = {
        "nothing_found": not found_on(first.word),
        "sources": sources and listing is not None and listing.found != listing.sources,
        "notice": notice_on(first.word) is not None or notice_on(first.nonsense) is not None,
        "unplaced": unplaced_on(first.word) or unplaced_on(first.nonsense),
        "nonsense_found": found_on(first.nonsense) > 0,
        "nothing": search is not None and bool(search.nothing) and says_nothing(first.nonsense) is False,
        "truism": first.needs_truism and (first.control is None or not found_on(first.control)),
        "canary": search is not None and bool(search.canaries) and seen.canary in {None, Finding.CLEAN},
    }
    return tuple(kind for kind, holds in kinds.items() if holds)
