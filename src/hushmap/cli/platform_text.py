"""What `hushmap platform` says."""

from collections.abc import Iterator

from hushmap.cli.admitting import VERIFIED
from hushmap.cli.wording import listed
from hushmap.model import Extract, Platform
from hushmap.runs import PlatformCheck, PlatformChecks

AMISS = {
    "unread": "no page of results could be read: the line, the server, or another address than the manifest's",
    "captcha": "it asked for a captcha",
    "login_wall": "it asked for a login",
    "nothing_found": "a harmless word found nothing: what a result looks like has changed",
    "sources": "not every result says whose it is: what that looks like has changed",
    "notice": "a notice stands beside a harmless word or nonsense",
    "unplaced": "words of a notice stand beside a harmless word or nonsense, and the manifest has no notice_in",
    "nonsense_found": "nonsense finds something: that nothing is found would be no sign there",
    "nothing": "the page of nonsense does not say that nothing was found, as the manifest has it",
    "truism": "what should find everything finds nothing",
    "canary": "what should be left out was not seen to be",
}


def list_lines(found: tuple[Platform, ...], checks: PlatformChecks, today: str) -> Iterator[str]:
    """One line a manifest."""
    for one in found:
        kinds = listed([kind for kind, there in (("search", one.search), ("posts", one.post)) if there])
        passed = one.state == VERIFIED or checks.passed_on(one, today)
        state = "may be asked today" if passed else f"off until it is checked: hushmap platform check {one.id}"
        yield f"{one.id:<24} {one.name} ({listed(one.jurisdiction)}) · {kinds} · {one.state}, {one.as_of} · {state}"


def show_lines(one: Platform, last: PlatformCheck | None) -> Iterator[str]:
    """All that a manifest says, for people."""
    yield f"{one.name} · {one.operator} · under the law of {listed(one.jurisdiction)}"
    yield f"  manifest  {one.state}, as of {one.as_of} · source: {one.source}"
    told = "never" if last is None else f"{last.when}: " + ("passed" if not last.amiss else listed(last.amiss))
    yield f"  checked   {told}"
    if one.search is not None:
        yield f"  search    {one.search.url}"
        yield f"  results   {_extract(one.search.items)} · the first {one.search.top}"
        if one.search.source_of is not None:
            yield f"  whose     {_extract(one.search.source_of)} · listed: {listed(one.search.listed) or 'none'}"
        for kind in ("nonsense", "truisms", "controls", "canaries"):
            yield f"  {kind:<9} {listed(getattr(one.search, kind)) or 'none'}"
        if one.search.notice_in is not None:
            yield f"  notices   in {_extract(one.search.notice_in)}"
        elif one.notices:
            yield "            without notice_in, a notice decides nothing: whoever is quoted may say the same"
        if not one.search.truisms:
            yield "            without a truism, no results are no sign: nobody may have written of it"
        if not one.search.canaries:
            yield "            without a canary, a word is never said to be shown"
    if one.post is not None:
        yield f"  posts     {one.post.url}"
    for notice in one.notices:
        seen = f"seen {notice.first_seen or 'unknown'} to {notice.last_seen or 'unknown'}"
        yield f"  notice    {notice.text or notice.pattern} · {seen} · source: {notice.source}"


def _extract(one: Extract) -> str:
    return f"{one.kind} {one.expression}" + (f" @{one.attribute}" if one.attribute else "")


def check_lines(one: Platform, amiss: tuple[str, ...]) -> Iterator[str]:
    """What came of a check."""
    if not amiss:
        yield f"{one.id}: the manifest reads {one.name} today; it may be asked until midnight, UTC"
        return
    yield f"{one.id}: not passed, so that {one.name} stays off"
    for why in amiss:
        yield f"  {AMISS.get(why, why)}"
