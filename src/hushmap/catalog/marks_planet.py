"""Censored Planet's signatures: one JSON object a line, `{"fingerprint": NAME, "pattern": EXPRESSION}`.

There are two files, one of block pages and one of false positives, told apart by their names for things: a block
page's begin with its class (`a_prod_`, `b_nat_`, `c_isp_`, `d_corp_`, `e_unk_`, `f_gen_`), all others are false
positives (refs/BEYOND 3). Their matcher reads patterns as regular expressions in which `.` is any character, and
searches the response from its status line on; that a pattern can begin with a header's name is own knowledge,
unchecked. Some names stand twice, with different patterns: each is kept, where their own reader keeps the last.
"""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from hushmap.catalog.errors import CatalogError, shown
from hushmap.catalog.marks_value import Entry, entry
from hushmap.catalog.source import Text

CENSORED_PLANET = "Censored Planet"

MAX_LINES = 50_000
"""As many as a table may have rows; theirs have about 640 and 460 (refs/BEYOND 3)."""

_SCOPES = {"a_prod": "prod", "b_nat": "nat", "c_isp": "isp", "d_corp": "inst", "e_unk": "unk", "f_gen": "vbw"}
"""Their classes; what is generic there OONI calls vague."""
_LITERAL = re.compile(r"(?:\\[^0-9A-Za-z]|[^\\^$.|?*+()\[\]{}])+")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_HEADER = re.compile(r"\^?(Location|Server|Via|X-[A-Za-z-]+):\s?")


class _Signature(msgspec.Struct, frozen=True):
    fingerprint: str
    pattern: str


def is_planet(source: Text) -> bool:
    """Whether the first line is such an object, or a piece of one."""
    first = source.text.lstrip().partition("\n")[0]
    return first.startswith("{") and '"fingerprint"' in first


def planet_entries(source: Text) -> Iterator[Entry]:
    """The signatures, in their order.

    Raises:
        CatalogError: A line is no signature: the file was damaged.
    """
    seen: Counter[str] = Counter()
    for number, line in enumerate(source.text.split("\n"), 1):
        if not line.strip():
            continue
        if number > MAX_LINES:
            raise source.fault(number, 1, f"more than {MAX_LINES:,} lines", "split the file")
        try:
            one = msgspec.json.decode(line, type=_Signature)
        except (ValueError, RecursionError):
            what = f"{shown(line)} is no signature of Censored Planet's"
            raise source.fault(number, 1, what, "fetch the file again") from None
        seen[one.fingerprint] += 1
        yield _entry(source, number, one, seen[one.fingerprint])


def _entry(source: Text, number: int, one: _Signature, count: int) -> Entry:
    def fault(field: str, what: str, remedy: str) -> CatalogError:
        return source.fault(number, 1, f"{field}: {what}", remedy)

    scope = next((scope for begin, scope in _SCOPES.items() if one.fingerprint.startswith(begin)), "fp")
    name = f"cp.{'fp_' if scope == 'fp' else ''}{one.fingerprint}"  # as OONI names its copies of them
    header = _HEADER.match(one.pattern)
    pattern = one.pattern[header.end() :] if header else one.pattern
    place = f"header.{header[1].lower()}" if header else "body"
    if _LITERAL.fullmatch(pattern):
        pattern, kind = _ESCAPE.sub(r"\1", pattern), "prefix" if header else "contains"
    else:
        pattern, kind = f"^{pattern}" if header else pattern, "regexp"
    return entry(
        fault,
        name=(name if one.fingerprint else "") + (f"~{count}" if count > 1 else ""),
        scope=scope,
        place=place,
        kind=kind,
        pattern=pattern,
        source=CENSORED_PLANET,
    )
