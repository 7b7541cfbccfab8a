"""The servers of a scenario as functions: what stands where, which certificate is shown, what is answered.

Zone, pages and choices are those of lab/services; here they are asked without sockets, by packets (`internet`) and by
the helper, which is nobody's customer and has no censor before it (`elsewhere`).
"""

from collections.abc import Callable
from typing import NamedTuple, cast

from hushmap.lab.addresses import (
    CLIENT,
    CLIENT6,
    ECHO_HTTP,
    ECHO_TCP,
    ECHO_TLS,
    HELPER,
    HELPER_PORT,
)
from hushmap.lab.platform.serving import Platform
from hushmap.lab.pure.certificates import ECHO, Names, Shown
from hushmap.lab.scenario import Scenario
from hushmap.lab.scenario_doors import UDP, Door
from hushmap.lab.scenario_sites import Site
from hushmap.lab.services import encrypted
from hushmap.lab.services.dns import Zone, synthesized
from hushmap.lab.services.doors import said
from hushmap.lab.services.encrypted import Inside
from hushmap.lab.services.internet import RESOLVERS, living_addresses
from hushmap.lab.services.web import DROPS, HTTP_PORT, HTTPS_PORT, Web
from hushmap.lab.truth import TruthLog
from hushmap.wire import bulk, echo, http

HERE = frozenset({CLIENT, CLIENT6})
Pieces = tuple[tuple[float, bytes], ...]
"""What is said when, in seconds from now; then the server closes."""


class Choice(NamedTuple):
    """What a TLS server does about a hello: shows a certificate, or refuses by an alert or (0) a reset."""

    shown: Shown | None
    alert: int = 0


class _Sites(Web):
    """The choices and answers of the lab's web servers, without listeners."""

    def choose(self, address: str, name: str | None, *, here: bool) -> Choice:
        """What the server at an address does about a hello."""
        context, number = self._context(address, name, here=here)
        return Choice(cast("Shown | None", context), number)

    def sites_at(self, address: str) -> list[Site]:
        """Who lives there."""
        return self._at.get(address, [])

    def page(self, request: http.Request, address: str, *, here: bool, secure: bool) -> Pieces:
        """What is answered to a request."""
        site, answer = self._answers.to(request, address, here=here, secure=secure)
        if site.cut:
            answer = answer[: answer.find(b"\r\n\r\n") + 4 + (len(answer) // 3)]
        if not site.drip_s:
            return ((0.0, answer),) if answer else ()
        size = len(answer) // DROPS + 1
        starts = range(0, len(answer), size)
        return tuple((site.drip_s / DROPS * n, answer[at : at + size]) for n, at in enumerate(starts))


class Servers:
    """Every server of a scenario."""

    def __init__(
        self, scenario: Scenario, log: TruthLog, now: Callable[[], float], world: Callable[[], float] | None = None
    ) -> None:
        """`now` is the run's time; `world` the unix time by the world's own clocks."""
        self._zone = Zone(scenario, log, HERE, now)
        self._inside = Inside(self._zone, HERE)
        self._resolvers = dict(RESOLVERS)
        self._living = frozenset(living_addresses(scenario))
        self._doors = {(door.address, door.port): door for door in scenario.door}
        self._helper = scenario.helper.state != "down"
        self._echoes = {
            first + more: first for first in (ECHO_HTTP, ECHO_TLS, ECHO_TCP) for more in range(scenario.helper.span)
        }
        """Ports of the helper's echoes, each with the first of its kind."""
        nat64 = scenario.client.nat64

        def translated(site: Site) -> tuple[str, ...]:
            return synthesized(sorted(site.every_address - set(site.dead))) if nat64 else ()

        self._web = _Sites(
            scenario.site,
            Names(),
            elsewhere=scenario.helper.state == "other-page",
            translated=translated,
            platforms=[Platform(one, world or now, scenario.scale) for one in scenario.platform],
        )
        self._certificates: list[Shown] = []
        self._numbers: dict[Shown, int] = {}

    def number(self, shown: Shown) -> int:
        """The number by which a flight names a certificate."""
        if shown not in self._numbers:
            self._numbers[shown] = len(self._certificates)
            self._certificates.append(shown)
        return self._numbers[shown]

    def certificate(self, number: int) -> Shown:
        """The certificate of a number."""
        return self._certificates[number]

    def lives(self, address: str) -> bool:
        """Whether anybody is at home; packets to any other address are lost."""
        return address in self._living

    def listens(self, address: str, port: int) -> bool:
        """Whether connections to a port are taken."""
        if address == HELPER:
            return self._helper and (port == HELPER_PORT or port in self._echoes)
        door = self._doors.get((address, port))
        if door is not None:
            return door.says not in UDP
        sites = self._web.sites_at(address)
        if port == encrypted.PORT:
            return self.resolver(address) is not None
        if port == HTTP_PORT:
            return any(site.http != "refused" for site in sites)
        return port == HTTPS_PORT and any(site.https != "refused" for site in sites)

    def speaks_tls(self, address: str, port: int) -> bool:
        """Whether what comes to a port is TLS."""
        if address == HELPER:
            return port == HELPER_PORT or self._echoes.get(port) == ECHO_TLS
        return port in {HTTPS_PORT, encrypted.PORT} and self.door(address, port) is None

    def door(self, address: str, port: int) -> Door | None:
        """What stands at a port that is no web server's."""
        return self._doors.get((address, port))

    def resolver(self, address: str) -> Site | None:
        """Who is asked inside TLS at an address."""
        return next((site for site in self._web.sites_at(address) if site.resolver != "none"), None)

    def resolve(self, query: bytes, address: str, asker: str) -> bytes | None:
        """What a resolver says; `None`: nothing, or there is none.

        Raises:
            ValueError: No query.
        """
        isp = self._resolvers.get(address)
        return None if isp is None else self._zone.answer(query, asker, isp=isp)

    def choose(self, address: str, port: int, name: str | None, *, here: bool) -> Choice:
        """What a TLS server does about a hello."""
        if address == HELPER:
            return Choice(Shown(ECHO if self._echoes.get(port) == ECHO_TLS else "helper", ECHO))
        return self._web.choose(address, name, here=here)

    def answer(self, seen: bytes, address: str, port: int, *, here: bool) -> Pieces | None:
        """What is answered to what has come so far; `None`: more is awaited."""
        if address == HELPER:
            return _echo(seen, bare=self._echoes.get(port) == ECHO_TCP)
        door = self.door(address, port)
        if door is not None:
            told = said(door, seen, (CLIENT if here else HELPER, 0))
            return None if told is None else ((0.0, told),)
        site, asker = self.resolver(address), CLIENT if here else HELPER
        if port == encrypted.PORT and site is not None:
            return self._looked_up(site, seen, asker)
        if b"\r\n\r\n" not in seen:
            return None
        request = http.parse_request(seen)
        if request is None:
            return ()
        if port == HTTPS_PORT and site is not None and request.target == encrypted.TARGET:
            posted = self._inside.over_https(site, request, asker) if request.complete else None
            return None if posted is None else ((0.0, posted),)
        if request.method == "POST" and not request.complete:
            return None
        return self._web.page(request, address, here=here, secure=port == HTTPS_PORT)

    def _looked_up(self, site: Site, seen: bytes, asker: str) -> Pieces | None:
        """What a resolver says over TLS to what has come so far."""
        if site.resolver == "error":
            return ()
        size = 2 + int.from_bytes(seen[:2], "big")
        message = self._inside.message(site, seen[2:size], asker) if len(seen) >= size > 2 else None
        return None if message is None else ((0.0, len(message).to_bytes(2, "big") + message),)


def _echo(seen: bytes, *, bare: bool) -> Pieces | None:
    """What an echo of the helper's says (servers/echo)."""
    if bare:
        told = echo.tcp_answer(seen)
        return None if told is None else _paused(told or (seen,))
    request = http.parse_request(seen)
    if request is None or not request.complete:
        return None
    size = bulk.size_of(request.target) if request.method == "GET" else None
    if size is not None:
        return ((0.0, echo.download_head(size) + bulk.body_of(size)),)
    return _paused(echo.http_answer(request, seen))


def _paused(pieces: tuple[bytes, ...]) -> Pieces:
    return tuple((number * echo.PAUSE_SECONDS, piece) for number, piece in enumerate(pieces))
