"""The regular expressions that a fingerprint may hold: those that no page can make slow.

Pages come from whoever answers, and Python's `re` can be kept busy for hours by a page made for it. So the language
is kept small enough to count, before anything is matched, in how many ways an expression can be tried. Most that are
in use are pieces with `.*` between them: these are found piece after piece, in linear time, whatever the page.
"""

import re
import warnings
from math import prod

import msgspec

REACH = 4_096
"""Characters of a text on which an expression is run that is no row of pieces: block notices are short pages, and
4,096 places with the most ways that are allowed take a quarter of a second at worst."""
MOST_WAYS = 4 * REACH
"""Ways of trying one place: one repeat without bound, and a few small ones beside it."""
FEWEST, MOST = 4, 64
"""Places of one text at which an expression is tried: a second at worst, and 64 kB of a page unless it is slow."""
MOST_CHARACTERS = 4_000
"""Of an expression: each costs time whenever it is read, and no published one has 900."""
MOST_TIMES = 1_000
"""The highest number that a repeat may name: each costs a step at every place of the text."""

_FLAGS = re.compile(r"\(\?([ims]+)\)")
_TOKEN = re.compile(
    r"(?P<atom>(?P<escape>\\(?:[^0-9A-Za-z]|[dwsDWSbBAZnrtfv]))|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<open>\((?:\?:|(?!\?)))|(?P<close>\))|(?P<either>\|)|(?P<any>\.)|(?P<edge>[$^])|(?P<plain>[^\\()\[|.*+?$^]))"
    r"(?P<repeat>(?:[*+?]|\{(?!\})(?P<low>[0-9]*)(?P<comma>,(?P<high>[0-9]*))?\})\??(?![*+?]))?",
    re.DOTALL,
)


class Expression(msgspec.Struct, frozen=True, kw_only=True):
    """How an expression is matched; `.` stands for any character, line breaks too, as at Censored Planet."""

    pieces: tuple[str, ...]
    """Expressions to be found one after the other, each of a fixed length; one alone if it cannot be taken apart."""
    literal: str
    """The longest text that stands in everything that matches; empty where none is known."""
    linear: bool
    """It may be run on any text; otherwise on `REACH` characters of one, at `places` of it."""
    places: int = 1
    """At so many places it takes no longer than one with the most ways takes at `FEWEST` of them."""


class _Group:
    """What stands between two brackets, or in the whole."""

    def __init__(self) -> None:
        self.factors: list[int] = []
        self.branches = 1
        self.repeats = False

    @property
    def ways(self) -> int:
        """In how many ways it can be tried at one place."""
        return prod(self.factors) * self.branches


def expression(pattern: str) -> Expression:
    """Read `pattern`.

    Raises:
        ValueError: It is none, or one that might take too long; in a few words, which.
    """
    if len(pattern) > MOST_CHARACTERS:
        raise ValueError(f"it has more than {MOST_CHARACTERS:,} characters")
    try:
        matches_all = compiled(pattern).search("") is not None
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if matches_all:
        raise ValueError("it is found in every text")
    flags, start = "s", 0
    if leading := _FLAGS.match(pattern):
        flags, start = "".join(sorted({"s", *leading[1]})), leading.end()
    tokens = _tokens(pattern, start)
    ways = _ways(tokens)
    row = _pieces(tokens)
    if row is None and ways > MOST_WAYS:
        raise ValueError("it can be tried in too many ways: it may repeat once without bound")
    pieces = tuple(f"(?{flags}){piece}" for piece in (row if row is not None else (pattern[start:],)))
    literal = "" if "i" in flags else _literal(tokens)
    places = 1 if row is not None else max(FEWEST, min(MOST, FEWEST * MOST_WAYS // ways))
    return Expression(pieces=pieces, literal=literal, linear=row is not None, places=places)


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`pattern`, compiled without a warning of what a later Python will read otherwise; `re`'s own errors."""
    with warnings.catch_warnings(action="ignore"):
        return re.compile(pattern, flags)


def _tokens(pattern: str, at: int) -> list[re.Match[str]]:
    found = []
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise ValueError(f"{pattern[at : at + 12]!r} is not taken: groups, sets, . | * + ? and {{}} are")
        found.append(token)
        at = token.end()
    return found


def _bounds(token: re.Match[str]) -> tuple[int, int | None]:
    """How often its atom comes, at least and at most."""
    repeat = token["repeat"]
    if repeat is None:
        return 1, 1
    if repeat[0] in "*+?":
        return int(repeat[0] == "+"), 1 if repeat[0] == "?" else None
    low = int(token["low"] or 0)
    if token["comma"] is None:
        return low, low
    return low, int(token["high"]) if token["high"] else None


def _ways(tokens: list[re.Match[str]]) -> int:
    groups = [_Group()]
    for token in tokens:
        low, high = _bounds(token)
        if max(low, high or 0) > MOST_TIMES:
            raise ValueError(f"it repeats more than {MOST_TIMES:,} times")
        if token["open"]:
            groups.append(_Group())
        elif token["either"]:
            groups[-1].branches += 1
        elif token["close"]:
            inner = groups.pop()
            if high != 1 and (inner.repeats or inner.ways > 1):
                raise ValueError("it repeats what repeats or branches by itself")
            groups[-1].factors.append(inner.ways)
            groups[-1].repeats |= inner.repeats
        groups[-1].factors.append(REACH if high is None else high - low + 1)
        groups[-1].repeats |= token["repeat"] is not None
    return groups[0].ways


def _pieces(tokens: list[re.Match[str]]) -> tuple[str, ...] | None:
    """The pieces between `.*`, each of a fixed length; `None` if it is not made of such."""
    pieces = [""]
    for token in tokens:
        low, high = _bounds(token)
        if token["open"] or token["close"] or token["either"]:
            return None
        if token["any"] and high is None:
            pieces.append("." * low)
        elif low == high:
            pieces[-1] += token[0]
        else:
            return None
    return tuple(piece for piece in pieces if piece)


def _literal(tokens: list[re.Match[str]]) -> str:
    runs, depth = [""], 0
    for token in tokens:
        depth += bool(token["open"]) - bool(token["close"])
        if token["either"] and not depth:
            return ""
        plain = token["plain"] or (token["escape"] and not token["escape"][1].isalpha() and token["escape"][1])
        if depth or token["repeat"] or not plain:
            runs.append("")
        else:
            runs[-1] += plain
    return max(runs, key=len)
