"""Which networks the addresses of a record lie in, frozen with it: a verdict must not depend on tomorrow's table.

Only a record whose packets were followed hop by hop needs it (detect/outside.py): whether what stopped them lies
outside the network that was to be reached.
"""

import ipaddress
from collections.abc import Iterable
from pathlib import Path

import maxminddb

from hushmap.model import Trial
from hushmap.runner.vantage import row_facts


def followed(trials: Iterable[Trial]) -> tuple[str, ...]:
    """The addresses that were asked or answered as routers, where packets were sent with a small TTL; else none."""
    short = [trial for trial in trials if trial.ask.ttl is not None]
    found = dict.fromkeys(
        address for trial in short for address in (trial.ask.address, trial.hop.router if trial.hop else None)
    )
    return tuple(address for address in found if address is not None)


def prefixes_of(path: str | Path, addresses: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The prefix of each address and its AS number, as far as the database has them; it is known to be readable.

    A database that has gone since the run began leaves them unknown, which equals nothing.
    """
    rows: dict[str, int] = {}
    try:
        with maxminddb.open_database(path) as reader:
            for address in addresses:
                row, length = reader.get_with_prefix_len(address)
                number = row_facts(row).get("asn")
                if isinstance(number, int):
                    rows[str(ipaddress.ip_network(f"{address}/{length}", strict=False))] = number
    except (OSError, ValueError, maxminddb.InvalidDatabaseError):
        return ()
    return tuple(rows.items())
