"""Files on web servers, for what is no measurement: the person's own certificates, proxies and resolver apply.

Only https, but for this computer itself. A redirect is followed where it stays as safe, and whoever asked is told the
host that it led to. A download that breaks off goes on where it broke off if the server can tell that the file is
still the same.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from ipaddress import ip_address
from typing import BinaryIO, TypeVar, cast
from urllib.parse import urljoin, urlsplit

import msgspec
import requests
import urllib3

from hushmap import __version__
from hushmap.remote.errors import GoneError, PassingError, Say, attempts, silent
from hushmap.runs import Input, RunsError

AGENT = f"hushmap/{__version__}"
TIMES = (15.0, 60.0)
"""Seconds to connect, and between two pieces of an answer: OONI's API has been seen to think for half a minute. own
knowledge, unchecked."""
HOPS = 5
"""Redirects; public data sits one or two away."""
AHEAD = 256 * 1024
"""Bytes read ahead of who reads."""

_Value = TypeVar("_Value")

_BUSY = {429, 500, 502, 503, 504}
_ONLINE = "see whether this computer is online, then try again"
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was fetched whole."""

    url: str
    """Where it came from in the end."""
    data: bytes


def permitted(url: str, origin: str = "") -> str:
    """`url` if it may be asked for; `origin` is where a redirect to it began.

    Raises:
        RunsError: It is no web address, is not encrypted, or carries a password.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in {"http", "https"} or not url.isprintable() or " " in url:
        raise RunsError(url[:200], "is no web address", "write e.g. https://host.example/file.jsonl.gz")
    if parts.username is not None or parts.password is not None:
        shown = f"{parts.scheme}://{host}{parts.path}"
        raise RunsError(shown, "carries a password, which would be in every result", "fetch the file yourself")
    if parts.scheme == "http" and not (is_loopback(host) and (not origin or is_loopback(urlsplit(origin).hostname))):
        what = "is not encrypted" if not origin else f"leads to {url[:200]}, which is not encrypted"
        raise RunsError(origin or url, what, "use https://, or fetch the file yourself and give its name")
    return url


def is_loopback(host: str | None) -> bool:
    """Whether this is the computer itself."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def one_input(url: str, say: Say = silent) -> Iterator[Input]:
    """The file at `url`, which is asked for now and once more when it is opened."""
    with WebFile(url, say) as file:
        size, final = file.size, file.url
    if urlsplit(final).hostname != urlsplit(url).hostname:
        say(f"{url} leads to {final}")
    yield Input(name=url, open=partial(opened, url), size=size)


def opened(url: str) -> BinaryIO:
    """The bytes at `url`, as they lie there."""
    return cast("BinaryIO", io.BufferedReader(WebFile(url), AHEAD))


def download(
    url: str,
    limit: int,
    say: Say = silent,
    *,
    session: requests.Session | None = None,
    before: Callable[[], None] | None = None,
) -> Download:
    """The whole file at `url`, unpacked if the server packed it for the way; `before` is called before each attempt.

    Raises:
        GoneError: It is not there.
        RunsError: It cannot be had, or is longer than `limit` bytes.
    """
    own = requests.Session() if session is None else session
    try:
        for attempt in attempts(say):
            with attempt:
                if before is not None:
                    before()
                return _whole(own, url, limit)
    finally:
        if session is None:
            own.close()
    raise AssertionError


def _whole(session: requests.Session, url: str, limit: int) -> Download:
    response = get(session, url)
    try:
        data = bytearray()
        with response:
            for piece in response.iter_content(AHEAD):
                data += piece
                if len(data) > limit:
                    what = f"is longer than {limit:,} bytes"
                    raise RunsError(url, what, "see whether the address is right; fetch it yourself if it is")
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise PassingError(url, f"broke off: {reason(error)}", _ONLINE) from None
    return Download(url=str(response.url), data=bytes(data))


def get(session: requests.Session, url: str, headers: Mapping[str, str] | None = None) -> requests.Response:
    """The answer to one request, its body not yet read; redirects are followed as far as they are `permitted`.

    Raises:
        PassingError: It may work later.
        RunsError: It will not.
    """
    target = permitted(url)
    sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})}
    for _ in range(HOPS + 1):
        try:
            response = session.get(target, headers=sent, stream=True, allow_redirects=False, timeout=TIMES)
        except requests.exceptions.SSLError as error:
            what = f"has no certificate that can be trusted: {reason(error)}"
            raise RunsError(target, what, "somebody may stand between: try another network") from None
        except (requests.ConnectionError, requests.Timeout) as error:
            raise PassingError(target, f"cannot be reached: {reason(error)}", _ONLINE) from None
        except (requests.RequestException, ValueError) as error:
            raise RunsError(target, f"cannot be asked for: {reason(error)}", "check the address") from None
        if response.status_code in {200, 206}:
            return response
        response.close()
        location = response.headers.get("Location")
        if response.status_code not in {301, 302, 303, 307, 308} or not location:
            raise refusal(target, response)
        target = permitted(urljoin(target, location), url)
    raise RunsError(url, f"redirects more than {HOPS} times", "check the address")


def refusal(url: str, response: requests.Response) -> RunsError:
    """What an answer other than the file means."""
    status = response.status_code
    if status in _BUSY:
        wait = asked_wait(response)
        told = f", and asks to be left alone for {wait:.0f} s" if wait else ""
        return PassingError(url, f"is busy (HTTP {status}){told}", "try again later", wait)
    if status in {401, 403}:
        return RunsError(url, f"may not be read by everyone (HTTP {status})", "check the address")
    if status in {404, 410}:
        return GoneError(url, f"is not there (HTTP {status})", "check the address")
    return RunsError(url, f"answers with HTTP {status}", "check the address")


def asked_wait(response: requests.Response) -> float | None:
    """Seconds of `Retry-After`; a date there is treated as if nothing was said."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def reason(error: BaseException) -> str:
    """The innermost cause, on one line: requests wraps those of urllib3 three deep."""
    inner: object = error
    while (deeper := getattr(inner, "reason", None) or next(iter(getattr(inner, "args", ())), None)) is not None:
        if not isinstance(deeper, BaseException):
            break
        inner = deeper
    text = getattr(inner, "strerror", None) or str(inner).rpartition(": ")[2] or type(inner).__name__
    return " ".join(str(text).split())[:200]


class WebFile(io.RawIOBase):
    """A file on a web server, read from its beginning to its end."""

    def __init__(self, url: str, say: Say = silent) -> None:
        """Ask for it; `RunsError` if it cannot be had."""
        super().__init__()
        self._asked, self._say = url, say
        self._session = requests.Session()
        self._at = 0
        self._response: requests.Response | None = None
        try:
            self._response = self._trying(partial(get, self._session, url))
        except BaseException:
            self.close()
            raise
        headers = self._response.headers
        self.url = str(self._response.url)
        length = headers.get("Content-Length", "")
        self.size = int(length) if length.isascii() and length.isdigit() else None
        etag = headers.get("ETag", "")
        self._same = "" if etag.startswith("W/") else etag or headers.get("Last-Modified", "")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # typeshed: any buffer
        """The next bytes, over as many connections as it takes."""
        data = self._trying(partial(self._piece, len(buffer)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        if self._response is not None:
            self._response.close()
            self._response = None
        self._session.close()
        super().close()

    def _trying(self, act: Callable[[], _Value]) -> _Value:
        for attempt in attempts(self._say):
            with attempt:
                return act()
        raise AssertionError

    def _piece(self, size: int) -> bytes:
        if self._response is None:
            self._response = self._rest()
        try:
            data: bytes = self._response.raw.read(size, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            self._response.close()
            self._response = None
            raise PassingError(self._asked, f"broke off at byte {self._at:,}: {reason(error)}", _ONLINE) from None
        return data

    def _rest(self) -> requests.Response:
        """The same file from where it broke off."""
        if not self._same:
            what = f"broke off at byte {self._at:,}, and its server cannot tell whether it is still the same"
            raise RunsError(self._asked, what, "fetch the file yourself and give its name")
        response = get(self._session, self._asked, {"Range": f"bytes={self._at}-", "If-Range": self._same})
        begin = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if response.status_code == 206 and begin is not None and int(begin[1]) == self._at:
            return response
        response.close()
        raise RunsError(self._asked, "changed while it was read", "begin again")
