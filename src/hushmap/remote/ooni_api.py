"""OONI's public API: which measurements there are, and each of them as it was published.

Nothing but reading, one request a second, and whoever asks to be left alone is. The paths and fields are own
knowledge, unchecked: every field may be missing, and an answer that is not understood is one line, never a guess.
"""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self, TypeVar
from urllib.parse import urlencode

import msgspec
import requests

from hushmap.remote.errors import GoneError, PassingError, Say, silent
from hushmap.remote.web import download
from hushmap.runs import RunsError

API = "https://api.ooni.io"
PAGE = 100
"""Measurements a page; the API's own default. own knowledge, unchecked."""
EVERY = 1.0
"""Seconds from one request to the next: slower than a person who clicks quickly."""
LONGEST_PAGE, LONGEST = 8_000_000, 100_000_000
"""Bytes of a page, and of one measurement; judging sets aside what is beyond codec.LINE_LIMIT."""

_UID = re.compile(r"[0-9A-Za-z._-]{1,120}")
_Answer = TypeVar("_Answer")


class Query(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Which measurements."""

    country: str
    since: str
    """First day, `YYYY-MM-DD`."""
    until: str
    """The day after the last."""
    test: str = "web_connectivity"
    domain: str | None = None

    @property
    def words(self) -> dict[str, str]:
        """What the API calls it, but for the time."""
        return {"probe_cc": self.country, "test_name": self.test} | ({"domain": self.domain} if self.domain else {})

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return moment(self.since)

    @property
    def end(self) -> datetime:
        """The first moment that is too late."""
        return moment(self.until)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement in a list."""

    measurement_uid: str | None = None
    measurement_start_time: str | None = None

    @property
    def uid(self) -> str | None:
        """Its id, if that is one that can be asked for."""
        uid = self.measurement_uid or ""
        return uid if _UID.fullmatch(uid) else None

    @property
    def started(self) -> datetime | None:
        """When it began, if that is told."""
        try:
            return moment(self.measurement_start_time or "")
        except ValueError:
            return None


class _Metadata(msgspec.Struct, frozen=True):
    next_url: str | None = None


class Page(msgspec.Struct, frozen=True):
    """Some measurements."""

    results: tuple[Entry, ...]
    metadata: _Metadata = _Metadata()

    @property
    def last(self) -> bool:
        """Whether the API says that there are no more."""
        return not self.results or (len(self.results) < PAGE and not self.metadata.next_url)


class _Count(msgspec.Struct, frozen=True):
    measurement_count: int


class _Counted(msgspec.Struct, frozen=True):
    result: _Count


def moment(text: str) -> datetime:
    """A time as the API writes it; without a zone it is UTC. ValueError if it is none."""
    found = datetime.fromisoformat(text)
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError as error:  # its zone leads out of the calendar
        raise ValueError(f"{text!a:.60} is no time") from error


def one_line(data: bytes) -> bytes:
    """The same JSON without breaks and indents; nothing if it is none.

    A lone surrogate, which published pages hold and msgspec minds, is kept as it is written.
    """
    try:
        return msgspec.json.format(data, indent=-1)
    except (ValueError, RecursionError):
        pass
    try:
        return json.dumps(json.loads(data), separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return b""


class Pace:
    """No more than one request in so many seconds."""

    def __init__(
        self,
        every: float = EVERY,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`now` and `sleep` are the clock's."""
        self._every, self._now, self._sleep = every, now, sleep
        self._next = now()

    def __call__(self) -> None:
        """Wait for one's turn."""
        wait = self._next - self._now()
        if wait > 0:
            self._sleep(wait)
        self._next = self._now() + self._every


class Api:
    """The API, or another that speaks as it does."""

    def __init__(self, base: str = API, say: Say = silent, pace: Callable[[], None] | None = None) -> None:
        """`say` is told of waiting."""
        self._base, self._say = base.rstrip("/"), say
        self._pace = Pace() if pace is None else pace
        self._session = requests.Session()
        self.came = 0
        """Bytes that came."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def count(self, query: Query) -> int | None:
        """How many measurements match, about; `None` if the API does not say."""
        words = {**query.words, "since": query.since, "until": query.until}
        try:
            return self._asked("/api/v1/aggregation", words, _Counted).result.measurement_count
        except PassingError:
            raise
        except RunsError:
            return None

    def page(self, query: Query, since: datetime, offset: int) -> Page:
        """Measurements of a query that began at or after `since`, oldest first, without the first `offset`."""
        words = {
            **query.words,
            "since": f"{since:%Y-%m-%dT%H:%M:%S}",
            "until": f"{query.end:%Y-%m-%dT%H:%M:%S}",
            "order_by": "measurement_start_time",
            "order": "asc",
            "limit": str(PAGE),
            "offset": str(offset),
        }
        return self._asked("/api/v1/measurements", words, Page)

    def measurement(self, uid: str) -> bytes:
        """One measurement as it was published, on one line.

        Raises:
            GoneError: The API has it in its list only.
        """
        url = self._url("/api/v1/raw_measurement", {"measurement_uid": uid})
        data = self._get(url, LONGEST).strip()
        line = one_line(data)
        if not line.startswith(b"{"):
            raise GoneError(url, "is no measurement", "tell OONI")
        if line == b"{}":
            raise GoneError(url, "is empty", "tell OONI")
        return (line if b"\n" in data else data) + b"\n"

    def _asked(self, path: str, words: dict[str, str], kind: type[_Answer]) -> _Answer:
        url = self._url(path, words)
        try:
            return msgspec.json.decode(self._get(url, LONGEST_PAGE), type=kind)
        except (msgspec.DecodeError, RecursionError) as error:
            raise RunsError(url, f"answers something else: {error}", "see whether the API has changed") from None

    def _url(self, path: str, words: dict[str, str]) -> str:
        return f"{self._base}{path}?{urlencode(words)}"

    def _get(self, url: str, limit: int) -> bytes:
        data = download(url, limit, self._say, session=self._session, before=self._pace)
        self.came += len(data)
        return data
