"""Page loads <-> OONI's `requests` (df-001), byte-arrival curves <-> `network_events` (df-008).

A record has every header's name but few values, and a body only where it may be a block notice. What it does not have
is written as what it is: a withheld value says so, and a body that was not kept counts as truncated, since OONI's
readers compare the lengths of whole bodies.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import Any

from msgspec import UNSET

from hushmap.codec.ooni_lacking import completed, lacking, named, noted, ours_of
from hushmap.codec.ooni_shape import HttpRequest, NetworkEvent, Request, Response
from hushmap.model import Ask, Fetch, Page
from hushmap.wire import ooni_names, url

WITHHELD = "[not kept]"
"""In place of a header's value that the record does not have; OONI's own probe writes `[scrubbed]`."""

MICROSECONDS = 6
"""Decimals of a time in a byte-arrival curve, as OONI's probe and ours write it."""


def request_of(
    step: Fetch, ask: Ask, address: str, mark: dict[str, Any], shift: float
) -> tuple[HttpRequest, list[NetworkEvent]]:
    """A page load from `address` (`ip:port`), and the events of its byte-arrival curve."""
    entry = HttpRequest(
        t0=step.t0 - shift,
        t=step.t - shift,
        address=address,
        failure=named(step.failure),
        request=_request(step, ask),
        response=Response() if step.page is None else _response(step.page),
        response_length=UNSET if step.page is None else step.page.body_length,
        **mark,
    )
    events = [_event(entry, seconds, count, mark) for seconds, count in step.curve]
    if not all(isfinite(event.t) for event in events):
        events = []  # times that no entry can hold stay in the curve
    ours = lacking(_fetch(entry, events, shift), step, "page")
    if step.page is not None:
        ours["page"] = lacking(_page(entry), step.page)
    return noted(entry, ours), events


def fetch_from(entry: HttpRequest, events: Sequence[NetworkEvent], shift: float) -> dict[str, Any]:
    """The page load that `request_of` wrote.

    Raises:
        ValueError: What it says that its page lacks is no object, or a time is beyond any number.
    """
    if not all(isfinite(event.t - entry.t0) for event in events):
        raise ValueError("a network event is beyond all time")
    ours = ours_of(entry)
    page = ours.pop("page", None)
    if page is not None and not isinstance(page, dict):
        raise ValueError("x_hushmap of a request has a page that is no object")
    tree = completed(_fetch(entry, events, shift), ours)
    return tree | {"page": None if page is None else completed(_page(entry), page)}


def _event(entry: HttpRequest, seconds: float, count: int, mark: dict[str, Any]) -> NetworkEvent:
    t = entry.t0 + seconds
    return NetworkEvent(t0=t, t=t, address=entry.address, num_bytes=count, **mark)


def _request(step: Fetch, ask: Ask) -> Request:
    host = step.host if step.host is not None else _authority(step.url)
    listed = (("Host", host), *ask.headers)
    return Request(headers=first_of_each(listed), headers_list=listed, method=step.method, url=step.url)


def _response(page: Page) -> Response:
    listed = tuple(_headers(page))
    return Response(
        body=page.body or "",
        body_is_truncated=page.truncated or (page.body is None and page.body_length > 0),
        code=page.status,
        headers=first_of_each(listed),
        headers_list=listed,
    )


def _headers(page: Page) -> Iterator[tuple[str, str]]:
    """Every header with its value, as far as the record has it; names as OONI's probe spells them."""
    left = list(page.headers)
    alone = {"location": page.location, "server": page.server}
    for name in page.header_names:
        value = next((value for known, value in left if known == name), None)
        if value is not None:
            left.remove((name, value))
        else:
            value = alone.get(name)
        yield spelled(name), WITHHELD if value is None else value


def spelled(name: str) -> str:
    """`content-type` -> `Content-Type`."""
    return "-".join(word.capitalize() for word in name.split("-")) if name.isascii() else name


def first_of_each(listed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first value of every header."""
    found: dict[str, str] = {}
    for name, value in listed:
        found.setdefault(name, value)
    return found


def _fetch(entry: HttpRequest, events: Sequence[NetworkEvent], shift: float) -> Fetch:
    host = next((value for name, value in entry.request.headers_list if name == "Host"), "")
    return Fetch(
        t0=entry.t0 + shift,
        t=entry.t + shift,
        failure=ooni_names.from_ooni(entry.failure),
        url=entry.request.url,
        method=entry.request.method,
        host=None if host == _authority(entry.request.url) else host,
        curve=tuple((round(event.t - entry.t0, MICROSECONDS), event.num_bytes) for event in events),
    )


def _page(entry: HttpRequest) -> Page:
    response = entry.response
    headers = tuple((name.lower(), value) for name, value in response.headers_list)
    known = tuple(header for header in headers if header[1] != WITHHELD)
    first = first_of_each(known)
    return Page(
        status=response.code,
        header_names=tuple(name for name, _ in headers),
        location=first.get("location"),
        server=first.get("server"),
        headers=known,
        body_length=entry.response_length if isinstance(entry.response_length, int) else 0,
        truncated=response.body_is_truncated,
        body=response.body or None,
    )


def _authority(text: str) -> str:
    """The Host header of a URL; empty if it is none."""
    try:
        return url.parse(text).authority
    except ValueError:
        return ""
