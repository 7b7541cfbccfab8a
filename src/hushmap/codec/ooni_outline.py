"""A record without its trials <-> the base of an OONI measurement (df-000) and what the base lacks of it.

Where this computer was is a fact with a source (`vantage.known`), which OONI's base has no place for; a value that is
unknown has one there, AS0 or ZZ. A resolver on the local network is kept from OONI's readers: they take `resolver_ip`
for the address from which names are looked up, and map it to a network.
"""

import re
from ipaddress import ip_address, ip_network
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from hushmap.codec import ooni_times as times
from hushmap.codec.ooni_lacking import lacking
from hushmap.codec.ooni_shape import Backend, Measurement, WebKeys
from hushmap.model import SCHEMA, Record, Software, Vantage

EXPERIMENT = "web"
"""The one experiment of ours that OONI has a test for."""

TEST_VERSION = "0.5.0+hushmap.1"
"""The arrays have the shape of web_connectivity 0.5; what stands behind the plus is no version of OONI's (SemVer 2,
10), and counts what we change in this shape."""

UNKNOWN_COUNTRY, UNKNOWN_ASN = "ZZ", "AS0"

_NUMBER = "$.test_keys.x_hushmap.v"
_COUNTRY = re.compile(r"[A-Z]{2}")
_ASN = re.compile(r"AS([1-9][0-9]{0,9})")
_LOCAL = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
    )
) + tuple(map(ip_network, ("::1/128", "fc00::/7", "fe80::/10")))
"""RFC 1918, 6598, 1122, 3927, 4193, 4291: addresses that many networks use at once."""


def outline_of(record: Record, keys: WebKeys) -> Measurement:
    """The measurement of `record` with these test keys, and what it lacks of the record.

    Raises:
        ValueError: Its times are none.
    """
    started = times.moment(record.started, "started")
    ended = times.moment(record.ended, "ended")
    vantage, helper = record.vantage, record.context.helper
    line = Measurement(
        annotations=record.annotations,
        id=record.id,
        input=record.target,
        measurement_start_time=times.theirs(started),
        probe_asn=_asn(vantage.asn),
        probe_cc=_country(vantage.country),
        probe_network_name=vantage.network or "",
        report_id=record.run,
        resolver_asn=_asn(vantage.resolver_asn),
        resolver_ip=_public(vantage.resolver),
        software_name=record.software.name,
        software_version=record.software.version,
        test_helpers={} if helper is None else {"backend": Backend(address=helper, type=_kind(helper))},
        test_keys=keys,
        test_runtime=(ended - started).total_seconds(),
        test_start_time=times.theirs(times.moment(record.run_started, "run_started")),
        test_version=TEST_VERSION,
    )
    found = _outline(line)
    ours = lacking(found, record, "v", "experiment", "source", "trials", "vantage", "software")
    for name, part, meant in (
        ("vantage", found.vantage, record.vantage),
        ("software", found.software, record.software),
    ):
        if less := lacking(part, meant):
            ours[name] = less
    keys = msgspec.structs.replace(keys, x_hushmap={"v": record.v, **ours})
    return msgspec.structs.replace(line, test_keys=keys)


def record_from(line: Measurement) -> dict[str, Any]:
    """The record that `outline_of` wrote, without its trials, as JSON has it; whether that is one is seen later.

    Raises:
        ValueError: Its times are none, or a later Hushmap wrote it.
    """
    ours = dict(line.test_keys.x_hushmap)
    number = ours.get("v")
    if not isinstance(number, int) or not 0 < number <= SCHEMA:
        shown = f"{number!a:.40}"
        raise ValueError(
            f"schema number {shown} is none that this Hushmap reads (1 to {SCHEMA}) - at `$.x_hushmap.v`"
        )
    tree: dict[str, Any] = msgspec.to_builtins(_outline(line))
    for name in ("vantage", "software"):
        part = ours.pop(name, {})
        tree[name] = tree.get(name, {}) | part if isinstance(part, dict) else part
    return tree | ours | {"kind": "record", "experiment": EXPERIMENT, "source": None}


def shift_of(line: Measurement) -> float:
    """Seconds from t = 0 of our steps, the start of the run, to OONI's, the start of the measurement.

    Raises:
        ValueError: A time is none.
    """
    started = times.moment(line.measurement_start_time, "measurement_start_time")
    return (started - times.moment(line.test_start_time, "test_start_time")).total_seconds()


def _outline(line: Measurement) -> Record:
    started = times.moment(line.measurement_start_time, "measurement_start_time")
    return Record(
        id=line.id,
        run=line.report_id,
        experiment=EXPERIMENT,
        target=line.input,
        started=times.ours(started),
        ended=times.ours(times.later(started, line.test_runtime)),
        run_started=times.ours(times.moment(line.test_start_time, "test_start_time")),
        vantage=Vantage(
            country=None if line.probe_cc == UNKNOWN_COUNTRY else line.probe_cc,
            asn=_number(line.probe_asn),
            network=line.probe_network_name or None,
            resolver=line.resolver_ip if isinstance(line.resolver_ip, str) else None,
            resolver_asn=_number(line.resolver_asn),
        ),
        software=Software(name=line.software_name, version=line.software_version),
        annotations=line.annotations,
    )


def _kind(helper: str) -> str:
    """How the helper was spoken to: in OONI's protocol at a URL of its own, or in ours."""
    return helper.partition("://")[0] if "://" in helper else "hushmap"


def _country(code: str | None) -> str:
    return code if code is not None and _COUNTRY.fullmatch(code) else UNKNOWN_COUNTRY


def _asn(number: int | None) -> str:
    text = f"AS{number}"
    return text if _ASN.fullmatch(text) else UNKNOWN_ASN


def _number(text: str) -> int | None:
    match = _ASN.fullmatch(text)
    return None if match is None else int(match[1])


def _public(resolver: str | None) -> str | UnsetType:
    try:
        address = ip_address(resolver or "")
    except ValueError:
        return UNSET
    return UNSET if any(address in network for network in _LOCAL) else str(resolver)
