"""Counts by label as one SVG drawing: bars with sign, word and number, so that colour carries nothing alone.

Only geometry is made here; the drawing is a template, coloured by the page's style sheet, and says its source, date
and run itself, because pictures travel without their page (UX 4).
"""

import msgspec

WIDTH = 380
"""Drawing units, near the pixels of a phone: text keeps its size there and grows little on a wide screen."""
_TOP, _STEP, _GAP, _FOOT = 6, 40, 22, 40
"""First line, height of a row (its text and its bar), space between two parts, two lines of the source."""
_TEXT, _BAR = 15, 22
"""Below a row's top: base line of the text, upper edge of the bar."""
_LEAST = 3.0
"""A count of one is still seen beside a count of hundreds."""


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """One label's count."""

    group: str
    label: str
    sign: str
    n: int
    style: str


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the drawing."""

    count: Count
    text_y: int
    bar_y: int
    x: float
    width: float


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Sites or words."""

    heading: str
    heading_y: int
    bars: tuple[Bar, ...]


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """The whole drawing."""

    parts: tuple[Part, ...]
    width: int
    height: int
    start: int
    """Where a line of text begins: 0, or the right edge where reading goes from right to left."""
    end: int
    source_y: int


def draw(tables: tuple[tuple[str, tuple[Count, ...]], ...], *, rtl: bool = False) -> Chart:
    """Bars for every count that is not zero, one scale for all parts."""
    most = max((count.n for _, counts in tables for count in counts), default=0)
    y = _TOP
    parts = []
    for heading, counts in tables:
        shown = [count for count in counts if count.n]
        if not shown:
            continue
        heading_y = y + _TEXT
        y += _GAP
        bars = []
        for count in shown:
            width = round(max(WIDTH * count.n / most, _LEAST), 1)
            x = round(WIDTH - width, 1) if rtl else 0.0
            bars.append(Bar(count=count, text_y=y + _TEXT, bar_y=y + _BAR, x=x, width=width))
            y += _STEP
        parts.append(Part(heading=heading, heading_y=heading_y, bars=tuple(bars)))
        y += _GAP // 2
    start, end = (WIDTH, 0) if rtl else (0, WIDTH)
    return Chart(parts=tuple(parts), width=WIDTH, height=y + _FOOT, start=start, end=end, source_y=y + _TEXT)
