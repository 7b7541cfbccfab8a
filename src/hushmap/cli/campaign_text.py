"""What `hushmap campaign list` and `show` print: facts with their sources, claims as claims."""

from collections.abc import Iterable, Iterator, Mapping

from hushmap.analysis import Study
from hushmap.cli.wording import count, day, field, listed, wrapped
from hushmap.model import Campaign, Claimed, Dated, EventKind, Precision
from hushmap.report import Words, claims, sentences

_KINDS = {
    EventKind.CAMPAIGN: "",
    EventKind.ANNIVERSARY: "anniversary",
    EventKind.NEWS: "news",
    EventKind.SEASON: "season",
}


def dated(one: Dated) -> str:
    """`1 Jun 2015`, `Nov 2015`, `about 8 Feb 2016`: no more than is known."""
    text = day(one.day.isoformat())
    if one.precision is Precision.MONTH:
        return text.partition(" ")[2]
    return f"about {text}" if one.precision is Precision.ABOUT else text


def lasting(start: Dated | None, end: Dated | None) -> str:
    """From when to when, as far as that is known."""
    if start is None or end is None:
        return dated(start) + " on" if start is not None else f"until {dated(end)}" if end is not None else "no date"
    return dated(start) if start == end else f"{dated(start)} to {dated(end)}"


def list_lines(found: Iterable[Campaign], sha256: str) -> Iterator[str]:
    """One event a line, and the hash of the register."""
    every = tuple(found)
    width = max((len(one.id) for one in every), default=0) + 2
    for one in every:
        about = [_KINDS[one.kind], one.jurisdiction, one.name, _claims(one)]
        yield f"{dated(one.first):>17}  {one.id:{width}}{' · '.join(part for part in about if part)}"
    yield f"{count(len(every), 'event')} · register sha256 {sha256[:12]}…     One of them: hushmap campaign show ID"


def _claims(one: Campaign) -> str:
    return count(len(one.claims), "claim") if one.claims else ""


def show_lines(one: Campaign, every: Mapping[str, Campaign]) -> Iterator[str]:
    """One event with all that is known of it."""
    yield f"{one.id}: {one.name}" + (f" · {one.name_original}" if one.name_original else "")
    if one.kind is not EventKind.CAMPAIGN:
        yield from field("Kind", f"{_KINDS[one.kind]}; here because it could be mistaken for the work of a campaign")
    yield from _where(one)
    dates = (("Announced", one.announced), ("Start", one.start), ("End", one.end), ("Reported", one.reported))
    for name, known in dates:
        if known is not None:
            yield from field(name, dated(known) + (", and on this day of each year" if one.yearly else ""))
    if one.end is None and one.kind is EventKind.CAMPAIGN:
        yield from field("End", "none is known")
    yield from field("Against", listed(one.targets) or "not said")
    yield from field("Platforms", listed(one.platforms) or "none is named")
    if one.confounders:
        others = (every[name] for name in one.confounders)
        yield from field("Meanwhile", "; ".join(f"{other.name} ({dated(other.first)})" for other in others))
    if one.note:
        yield from field("Note", one.note)
    if one.claims:
        yield "Claims. Each is its source's, and none is a measurement:"
    for claim in one.claims:
        yield from _claim(claim)
    yield "Sources"
    for document in one.documents:
        told = " · ".join(part for part in (document.what, document.language, document.url, document.note) if part)
        yield f"  {told}"


def _where(one: Campaign) -> Iterator[str]:
    """Whose it is, and in which places it began when."""
    yield from field("By", f"{one.agency or 'nobody'} · {one.jurisdiction}")
    for place in one.localities:
        start = f"from {dated(place.start)}" if place.start is not None else "no start is known"
        yield from field("Locality", f"{place.name}, {start}" + (f". {place.note}" if place.note else ""))
    if one.unnamed:
        yield from field("Elsewhere", one.unnamed)


def _claim(claim: Claimed) -> Iterator[str]:
    figure = ""
    if claim.figure is not None:
        bound = " or more" if claim.at_least else ""
        figure = f"{'about ' if claim.roughly else ''}{claim.figure:,}{bound} {claim.unit} · "
    when = f" · counted {lasting(claim.start, claim.end)}" if claim.start or claim.end else ""
    yield f"  {figure}{claim.agency}, {claim.place}, {day(claim.reported.isoformat())}{when}"
    yield from wrapped(f"It says: {claim.says}.", "    ", "      ")
    yield from wrapped(f"Not to be compared: {claim.unlike}.", "    ", "      ")


def study_lines(told: Study, every: Mapping[str, Campaign], lang: str) -> Iterator[str]:
    """What a study says, and what is claimed beside it."""
    campaign, words = every[told.campaign], Words(lang)
    yield f"{campaign.id}: {campaign.name} · register sha256 {told.register[:12]}…"
    for sentence in sentences(told, every, words):
        yield from wrapped(sentence, "  ", "    ")
    if campaign.claims:
        yield words("study.claims")
    for claim in claims(campaign, words):
        yield from wrapped(claim, "  ", "    ")
