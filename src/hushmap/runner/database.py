"""Whether a file that tells networks by address can be used, and what it holds.

Such files come from several makers, with rows of several shapes, and some hold only cities. A file is taken when a
row of it gives an AS number or a country, and a lookup of that row's address gives the same.
"""

from datetime import UTC, datetime
from pathlib import Path

import maxminddb
import msgspec

from hushmap.runner.vantage import VantageError, row_facts


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """What such a file says of itself, and holds."""

    type: str
    built: str
    """UTC."""
    rows: int
    asns: int
    """Rows with an AS number."""
    countries: int


def open_database(path: Path | str) -> Database:
    """Read the whole file.

    Raises:
        VantageError: It cannot be read, or tells neither AS numbers nor countries.
    """
    try:
        with maxminddb.open_database(path) as reader:
            found = _census(reader)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        reason = " ".join(str(error).split())[:200]
        raise VantageError(f"{path}: {reason}; give a file of the kind that ends in .mmdb") from None
    if not found.asns and not found.countries:
        what = f"its {found.rows:,} rows tell neither AS numbers nor countries"
        raise VantageError(f"{path}: {what}; give a database of AS numbers")
    return found


def _census(reader: maxminddb.Reader) -> Database:
    facts = reader.metadata()
    rows = asns = countries = 0
    for network, row in reader:
        found = row_facts(row)
        if found and not asns and not countries and row_facts(reader.get(network.network_address)) != found:
            raise maxminddb.InvalidDatabaseError("a lookup gives another row")
        rows += 1
        asns += "asn" in found
        countries += "country" in found
    built = datetime.fromtimestamp(facts.build_epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Database(type=facts.database_type, built=built, rows=rows, asns=asns, countries=countries)
