"""An OONI measurement, one line of JSON -> Record.

A record of another's measurement holds what was observed, in our nouns, and beside it what its maker concluded
(`Source.claim`), which no verdict uses. web_connectivity becomes trials; other tests become records without any, so
that they are counted and found again. What cannot be read is a ValueError of one line with the place in the line,
never half a record.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from hushmap.codec import ooni_contacts, ooni_helper, ooni_lookups, ooni_ours
from hushmap.codec import ooni_loose as shape
from hushmap.codec.native import LINE_LIMIT, decode_line, is_native
from hushmap.codec.ooni_numbers import Numbers
from hushmap.codec.ooni_places import host
from hushmap.model import Amend, Claim, Context, Record, Software, Source, Trial, Vantage

_AS_LIMIT = 2**32
"""AS numbers have 32 bits (RFC 6793)."""
_AS = ("AS", "as")
_AS_DIGITS = len(str(_AS_LIMIT))
_PLAIN_TIME = len("2026-11-21 22:33:00")
_TIME_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
).fullmatch
_ALL_LOOKED_UP = dict.fromkeys(("country", "asn", "network", "resolver", "resolver_asn"), "looked_up")
_HELPERS = 64
"""Test helpers that are remembered; OONI has a handful."""


def decode_any(line: bytes, *, file: str, offset: int) -> Record | Amend:
    """What a line holds, ours or OONI's.

    Raises:
        ValueError: One line that says what is wrong, with the path of the field.
    """
    return decode_line(line) if is_native(line) else read_ooni(line, file=file, offset=offset)


def read_ooni(line: bytes, *, file: str = "", offset: int = 0, digest: bool = True) -> Record:
    """The measurement that `line`, at `offset` of `file`, holds.

    Without `digest` no hash of the line is made where the measurement has an id: that is a tenth of the work of
    judging, no rule asks for it, and id and place find the line as well.

    Raises:
        ValueError: One line that says what is wrong, with the path of the field (`$.test_keys.queries[0].answers`).
    """
    if len(line) > LINE_LIMIT:
        raise ValueError(f"a line of {len(line)} bytes is longer than {LINE_LIMIT}")
    line = line.rstrip(b"\r\n")
    try:
        found = shape.measurement(line)
    except ValueError:
        # Only now: a search through the whole line is a tenth of what reading it costs.
        if ooni_ours.is_ours(line):
            return ooni_ours.restore(line, file=file, offset=offset)
        raise
    keys = found.test_keys if isinstance(found, shape.Measurement) else None
    if keys is not None and keys.x_hushmap_trials:
        return ooni_ours.restore(line, file=file, offset=offset)
    uid = found.measurement_uid or ""
    sha256 = hashlib.sha256(line).hexdigest() if digest or not uid else ""
    started, ended = _times(found)
    trials: tuple[Trial, ...] = ()
    context, claim, resolver, target = _NOTHING, None, found.resolver_ip, found.input or ""
    if keys is not None and found.test_name == shape.WEB:
        control = ooni_helper.told(keys)
        trials = _trials(keys, control, target)
        claim = _claim(keys)
        resolver = resolver or keys.client_resolver
        if control is not None and found.test_helpers:
            context = _context(bytes(found.test_helpers))
    annotations = _texts(found.annotations) if found.annotations else {}
    if found.test_version:
        annotations["test_version"] = found.test_version
    return Record(
        id=uid or f"ooni-{sha256[:32]}",
        run=found.report_id or "",
        experiment=found.test_name,
        target=target,
        started=started,
        ended=ended,
        run_started=started,
        vantage=_vantage(found, resolver),
        software=Software(name=found.software_name or "", version=found.software_version or ""),
        context=context,
        annotations=annotations,
        trials=trials,
        source=Source(file=file, offset=offset, uid=uid, sha256=sha256, claim=claim),
    )


def _texts(annotations: dict[str, Any]) -> dict[str, str]:
    """Those that are text."""
    try:
        "".join(annotations.values())  # one C call says so for nearly every measurement
    except TypeError:
        return {key: value for key, value in annotations.items() if isinstance(value, str)}
    return annotations


def _trials(keys: shape.TestKeys, control: shape.Control | None, target: str) -> tuple[Trial, ...]:
    """The trials of a web_connectivity measurement of `target`."""
    if not target:
        raise ValueError("a web_connectivity measurement of nothing - at `$.input`")
    numbers, site = Numbers(), host(target)
    lookups: list[Trial] = []
    if keys.queries or keys.x_dns_duplicate_responses:
        lookups = ooni_lookups.trials(keys.queries or [], keys.x_dns_duplicate_responses, numbers)
    contacts = ooni_contacts.trials(keys, site, numbers)
    return (*lookups, *contacts, *ooni_helper.trials(control, target, site, numbers))


_NOTHING = Context()


def _times(found: shape.Head) -> tuple[str, str]:
    """When it began and ended."""
    text = found.measurement_start_time
    try:
        start = datetime.fromisoformat(text)
        shown = str(start)
        if shown != text or len(text) != _PLAIN_TIME:
            start = _odd_time(text)
            shown = str(start)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!a:.60} is no time - at `$.measurement_start_time`") from error
    begun = f"{shown[:10]}T{shown[11:_PLAIN_TIME]}Z"
    seconds = found.test_runtime
    # Clocks were set back while old probes measured.
    if seconds is None or seconds < 1:
        return begun, begun
    if (second := start.second + int(seconds)) < 60:  # most last for seconds, and a calendar is slow
        return begun, f"{begun[:17]}{second:02}Z"
    try:
        return begun, (start + timedelta(0, int(seconds))).isoformat()[:_PLAIN_TIME] + "Z"
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
