"""What is never sent: salted hashes of the hard exclusion list, and whether a text holds one of its terms.

METHOD 5: sexual content involving minors, weapon making, personal data. There is no switch. Only hashes are shipped,
so that this package is not itself such a list; a salt keeps them from being looked up in ready-made tables, but short
terms can be guessed by anyone who tries, and the README beside them says so. Every substring of the listed lengths is
looked up, in every form in which the text might travel: as it is, percent-decoded (UTF-8 and GB18030), and with
A-labels decoded; each normalised as refs/KEYWORDS 2.8 has it and squeezed to letters and digits, so that `a-b`, `a+b`
and `a b` are one term. A hit too many only leaves one question unasked.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote_to_bytes

import msgspec

from hushmap.catalog.places import probes_dir
from hushmap.catalog.source import read
from hushmap.catalog.tables import Table, parse

DIGEST = 16
"""Bytes of each hash: 128 bits leave no accidental hit."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"  # KEYWORDS 2.8's own list
)
_ALABEL = re.compile(r"xn--([a-z0-9-]{1,59})", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE)
_DECODINGS = 3
"""How many times percent-encoding is undone; a doubly encoded query is common, more is not."""

SALT = re.compile(r"[0-9a-f]{32}")
_HASH = re.compile(rf"[0-9a-f]{{{2 * DIGEST}}}")
LENGTHS = range(2, 65)


def squeeze(text: str) -> str:
    """The form in which terms and texts are compared: letters, marks and digits only, folded."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", plain))
    return "".join(char for char in plain if unicodedata.category(char)[0] in "LMN")


def digest(salt: bytes, term: str) -> bytes:
    """The salted hash of a squeezed term."""
    return hashlib.blake2b(term.encode("utf-8", "surrogatepass"), key=salt, digest_size=DIGEST).digest()


def _unlabelled(text: str) -> str:
    def decoded(found: re.Match[str]) -> str:
        try:
            return found[1].encode().decode("punycode")
        except ValueError:
            return found[0]

    return _ALABEL.sub(decoded, text)


def forms(text: str) -> Iterator[str]:
    """Every form in which `text` might be read by somebody on the way, not yet squeezed."""
    seen = [text]
    for encoding in ("utf-8", "gb18030") if "%" in text else ():
        current = text
        for _ in range(_DECODINGS):
            following = unquote_to_bytes(current.encode("utf-8", "surrogatepass")).decode(encoding, "replace")
            if following == current:
                break
            seen.append(following)
            current = following
    for form in seen:
        yield form
        yield _unlabelled(form)


class Exclusions(msgspec.Struct, frozen=True):
    """The hard exclusion list: for each file its salt, and its hashes by the length of their terms."""

    tables: tuple[tuple[bytes, dict[int, frozenset[bytes]]], ...] = ()
    clean: dict[tuple[bytes, int], set[str]] = msgspec.field(default_factory=dict)
    """Pieces of text that begin with no term, by salt and tier."""

    def hit(self, text: str) -> bool:
        """Whether `text` holds an excluded term or an e-mail address, in any form."""
        return any(
            ("@" in form and bool(_EMAIL.search(form))) or any(self._holds(squeezed, *table) for table in self.tables)
            for form, squeezed in _squeezed(text)
        )

    def _holds(self, text: str, salt: bytes, terms: dict[int, frozenset[bytes]]) -> bool:
        """Whether a term stands anywhere in a text; each piece of it is hashed once, however often it is seen."""
        for lengths in _TIERS:
            tier = {length: terms[length] for length in lengths if length in terms}
            known = self.clean.setdefault((salt, lengths.stop), set())
            stop = len(text) - min(tier, default=len(text) + 1) + 1
            new = {text[start : start + lengths.stop - 1] for start in range(stop)} - known
            if any(digest(salt, piece[:length]) in hashes for piece in new for length, hashes in tier.items()):
                return True
            if len(known) > _KEPT:
                known.clear()
            known |= new
        return False


_TIERS = (range(1, 9), range(9, 17), range(17, 33), range(33, 65))
"""Lengths of terms that are looked for together: what is changed in a text makes few short pieces new, and these are
soon all known. Texts about one subject, tried in parts, share nearly all."""
_KEPT = 1 << 16
"""Pieces of a tier that are remembered, some 7 MB."""


def _squeezed(text: str) -> Iterator[tuple[str, str]]:
    done: set[str] = set()
    for form in forms(text):
        if form not in done:
            done.add(form)
            yield form, squeeze(form)


def read_exclusions(paths: Iterable[Path]) -> Exclusions:
    """Read files of salted hashes as `scripts/make_exclusions.py` writes them."""
    return Exclusions(tuple(_table(path) for path in paths))


@lru_cache(maxsize=1)
def exclusions() -> Exclusions:
    """The shipped hard exclusion list; read once a process."""
    return read_exclusions(sorted((probes_dir() / "exclusions").glob("*.toml")))


def _table(path: Path) -> tuple[bytes, dict[int, frozenset[bytes]]]:
    table = parse(read(path))
    table.only({"salt", "made", "terms"})
    salt = table.text("salt")
    if not SALT.fullmatch(salt):
        raise table.fault("salt", "the salt is not 32 hexadecimal digits", _REMAKE)
    table.text("made")
    return bytes.fromhex(salt), dict(_hashes(item) for item in table.tables("terms"))


_REMAKE = "make the file again with scripts/make_exclusions.py"


def _hashes(table: Table) -> tuple[int, frozenset[bytes]]:
    table.only({"length", "hashes"})
    length = table.values.get("length")
    if not isinstance(length, int) or isinstance(length, bool) or length not in LENGTHS:
        raise table.fault("length", f"the length is not a number from {LENGTHS[0]} to {LENGTHS[-1]}", _REMAKE)
    texts = table.texts("hashes")
    if not all(_HASH.fullmatch(text) for text in texts):
        raise table.fault("hashes", f"a hash is not {2 * DIGEST} hexadecimal digits", _REMAKE)
    return length, frozenset(bytes.fromhex(text) for text in texts)
