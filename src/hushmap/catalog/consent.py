"""The texts that a person reads before anything is sent, by version and language.

They are data so that lawyers and translators can change them without code; a version is never edited after a release,
since the register of consents (room runs) keeps only its number.
"""

import re
from pathlib import Path

import msgspec

from hushmap.catalog.errors import CatalogError
from hushmap.catalog.places import probes_dir
from hushmap.catalog.source import read
from hushmap.catalog.tables import parse

_FILE = re.compile(r"(\d+)\.([a-z]{2,3})\.toml")


class ConsentText(msgspec.Struct, frozen=True, kw_only=True):
    """One text; `{count}`, `{things}` and `{risky}` are filled in by `hushmap run`."""

    version: int
    language: str
    date: str
    heading: str
    bullets: tuple[str, ...]
    risky: str
    """One more bullet where risky categories were switched on."""
    question: str
    refused: str
    """What is said when nothing, or another number, was typed."""
    sites: str
    words: str
    """What `{things}` is for a deck of sites, of words, or of both."""
    both: str


def _files() -> dict[tuple[int, str], Path]:
    found = ((_FILE.fullmatch(path.name), path) for path in (probes_dir() / "consent").glob("*.toml"))
    return {(int(match[1]), match[2]): path for match, path in found if match}


def consent_versions() -> tuple[int, ...]:
    """Every version there is, oldest first; the last is the one to ask for."""
    return tuple(sorted({version for version, _ in _files()}))


def consent_languages(version: int) -> tuple[str, ...]:
    """The languages of one version."""
    return tuple(sorted(language for number, language in _files() if number == version))


def consent_text(version: int, language: str = "en") -> ConsentText:
    """One text; `CatalogError` if there is none of that version and language."""
    path = _files().get((version, language))
    if path is None:
        here = ", ".join(f"{number}.{name}" for number, name in sorted(_files()))
        raise CatalogError(f"consent/{version}.{language}.toml", 0, 0, "there is no such text", f"there are {here}")
    table = parse(read(path))
    texts = {name: table.text(name) for name in ("heading", "risky", "question", "refused", "sites", "words", "both")}
    table.only({*ConsentText.__struct_fields__})
    if table.values.get("version") != version:
        raise table.fault("version", "the version is not the file's", f"write version = {version}")
    if table.text("language") != language:
        raise table.fault("language", "the language is not the file's", f'write language = "{language}"')
    return ConsentText(
        version=version, language=language, date=table.text("date"), bullets=table.texts("bullets"), **texts
    )
