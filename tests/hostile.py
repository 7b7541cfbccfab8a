"""Damage to valid documents: what disks, other programs and people of ill will make of what a parser reads.

A JSON document is scanned once into the places of its values, and damaged as text: so a key can stand twice, a number
be greater than any, a string hold half a character, and a value be replaced by one from another document, which no
writer of JSON would do. Other documents are damaged by the byte and by the word. All chance comes from the caller's
generator: the same seed is the same damage.
"""

import random
import re
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

DEEP = 10_000
"""Levels of nesting: ten times what Python's own stack would bear."""

WRONG = (
    "null", "true", "false", "0", "-1", "1", "7", "1.5", "-0.0", "65536", "1e999", "-1e999", "1e-999", "1e308",
    "18446744073709551616", "-9223372036854775809", "1" + "0" * 400, "0.1" + "3" * 400, '""', '"x"', '"\\u0000"',
    '"\\ud800"', '"\\udfff\\ud800"', '"\\u2028"', '" "', "[]", "{}", "[null]", "[[]]", "[{}]", '{"":null}', '{"x":[]}',
    '["x",1]', '[1,"x",null]', '[["x"]]', "NaN", "Infinity", "-Infinity", "undefined", "'x'", "tru", "01", "+1", ".5",
    '"\t"', '"\\x"', '{"format":"base64","data":"////"}', '{"format":"base64","data":"="}', '{"format":"base64"}',
    '"&#' + "9" * 5_000 + ';"',
)  # fmt: skip
"""Values that are of the wrong type somewhere, and some that are no JSON."""

HUGE = (
    "[" * DEEP + "]" * DEEP,
    '{"a":' * DEEP + "1" + "}" * DEEP,
    "[" * DEEP,
    '"' + "A" * 100_000 + '"',
    "[" + "0," * 20_000 + "0]",
    "{" + ",".join(f'"k{number}":{number}' for number in range(5_000)) + "}",
    "9" * 20_000,
)
"""Rare, since each costs as much as hundreds of others."""

HUGE_SHARE = 0.002

MEANT = (
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1",
    '""',
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "[{}]",
    '"\\u0000"',
    "1e999",
    "1.5",
)
"""Of `WRONG`, what says nothing of any network: for damage after which nobody may be accused."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a document: `outer` begins at its key, where it has one."""

    outer: int
    start: int
    end: int
    inside: bool
    """Whether it is a member of an array or object (so that it can be left out or doubled)."""


@dataclass(frozen=True)
class Document:
    """A valid JSON text with the places of its values."""

    text: str
    places: tuple[Place, ...] = field(repr=False)

    @classmethod
    def of(cls, data: bytes | str) -> "Document":
        """Scan a document; it has to be valid."""
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        places: list[Place] = []
        open_: list[tuple[int, int, str]] = []
        key: int | None = None
        awaits_key = False
        for token in _TOKEN.finditer(text):
            sign = token.group()
            if sign in "{[":
                open_.append((token.start() if key is None else key, token.start(), sign))
                key, awaits_key = None, sign == "{"
            elif sign in "}]":
                outer, start, _ = open_.pop()
                places.append(Place(outer, start, token.end(), bool(open_)))
                key, awaits_key = None, False
            elif sign == ",":
                awaits_key = open_[-1][2] == "{"
            elif sign == ":":
                awaits_key = False
            elif awaits_key:
                key = token.start()
            else:
                places.append(Place(token.start() if key is None else key, token.start(), token.end(), bool(open_)))
                key = None
        assert not open_, "the seed is no JSON"
        return cls(text, tuple(places))


Edit = tuple[int, int, str]


def damaged_json(document: Document, others: tuple[Document, ...], rng: random.Random) -> bytes:
    """`document` with one to four faults of its structure; one in eight is then damaged by the byte too."""
    text = document.text
    edits = [_edit(document, others, rng) for _ in range(rng.choice((1, 1, 1, 2, 3, 4)))]
    data = _applied(text, edits).encode("utf-8", "surrogatepass")
    return damaged_bytes(data, (), rng) if rng.random() < 0.125 else data


def _edit(document: Document, others: tuple[Document, ...], rng: random.Random) -> Edit:
    text, place = document.text, rng.choice(document.places)
    kind = rng.random()
    if kind < 0.5:
        return place.start, place.end, rng.choice(HUGE if rng.random() < HUGE_SHARE else WRONG)
    if kind < 0.62:
        return _left_out(text, place)
    if kind < 0.72 and place.inside:
        return place.outer, place.outer, (text[place.outer : place.end] + ",") * rng.choice((1, 1, 2, 50))
    other = document if kind < 0.86 else rng.choice(others or (document,))
    found = rng.choice(other.places)
    if kind < 0.93 or not (place.inside and found.inside):
        return place.start, place.end, other.text[found.start : found.end]
    return place.outer, place.outer, other.text[found.outer : found.end] + ","


def _left_out(text: str, place: Place) -> Edit:
    """The member at `place` is not there, nor the comma after or before it."""
    start, end = place.outer, place.end
    after = re.match(r"\s*,", text[end : end + 40])
    if after is not None:
        return start, end + after.end(), ""
    before = re.search(r",\s*$", text[max(0, start - 40) : start])
    return (start - len(before.group()) if before is not None else start), end, ""


def _applied(text: str, edits: list[Edit]) -> str:
    """`text` with those edits that do not touch each other."""
    kept = sorted(set(edits))
    apart = kept[:1] + [after for before, after in pairwise(kept) if after[0] >= before[1]]
    for start, end, new in reversed(apart):
        if end <= len(text):
            text = text[:start] + new + text[end:]
    return text


def struck_json(document: Document, rng: random.Random) -> bytes:
    """`document` with values lost, emptied, doubled or of another type, or cut short: nothing that means anything.

    What is left may be too little for a verdict, and may be refused; it never is evidence against anybody.
    """
    text = document.text
    edits: list[Edit] = []
    for _ in range(rng.choice((1, 1, 2, 3, 5, 9))):
        place = rng.choice(document.places)
        kind = rng.random()
        if kind < 0.55:
            edits.append((place.start, place.end, rng.choice(MEANT)))
        elif kind < 0.85 or not place.inside:
            edits.append(_left_out(text, place))
        else:
            edits.append((place.outer, place.outer, text[place.outer : place.end] + ","))
    data = _applied(text, edits).encode()
    return data[: rng.randrange(len(data) + 1)] if rng.random() < 0.05 else data


TOML_WRONG = (
    "true", "false", "0", "-1", "7", "65536", "1.5", "1e999", "nan", "-inf", "0x" + "f" * 4_000, "9" * 4_000, "9" * 5_000,
    '""', '" "', '"x"', '"X-1"', '"a\\u0000b"', '"\\u202e"', '"\\U0010ffff"', "'\ufeff'", '"""a\nb"""', "[]", "[[]]", "{}", "[{}]",
    '["x"]', '["x", "x"]', '["x", 1]', '[""]', "1979-05-27", "0001-01-01", '"0001-01-01"', "9999-12-31T23:59:59Z", "07:32:00",
    '"2015-02-30"', '"9999-12"', "[" * 3_000 + "]" * 3_000, "{a=" * 3_000 + "1" + "}" * 3_000, '"' + "A" * 20_000 + '"', "",
)  # fmt: skip
"""Values of TOML that are of the wrong type or size somewhere, and some that are no TOML."""

_ASSIGNED = re.compile(r"^(?P<key>[ \t]*[A-Za-z_][A-Za-z0-9_-]*[ \t]*=[ \t]*)(?P<value>.+)$", re.DOTALL)


def damaged_toml(text: str, others: tuple[str, ...], values: tuple[str, ...], rng: random.Random) -> bytes:
    """A document of TOML with one to three faults of its structure, `values` of its own among them.

    Damage by the byte seldom leaves TOML: what reads its values would hardly ever be asked.
    """
    lines = text.split("\n")
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(lines))
        kind = rng.random()
        found = _ASSIGNED.match(lines[at])
        if kind < 0.6 and found is not None:
            other = _ASSIGNED.match(rng.choice(_lines_of(rng.choice(others))))
            strange = rng.choice(values if values and rng.random() < 0.4 else TOML_WRONG)
            value = other["value"] if other is not None and rng.random() < 0.4 else strange
            lines[at] = found["key"] + value
        elif kind < 0.75:
            del lines[at]
            lines = lines or [""]
        elif kind < 0.82:
            lines.insert(rng.randrange(len(lines) + 1), lines[at])
        elif kind < 0.94:
            lines.insert(at, rng.choice(_lines_of(rng.choice(others))))
        else:
            lines[at] = lines[at].replace(rng.choice("aeiou"), rng.choice(("x", "E", ".", "")), 1)
    return "\n".join(lines).encode("utf-8", "surrogatepass")


@cache
def _lines_of(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


CELLS_WRONG = (
    "", " ", "yes", "no", "YES", "1", "-1", "0001-01-01", "2015-02-30", "x", "xn--a", "a..b", "\u00df", "\u202e", "'", '"', '""""',
    '"a,b"', '"a\nb"', "=1+1", "https://", "http://[", "http://x:99999/", "javascript:x", "a" * 300, "\U0010ffff", "%ff", "\ufeff",
    "all", "x|y", "|", "../x", "a@b.example", "+86 139 0000 0000", "NONE", "NEWS", "POLR",
)  # fmt: skip
"""Cells that are of no use somewhere."""


def damaged_cells(text: str, others: tuple[str, ...], values: tuple[str, ...], rng: random.Random) -> bytes:
    """A table with one to four faults of its cells, rows and columns, `values` of its own among them."""
    rows = [line.split(",") for line in text.split("\n")]
    for _ in range(rng.choice((1, 1, 2, 4))):
        row = rows[rng.randrange(len(rows))]
        at, kind = rng.randrange(len(row)), rng.random()
        if kind < 0.6:
            other = rng.choice(rng.choice(_lines_of(rng.choice(others))).split(","))
            strange = rng.choice(values if values and rng.random() < 0.5 else CELLS_WRONG)
            row[at] = other if rng.random() < 0.3 else strange
        elif kind < 0.7:
            row.insert(at, rng.choice(CELLS_WRONG))
        elif kind < 0.8:
            del row[at]
            row += [] if row else [""]
        elif kind < 0.9:
            rows.insert(rng.randrange(len(rows) + 1), list(row))
        else:
            rows.insert(rng.randrange(len(rows) + 1), rng.choice(_lines_of(rng.choice(others))).split(","))
    return "\n".join(map(",".join, rows)).encode("utf-8", "surrogatepass")


RUNS = (
    b"\x00",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\r",
    b"\n",
    b"\t",
)
"""What text is damaged with: NUL, no UTF-8, half a character, a surrogate, too great, marks, line ends."""


def damaged_bytes(data: bytes, words: tuple[bytes, ...], rng: random.Random) -> bytes:
    """`data` with one to six faults: bits, bytes, runs, cuts, pieces moved, and `words` of its own language."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        size = len(found)
        at = rng.randrange(size + 1)
        kind = rng.randrange(10)
        if kind == 0 and size:
            found[at % size] ^= 1 << rng.randrange(8)
        elif kind == 1 and size:
            found[at % size] = rng.choice((0, 1, 0x7F, 0x80, 0xC0, 0xFF, rng.randrange(256)))
        elif kind == 2:
            del found[at:]
        elif kind == 3:
            del found[at : at + rng.choice((1, 2, 4, 16, 300))]
        elif kind == 4:
            found[at:at] = rng.choice(RUNS)
        elif kind == 5:
            found[at:at] = rng.randbytes(rng.choice((1, 2, 4, 32)))
        elif kind == 6 and size:
            start = rng.randrange(size)
            found[at:at] = found[start : start + rng.choice((1, 8, 64, 512))]
        elif kind == 7 and size:
            start = rng.randrange(size)
            piece = found[start : start + rng.choice((1, 4, 32))]
            found[at : at + len(piece)] = piece
        elif kind == 8 and rng.random() < HUGE_SHARE * 10:
            found[at:at] = bytes([rng.randrange(256)]) * rng.choice((1_000, 70_000))
        elif words:
            found[at : at + rng.choice((0, 0, 1, 8))] = rng.choice(words)
    return bytes(found)


def spliced(one: bytes, other: bytes, rng: random.Random) -> bytes:
    """The beginning of one and the end of another."""
    return one[: rng.randrange(len(one) + 1)] + other[rng.randrange(len(other) + 1) :]
