#!/usr/bin/env python3
"""Makes docs/images/grid.svg: sites by networks, from lab runs of this checkout.

    scripts/make_grid.py RUN_FOLDER RUN_FOLDER RUN_FOLDER     draws three finished runs, first network first
    scripts/make_grid.py                                      measures the three networks in the lab first (minutes)

The networks are invented and so are the sites: the demo's network, the same with only the censors of its name server,
and the same with none. Each cell has a sign and a word, so that nothing depends on colour (UX 4).
"""

import html
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from hushmap.lab import load_scenario, run_demo

TARGET = Path(__file__).resolve().parents[1] / "docs" / "images" / "grid.svg"
NETWORKS = ("Net-A (AS64501)", "Net-B (AS64502)", "Net-C (AS64503)")
NAME_SERVER_ONLY = {"resolver-nxdomain", "resolver-address", "geo-syn-drop"}
"""Censor kinds of the second network, and the server that refuses the country on all three."""

ROWS = 16
ROW, FIRST, COLUMN = 22, 150, 210
"""Pixels: the height of a row, the width of the first column and of each other."""

SIGNS = {"blocked": "x", "unreachable": "~", "ok": ".", "insufficient": "?"}
FILLS = {"blocked": "#cfd8f5", "unreachable": "#fbe6c2", "ok": "#ffffff", "insufficient": "#eeeeee"}
"""No red (it reads as certainty) and no pair that a colour-blind reader could not tell apart."""


class Cell(NamedTuple):
    """What one run says of one site."""

    outcome: str
    label: str
    failures: int
    attempts: int

    @property
    def text(self) -> str:
        """Sign, word and counts."""
        count = f" {self.failures}/{self.attempts}" if self.outcome in {"blocked", "unreachable"} else ""
        return f"{SIGNS.get(self.outcome, '-')} {self.label}{count}"


def cells(lines: Iterable[str]) -> dict[str, Cell]:
    """Site -> cell, from the lines of a verdicts.jsonl; words are left out."""
    found = {}
    for line in lines:
        verdict = json.loads(line)
        if verdict["test"] == "web":
            failures, attempts = verdict["trials"]["subject"]
            name = urlsplit(verdict["target"]).hostname or verdict["target"]
            found[name] = Cell(verdict["outcome"], verdict["label"], failures, attempts)
    return found


def chosen(columns: Sequence[Mapping[str, Cell]]) -> list[str]:
    """The sites to show: most blocked first, two that are blocked alike, and one of each other kind."""
    names = sorted({name for column in columns for name in column})
    outcomes = {name: [column[name].outcome for column in columns if name in column] for name in names}
    blocked = sorted(names, key=lambda name: (-outcomes[name].count("blocked"), name))
    kinds: dict[tuple[str, ...], int] = {}
    shown = []
    for name in blocked:
        kind = tuple(column[name].label if name in column else "" for column in columns)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= (2 if "blocked" in outcomes[name] else 1) and len(shown) < ROWS:
            shown.append(name)
    return shown


def grid(networks: Sequence[str], columns: Sequence[Mapping[str, Cell]]) -> str:
    """The picture."""
    names = chosen(columns)
    width, height = FIRST + COLUMN * len(columns), ROW * (len(names) + 2)
    box = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" font-family="sans-serif" font-size="12">',
        "<title>What three invented networks do to invented sites, in simulation</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(6, ROW, "Site", bold=True),
        *(_text(FIRST + COLUMN * x + 6, ROW, network, bold=True) for x, network in enumerate(networks)),
    ]
    for y, name in enumerate(names, 1):
        parts.append(_text(6, ROW * (y + 1), name))
        for x, column in enumerate(columns):
            cell = column.get(name)
            left, top = FIRST + COLUMN * x, ROW * y + 7
            fill = FILLS.get(cell.outcome, "#f6f6f6") if cell else "#ffffff"
            parts.append(
                f'<rect x="{left}" y="{top}" width="{COLUMN - 3}" height="{ROW - 2}" fill="{fill}" stroke="#bbbbbb"/>'
            )
            parts.append(_text(left + 6, ROW * (y + 1), cell.text if cell else "not measured"))
    parts.append(_text(6, height - 4, "Lab data, invented networks. Numbers: attempts that failed, of those made."))
    return "\n".join([*parts, "</svg>\n"])


def _text(x: int, y: int, text: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}"{weight}>{html.escape(text)}</text>'


def measure(out: Path) -> list[Path]:
    """The run folders of the three networks, measured in the lab one after another."""
    full = load_scenario("demo")
    some = tuple(censor for censor in full.censor if censor.kind in NAME_SERVER_ONLY)
    folders = []
    for seed, scenario in enumerate((full, msgspec.structs.replace(full, censor=some), full.uncensored()), 1):
        result = run_demo(seed, scenario, out, say=lambda _line: None)
        if result.folder is None:
            raise RuntimeError(f"the run with seed {seed} left no folder")
        folders.append(result.folder)
    return folders


def main(arguments: Sequence[str]) -> int:
    """Draws the picture of the runs named, or of three new ones."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [Path(name) for name in arguments] or measure(Path(folder))
        columns = [cells((run / "verdicts.jsonl").read_text("utf-8").splitlines()) for run in runs]
    TARGET.write_text(grid(NETWORKS[: len(columns)], columns), "utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(columns)} networks, {len(chosen(columns))} sites\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
