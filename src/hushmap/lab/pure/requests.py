"""What an ask sends: to which server, and which bytes of HTTP."""

import functools

from hushmap.model import Ask, Layer
from hushmap.net import headers_of
from hushmap.wire import http, url


@functools.lru_cache(maxsize=4096)
def server_of(ask: Ask) -> tuple[str | None, int, str | None]:
    """(address, port, name by its URL) of an ask that connects."""
    page = url.parse(ask.url) if ask.layer is Layer.HTTP and ask.url is not None else None
    port = ask.port or (page.port if page is not None else 443)
    return ask.address, port, page.host if page is not None else ask.sni


@functools.lru_cache(maxsize=4096)
def request_of(ask: Ask) -> bytes:
    """The bytes of a request."""
    page = url.parse(ask.url or "")
    host = page.authority if ask.host is None else ask.host
    return http.request_bytes(ask.method, page.path, host, headers_of(ask), ask.payload or b"")
