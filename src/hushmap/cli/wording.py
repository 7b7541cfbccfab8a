"""Small pieces of text that several verbs share: numbers, times, sizes, lists, shell words."""

import shlex
import textwrap
from collections.abc import Iterable
from pathlib import Path

from hushmap.cli.screen import WIDTH
from hushmap.model import CATEGORIES, Vantage

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def count(number: float, one: str, many: str = "") -> str:
    """`1 site`, `2,150 sites`."""
    return f"{number:,.0f} {one if number == 1 else many or one + 's'}"


def size(amount: float) -> str:
    """Bytes in the unit that people pay for."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if amount >= factor:
            return f"{amount / factor:.{0 if amount >= 10 * factor else 1}f} {unit}"
    return f"{amount:.0f} bytes"


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    if whole < 5400:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole < 600 and whole % 60 else "")
    return f"{whole / 3600:.1f} hours"


def about(seconds: float) -> str:
    """A duration that is only estimated: minutes and hours, never seconds."""
    if seconds < 90:
        return "a minute"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} hours"


def moment(iso: str) -> str:
    """`21 Nov 2026, 22:33 UTC` of an ISO time; what is none stays as it is."""
    return f"{day(iso)}, {iso[11:16]} UTC" if len(iso) >= 16 and iso[5:7].isdigit() else iso


def day(iso: str) -> str:
    """`21 Nov 2026` of an ISO time; what is none stays as it is."""
    month = int(iso[5:7]) if iso[5:7].isdigit() else 0
    return f"{int(iso[8:10])} {_MONTHS[month - 1]} {iso[:4]}" if 1 <= month <= 12 and iso[8:10].isdigit() else iso


def span(started: str, ended: str) -> str:
    """`21 Nov 2026, 22:33 to 22:37 UTC`."""
    if started[:10] == ended[:10]:
        return f"{day(started)}, {started[11:16]} to {ended[11:16]} UTC"
    return f"{moment(started).removesuffix(' UTC')} to {moment(ended)}"


def network(vantage: Vantage) -> str:
    """`Net-A (AS64501), XE: declared by you`, as far as it is known."""
    name = vantage.network or ""
    asn = f"AS{vantage.asn}" if vantage.asn is not None else ""
    shown = f"{name} ({asn})" if name and asn else name or asn or "a network without a name"
    country = f", {vantage.country}" if vantage.country else ""
    known = {vantage.known.get(field) for field in ("asn", "network", "country")}
    how = {"declared": "declared by you", "looked_up": "looked up"}
    said = " and ".join(words for one, words in how.items() if one in known)
    return f"{shown}{country}: {said or 'unknown; say it with --network and --country'}"


def category(code: str | None) -> str:
    """A category in words."""
    return CATEGORIES.get(code or "", "without a category")


def listed(parts: Iterable[str]) -> str:
    """`a, b and c`."""
    *first, last = [*parts] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def shell(*words: str) -> str:
    """A command as it can be pasted."""
    return " ".join(word if word.startswith("…") else shlex.quote(word) for word in words)


def run_words(path: Path, base: Path) -> str:
    """A run as it can be typed after `rm`, `show --run` and `run --resume`: its id, or where it lies elsewhere."""
    if path.parent == base:
        return path.name
    return str(path) if "/" in str(path) else f"./{path}"


def field(name: str, text: str, indent: int = 10, width: int = WIDTH) -> list[str]:
    """`Name      text`, wrapped, continued under the text."""
    return wrapped(text, f"{name:{indent}}", " " * indent, width)


def wrapped(text: str, first: str = "", rest: str = "", width: int = WIDTH) -> list[str]:
    """`text` in lines of at most `width`; long words (addresses) are never broken."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    ) or [first.rstrip()]
