"""What one page of a platform's search shows: results, whose they are, a notice, a wall; facts of one page load each.

What stands beside it decides what they mean (`searched`).
"""

from hushmap.detect.watched import page_of
from hushmap.model import NOTHING, Listing, Reason, Side, Trial

LEGAL = 451
"""Unavailable for legal reasons (RFC 7725)."""
OTHERS = 5.0
"""Results of other sources that a truism should show beside the word's own, at least, before it says something that
there are none: of as many that are expected none comes by chance in one of e^5 = 148 pages."""


def wall(trial: Trial) -> Reason | None:
    """What a platform puts before its pages, where it did."""
    page = trial.fetch.page if trial.fetch is not None else None
    signs = () if page is None else page.signs
    return Reason.CAPTCHA if "captcha" in signs else Reason.LOGIN_WALL if "login" in signs else None


def read(trial: Trial) -> bool:
    """Whether a page of results, or a refusal by law, was read over a proven connection and whole."""
    page = page_of(trial)
    if page is None:
        return False
    listed = page.status == 200 and page.listing is not None and not page.truncated
    return wall(trial) is None and (page.status == LEGAL or listed)


def settled(trial: Trial) -> bool:
    """Whether a search need not be asked again: it was read, or only who is logged in may read it."""
    return trial.side is Side.HERE and (read(trial) or wall(trial) is Reason.LOGIN_WALL)


def status_of(trial: Trial) -> int:
    """The page's status; 0 where nothing came."""
    page = trial.fetch.page if trial.fetch is not None else None
    return page.status if page is not None else 0


def listing_of(trial: Trial) -> Listing | None:
    """What a search lists; `None` where nothing was read."""
    page = trial.fetch.page if trial.fetch is not None else None
    return page.listing if page is not None else None


def found_on(trial: Trial) -> int:
    """How many results a search has."""
    listing = listing_of(trial)
    return listing.found if listing is not None else 0


def bears_nothing(trial: Trial) -> bool:
    """Whether a page bears the sign of no results; where one with results does it is no sign."""
    page = trial.fetch.page if trial.fetch is not None else None
    return page is not None and NOTHING in page.signs


def says_nothing(trial: Trial) -> bool | None:
    """Of a page that lists nothing, whether it is the platform's own that says so, and no wall that nobody knows."""
    came = trial.fetch is not None and trial.fetch.page is not None
    return bears_nothing(trial) if came and not found_on(trial) else None


def told_on(trial: Trial | None) -> bool:
    """Whether the platform says on a page that something is left out."""
    return trial is not None and (status_of(trial) == LEGAL or notice_on(trial) is not None)


def notice_on(trial: Trial) -> str | None:
    """The platform's own notice."""
    listing = listing_of(trial)
    return listing.notice if listing is not None else None


def unplaced_on(trial: Trial) -> bool:
    """Whether words of a notice stand there, and nobody knows whose they are."""
    listing = listing_of(trial)
    return listing is not None and listing.unplaced


def only_listed(trial: Trial) -> bool:
    """Whether there are results, and all of them are of listed sources."""
    listing = listing_of(trial)
    return listing is not None and 0 < listing.found == listing.sources == listing.listed


def others_due(word: Trial, control: Trial) -> float:
    """How many results of other sources a truism should show that has the word's own before all others.

    A page is short: where listed sources alone fill it with what they wrote of the word, those of others stand on the
    next. So only what has room beside the word's own is expected, in the control's mixture.
    """
    listing = listing_of(control)
    assert listing is not None, "only of a control that found something is anything expected"
    return (1 - listing.listed / listing.found) * (listing.found - found_on(word))
