#!/usr/bin/env python3
"""Says of each pure room how much of it the tests ran, and fails unless each was run whole, every branch.

What is measured stands in `[tool.coverage.run]` of pyproject.toml, and all of it must reach 100 %: these rooms touch
no socket and no clock, so there is no line in them that a test could not run. A room of which nothing was measured
fails too.
"""

import json
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Room:
    """What was counted of one room: lines and branches, all and run, and the files that are not whole."""

    every: int = 0
    run: int = 0
    gaps: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of lines and branches that were run; an empty room counts as run."""
        return self.run / self.every if self.every else 1.0


def by_room(report: Mapping[str, Any]) -> dict[str, Room]:
    """Coverage's JSON report, summed by room."""
    rooms: dict[str, Room] = {}
    for name, entry in sorted(report["files"].items()):
        parts = Path(name).parts
        inner = parts[parts.index("hushmap") + 1 :]
        room = rooms.setdefault(inner[0].removesuffix(".py") if inner[0] != "__init__.py" else "", Room())
        counts = entry["summary"]
        every = counts["num_statements"] + counts["num_branches"]
        run = counts["covered_lines"] + counts["covered_branches"]
        room.every, room.run = room.every + every, room.run + run
        if run < every:
            lines = [str(line) for line in entry["missing_lines"]]
            branches = [
                f"{start}->{end}" for start, end in entry["missing_branches"] if start not in entry["missing_lines"]
            ]
            room.gaps.append(f"{name}: {', '.join(lines + branches)}")
    return rooms


def verdict(rooms: Mapping[str, Room], pure: Sequence[str]) -> list[str]:
    """What is missing in the rooms that have to be whole."""
    wrong = []
    for name in pure:
        if name not in rooms or not rooms[name].every:
            wrong.append(f"{name}: nothing of it was measured")
        else:
            wrong.extend(rooms[name].gaps)
    return wrong


def main() -> int:
    """Prints a line a room, then what is missing; the exit code."""
    measured = coverage.Coverage(data_file=ROOT / ".coverage")
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        try:
            measured.json_report(outfile=str(report))
        except coverage.exceptions.NoDataError:
            sys.stdout.write("coverage: nothing was measured; FAILED\n")
            return 1
        rooms = by_room(json.loads(report.read_text("utf-8")))
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]["run"]["source_pkgs"]
    pure = [package.removeprefix("hushmap.") for package in packages]
    for name, room in rooms.items():
        sys.stdout.write(f"{room.share:7.1%}  {name}\n")
    wrong = verdict(rooms, pure)
    sys.stdout.writelines(f"coverage: not run: {line}\n" for line in wrong)
    sys.stdout.write(f"coverage: {len(pure)} rooms must be whole; {'FAILED' if wrong else 'they are'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
