"""Where a run is carried out: declared by the person, looked up in an AS database, or unknown, and which.

Unknown never equals anything (METHOD 4): a field that nobody declared and no database has stays empty. The address
that is looked up is known for that moment only; it is in no record, and neither is the database's row.
"""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import maxminddb

from hushmap.model import Vantage

DECLARED, LOOKED_UP = "declared", "looked_up"

ANOTHER = "give another file (hushmap fetch asn --from FILE), or take mmdb out of the settings"
"""The remedy for a database that cannot be used."""

_NETWORK = re.compile(r"(?:AS ?(?P<asn>[0-9]{1,10})\b)?\s*(?P<name>.*)", re.IGNORECASE | re.DOTALL)
_COUNTRY = re.compile(r"[A-Z]{2}")


class VantageError(ValueError):
    """What was declared, or the database, cannot be used: one line with the remedy."""


def find_vantage(
    *,
    network: str | None = None,
    country: str | None = None,
    kind: str | None = None,
    locality: str | None = None,
    resolver: str | None = None,
    mmdb: str | Path | None = None,
    address: str | None = None,
    resolver_address: str | None = None,
) -> Vantage:
    """What is known of the place, and for every field how.

    Args:
        network: as people write it: `AS64501 Net-A`, `AS64501` or `Net-A`.
        country: ISO 3166 alpha-2.
        kind: home, mobile, office, server ...
        locality: a town or region, as coarse as the person likes.
        resolver: the DNS server, as far as it may be told.
        mmdb: a database of AS numbers or countries by address (GeoLite2, IPinfo and DB-IP layouts).
        address: this line's public address, for the lookup only.
        resolver_address: the resolver's address, for its AS.

    Raises:
        VantageError: `network`, `country` or the database cannot be read.
    """
    declared = _declared(network, country)
    for name, value in (("kind", kind), ("locality", locality), ("resolver", resolver)):
        if value:
            declared[name] = value
    found: dict[str, Any] = {}
    if mmdb is not None:
        found = _lookup(Path(mmdb), address)
        resolved = _lookup(Path(mmdb), resolver_address)
        if "asn" in resolved:
            found["resolver_asn"] = resolved["asn"]
    if "asn" in declared and found.get("asn") != declared["asn"]:
        found.pop("network", None)  # the name of another network than the one that the person says it is
    known = dict.fromkeys(found, LOOKED_UP) | dict.fromkeys(declared, DECLARED)
    return Vantage(**{**found, **declared}, known=known)


def _declared(network: str | None, country: str | None) -> dict[str, Any]:
    declared: dict[str, Any] = {}
    if network is not None and network.strip():
        match = _NETWORK.fullmatch(network.strip())
        assert match is not None, "the pattern takes any text"
        if match["asn"] is not None:
            if not 0 < int(match["asn"]) < 2**32:
                raise VantageError(f"AS{match['asn']} is no AS number; write e.g. --network 'AS64501 Net-A'")
            declared["asn"] = int(match["asn"])
        if match["name"]:
            declared["network"] = match["name"][:100]
    if country is not None:
        if not _COUNTRY.fullmatch(country.upper()):
            raise VantageError(f"{country[:20]!r} is no country; write two letters, e.g. --country XE")
        declared["country"] = country.upper()
    return declared


def _lookup(path: Path, address: str | None) -> dict[str, Any]:
    """AS number, its name and country, as far as the database has them; nothing for an address that it lacks."""
    try:
        with maxminddb.open_database(path) as reader:
            row = None if address is None else reader.get(ip_address(address))
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        reason = " ".join(str(error).split())[:200]
        raise VantageError(f"{path}: {reason}; {ANOTHER}") from None
    return row_facts(row)


def row_facts(row: object) -> dict[str, Any]:
    """`asn`, `network` and `country` of a database's row, as far as it has them."""
    found: dict[str, Any] = {}
    if not isinstance(row, Mapping):
        return found
    asn = _number(row.get("autonomous_system_number", row.get("asn")))
    if asn is not None:
        found["asn"] = asn
    name = row.get("autonomous_system_organization", row.get("as_name"))
    if isinstance(name, str) and name:
        found["network"] = name[:100]
    country = _country(row)
    if country is not None:
        found["country"] = country
    return found


def _number(value: object) -> int | None:
    if isinstance(value, str):
        digits = value.upper().removeprefix("AS")
        return int(digits) if digits.isascii() and digits.isdigit() else None
    return value if isinstance(value, int) and value > 0 else None


def _country(row: Mapping[str, Any]) -> str | None:
    country = row.get("country", row.get("country_code"))
    if isinstance(country, Mapping):
        country = country.get("iso_code")
    return country if isinstance(country, str) and _COUNTRY.fullmatch(country) else None
