"""What the helper's echo says: a request as it came, in base64; or, in clear, a word that it was told in base64.

Written so, an answer holds no word of the request: whatever is cut off toward our echo was cut for what was sent, and
a filter of answers does not pass for one of requests (refs/BEYOND 2.11). The other way about, a request holds a word
only in base64 and has the echo say it: then it was cut for what was answered. After the word comes a pause and then
an end, so that a reset that was injected behind the word is there before the answer is whole.
"""

import base64
import binascii
import re

from hushmap.wire import http

HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
)
"""Of every answer, beside its type, which is plain text: no browser runs what a stranger had it say."""
PAUSE_SECONDS = 0.25
"""Between a word and the end of the answer: an injector answers from within the path, so sooner than a round trip."""
SAID_LIMIT = 16 * 1024
"""Bytes that the echo says in clear: what is kept of an exchange (model.Exchange)."""
CHARSETS = ("utf-8", "gb18030")
END = b"\r\n"
"""What follows a word."""
FIRST = b"hushmap-echo "
"""How the first line begins that tells a bare echo what to do; without it, all comes back as it is."""

_PATH = re.compile(rf"/hushmap-say/({'|'.join(CHARSETS)})/([A-Za-z0-9_-]{{2,}}={{0,2}})")
_LINE = re.compile(rb"hushmap-echo (?:say ([A-Za-z0-9+/]{2,}={0,2})|hush ([0-9]{1,5}))\r\n")
_LINE_LIMIT = 2 * SAID_LIMIT
_HEAD_END = re.compile(rb"\n\r?\n")
_HEAD_END_MOST = 3
_LAST_CHUNK = b"0\r\n\r\n"


class Coming:
    """A request that comes in pieces: the end of its header is sought in what is new, then its body is counted.

    To read all anew with every piece would let one client that sends single bytes keep a server busy.
    """

    def __init__(self) -> None:
        self.came = bytearray()
        self._head_over = False
        self._seen: http.Request | None = None
        self._size: int | None = None
        """Bytes of all; `None`: it ends where its last chunk does."""

    def feed(self, data: bytes) -> http.Request | None:
        """The request, with as much of its body as came with the header, once it is whole."""
        since = max(0, len(self.came) - _HEAD_END_MOST + 1)
        self.came += data
        if not self._head_over:
            end = _HEAD_END.search(self.came, since)
            if end is None:
                return None
            self._head_over = True
            self._seen = seen = http.parse_request(bytes(self.came))
            if seen is None or seen.complete:
                return seen
            if "chunked" not in (seen.header("transfer-encoding") or "").lower():
                self._size = end.end() + int(seen.header("content-length") or 0)  # a number, or all would be there
            return None
        whole = self.came.endswith(_LAST_CHUNK) if self._size is None else len(self.came) >= self._size
        return self._seen if whole else None


def answer(came: bytes) -> bytes:
    """The body of the echo's answer to a request."""
    return base64.b64encode(came)


def said(body: bytes | str) -> bytes | None:
    """The request that an answer's body says back; `None`: the echo does not write so."""
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):  # ValueError: text beyond ASCII
        return None


def say_path(word: bytes, charset: str = CHARSETS[0]) -> str:
    """The path at which the echo's answer is `word`.

    Raises:
        ValueError: The echo does not say so much, or nothing, or does not know the charset.
    """
    if not 0 < len(word) <= SAID_LIMIT or charset not in CHARSETS:
        raise ValueError(f"the echo says 1 to {SAID_LIMIT} bytes in {' or '.join(CHARSETS)}")
    return f"/hushmap-say/{charset}/{base64.urlsafe_b64encode(word).decode('ascii')}"


def to_say(target: str) -> tuple[bytes, str] | None:
    """What a request's target has the echo say, and its charset; `None`: nothing."""
    match = _PATH.fullmatch(target)
    word = None if match is None else _decoded(match[2].translate({ord("-"): "+", ord("_"): "/"}).encode())
    return None if match is None or word is None else (word, match[1])


def http_answer(seen: http.Request, came: bytes) -> tuple[bytes, ...]:
    """The answer to a request of these bytes, in pieces with a pause between."""
    told = to_say(seen.target) if seen.method == "GET" else None
    if told is not None:
        word, charset = told
        whole = http.response_bytes(200, _headers(charset), word + END)
        return whole[: -len(END)], END
    return (http.response_bytes(200, _headers(CHARSETS[0]), b"" if seen.method == "HEAD" else answer(came)),)


def refusal(status: int) -> bytes:
    """An answer that has nothing but its status."""
    return http.response_bytes(status, _headers(CHARSETS[0]), b"")


def download_head(size: int) -> bytes:
    """The header before so many bytes (wire.bulk)."""
    return http.response_bytes(200, (*_headers(CHARSETS[0]), ("Content-Length", f"{size}")), b"")


def tcp_say(word: bytes) -> bytes:
    """What has a bare echo say `word`."""
    return FIRST + b"say " + base64.b64encode(word) + b"\r\n"


def tcp_hush(word: bytes) -> bytes:
    """`word`, and before it a line that has a bare echo say it back in base64."""
    return FIRST + b"hush %d\r\n" % len(word) + word


def tcp_answer(came: bytes) -> tuple[bytes, ...] | None:
    """What is answered on a bare connection to what has come, in pieces with a pause between.

    `None`: more must come first. Empty: it has no first line of ours, and goes back as it is.
    """
    if not came.startswith(FIRST):
        return None if FIRST.startswith(came) else ()
    if b"\n" not in came:  # nothing is matched before, for what comes byte by byte would be matched as often
        return () if len(came) > _LINE_LIMIT else None
    match = _LINE.match(came)
    if match is None:
        return ()
    if match[1] is not None:
        word = _decoded(match[1])
        return () if word is None else (word, END)
    end = match.end() + int(match[2])
    return None if len(came) < end else (answer(came[match.end() : end]) + END,)


def _headers(charset: str) -> tuple[tuple[str, str], ...]:
    return ("Content-Type", f"text/plain; charset={charset}"), *HEADERS


def _decoded(text: bytes) -> bytes | None:
    word = said(text)
    return word if word and len(word) <= SAID_LIMIT else None
