"""The tables of docs/reference/benchmarks.toml and keyword-accuracy.toml: what benches measured last, and bars."""

import json
import os
import platform
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "benchmarks.toml"
HEAD = "# What benches in tests/bench measured last, each by its `--write`; `make docs` makes the page of it."


@dataclass(frozen=True)
class Row:
    """One bar and what was measured."""

    what: str
    bar: str
    figure: str
    met: bool

    @property
    def verdict(self) -> str:
        """In a word; what has no bar is information."""
        if self.bar == "-":
            return "-"
        return "met" if self.met else "MISSED"


@dataclass(frozen=True)
class Share:
    """Where a part of the time goes."""

    part: str
    share: str


def machine() -> str:
    """The processor, its cores and the Python."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}"


def usual() -> dict[str, str]:
    """The environment of a command that is timed: Python may keep what it compiled, as it does for everybody.

    Where that is forbidden, as in many containers, each start compiles every module anew, in each process.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def write(title: str, how: str, rows: Iterable[Row], profile: Iterable[Share] = (), table: Path = TABLE) -> None:
    """Keep one bench's table where scripts/make_reference.py finds it; those of others stay."""
    kept = tomllib.loads(table.read_text("utf-8")) if table.is_file() else {}
    kept[title] = {
        "machine": machine(),
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "how": how,
        "rows": [{name: getattr(row, name) for name in ("what", "bar", "figure", "verdict")} for row in rows],
        "profile": [{"part": share.part, "share": share.share} for share in profile],
    }
    table.write_text("\n".join([HEAD, *(line for name in kept for line in _lines(name, kept[name]))]) + "\n", "utf-8")


def _lines(title: str, found: dict[str, object]) -> Iterable[str]:
    key = json.dumps(title)
    yield f"[{key}]"
    for name, value in found.items():
        if isinstance(value, str):
            yield f"{name} = {json.dumps(value)}"
    for name, value in found.items():
        for row in value if isinstance(value, list) else ():
            yield f"\n[[{key}.{name}]]"
            yield from (f"{field} = {json.dumps(text)}" for field, text in row.items())
    yield ""
