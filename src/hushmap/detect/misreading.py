"""Why a manifest does not read its platform today, by a check of one of its parts."""

from hushmap.detect.result_page import bears_nothing, found_on, listing_of, notice_on, says_nothing, unplaced_on, wall
from hushmap.detect.searched import Block, Finding, Searched
from hushmap.detect.watched import STATES, Shown, is_load, page_of, shown, telling
from hushmap.model import Knowledge, Record, Role, Trial


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
        "nothing_everywhere": found_on(first.word) > 0 and bears_nothing(first.word),
        "truism": first.needs_truism and not all(map(_finds, (first.truism, first.control))),
        "harmless": first.finding is Finding.SOFT,
        "canary": search is not None and bool(search.canaries) and seen.canary in {None, Finding.CLEAN},
    }
    return tuple(kind for kind, holds in kinds.items() if holds)


def _finds(trial: Trial | None) -> bool:
    return trial is not None and found_on(trial) > 0


def misread_post(record: Record) -> tuple[str, ...]:
    """Why a manifest does not read the posts of its platform; empty: it does.

    One look at a post that is there and one at an id that no post has tell that the sign of a post stands on its page
    and none on others. By what a post is known to be gone stays untried: nobody removes one for a check.
    """
    loads = [trial for trial in record.counted if is_load(trial)]
    ours = [trial for trial in loads if trial.role is not Role.BASELINE]
    nobodys = [trial for trial in loads if trial.role is Role.BASELINE]
    looks = [telling(each) for each in (ours, nobodys) if each]
    states = [shown(trial) for trial in looks]
    walls = {Shown.CAPTCHA: "captcha", Shown.LOGIN: "login_wall"}
    met = sorted({walls[state] for state in states if state in walls})
    if met or len(looks) < 2 or None in states:
        return tuple(met) or ("unread",)
    kinds = {"post": states[0] is not Shown.VISIBLE, "post_nonsense": _bears(looks[1])}
    return tuple(kind for kind, holds in kinds.items() if holds)


def _bears(trial: Trial) -> bool:
    """Whether a page bears any sign of a post."""
    page = page_of(trial)
    return page is not None and any(state in page.signs for state in STATES)
