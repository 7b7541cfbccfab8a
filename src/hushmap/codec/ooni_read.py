"""An OONI measurement, one line of JSON -> Record.

A record of another's measurement holds what was observed, in our nouns, and beside it what its maker concluded
(`Source.claim`), which no verdict uses. web_connectivity becomes trials; other tests become records without any, so
that they are counted and found again. What cannot be read is a ValueError of one line with the place in the line,
never half a record.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from hushmap.codec import ooni_contacts, ooni_helper, ooni_lookups, ooni_ours
from hushmap.codec import ooni_loose as shape
from hushmap.codec.native import decode_line, is_native, see_that_it_fits
from hushmap.codec.ooni_numbers import Numbers
from hushmap.codec.ooni_places import host
from hushmap.model import Amend, Claim, Context, Record, Software, Source, Trial, Vantage

_AS_LIMIT = 2**32
"""AS numbers have 32 bits (RFC 6793)."""
_AS = ("AS", "as")
_AS_DIGITS = len(str(_AS_LIMIT))
_TIME = len("2026-11-21 22:33:00")
_MARKS = "-- ::"
"""Each third character, from the fifth on, of a time as nearly all are written, and of no other that Python reads."""
_TIME_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
).fullmatch
_ALL_LOOKED_UP = dict.fromkeys(("country", "asn", "network", "resolver", "resolver_asn"), "looked_up")
_NOTHING = Context()
_HELPERS = 64
"""Test helpers that are remembered; OONI has a handful."""


def decode_any(line: bytes, *, file: str, offset: int) -> Record | Amend:
    """What a line holds, ours or OONI's.

    Raises:
        ValueError: One line that says what is wrong, with the path of the field.
    """
    return decode_line(line) if is_native(line) else read_ooni(line, file=file, offset=offset)


def read_ooni(line: bytes, *, file: str = "", offset: int = 0) -> Record:
    """The measurement that `line`, at `offset` of `file`, holds.

    Raises:
        ValueError: One line that says what is wrong, with the path of the field (`$.test_keys.queries[0].answers`).
    """
    draft, steps = _Draft(line, file, offset, digest=True), iter(_STEPS)
    while draft.record is None:
        next(steps)(draft)
    return draft.record


def read_ooni_lines(lines: Iterable[tuple[bytes, int]], *, file: str = "", digest: bool = True) -> list[Record | str]:
    """What each of some lines of `file`, with its offset, holds: its measurement, or what is wrong with it.

    Some dozen lines at once are read a third faster than one by one: each step is taken for all of them, so that the
    processor has its code at hand. Without `digest` no hash of a line is made where the measurement has an id: that
    is a tenth of the work of judging, no rule asks for it, and id and place find the line as well.
    """
    drafts = [_Draft(line, file, offset, digest=digest) for line, offset in lines]
    left = drafts
    for step in _STEPS:
        for draft in left:
            try:
                step(draft)
            except ValueError as error:
                draft.fault = str(error)
        left = [draft for draft in left if draft.record is None and draft.fault is None]
    return [draft.record or draft.fault or "" for draft in drafts]


class _Draft:
    """A line on its way to a record."""

    __slots__ = (
        "contacts",
        "context",
        "digest",
        "fault",
        "file",
        "found",
        "helper",
        "keys",
        "line",
        "lookups",
        "numbers",
        "offset",
        "record",
        "site",
        "times",
        "vantage",
    )

    found: shape.Head
    numbers: Numbers
    site: str
    times: tuple[str, str]
    vantage: Vantage

    def __init__(self, line: bytes, file: str, offset: int, *, digest: bool) -> None:
        self.line, self.file, self.offset, self.digest = line, file, offset, digest
        self.record: Record | None = None
        self.fault: str | None = None
        """Why there is no record."""
        self.keys: shape.TestKeys | None = None
        """Of web_connectivity; other tests have no trials."""
        self.lookups: list[Trial] = []
        self.contacts: list[Trial] = []
        self.helper: list[Trial] = []
        self.context = _NOTHING


def _decode(draft: _Draft) -> None:
    see_that_it_fits(draft.line)
    draft.line = line = draft.line.rstrip(b"\r\n")
    try:
        draft.found = found = shape.measurement(line)
    except ValueError:
        # Only now: a search through the whole line is a tenth of what reading it costs.
        if ooni_ours.is_ours(line):
            draft.record = ooni_ours.restore(line, file=draft.file, offset=draft.offset)
            return
        raise
    keys = found.test_keys if isinstance(found, shape.Measurement) else None
    if keys is not None and keys.x_hushmap_trials:
        draft.record = ooni_ours.restore(line, file=draft.file, offset=draft.offset)
    elif found.test_name == shape.WEB:
        draft.keys = keys


def _look_up(draft: _Draft) -> None:
    keys, target = draft.keys, draft.found.input
    if keys is None:
        return
    if not target:
        raise ValueError("a web_connectivity measurement of nothing - at `$.input`")
    draft.numbers, draft.site = Numbers(), host(target)
    if keys.queries or keys.x_dns_duplicate_responses:
        draft.lookups = ooni_lookups.trials(keys.queries or [], keys.x_dns_duplicate_responses, draft.numbers)


def _contact(draft: _Draft) -> None:
    if draft.keys is not None:
        draft.contacts = ooni_contacts.trials(draft.keys, draft.site, draft.numbers)


def _ask_helper(draft: _Draft) -> None:
    if draft.keys is None:
        return
    control, helpers = ooni_helper.told(draft.keys), draft.found.test_helpers
    draft.helper = ooni_helper.trials(control, draft.found.input or "", draft.site, draft.numbers)
    if control is not None and helpers:
        draft.context = _context(bytes(helpers))


def _date(draft: _Draft) -> None:
    draft.times = _times(draft.found)


def _locate(draft: _Draft) -> None:
    resolver = draft.found.resolver_ip or (draft.keys.client_resolver if draft.keys is not None else None)
    draft.vantage = _vantage(draft.found, resolver)


def _finish(draft: _Draft) -> None:
    found, keys = draft.found, draft.keys
    annotations = _texts(found.annotations) if found.annotations else {}
    if found.test_version:
        annotations["test_version"] = found.test_version
    uid = found.measurement_uid or ""
    sha256 = hashlib.sha256(draft.line).hexdigest() if draft.digest or not uid else ""
    started, ended = draft.times
    draft.record = Record(
        id=uid or f"ooni-{sha256[:32]}",
        run=found.report_id or "",
        experiment=found.test_name,
        target=found.input or "",
        started=started,
        ended=ended,
        run_started=started,
        vantage=draft.vantage,
        software=Software(name=found.software_name or "", version=found.software_version or ""),
        context=draft.context,
        annotations=annotations,
        trials=(*draft.lookups, *draft.contacts, *draft.helper),
        source=Source(
            file=draft.file,
            offset=draft.offset,
            uid=uid,
            sha256=sha256,
            claim=None if keys is None else _claim(keys),
        ),
    )


_STEPS = (_decode, _date, _look_up, _contact, _ask_helper, _locate, _finish)


def _texts(annotations: dict[str, Any]) -> dict[str, str]:
    """Those that are text."""
    try:
        "".join(annotations.values())  # one C call says so for nearly every measurement
    except TypeError:
        return {key: value for key, value in annotations.items() if isinstance(value, str)}
    return annotations


def _times(found: shape.Head) -> tuple[str, str]:
    """When it began and ended."""
    text = found.measurement_start_time
    try:
        start = datetime.fromisoformat(text)
        if text[4::3] == _MARKS:
            begun = f"{text[:10]}T{text[11:]}Z"
        else:
            start = _odd_time(text)
            begun = start.isoformat()[:_TIME] + "Z"
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!a:.60} is no time - at `$.measurement_start_time`") from error
    seconds = found.test_runtime
    # Clocks were set back while old probes measured.
    if seconds is None or seconds < 1:
        return begun, begun
    carry, second = divmod(start.second + int(seconds), 60)
    if (minute := start.minute + carry) < 60:  # most last for less than an hour, and a calendar is slow
        return begun, f"{begun[:14]}{minute:02}:{second:02}Z"
    try:
        return begun, (start + timedelta(0, int(seconds))).isoformat()[:_TIME] + "Z"
    except OverflowError as error:
        raise ValueError(f"{seconds!r} seconds lead out of the calendar - at `$.test_runtime`") from error


def _odd_time(text: str) -> datetime:
    """A time that is not written as nearly all are; Python's own reader takes a mere row of digits too."""
    if not _TIME_FORM(text):
        raise ValueError(text)
    start = datetime.fromisoformat(text)
    return start if start.tzinfo is None else start.astimezone(UTC).replace(tzinfo=None)


def _claim(keys: shape.TestKeys) -> Claim:
    blocking, accessible = keys.blocking, keys.accessible
    return Claim(
        blocking=blocking if blocking is None or isinstance(blocking, str) else bool(blocking),
        accessible=None if accessible is None else bool(accessible),
    )


@lru_cache(_HELPERS)
def _context(helpers: bytes) -> Context:
    """A context that names the test helper of a `test_helpers` object."""
    address = shape.helper(helpers)
    return _NOTHING if address is None else Context(helper=address)


def _vantage(found: shape.Head, resolver: str | None) -> Vantage:
    country = _country(found.probe_cc) if found.probe_cc else None
    asn = _as_number(found.probe_asn, "$.probe_asn") if found.probe_asn else None
    resolver_asn = _as_number(found.resolver_asn, "$.resolver_asn") if found.resolver_asn else None
    network, resolver = found.probe_network_name or None, resolver or None
    known = _ALL_LOOKED_UP
    if country is None or asn is None or network is None or resolver is None or resolver_asn is None:
        found_values = (country, asn, network, resolver, resolver_asn)
        known = {
            name: how for (name, how), value in zip(known.items(), found_values, strict=True) if value is not None
        }
    return Vantage(
        country=country, asn=asn, network=network, resolver=resolver, resolver_asn=resolver_asn, known=known
    )


@lru_cache(1024)
def _country(text: str) -> str | None:
    """ISO 3166 alpha-2; OONI says ZZ for "unknown"."""
    code = text.upper()
    if len(code) != 2 or not (code.isascii() and code.isalpha()):
        raise ValueError(f"{text!a:.40} is no country - at `$.probe_cc`")
    return None if code == "ZZ" else code


def _as_number(value: str | int, path: str) -> int | None:
    """64496 of "AS64496"; OONI says AS0 for "unknown"."""
    if isinstance(value, int):
        number = value
    else:
        digits = value[2:] if value[:2] in _AS else value
        number = int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= _AS_DIGITS else -1
    if not 0 <= number < _AS_LIMIT:
        raise ValueError(f"{value!a:.40} is no AS number - at `{path}`")
    return number or None
