"""Recognising block notices and refusals by what a page, an answer or a certificate says of itself.

Which fingerprint decides, where several are found: a vendor's or a country's before a generic one. A negative
fingerprint (scope `fp`) for the page's own site clears it; one for all sites clears it if it knows a whole text,
and else of generic accusations only. Censored Planet's list of known false positives, put first, hides one in nine
real block pages behind pieces such as `redirect` (refs/BEYOND 2.12).
"""

from collections.abc import Iterable, Sequence

from hushmap.detect.marks import index_of
from hushmap.model import Certificate, Fingerprint, Knowledge, Page, Trial

_CAPTCHA = (
    "captcha", "just a moment", "attention required", "ddos-guard", "are you a robot", "verify you are human",
    "人机验证", "安全验证",
)  # fmt: skip
"""Titles of the common challenge pages. own knowledge, unchecked."""
REFUSALS = {403: "403", 429: "ratelimit", 451: "451"}
"""Status codes by which a server refuses: RFC 9110 15.5.4, RFC 6585 4, RFC 7725."""
_ORDER = {"prod": 0, "nat": 1, "isp": 2, "inst": 3}
"""Vendor and national marks before those of one institution; any other scope comes last."""
_NAMED = frozenset({"prod", "nat", "isp"})
"""Scopes that say whose notice it is: no piece of an innocent page speaks against them."""
_CLEARS = "fp"
_MUTE = frozenset({_CLEARS, "vbw", "injb", "prov"})
"""Scopes that accuse nobody: vague words, which sites use of themselves too; an injection that is no block (a page
about a router's update); the refusal of the site's own provider."""

_UNKNOWN = "unk"
"""Nobody knows whose these pages are. Under a status of refusal that may be the site itself, whose own firewall says
in such words that it lets nobody in: then the mark alone is no reply that the site did not send (METHOD 1)."""
_FAILED = 400
"""From here on a status refuses or fails (RFC 9110 15.5)."""

_SUSPECTED = "cl.susp_"
"""Marks that Citizen Lab gathered under suspicion: pages that are blank, whoever sent them."""

_STATED = frozenset({"nat", "isp", _CLEARS})
"""Scopes of marks that are about what a notice says, not about who made the box: these hold of a challenge too."""


def notice(page: Page, knowledge: Knowledge, *, host: str | None = None) -> Fingerprint | None:
    """The fingerprint that says that `page` is a block notice, most telling first; `None` if none does.

    `host` is the site that was asked: without it negative fingerprints for single sites clear nothing. A challenge is
    no notice for being known by its maker, nor a refusal for words of nobody knows whom.
    """
    found = index_of(knowledge).page(page)
    if found and refusal(page) == "captcha":
        found = [mark for mark in found if mark.scope in _STATED]
    elif found and page.status >= _FAILED:
        found = [mark for mark in found if mark.scope != _UNKNOWN]
    return _telling(found, host) if found else None


def familiar(page: Page, knowledge: Knowledge) -> bool:
    """Whether any fingerprint is about `page`, also one that accuses nobody: then it is nothing new."""
    return bool(index_of(knowledge).page(page))


def notice_address(address: str, knowledge: Knowledge, *, host: str | None = None) -> Fingerprint | None:
    """The fingerprint that says that a DNS answer of `address`, or by an alias of that name, leads to a notice."""
    found = index_of(knowledge).text("dns", address.lower().removesuffix("."))
    return _telling(found, host) if found else None


def notice_url(url: str, knowledge: Knowledge) -> Fingerprint | None:
    """The fingerprint that knows `url` as a place to which networks send for their notice."""
    found = index_of(knowledge).text("location", url)
    return _telling(found, None) if found else None


def notice_alias(names: Iterable[str], knowledge: Knowledge, *, host: str | None = None) -> Fingerprint | None:
    """The fingerprint of the first of `names`, the aliases of a DNS answer, that leads to a block notice."""
    return next((mark for name in names if (mark := notice_address(name, knowledge, host=host)) is not None), None)


def notice_certificate(
    chain: Sequence[Certificate], knowledge: Knowledge, *, host: str | None = None
) -> Fingerprint | None:
    """The fingerprint that knows who made the first certificate of `chain`, by its issuer or subject."""
    if not chain:
        return None
    index = index_of(knowledge)
    found = [*index.text("certificate", chain[0].issuer), *index.text("certificate", chain[0].subject)]
    return _telling(found, host) if found else None


def _telling(found: Sequence[Fingerprint], host: str | None) -> Fingerprint | None:
    clears = [mark for mark in found if mark.scope == _CLEARS]
    accuses = [mark for mark in found if mark.scope not in _MUTE and not mark.id.startswith(_SUSPECTED)]
    for mark in clears:
        if mark.domains:
            if host is not None and _below(host, mark.domains):
                return None
        elif mark.kind == "full":
            return None
        else:
            accuses = [other for other in accuses if other.scope in _NAMED]
    return min(accuses, key=lambda mark: (_ORDER.get(mark.scope, 9), mark.id), default=None)


def _below(host: str, domains: tuple[str, ...]) -> bool:
    """Whether `host` is one of `domains`, or below one."""
    name = "." + host.lower().removesuffix(".")
    return any(name.endswith("." + domain) for domain in domains)


def mark_facts(mark: Fingerprint) -> dict[str, str]:
    """The facts `fingerprint` and `fingerprint_source`: by which mark a notice was known."""
    return {"fingerprint": mark.id, "fingerprint_source": mark.source}


def notice_text(trial: Trial) -> dict[str, str]:
    """The fact `notice`: the title under which a notice was shown, where it had one."""
    page = trial.fetch.page if trial.fetch else None
    return {"notice": page.title[:200]} if page is not None and page.title else {}


def refusal(page: Page) -> str | None:
    """How a server refused: `captcha`, `403`, `429` as `ratelimit`, `451`; `None` if it did not."""
    if page.title:
        title = page.title.lower()
        for words in _CAPTCHA:
            if words in title:
                return "captcha"
    return REFUSALS.get(page.status)
