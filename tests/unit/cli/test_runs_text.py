"""A list of runs as lines."""

from hushmap.cli.runs_text import RunLine, lines
from hushmap.model import Vantage


def test_each_run_has_its_lines():
    """A readable run has two lines, an unreadable one its reason."""
    vantage = Vantage(asn=64501, network="Net-A", known={"asn": "declared"})
    whole = RunLine(id="a", deck="d", network=vantage, started="2026-11-21T22:33:00Z", targets=2, path="p",
                    labels={"Reachable": 2})  # fmt: skip
    assert list(lines([whole, RunLine(id="b", path="q", error="is damaged")])) == [
        "a  d · Net-A (AS64501) · 21 Nov 2026, 22:33 UTC",
        "    2 Reachable",
        "b  is damaged",
    ]
