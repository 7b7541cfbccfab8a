"""Recognising block notices and refusals by what a page says of itself.

Literal patterns go through one Aho-Corasick automaton (0.3 ms a page at 1,300 patterns where a `re` alternation takes
224, refs/STORAGE_UI); the few regular expressions run only on pages that they could be about. Negative fingerprints
(scope `fp`) clear a page whatever else matches.
"""

import re
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from hushmap.model import Fingerprint, Knowledge, Page, Trial

_CAPTCHA = re.compile(
    r"captcha|just a moment|attention required|are you a robot|verify you are human|人机验证|安全验证", re.IGNORECASE
)
"""Titles of the common challenge pages. own knowledge, unchecked."""
REFUSALS = {403: "403", 429: "ratelimit", 451: "451"}
"""Status codes by which a server refuses: RFC 9110 15.5.4, RFC 6585 4, RFC 7725."""
_ORDER = {"prod": 0, "nat": 1, "isp": 2, "inst": 3}
"""Vendor and national marks before those of one institution; any other scope comes last."""
_VAGUE = "vbw"
"""Vague wording, which sites use of themselves too: such a mark accuses nobody."""


@lru_cache(maxsize=4)
def _automaton(marks: tuple[Fingerprint, ...]) -> AhoCorasick:
    return AhoCorasick([mark.pattern for mark in marks])


@lru_cache(maxsize=8)
def _split(marks: tuple[Fingerprint, ...], where: str) -> tuple[tuple[Fingerprint, ...], tuple[Fingerprint, ...]]:
    """(literal, regexp) marks for one place."""
    here = [mark for mark in marks if mark.where == where]
    return (
        tuple(mark for mark in here if mark.kind != "regexp"),
        tuple(mark for mark in here if mark.kind == "regexp"),
    )


def _fits(mark: Fingerprint, text: str) -> bool:
    if mark.kind == "prefix":
        return text.startswith(mark.pattern)
    return text == mark.pattern if mark.kind == "full" else True


def _matches(text: str, where: str, marks: tuple[Fingerprint, ...]) -> list[Fingerprint]:
    literal, patterns = _split(marks, where)
    found = []
    if literal:
        hits = {index for index, _, _ in _automaton(literal).find_matches_as_indexes(text, overlapping=True)}
        found = [literal[index] for index in hits if _fits(literal[index], text)]
    return found + [mark for mark in patterns if re.search(mark.pattern, text)]


def notice(page: Page, knowledge: Knowledge) -> Fingerprint | None:
    """The fingerprint that says that `page` is a block notice, most telling first; `None` if none does."""
    places = {"body": page.body, "title": page.title, "location": page.location, "header.server": page.server}
    found: list[Fingerprint] = []
    for where, text in places.items():
        if text:
            found += _matches(text, where, knowledge.fingerprints)
    if any(mark.scope == "fp" for mark in found):
        return None
    telling = [mark for mark in found if mark.scope != _VAGUE]
    return min(telling, key=lambda mark: (_ORDER.get(mark.scope, 9), mark.id), default=None)


def notice_address(address: str, knowledge: Knowledge) -> Fingerprint | None:
    """The fingerprint that says that a DNS answer of `address` leads to a block notice."""
    return next((mark for mark in _matches(address, "dns", knowledge.fingerprints) if mark.pattern == address), None)


def notice_text(trial: Trial) -> dict[str, str]:
    """The fact `notice`: the title under which a notice was shown, where it had one."""
    page = trial.fetch.page if trial.fetch else None
    return {"notice": page.title[:200]} if page is not None and page.title else {}


def refusal(page: Page) -> str | None:
    """How a server refused: `captcha`, `403`, `429` as `ratelimit`, `451`; `None` if it did not."""
    if page.title and _CAPTCHA.search(page.title):
        return "captcha"
    return REFUSALS.get(page.status)
