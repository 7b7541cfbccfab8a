"""The one error of this room: a fault in a file that a person wrote, said in one line with its remedy.

The text of that line may hold pieces of the file, so everything that could break the line or turn its direction
(line breaks, control and bidi characters) is escaped, and long pieces are cut.
"""

from collections.abc import Iterable

SHOWN = 60
"""Longest piece of a file that an error repeats; enough to recognise it, short enough for one terminal line."""
AMONG = 240
"""Longest row of names: all keys of any table of ours, while a file's own names may be as long as it likes."""


def clean(text: str) -> str:
    """`text` with every unprintable character escaped."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def shown(piece: str) -> str:
    """`piece` in quotes, as an error repeats it."""
    piece = clean(piece)
    return f"'{piece}'" if len(piece) <= SHOWN else f"'{piece[:SHOWN]}…'"


def among(names: Iterable[str]) -> str:
    """What may stand there, as the remedy names it: as much of it as fits one line."""
    text = clean(", ".join(names))
    return text if len(text) <= AMONG else f"{text[:AMONG]}…"


class CatalogError(ValueError):
    """`FILE:LINE:COLUMN: what is wrong; remedy`, or `WHAT: ...` for what is no place in a file."""

    def __init__(self, file: object, line: int, column: int, what: str, remedy: str) -> None:
        """Say `what` is wrong at `line` and `column` (both from 1; 0 for no place) of `file`, and the remedy."""
        self.file = str(file)
        self.line = line
        self.column = column
        self.what = clean(what)
        self.remedy = clean(remedy)
        place = f":{line}:{column}" if line else ""
        super().__init__(f"{clean(self.file)}{place}: {self.what}; {self.remedy}")
