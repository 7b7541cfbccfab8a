"""Whether two pages are the same page, told from what a test helper says of its own: status, title, length, headers.

OONI's comparison takes one header name in common, or two absent titles, for agreement (refs/OONI 2.4), so that a
block page can pass for the site. Here agreement is a title, or two weaker signs together; silence agrees with
nothing.
"""

import html
import re

from hushmap.model import Page

LENGTHS = 0.7
"""Share of the longer body that the shorter must have: OONI's bound (refs/OONI 2.4), here never enough alone."""
NAMES = 0.5
"""Share of header names in common, of those that tell servers apart, or of words of a title; at least two of them."""
TITLE = 5
"""Characters that a title must have to tell one page from another."""

COMMON = frozenset(
    """
    date content-type server cache-control vary set-cookie location expires x-powered-by content-encoding
    last-modified accept-ranges pragma x-frame-options etag x-content-type-options age via p3p x-xss-protection
    content-language cf-ray strict-transport-security link x-varnish content-length connection transfer-encoding
    keep-alive alt-svc content-security-policy referrer-policy access-control-allow-origin
    """.split()
)
"""Header names that say nothing of who answered: the 25 that OONI leaves out, and those that it should (refs/OONI
2.4)."""

GENERIC = frozenset(
    {"error", "loading", "loading...", "welcome", "index", "untitled", "home", "redirect", "redirecting"}
)
"""Titles that unrelated pages share. own knowledge, unchecked."""

_STOCK = re.compile(
    r"(?:error )?(?:[45]\d\d)?[ :|-]*(?:bad request|unauthorized|forbidden|(?:page )?not found|access (?:is )?denied|"
    r"access forbidden|internal server error|bad gateway|(?:service|site) (?:temporarily )?unavailable|"
    r"gateway time-?out|(?:web ?)?(?:site|page)? ?blocked|request rejected|attention|warning|notice)!?"
)
"""Titles that servers and filters alike put on pages of their own: a weak sign (nginx, Apache httpd, IIS; own
knowledge, unchecked)."""


def same_page(here: Page, there: Page) -> bool:
    """Whether what came here is what came there; `there` may have no body, only its length."""
    if here.status // 100 != there.status // 100:
        return False
    one, other = _title(here), _title(there)
    if one and other:
        if one == other and _STOCK.fullmatch(one):
            return _lengths_agree(here, there)
        return _titles_agree(one, other) or (one == other and _rest_agrees(here, there))
    return not one and not other and _rest_agrees(here, there)


def _titles_agree(one: str, other: str) -> bool:
    """The same title, or one of which the greater part is the same: a number in it may have changed."""
    if one == other:
        return len(one) >= TITLE and one not in GENERIC
    words, others = set(one.split()), set(other.split())
    shared = sum(len(word) >= TITLE for word in words & others)
    return shared >= 2 and len(words & others) >= NAMES * len(words | others)


def _title(page: Page) -> str:
    """As one computer compares with another: references resolved (helpers of OONI leave them), white space folded."""
    title = page.title or ""
    return " ".join((html.unescape(title) if "&" in title else title).split()).casefold()


def _rest_agrees(here: Page, there: Page) -> bool:
    return _lengths_agree(here, there) and _names_agree(here, there)


def _lengths_agree(here: Page, there: Page) -> bool:
    shorter, longer = sorted((here.body_length, there.body_length))
    return shorter > LENGTHS * longer and shorter > 0 and not here.truncated


def _names_agree(here: Page, there: Page) -> bool:
    one, other = set(here.header_names) - COMMON, set(there.header_names) - COMMON
    shared = one & other
    return len(shared) >= 2 and len(shared) >= NAMES * len(one | other)
