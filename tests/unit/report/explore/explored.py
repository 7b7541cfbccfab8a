"""An explorer of a few verdicts, and a way to ask it; what the tests of its modules share."""

import asyncio
from datetime import UTC, datetime

import httpx

from hushmap.archive import Tables, connect
from hushmap.model import Software
from hushmap.report.explore.app import application
from hushmap.report.explore.opening import explorer
from hushmap.report.site.book import About
from unit.archive.verdicts import table

BLOCKED = {
    "outcome": "blocked",
    "group": "Blocked",
    "verdict_label": "Blocked by name",
    "evidence": "controlled",
    "mechanisms": ["tls.reset.sni"],
}
FORGED = {
    "outcome": "blocked",
    "group": "Blocked",
    "verdict_label": "Blocked through DNS",
    "evidence": "direct",
    "mechanisms": ["dns.tamper.bogon"],
}
FINE = {"verdict_label": "Reachable", "evidence": "comparison"}
OPEN = {"outcome": "insufficient", "group": "Not decided", "verdict_label": "Not decided", "reason": "one_attempt"}
WORD = {
    "experiment": "keyword",
    "target": "some word",
    "domain": None,
    "place": "http-path",
    "outcome": "blocked",
    "group": "Cut off by a word",
    "verdict_label": "Cut off by a word",
    "evidence": "controlled",
    "mechanisms": ["http.reset.url"],
}


def row(record, day, hour, asn, found, target="https://a.example/", **more):
    """One verdict: on 64501 of XE, or another network."""
    host = target.removeprefix("https://").partition("/")[0]
    started = datetime(2026, 11, day, hour, 30, tzinfo=UTC)
    return (
        {"record": record, "run": "run-1", "day": started.date(), "started": started, "asn": asn}
        | {"network": f"Net {asn}", "target": target, "domain": host, "category": "NEWS"}
        | found
        | more
    )


ROWS = (
    row("r1", 1, 8, 64501, FINE),
    row("r2", 2, 8, 64501, BLOCKED, label="group"),
    row("r3", 2, 9, 64501, BLOCKED),
    row("r4", 4, 9, 64501, OPEN),
    row("r5", 2, 8, 64502, FINE, country="XF"),
    row("r6", 2, 8, 64502, FORGED, "https://b.example/", country="XF", category="HUMR"),
    row("r7", 3, 8, 64501, FINE, "https://b.example/", category=None),
    row("r8", 3, 8, 64501, WORD, "some word") | WORD | {"category": None},
    row("c1", 1, 8, 64501, BLOCKED, "https://canary.example/", canary=True),
    row("c2", 1, 8, 64501, BLOCKED, "planted", experiment="calibrate", domain=None),
)
A, B = "a.example", "b.example"
"""Ids of the two sites."""


class Held:
    """Tables that this process holds."""

    def __init__(self, rows=ROWS, **held):
        verdicts = table("verdicts", *rows)
        records = verdicts.select([name for name in verdicts.column_names if name in table("records").column_names])
        self._held = {"verdicts": verdicts, "records": table("records", *records.to_pylist())} | held

    def files(self, name):
        return ()

    def held(self, name):
        return self._held.get(name)


def tables(rows=ROWS, **held):
    """The tables of these verdicts."""
    return Tables(connect(), [Held(rows, **held)])


def made(rows=ROWS, lang="en", find=None, **held):
    """An explorer of these verdicts."""
    about = About(title="Some runs", lang=lang, software=Software(version="1"))
    return explorer(tables(rows, **held), about, find=find)


def ask(opened, *addresses, host="127.0.0.1", method="GET"):
    """The answers of its application, in their order."""
    found = asked(application(opened), *addresses, host=host, method=method)
    return found[0] if len(found) == 1 else found


def asked(served, *addresses, host="127.0.0.1", method="GET"):
    """The answers of an application."""

    async def answers():
        transport = httpx.ASGITransport(app=served, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return [await client.request(method, address) for address in addresses]

    return asyncio.run(answers())
