"""The lists of a scenario's targets, as `probes/lists` ships them.

The scenario is the one place where targets and expectations stand; its lists are made from it, and a test says that
the shipped files are these.
"""

import csv
import io
from collections.abc import Sequence

from hushmap.lab.scenario import Scenario


def sites_list(scenario: Scenario) -> str:
    """The CSV of its sites."""
    rows = [
        (expect.target, expect.category, f"lab scenario {scenario.name}", expect.reason)
        for expect in scenario.expect
        if expect.place is None
    ]
    return _csv(("url", "category_code", "source", "reason"), rows)


def words_list(scenario: Scenario) -> str:
    """The CSV of its words."""
    rows = [
        (
            expect.target,
            expect.place.value,
            expect.category,
            "yes" if expect.canary else "",
            f"lab scenario {scenario.name}",
            expect.reason,
        )
        for expect in scenario.expect
        if expect.place is not None
    ]
    return _csv(("word", "place", "category_code", "canary", "source", "reason"), rows)


def _csv(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
