#!/usr/bin/env python3
"""Make a file of salted hashes for `probes/exclusions` from a list of terms that stays outside the repository.

    python scripts/make_exclusions.py TERMS.txt --salt HEX --made 2026-11-21 > probes/exclusions/NAME.toml

TERMS.txt has one term a line; `#` begins a comment. The salt is 32 hexadecimal digits (`openssl rand -hex 16`); keep
a file's salt when its list grows, so that the change shows how many hashes were added. A term is squeezed as texts
are (letters and digits only, folded), and must then be long enough not to be met by accident.
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from hushmap.catalog.excluded import LENGTHS, SALT, digest, squeeze

SHORTEST_ASCII = 8
"""Characters of a term in Latin letters: shorter ones are parts of innocent words."""

SHORTEST_OTHER = 3
"""Characters of any other term, four of which are a phrase in Chinese."""


def terms_of(text: str) -> set[str]:
    """The squeezed terms of a list; ValueError naming the line (never the term) of one that cannot be used."""
    found = set()
    for number, line in enumerate(text.splitlines(), 1):
        term = squeeze(line.partition("#")[0])
        if not term:
            continue
        shortest = SHORTEST_ASCII if term.isascii() else SHORTEST_OTHER
        if len(term) < shortest or len(term) not in LENGTHS:
            raise ValueError(f"line {number}: a term of {len(term)} characters; use {shortest} to {LENGTHS[-1]}")
        found.add(term)
    if not found:
        raise ValueError("line 1: the list holds no term")
    return found


def exclusions_toml(terms: set[str], salt: str, made: str) -> str:
    """The file, with the hashes sorted so that their order tells nothing."""
    by_length = defaultdict(list)
    for term in terms:
        by_length[len(term)].append(digest(bytes.fromhex(salt), term).hex())
    lines = [
        "# Salted hashes: see README.md. Made by scripts/make_exclusions.py.",
        f'salt = "{salt}"',
        f'made = "{made}"',
    ]
    for length in sorted(by_length):
        hashes = "".join(f'  "{text}",\n' for text in sorted(by_length[length]))
        lines += ["", "[[terms]]", f"length = {length}", f"hashes = [\n{hashes}]"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the file to stdout; 2 with one line on stderr if the list or the salt cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("terms", type=Path)
    parser.add_argument("--salt", required=True)
    parser.add_argument("--made", required=True, help="date of the list, YYYY-MM-DD")
    arguments = parser.parse_args()
    if not SALT.fullmatch(arguments.salt):
        parser.error("--salt: write 32 hexadecimal digits")
    try:
        terms = terms_of(arguments.terms.read_text("utf-8"))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{arguments.terms}: {error}\n")
        return 2
    sys.stdout.write(exclusions_toml(terms, arguments.salt, arguments.made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
