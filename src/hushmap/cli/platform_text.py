"""What `hushmap platform` says."""

from collections.abc import Iterator

from hushmap.cli.admitting import VERIFIED, check_words
from hushmap.cli.wording import listed
from hushmap.model import Extract, Platform, Search, Section
from hushmap.runs import PlatformChecks

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
    "nothing_everywhere": "a page with results bears the sign of one without: it is no sign there",
    "truism": "what should find everything finds nothing",
    "harmless": "of a harmless word only listed sources are found, as of one that is left out",
    "canary": "what should be left out was not seen to be",
    "post": "the post that you named is not shown, or by another sign than the manifest's",
    "post_nonsense": "the page of an id that no post has bears a sign of a post: it would say so of any page",
}
_KINDS = {Section.SEARCH: "searches", Section.POST: "posts"}


def _parts(one: Platform) -> list[Section]:
    return [part for part, there in ((Section.SEARCH, one.search), (Section.POST, one.post)) if there is not None]


def list_lines(found: tuple[Platform, ...], checks: PlatformChecks, today: str) -> Iterator[str]:
    """One line a manifest."""
    for one in found:
        states = " · ".join(f"{_KINDS[part]}: {_state(one, part, checks, today)}" for part in _parts(one))
        yield f"{one.id:<24} {one.name} ({listed(one.jurisdiction)}) · {one.state}, {one.as_of} · {states}"


def _state(one: Platform, part: Section, checks: PlatformChecks, today: str) -> str:
    passed = one.state == VERIFIED or checks.passed_on(one, part, today)
    return "on today" if passed else f"off until checked: {check_words(one, part)}"


def show_lines(one: Platform, checks: PlatformChecks) -> Iterator[str]:
    """All that a manifest says, for people."""
    yield f"{one.name} · {one.operator} · under the law of {listed(one.jurisdiction)}"
    yield f"  manifest  {one.state}, as of {one.as_of} · source: {one.source}"
    for part in _parts(one):
        last = checks.last(one, part)
        told = "never" if last is None else f"{last.when}: " + ("passed" if not last.amiss else listed(last.amiss))
        yield f"  checked   {_KINDS[part]}: {told}"
    if one.search is not None:
        yield from _search_lines(one, one.search)
    if one.post is not None:
        yield f"  posts     {one.post.url}"
    for notice in one.notices:
        seen = f"seen {notice.first_seen or 'unknown'} to {notice.last_seen or 'unknown'}"
        yield f"  notice    {notice.text or notice.pattern} · {seen} · source: {notice.source}"


def _search_lines(one: Platform, search: Search) -> Iterator[str]:
    yield f"  search    {search.method} {search.url}"
    if search.form:
        fields = " · ".join(f"{name} = {text}" for name, text in search.form)
        yield f"  form      {fields} · source: {search.form_source}"
    yield f"  results   {_extract(search.items)} · the first {search.top}"
    if search.source_of is not None:
        yield f"  whose     {_extract(search.source_of)} · listed: {listed(search.listed) or 'none'}"
    for kind in ("nonsense", "truisms", "controls", "canaries"):
        yield f"  {kind:<9} {listed(getattr(search, kind)) or 'none'}"
    if search.notice_in is not None:
        yield f"  notices   in {_extract(search.notice_in)}"
    elif one.notices:
        yield "            without notice_in, a notice decides nothing: whoever is quoted may say the same"
    if not search.truisms:
        yield "            without a truism, no results are no sign: nobody may have written of it"
    if not search.canaries:
        yield "            without a canary, a word is never said to be shown"


def _extract(one: Extract) -> str:
    return f"{one.kind} {one.expression}" + (f" @{one.attribute}" if one.attribute else "")


def check_lines(one: Platform, part: Section, amiss: tuple[str, ...]) -> Iterator[str]:
    """What came of a check of one part."""
    if not amiss:
        what = "it may be searched" if part is Section.SEARCH else "they may be watched"
        yield f"{one.id}: the manifest reads {_KINDS[part]} on {one.name} today; {what} until midnight, UTC"
        if part is Section.POST:
            yield "  not tried: the signs by which a post is known to be gone; nobody removes one for a check"
        return
    yield f"{one.id}: not passed, so that {_KINDS[part]} on {one.name} stay off"
    for why in amiss:
        yield f"  {AMISS.get(why, why)}"
