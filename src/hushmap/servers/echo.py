"""Echo servers for words: what a client said comes back as it arrived, over HTTP, TLS with any name, or bare TCP.

A word is judged by whether it passes to an address of our own, so the server must never care what it is told: it
reads leniently and answers with the very bytes. As text/plain, for a browser must not run what a stranger wrote. No
UDP: an echo without a handshake could be aimed at others (METHOD 5). Nothing is logged.
"""

import asyncio

from hushmap.wire import http as wire_http

REQUEST_LIMIT = 64 * 1024
"""Bytes of a request that are taken; as long as a header may be (wire.http)."""
TCP_LIMIT = 64 * 1024
"""Bytes that one connection gets back."""
_CHUNK = 16 * 1024

_HEADERS = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
)


async def http_echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request with 200 and the request as it came; what is no request is let go without an answer."""
    came = b""
    while data := await reader.read(_CHUNK):
        came += data
        if len(came) > REQUEST_LIMIT:
            writer.write(wire_http.response_bytes(413, _HEADERS, b""))
            return
        seen = wire_http.parse_request(came)
        if seen is not None and seen.complete:
            writer.write(wire_http.response_bytes(200, _HEADERS, b"" if seen.method == "HEAD" else came))
            return


async def tcp_echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send back what comes until the client closes or has had enough."""
    left = TCP_LIMIT
    while left and (data := await reader.read(min(left, _CHUNK))):
        left -= len(data)
        writer.write(data)
        await writer.drain()
