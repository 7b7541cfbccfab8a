"""Verdicts as a table: a few rows of which a test says only what matters to it."""

from datetime import UTC, date, datetime

import pyarrow as pa

from hushmap.archive import arrow_schema

USUAL = {
    "day": date(2026, 11, 21),
    "record": "r-1",
    "experiment": "web",
    "target": "https://a.example/",
    "domain": "a.example",
    "started": datetime(2026, 11, 21, 22, 34, tzinfo=UTC),
    "country": "XE",
    "asn": 64501,
    "outcome": "ok",
    "group": "Reachable",
    "mechanisms": [],
    "canary": False,
}


def table(name="verdicts", /, *rows):
    """Rows of a table, each with what differs from the usual."""
    schema = arrow_schema(name)
    usual = {key: value for key, value in USUAL.items() if key in schema.names}
    return pa.Table.from_pylist([usual | row for row in rows], schema=schema)
