"""Files on web servers, for what is no measurement: the person's own certificates, proxies and resolver apply.

Only https, but for this computer itself. A redirect is followed where it stays as safe; to a host that nobody named,
only if whoever asked says so (`Leads`) before anything is sent there. A download that breaks off goes on where it
broke off if the server can tell that the file is still the same.
"""

import io
import re
import time
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from ipaddress import ip_address
from typing import BinaryIO, TypeVar, cast
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from hushmap import __version__
from hushmap.remote.errors import GoneError, Leads, PassingError, Say, attempts, nowhere, silent
from hushmap.runs import Input, RunsError

AGENT = f"hushmap/{__version__}"
TIMES = (15.0, 60.0)
"""Seconds to connect, and between two pieces of an answer: OONI's API has been seen to think for half a minute. own
knowledge, unchecked."""
HOPS = 5
"""Redirects; public data sits one or two away."""
AHEAD = 256 * 1024
"""Bytes read ahead of who reads."""
FRESH = 5.0
"""Seconds for which a connection that was opened to see what is there is kept for whoever reads it."""

_Value = TypeVar("_Value")

_BUSY = {429, 500, 502, 503, 504}
_ONLINE = "see whether this computer is online, then try again"
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")


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


def one_input(url: str, say: Say = silent, leads: Leads = nowhere) -> Iterator[Input]:
    """The file at `url`, which is asked for now; who opens it soon reads that answer."""
    source = _Source(WebFile(url, say, leads), say)
    yield Input(name=url, open=source, size=source.size)


class _Source:
    """Opens a file on a web server, the first time the one that was asked for already; elsewhere it is asked anew."""

    def __init__(self, first: "WebFile", say: Say) -> None:
        self.size = first.size
        self._say, self._asked, self._hosts = say, first.asked, frozenset(first.hosts)
        self._first: WebFile | None = first
        self._since = time.monotonic()

    def __call__(self) -> BinaryIO:
        first, self._first = self._first, None
        if first is not None and time.monotonic() - self._since < FRESH:
            return cast("BinaryIO", io.BufferedReader(first, AHEAD))
        if first is not None:
            first.close()
        return opened(self._asked, self._say, self._hosts)

    def __reduce__(self) -> "tuple[type[partial[BinaryIO]], tuple[object, ...]]":
        return partial, (opened, self._asked, silent, self._hosts)


def opened(url: str, say: Say = silent, hosts: AbstractSet[str] = frozenset()) -> BinaryIO:
    """The bytes at `url`, as they lie there; it may lead to `hosts`."""
    leads: Leads = lambda _, target: urlsplit(target).hostname in hosts  # noqa: E731 (a rule of one line)
    return cast("BinaryIO", io.BufferedReader(WebFile(url, say, leads), AHEAD))


def download(
    url: str,
    limit: int,
    say: Say = silent,
    *,
    session: requests.Session | None = None,
    before: Callable[[], None] | None = None,
    leads: Leads = nowhere,
) -> bytes:
    """The whole file at `url`, unpacked if the server packed it for the way; `before` is called before each attempt.

    Raises:
        GoneError: It is not there.
        RunsError: It cannot be had, or is longer than `limit` bytes.
    """
    own = requests.Session() if session is None else session
    hosts = {_host(url)}
    try:
        for attempt in attempts(say):
            with attempt:
                if before is not None:
                    before()
                return _whole(own, url, limit, leads, hosts)
    finally:
        if session is None:
            own.close()
    raise AssertionError


def _whole(session: requests.Session, url: str, limit: int, leads: Leads, hosts: set[str]) -> bytes:
    response = get(session, url, leads=leads, hosts=hosts)
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
    return bytes(data)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def get(
    session: requests.Session,
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    leads: Leads = nowhere,
    hosts: set[str] | None = None,
) -> requests.Response:
    """The answer to one request, its body not yet read; redirects are followed as far as they are `permitted`.

    `leads` is asked about each host but those in `hosts`, which holds afterwards those that it let pass too.

    Raises:
        PassingError: It may work later.
        RunsError: It will not.
    """
    target = permitted(url)
    hosts = set() if hosts is None else hosts
    hosts.add(_host(url))
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
        if _host(target) not in hosts:
            if not leads(url, target):
                what = f"leads to another host: {target[:300]}"
                raise RunsError(url, what, "give that address yourself, if it is what you want")
            hosts.add(_host(target))
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

    def __init__(self, url: str, say: Say = silent, leads: Leads = nowhere) -> None:
        """Ask for it; `RunsError` if it cannot be had."""
        super().__init__()
        self.asked = url
        self.hosts: set[str] = set()
        """Where it may lead."""
        self._say, self._leads = say, leads
        self._session = requests.Session()
        self._at = 0
        self._response: requests.Response | None = None
        try:
            self._response = self._trying(self._answer)
        except BaseException:
            self.close()
            raise
        headers = self._response.headers
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

    def _answer(self, headers: Mapping[str, str] | None = None) -> requests.Response:
        return get(self._session, self.asked, headers, leads=self._leads, hosts=self.hosts)

    def _piece(self, size: int) -> bytes:
        if self._response is None:
            self._response = self._rest()
        try:
            data: bytes = self._response.raw.read(size, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            self._response.close()
            self._response = None
            raise PassingError(self.asked, f"broke off at byte {self._at:,}: {reason(error)}", _ONLINE) from None
        return data

    def _rest(self) -> requests.Response:
        """The same file from where it broke off."""
        if not self._same:
            what = f"broke off at byte {self._at:,}, and its server cannot tell whether it is still the same"
            raise RunsError(self.asked, what, "fetch the file yourself and give its name")
        response = self._answer({"Range": f"bytes={self._at}-", "If-Range": self._same})
        begin = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if response.status_code == 206 and begin is not None and int(begin[1]) == self._at:
            return response
        response.close()
        raise RunsError(self.asked, "changed while it was read", "begin again")
