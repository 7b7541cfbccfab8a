"""What a site answers to a request, by address, Host, and where the visitor asks from."""

from collections import Counter
from collections.abc import Mapping, Sequence

from hushmap.lab.platform.serving import Platform
from hushmap.lab.scenario_sites import Site
from hushmap.lab.services.pages import (
    ABROAD,
    CAPTCHA,
    ELSEWHERE,
    NOTICE,
    REFUSALS,
    article,
    long_read,
    parked,
    translated,
    varying,
    with_banner,
)
from hushmap.wire import http

_SPEAKING = frozenset({"yes", "own-names"})
_ALT_SVC = [("Alt-Svc", 'h3=":443"; ma=3600')]
_HTML = [("Content-Type", "text/html; charset=utf-8"), ("Connection", "close"), ("Server", "lab")]


class Answers:
    """All pages of a scenario."""

    def __init__(
        self, at: Mapping[str, Sequence[Site]], *, elsewhere: bool = False, platforms: Sequence[Platform] = ()
    ) -> None:
        """`at`: who lives at an address, the first of them its default; `elsewhere`: others see another page."""
        self._at = at
        self._platforms = {platform.settings.site: platform for platform in platforms}
        self._elsewhere = elsewhere
        self._visits: Counter[str] = Counter()

    def to(self, request: http.Request, address: str, *, here: bool, secure: bool) -> tuple[Site, bytes]:
        """The site that answers at an address, and its answer, if any; `here`: the visitor is this country's."""
        host = (request.host or "").partition(":")[0].lower()
        sites = self._at[address]
        site = next((site for site in sites if site.name == host), None)
        if site is None:
            site = sites[0]
            if site.https.startswith("interceptor"):  # it passes on what it reads: the site's page
                return site, _page(200, article(host, request.target))
            if site.page != "notice":
                return site, _page(404, article(site.name, "/not-here"))
        if site.page == "notice":
            return site, _page(403, NOTICE)
        if not secure and site.http == "redirect":
            return site, _moved(f"https://{site.name}{request.target}")
        if site.redirect is not None and request.target == "/":
            return site, _moved(site.redirect)
        if site.name in self._platforms:
            return site, self._platforms[site.name].answer(request, "here" if here else "elsewhere")
        status, page = self._content(site, request.target, here=here)
        more = _ALT_SVC if secure and site.quic in _SPEAKING else []
        return site, http.response_bytes(status, [*_HTML, *more], page)

    def _content(self, site: Site, target: str, *, here: bool) -> tuple[int, bytes]:
        if self._elsewhere and not here:
            return 200, ELSEWHERE
        if site.geo == "page" and here:
            return ABROAD
        if site.page in REFUSALS:
            return REFUSALS[site.page]
        if site.page == "captcha":
            return 403, CAPTCHA
        if site.page == "parked":
            return 200, parked(site.name)
        if site.page == "varying":
            self._visits[site.name] += 1
            return 200, varying(site.name, self._visits[site.name])
        if site.page == "language" and not here:
            return 200, translated(site.name, target)
        page = long_read(site.name, target) if site.page == "long" else article(site.name, target)
        return 200, with_banner(page) if site.page == "cookies" and here else page


def _page(status: int, page: bytes) -> bytes:
    return http.response_bytes(status, _HTML, page)


def _moved(location: str) -> bytes:
    return http.response_bytes(301, [*_HTML, ("Location", location)], b"<html><body>Moved.</body></html>\n")
