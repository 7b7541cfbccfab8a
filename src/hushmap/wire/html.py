"""Facts of a web page that can be compared without keeping it: its title, its visible text, a sketch of its words.

The bytes are hostile and often damaged, so this is no HTML parser but one forward pass over tags, in linear time,
which never fails. The sketch is a min-hash of word shingles (Broder 1997): the share of equal positions estimates
how much text two pages have in common, also between computers, as it uses no per-process hash.
"""

import codecs
import hashlib
import html
import re
import struct
from collections.abc import Sequence
from itertools import islice

TITLE_LIMIT = 200
SKETCH_SIZE = 16
"""Positions: an estimate of likeness moves in steps of 1/16, enough to tell same, similar and other."""
SHINGLE = 4
"""Words in one shingle: shorter ones are shared by unrelated pages of one language."""
WORD_LIMIT = 4000
"""Words that a sketch looks at, about 25 kB of text; bounds its time to some 10 ms."""

_META_WINDOW = 2048
"""Bytes searched for a charset; the HTML standard demands it within the first 1024."""
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_CHARSETS: dict[str, str] = {
    label: codec
    for codec, labels in {
        "utf-8": "utf-8 utf8",
        "gb18030": "gb18030 gb2312 gbk gb_2312-80 x-gbk chinese",
        "big5hkscs": "big5 big5-hkscs x-x-big5 cn-big5",
        "cp932": "shift_jis shift-jis sjis x-sjis windows-31j",
        "euc_jp": "euc-jp x-euc-jp",
        "cp949": "euc-kr ks_c_5601-1987 windows-949 korean",
        "cp1250": "windows-1250 cp1250",
        "cp1251": "windows-1251 cp1251",
        "cp1252": "windows-1252 cp1252 iso-8859-1 latin1 us-ascii ascii",
        "cp1253": "windows-1253 cp1253",
        "cp1254": "windows-1254 cp1254 iso-8859-9",
        "cp1255": "windows-1255 cp1255",
        "cp1256": "windows-1256 cp1256",
        "cp1258": "windows-1258 cp1258",
        "cp874": "windows-874 tis-620 iso-8859-11",
        "iso8859_2": "iso-8859-2",
        "iso8859_5": "iso-8859-5",
        "iso8859_6": "iso-8859-6",
        "iso8859_7": "iso-8859-7",
        "iso8859_8": "iso-8859-8",
        "iso8859_15": "iso-8859-15",
        "koi8_r": "koi8-r",
        "koi8_u": "koi8-u",
    }.items()
    for label in labels.split()
}
"""Charset labels (WHATWG Encoding) -> Python's codec. A closed list: some of Python's are quadratic, or no text."""

_HIDDEN = ("script", "style", "template", "noscript", "textarea", "title")
"""Elements whose content is not text of the page; the title is a fact of its own."""
_TITLE = re.compile("<[tT][iI][tT][lL][eE]")
"""Spelled out: IGNORECASE would be slower, and takes other scripts' letters."""
_UNSEEN = re.compile(
    rf"""<(?:
    !--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?
    |({"|".join(_HIDDEN)})(?![a-z0-9])[^>]*+(?:>[^<]*+(?:<(?!/\1)[^<]*+)*+)?
    |[!?/a-z][^>]*+>?
    )""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""A comment, a hidden element without its closing tag, a tag; what has no end goes on to the end of the page.

Every repetition is possessive, so that nothing is looked at twice. ASCII: IGNORECASE takes no other scripts' letters.
"""
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{9,}|[xX][0-9A-Fa-f]{9,});?")
"""References longer than any character needs: int() of a very long one is quadratic, and refused by Python."""
_ONE_BY_ONE = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"[{_ONE_BY_ONE}]|[^\W_{_ONE_BY_ONE}]+")
"""A word; scripts that do not part their words have one for each character."""
_ASCII_WORDS = bytes(ord(chr(byte).lower()) if chr(byte).isalnum() else ord(" ") for byte in range(128)).ljust(256)
"""Where lower case and folded case are one: words in lower case, and what parts them as spaces."""


def title(body: bytes) -> str | None:
    """The page's title, white space folded, at most 200 characters; `None` if it has none or an empty one."""
    return title_of(decode(body))


def title_of(text: str) -> str | None:
    """The title of a page that is text already."""
    opener = _TITLE.search(text)
    while opener and text[opener.end() : opener.end() + 1].isalnum():
        opener = _TITLE.search(text, opener.end())
    if opener is None:
        return None
    start = text.find(">", opener.end())
    if start < 0:
        return None
    end = text.find("<", start)
    return title_text(text[start + 1 : end if end >= 0 else None])


def title_text(inner: str) -> str | None:
    """What stands between the tags of a title, as `title` gives it."""
    return _folded(unescaped(inner[: 8 * TITLE_LIMIT]))[:TITLE_LIMIT].rstrip() or None


def visible(body: bytes, limit: int) -> str:
    """The first `limit` characters of the text that a reader sees, white space folded."""
    return _folded(_seen(body))[:limit].rstrip()


def sketch(body: bytes) -> tuple[int, ...]:
    """16 minima of hashes of the page's word shingles; () for a page without words."""
    text = _seen(body)
    if text.isascii():
        words = text.encode().translate(_ASCII_WORDS).split(None, WORD_LIMIT)[:WORD_LIMIT]
    else:
        words = [match[0].casefold().encode() for match in islice(_WORD.finditer(text), WORD_LIMIT)]
    if not words:
        return ()
    shingles = set(map(b" ".join, zip(*(words[at:] for at in range(SHINGLE)), strict=False))) or {b" ".join(words)}
    # One hash of 64 bytes, which is blake2b's own size, is 16 independent 32-bit hashes.
    hashed = b"".join([hashlib.blake2b(shingle).digest() for shingle in shingles])
    lanes = struct.unpack(f"<{len(shingles) * SKETCH_SIZE}I", hashed)
    return tuple([min(lanes[lane::SKETCH_SIZE]) for lane in range(SKETCH_SIZE)])


def likeness(a: Sequence[int], b: Sequence[int]) -> float:
    """The share of equal positions of two sketches, which estimates the share of text in common.

    0.0 where either is empty or they differ in length: nothing is known to be alike.
    """
    if not a or len(a) != len(b):
        return 0.0
    return sum(left == right for left, right in zip(a, b, strict=True)) / len(a)


def decode(body: bytes) -> str:
    """The page as text: its byte-order mark, its declared charset, else UTF-8, else GB18030. Never fails."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    declared = _META.search(body[:_META_WINDOW])
    codec_name = _CHARSETS.get(declared[1].decode("ascii").lower()) if declared else None
    if codec_name:
        return body.decode(codec_name, "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            # Not final: a body cut at its bound may end within a character.
            return codecs.getincrementaldecoder(codec)("strict").decode(body)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", "replace")


def unescaped(text: str) -> str:
    """Text with its character references read, however long they are."""
    if "&" not in text:
        return text
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", text))


def _seen(body: bytes) -> str:
    return unescaped(_UNSEEN.sub(" ", decode(body)))


def _folded(text: str) -> str:
    return " ".join(text.split())
