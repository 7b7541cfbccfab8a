"""What every page of the reference is made with: tables, code, headings, and public names of rooms."""

import importlib
import importlib.util
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
Words = Mapping[str, Mapping[str, str]]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars within a cell are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return " ".join(str("" if value is None else value).replace("|", "\\|").split())


def code(name: object) -> str:
    """`name` as code."""
    return f"`{name}`"


def from_room(room: str, name: str) -> Any:
    """A public name of a room, or `None` where this checkout has no such room or name; tests/test_tables.py minds."""
    if importlib.util.find_spec(f"hushmap.{room}") is None:
        return None
    return getattr(importlib.import_module(f"hushmap.{room}"), name, None)


def opening(title: str, words: Words) -> str:
    """The heading of a page and its first paragraphs."""
    return (
        f"# {title}\n\n{words['pages'][title.lower().replace('command line', 'cli').replace(' ', '-')].strip()}\n\n"
    )


def code_list(text: str) -> str:
    """The keys in `text` as code; words between them are left as they are."""
    parts = re.split(r"(, | and .*)", text)
    return "".join(part if place % 2 or part == "-" else code(part) for place, part in enumerate(parts) if part)
