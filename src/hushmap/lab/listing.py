"""The lists of a scenario's targets, as `probes/lists` ships them.

The scenario is the one place where targets and expectations stand; its lists are made from it, and a test says that
the shipped files are these. A scenario that ships no deck has one written for it where it is measured.
"""

import csv
import io
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from hushmap.lab.scenario import Expectation, Scenario
from hushmap.model import RISKY

APPS = Path(__file__).with_name("apps")
"""The services of the lab, each in a file as the product reads them."""
_COLUMNS = {
    "encrypted_dns": "resolver",
    "quic": "name",
    "ech": "name",
    "residual": "name",
    "service": "service",
    "middlebox": "request",
}
"""What the first column of a list is called, where it is not `url`."""
BASELINE_WORD = "kw-calm"
"""The harmless word of every deck of the lab; no scenario names it."""


def write_deck(scenario: Scenario, folder: Path) -> Path:
    """Write a deck of a scenario's targets with its lists into a folder; the deck's file."""
    words = {expect.asked_by for expect in scenario.expect if expect.place is not None}
    lists = {
        expect.experiment: sites_list(scenario, expect.experiment)
        for expect in scenario.expect
        if expect.place is None
    }
    lines = ['name = "lab-score"', f"title = {json.dumps(_title(scenario))}"]
    lines.append(f"baselines = {json.dumps(list(scenario.baselines))}")
    if words:
        lines.append(f'baseline_word = "{BASELINE_WORD}"')
    lists |= {experiment: words_list(scenario, experiment) for experiment in sorted(words)}
    if "service" in lists:
        shutil.copytree(APPS, folder / "services", dirs_exist_ok=True)
    for experiment, text in lists.items():
        (folder / f"{experiment}.csv").write_text(text, encoding="utf-8")
        lines += ["", "[[part]]", f'experiment = "{experiment}"', f'list = "{experiment}.csv"']
    deck = folder / "deck.toml"
    deck.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return deck


def category(expect: Expectation) -> str:
    """Nobody is at risk in a lab: a row that a run would leave out until it is switched on counts as any other."""
    return "MISC" if expect.category in RISKY or not expect.category else expect.category


def _reason(expect: Expectation) -> str:
    """Lists of the product give a reason in every row."""
    return expect.reason or "a case of the lab"


def _title(scenario: Scenario) -> str:
    return scenario.title or scenario.name


def sites_list(scenario: Scenario, experiment: str = "web") -> str:
    """The CSV of its sites that one experiment measures."""
    rows = [
        (expect.target, category(expect), f"lab scenario {scenario.name}", _reason(expect))
        for expect in scenario.expect
        if expect.place is None and expect.experiment == experiment
    ]
    column = _COLUMNS.get(experiment, "url")
    if experiment == "service":  # its file says the category
        return _csv((column, "source", "reason"), [(name, *rest) for name, _, *rest in rows])
    return _csv((column, "category_code", "source", "reason"), rows)


def words_list(scenario: Scenario, experiment: str = "keyword") -> str:
    """The CSV of its words that one experiment measures; encodings only where one is said."""
    words = [(expect, expect.place) for expect in scenario.expect if expect.asked_by == experiment]
    written = any(expect.encoding for expect, _ in words)
    rows = [
        (
            *(expect.target, place.value),
            *([(expect.encoding or "")] if written else []),
            *(category(expect), "yes" if expect.canary else ""),
            *(f"lab scenario {scenario.name}", _reason(expect)),
        )
        for expect, place in words
        if place is not None
    ]
    columns = ("word", "place", *(["encoding"] if written else []), "category_code", "canary", "source", "reason")
    return _csv(columns, rows)


def _csv(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
