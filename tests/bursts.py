"""Verdict rows as the tables of an archive have them, in few words; on invented lines (RFC 5398)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SITE = "https://news.example/"


def row(minute: float = 0, group: str = "Blocked", **changed: Any) -> dict[str, Any]:
    """One verdict, so many minutes after noon of 1 November 2026."""
    started = changed.pop("started", NOON + timedelta(minutes=minute))
    return {
        "day": started.date(),
        "record": "r",
        "run": "run",
        "experiment": "web",
        "target": SITE,
        "domain": "news.example",
        "category": "NEWS",
        "place": None,
        "encoding": None,
        "started": started,
        "country": "XE",
        "asn": 64501,
        "group": group,
        "canary": False,
        "session": "line-a",
    } | changed


def frame(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a frame, also of none."""
    return pd.DataFrame(list(rows), columns=list(row()))


def hourly(n: int, group: str = "Blocked", **changed: Any) -> list[dict[str, Any]]:
    """So many bursts of one measurement each, two hours apart."""
    return [row(120 * i, group, **changed) for i in range(n)]
