"""Courses of verdicts, as tests of incidents need them: one character an attempt."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

START = datetime(2026, 11, 1, tzinfo=UTC)
FIELD = Path(os.environ.get("HUSHMAP_FIELD_DATA", Path(__file__).parents[4] / "shared" / "data"))
OUTCOMES = {
    ".": ("ok", ()),
    "x": ("blocked", ("tls.reset.sni",)),
    "u": ("unreachable", ("tcp.timeout",)),
    "d": ("blocked", ("dns.nxdomain",)),
    "q": ("blocked", ("quic.timeout.sni",)),
    "s": ("degraded", ("throttle.sni",)),
    "h": ("blocked", ("http.blockpage",)),
    "?": ("insufficient", ()),
    "v": ("down", ("tcp.timeout",)),
    "r": ("server_side", ("server.captcha",)),
    "p": ("blocked", ("portal",)),
}
"""What a character stands for; a space is an attempt that nobody made."""


def course(text, *, domain="news.example", every=6 * 3600, start=START, **fields):
    """The verdicts of a course as a frame; `every` so many seconds one."""
    rows = []
    for place, char in enumerate(text):
        if char == " ":
            continue
        outcome, mechanisms = OUTCOMES[char]
        at = start + timedelta(seconds=every * place)
        rows.append(
            {
                "record": f"{domain} {fields.get('asn', 64501)} {at.isoformat()} {fields.get('resolver', '')}",
                "experiment": "web",
                "target": f"https://{domain}/",
                "domain": domain,
                "started": pd.Timestamp(at),
                "country": "XE",
                "asn": 64501,
                "network": "Net-A",
                "resolver": "192.0.2.53",
                "vantage_kind": "home",
                "outcome": outcome,
                "mechanisms": mechanisms,
                "canary": False,
                **fields,
            }
        )
    return pd.DataFrame(rows)


def at(place, *, every=6 * 3600):
    """When the attempt at a place began, in microseconds."""
    return int((START + timedelta(seconds=every * place)).timestamp()) * 1_000_000


def field(name):
    """A file of the field data; the test is skipped where there is none."""
    path = FIELD / name
    if not path.is_file():
        pytest.skip("field data are not ours to ship: see HUSHMAP_FIELD_DATA")
    return path
