"""Verdicts and triggers as an archive has them, written down by hand."""

from datetime import UTC, datetime

import pyarrow as pa

from hushmap.archive import TABLES, Tables, arrow_schema, connect

_LINE = {"country": "XE", "asn": 64501, "network": "Net-A", "vantage_kind": "home", "resolver": "192.0.2.53"}
_LABELS = {"Blocked": "Blocked by name"}
_OUTCOMES = {
    "Blocked": "blocked",
    "Reachable": "ok",
    "Not decided": "insufficient",
    "Unreachable from here": "unreachable",
    "Cut off by a word": "blocked",
    "Also fails elsewhere": "down",
}


def verdict(group="Reachable", day=14, hour=4, **more):
    """A measurement of one site on one network, an hour of a day in November."""
    started = datetime(2026, 11, day, hour, 3, tzinfo=UTC)
    blocked = group in {"Blocked", "Cut off by a word"}
    fields = {
        "day": started.date(),
        "record": f"{started:%Y%m%dT%H%M}-{more.get('asn', 64501)}-{more.get('target', 'news')[-12:]}",
        "run": f"{started:%Y%m%dT%H%MZ}-{more.get('asn', 64501)}",
        "experiment": "web",
        "target": "https://news.example.org/",
        "domain": "news.example.org",
        "category": "NEWS",
        "started": started,
        "outcome": _OUTCOMES[group],
        "verdict_label": _LABELS.get(group, group),
        "group": group,
        "evidence": "controlled" if blocked else "none",
        "mechanisms": ["tls.reset.sni"] if blocked else [],
        "rule": "tls.2",
        "rules": "9",
        "knowledge": "sha256:41aa",
        "subject_failures": 8 if blocked else 0,
        "subject_n": 8,
        "baseline_failures": 0,
        "baseline_n": 8 if blocked else 0,
        "helper_failures": 0,
        "helper_n": 3,
        "peer_failures": 0,
        "peer_n": 0,
        "canary": False,
        "session": "s1",
    }
    return {**fields, **_LINE, **more}


def trigger(day=14, **more):
    """A word that is cut off."""
    started = datetime(2026, 11, day, 4, 3, tzinfo=UTC)
    fields = {
        "day": started.date(),
        "record": f"r{day}",
        "run": "r",
        "experiment": "keyword",
        "trigger": "planted",
        "kind": "word",
        "place": "http-path",
        "hits": 8,
        "attempts": 8,
        "last_seen": f"{started:%Y-%m-%dT%H:%M:%SZ}",
    }
    line = {name: _LINE[name] for name in ("country", "asn", "network")}
    return {**fields, **line, **more}


class Held:
    """Rows in memory, as `Tables` wants its parts."""

    def __init__(self, **tables):
        self._tables = {name: pa.Table.from_pylist(rows, arrow_schema(name)) for name, rows in tables.items()}

    def files(self, table):
        """There is none."""
        return ()

    def held(self, table):
        """The rows of a table."""
        return self._tables.get(table)


def tables_of(verdicts=(), triggers=()):
    """Tables of these rows."""
    assert {"verdicts", "triggers"} <= TABLES.keys()
    return Tables(connect(), [Held(verdicts=[*verdicts], triggers=[*triggers])])
