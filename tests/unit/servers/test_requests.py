"""One bounded request: its body, or the status that refuses it."""

import asyncio

import pytest

from hushmap.servers.requests import LEFT, taken

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"
CASES = [
    (HEAD + b"body", None, (None, b"body")),
    (HEAD + b"body", 401, (401, b"")),
    (HEAD, 401, (401, b"")),
    (HEAD + b"bo", None, (LEFT, b"")),
    (HEAD[:9], 401, (LEFT, b"")),
    (HEAD.replace(b"4", b"9") + b"123456789", None, (413, b"")),
    (b"junk\r\n\r\n", 401, (400, b"")),
    (b"GET / HTTP/1.1\r\nX: " + b"x" * 99_999, None, (431, b"")),
]


@pytest.mark.parametrize(("data", "refused", "answer"), CASES)
def test_a_request_is_taken_or_refused(data, refused, answer):
    """A refusal needs no body; a client that leaves is owed nothing; eight bytes are allowed here."""

    async def go():
        stream = asyncio.StreamReader()
        stream.feed_data(data)
        stream.feed_eof()
        return await taken(stream, lambda request: refused, 8)

    assert asyncio.run(go()) == answer
