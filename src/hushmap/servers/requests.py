"""One bounded HTTP request from a stream: of a stranger's, only as much is read as is needed to turn it away."""

import asyncio
from collections.abc import Callable

from hushmap.model import Failure
from hushmap.wire import http as wire_http

_STATUS = {Failure.HTTP_INVALID: 400, Failure.HTTP_TOO_LARGE: 431}
_CHUNK = 256 * 1024

LEFT = 0
"""In place of a status: the client is gone, and nothing is owed."""


async def taken(
    stream: asyncio.StreamReader, refusal: Callable[[wire_http.Request], int | None], limit: int
) -> tuple[int | None, bytes]:
    """The status that refuses a request, or `None` and its body.

    `refusal` looks at the header as soon as it has come; a body that it refuses is not even read. A body of more
    than `limit` bytes is 413.
    """
    reader = wire_http.RequestReader(body_limit=limit)
    while not reader.done:
        data = await stream.read(_CHUNK)
        if data:
            reader.feed(data)
        else:
            reader.eof()
        if reader.request is not None and (status := refusal(reader.request)) is not None:
            return status, b""
    if reader.failure is not None:
        return _STATUS.get(reader.failure, LEFT), b""
    return (413, b"") if reader.truncated else (None, reader.body)
