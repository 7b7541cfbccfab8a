"""The explorer as an application: addresses -> pages, and what no page may be without.

It answers on this computer to this computer. A name server of someone else may say that their name is 127.0.0.1, and
a page of theirs would then read what lies here; so a request must name this computer in its Host header. Every answer
carries the policy, and nothing of it is kept by the browser: what was measured may be held against people.
"""

from collections.abc import Awaitable, Callable, Iterable
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from hushmap.report.explore import routing
from hushmap.report.explore.exploring import POLICY, Explorer, Page
from hushmap.report.explore.scripting import script
from hushmap.report.explore.wanted import WantedError

HEADERS = {
    "content-security-policy": f"{POLICY}; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names of this computer, for itself."""
_WRONG = {400: "explore.wrong", 404: "explore.missing", 405: "explore.readonly", 500: "explore.broken"}
"""What each status is told as."""


class Guard:
    """Lets in who names this computer, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []),
                    *((name.encode(), value.encode()) for name, value in HEADERS.items()),
                ]
            await send(message)

        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or host_of(hosts[0]) not in self._hosts:
            await _plain("This is not the name of this computer.\n", 421)(scope, receive, told)
            return
        if foreign(scope["headers"]):
            await _plain("Pages of others read nothing here.\n", 403)(scope, receive, told)
            return
        await self._app(scope, receive, told)


def foreign(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a page of somebody else asks, other than by a link that a person follows.

    It could not read the answer, but how long that takes tells what is here.
    """
    told = dict(headers)
    followed = (told.get(b"sec-fetch-mode"), told.get(b"sec-fetch-dest")) == (b"navigate", b"document")
    return told.get(b"sec-fetch-site", b"none") not in {b"none", b"same-origin"} and not followed


def host_of(header: str) -> str:
    """The name in a Host header, without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].rstrip(".").lower()


def application(explorer: Explorer, hosts: frozenset[str] = frozenset()) -> ASGIApp:
    """The application; `hosts` are names by which it may be asked beside those of loopback."""

    def answer(request: Request) -> Response:
        path, programs = _asked(request)
        with explorer.lock:
            try:
                page = routing.page(explorer, path, request.query_params.multi_items())
            except WantedError as error:
                return _nothing(explorer, 400, programs=programs, why=str(error))
            if isinstance(page, str):
                return RedirectResponse(_for_programs(page) if programs else page, 303)
            if page is None:
                return _nothing(explorer, 404, programs=programs)
            return _page(page, programs=programs)

    def refused(request: Request, error: Exception) -> Response:
        """What no route takes, and what went wrong on the way; of that the terminal tells more."""
        known = error if isinstance(error, HTTPException) else HTTPException(500)
        answer = _nothing(explorer, known.status_code, programs=_asked(request)[1])
        answer.headers.update(known.headers or {})
        return answer

    async def paged(request: Request) -> Response:
        return await run_in_threadpool(answer, request)

    routes = [
        Route("/style.css", _file(lambda: _own("style.css"), "text/css")),
        Route("/explore.js", _file(script, "text/javascript")),
        Route("/favicon.ico", _no_picture),
        Route("/{path:path}", paged),
    ]
    handlers = {HTTPException: refused, Exception: refused}
    return Guard(Starlette(routes=routes, exception_handlers=handlers), LOOPBACK | hosts)


def _asked(request: Request) -> tuple[str, bool]:
    """The path without what asks for JSON, and whether that is asked for."""
    path: str = request.scope["path"]  # not that of `request.url`, which ends at a question mark that is a part of it
    return path.removesuffix(".json"), path.endswith(".json")


def _for_programs(address: str) -> str:
    """The same page as JSON."""
    path, mark, query = address.partition("?")
    return f"{path if path != '/' else '/index'}.json{mark}{query}"


def _file(content: Callable[[], bytes], kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def served(_: Request) -> Response:
        return Response(await run_in_threadpool(content), media_type=f"{kind}; charset=utf-8")

    return served


async def _no_picture(_: Request) -> Response:
    """Browsers ask for one unasked; that there is none is no error for them to tell."""
    return Response(status_code=204)


def _own(name: str) -> bytes:
    return files("hushmap.report").joinpath(f"templates/{name}").read_bytes()


def _page(page: Page, *, programs: bool, status: int = 200) -> Response:
    if programs:
        return Response(page.json, status, media_type="application/json; charset=utf-8")
    return Response(page.rendered(), status, media_type="text/html; charset=utf-8")


def _plain(text: str, status: int) -> Response:
    """For who may read nothing here, also not what it is called."""
    return Response(text, status, media_type="text/plain; charset=utf-8")


def _nothing(explorer: Explorer, status: int, *, programs: bool, why: str = "") -> Response:
    """That there is no page, and why not."""
    key = _WRONG.get(status, _WRONG[500])
    page = routing.nothing(explorer, key, why or explorer.words(f"{key}.note"))
    return _page(page, programs=programs, status=status)
