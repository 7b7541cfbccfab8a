"""What our own echo answers, so that a reply which it did not send is known as somebody else's.

The echo says back what it was told, as plain text and under headers of its own, or says what it was told in base64
(wire/echo.py; a test holds the two together). Toward it a forged page is direct evidence: no site is there that could
have refused (METHOD 1).
"""

import base64
import binascii
import re

from hushmap.detect.address import ours
from hushmap.model import Context, Layer, Page, Transport, Trial

HEADERS = frozenset({"content-type", "x-content-type-options", "cache-control"})
"""Of every answer of the echo; nobody adds all three to a block page by chance. Proxies may add others."""
STATUS = 200
END = b"\r\n"
"""What follows a word that the echo says."""
_SAY = re.compile(rb"hushmap-echo say ([A-Za-z0-9+/=]+)\r\n")
_TOLD = re.compile(r"/hushmap-say/[a-z0-9-]+/([A-Za-z0-9_-]+={0,2})$")
_HUSH = re.compile(rb"hushmap-echo hush [0-9]{1,5}\r\n")
_REQUEST = re.compile(rb"[A-Z]+ [^\r\n]* HTTP/1\.1\r\n")
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] 200[ \r]")
_LENGTH = re.compile(rb"(?:^|\r\n)content-length: *([0-9]{1,6}) *(?:\r\n|$)", re.IGNORECASE)


def echoed(page: Page) -> bool:
    """Whether a page is an answer of the echo."""
    return page.status == STATUS and set(page.header_names) >= HEADERS


def foreign(trial: Trial, context: Context) -> bool:
    """Whether somebody else answered an unencrypted request, or a word on a bare connection, to our echo."""
    if not _asked(trial, context):
        return False
    if trial.ask.layer is Layer.RAW:
        return _heard(trial) is False
    fetch = trial.fetch
    if fetch is None or fetch.failure is not None or fetch.page is None:
        return False
    return not echoed(fetch.page) or _edited(fetch.page, trial.ask.url or "")


def answered(trial: Trial, context: Context) -> bool:
    """Whether a page is our echo's own: a mark of a notice in it is then a word that it was told to say."""
    page = trial.fetch.page if trial.fetch is not None else None
    return page is not None and trial.ask.layer is Layer.HTTP and _asked(trial, context) and echoed(page)


def broken_off(trial: Trial, context: Context) -> bool:
    """Whether an answer of the echo on a bare connection ended before its end, by silence or as if it were closed."""
    if trial.ask.layer is not Layer.RAW or not _asked(trial, context):
        return False
    exchange = trial.exchange
    return exchange is not None and exchange.failure is None and bool(exchange.received) and _heard(trial) is None


def _asked(trial: Trial, context: Context) -> bool:
    """Whether our echo was told a word, or asked for a page, in clear."""
    ask = trial.ask
    if not context.echo or ask.address is None or ask.address != ours(context):
        return False
    return ask.layer is Layer.HTTP or (
        ask.layer is Layer.RAW and ask.transport is Transport.TCP and ask.dwell is not None
    )


def _edited(page: Page, url: str) -> bool:
    """Whether the page that says a word has another length than the word and its end."""
    told = _TOLD.search(url)
    if told is None or page.truncated:
        return False
    size = len(told[1]) * 3 // 4 - told[1].count("=")
    return page.body_length != size + len(END)


def _heard(trial: Trial) -> bool | None:
    """Whether what came on a bare connection is the echo's whole answer; `None`: nothing else came, but not all."""
    exchange, sent = trial.exchange, trial.ask.payload or b""
    if exchange is None or exchange.failure is not None or not exchange.received:
        return None
    if _REQUEST.match(sent):
        return _page_heard(exchange.received)
    expected = _answer(sent)
    if expected is None or exchange.received == expected:
        return True
    return None if expected.startswith(exchange.received) else False


def _page_heard(received: bytes) -> bool | None:
    """The same of an answer in HTTP, by its head and length: a proxy may have added to the request that it says."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return None if b"HTTP/1.1 200 OK\r\n".startswith(received[:17]) else False
    names = {line.partition(b":")[0].strip().lower().decode("latin-1") for line in head.split(b"\r\n")[1:]}
    if _STATUS_LINE.match(head) is None or not names >= HEADERS:
        return False
    length = _LENGTH.search(head)
    return True if length is None or len(body) >= int(length[1]) else None


def _answer(sent: bytes) -> bytes | None:
    """What the echo answers to a first line of ours; `None`: it has none."""
    said = _SAY.fullmatch(sent)
    if said is not None:
        try:
            return base64.b64decode(said[1], validate=True) + END
        except binascii.Error:
            return None
    hushed = _HUSH.match(sent)
    return None if hushed is None else base64.b64encode(sent[hushed.end() :]) + END
