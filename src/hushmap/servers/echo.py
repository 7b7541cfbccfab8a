"""Echo servers for words: what a client said comes back, over HTTP, TLS with any name, or bare TCP.

A word is judged by whether it passes to an address of our own, so the server must never care what it is told: it
reads leniently and answers with the very bytes, in base64; or it says a word in clear that it was told in base64
(wire.echo has both). As text/plain, for a browser must not run what a stranger wrote; to who asks and nobody else,
so there is nothing that a secret would guard. No datagrams: an echo without a handshake could be aimed at others
(METHOD 5). Nothing is logged.

One path is answered with bytes of its own: a download of known size, by which rates are compared. It is bounded, and
each source has so many; one too many is told so in HTTP, which nobody takes for a slow line.
"""

import asyncio
from collections.abc import Sequence

from hushmap.servers.rate import Buckets, source_of
from hushmap.wire import bulk
from hushmap.wire import echo as wire_echo

REQUEST_LIMIT = 64 * 1024
"""Bytes of a request that are taken; as long as a header may be (wire.http)."""
TCP_LIMIT = 64 * 1024
"""Bytes that one connection gets back."""
READS = 1024
"""Of one connection: its 64 kB in segments of 64 bytes; a path takes 536 unless it says less (RFC 9293 3.7.1)."""
IDLE_SECONDS = 30.0
"""After which a silent client is gone: no verb waits for an answer so long (net.limits), and one whose end a censor
keeps from us must not hold one of the few connections that its source has (listening.EACH) for minutes."""
_CHUNK = 16 * 1024


async def http_echo(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    downloads: Buckets | None = None,
    pause: float = wire_echo.PAUSE_SECONDS,
) -> None:
    """Answer one request with 200 and say it back (wire.echo); what is no request is let go without an answer.

    `downloads` is how many each source may have in a time; without it none is given.
    """
    coming, heard = wire_echo.Coming(), _Heard(reader)
    while data := await heard.read(_CHUNK):
        if len(coming.came) + len(data) > REQUEST_LIMIT:
            writer.write(wire_echo.refusal(413))
            return
        seen = coming.feed(data)
        if seen is not None:
            size = bulk.size_of(seen.target) if seen.method == "GET" and downloads is not None else None
            if size is not None and downloads is not None:
                await _download(writer, size, downloads)
                return
            await _paced(writer, wire_echo.http_answer(seen, bytes(coming.came)), pause)
            return


class _Heard:
    """What a client says, in so many pieces at most: each costs a turn of the loop, however small it is."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader, self._left = reader, READS

    async def read(self, most: int) -> bytes:
        """The next piece; empty at the end, which is ours if there were too many."""
        if self._left == 0:
            return b""
        self._left -= 1
        async with asyncio.timeout(IDLE_SECONDS):
            return await self._reader.read(most)


async def _paced(writer: asyncio.StreamWriter, pieces: Sequence[bytes], pause: float) -> None:
    """Write the pieces with a pause between them."""
    for number, piece in enumerate(pieces):
        if number:
            await writer.drain()
            await asyncio.sleep(pause)
        writer.write(piece)


async def _download(writer: asyncio.StreamWriter, size: int, downloads: Buckets) -> None:
    """So many bytes, or 429; no more of them lie in memory than the client takes."""
    peer = writer.get_extra_info("peername")
    if not downloads.take(source_of(peer)):
        writer.write(wire_echo.refusal(429))
        return
    body = bulk.body_of(size)
    writer.write(wire_echo.download_head(size))
    for at in range(0, size, _CHUNK):
        writer.write(body[at : at + _CHUNK])
        await writer.drain()


async def tcp_echo(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pause: float = wire_echo.PAUSE_SECONDS
) -> None:
    """Do as the first line says; without one of ours, send back what comes until the client has had enough."""
    came, pieces, heard = b"", wire_echo.tcp_answer(b""), _Heard(reader)
    while pieces is None and len(came) < TCP_LIMIT and (data := await heard.read(_CHUNK)):
        came += data
        pieces = wire_echo.tcp_answer(came)
    if pieces:
        await _paced(writer, pieces, pause)
        return
    left = TCP_LIMIT
    while came:
        writer.write(came[:left])
        await writer.drain()
        left -= len(came[:left])
        came = await heard.read(min(left, _CHUNK)) if left else b""
