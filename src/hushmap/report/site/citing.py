"""How to get the data, to cite it, to correct it and to make it again: the data page and the files for machines.

`datapackage.json` (Data Package 2.0) tells each file with its columns, length and hash, so that whoever fetched one
can see whether it is the same; `CITATION.cff` (1.2.0) is read by those who keep references. Neither holds a date of
its making: the same measurements, told with the same arguments, give the same bytes.
"""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec

from hushmap.detect import visible
from hushmap.report.site.added import Replaced
from hushmap.report.site.book import Book
from hushmap.report.site.made import Download, Field
from hushmap.report.site.making import Making, Pages
from hushmap.report.words import Words

SPDX = frozenset(
    "CC0-1.0 CC-BY-4.0 CC-BY-SA-4.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0 ODbL-1.0 ODC-By-1.0 PDDL-1.0 Apache-2.0 MIT".split()
)
"""Licences that both formats know by this name; another is told in words, where any text may stand."""
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = {"text": "string", "day": "date", "time": "datetime", "float64": "number", "bool": "boolean"}
"""The types of Data Package by kind of column; whole numbers are the rest."""
_MEDIA = {"csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}
_ORDER = ("targets", "shares", "verdicts", "incidents", "triggers")
"""Of the files on the page: what most people want comes first."""
_LONGEST = 2000
"""Characters of one foreign text."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table with its files, as the page shows it."""

    name: str
    what: str
    rows: str
    files: tuple[tuple[Download, str], ...]
    """Each with its size in words."""
    fields: tuple[Field, ...]


class _Identifier(msgspec.Struct):
    """One of `identifiers`: the id of all pages of a site."""

    value: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{8}$")]


def pages(making: Making) -> Pages:
    """The data page and the two files."""
    words, book = making.words, making.book
    yield (
        "data.html",
        making.page(
            "data.html",
            "data",
            tables=[*tables(making.downloads, words)],
            cite=cite(making),
            again=[(words(name), value) for name, value in _again(book) if value],
        ),
    )
    yield "CITATION.cff", citation(making)
    if making.downloads:
        yield "datapackage.json", package(making)


def tables(downloads: Sequence[Download], words: Words) -> list[Table]:
    """The files by table."""
    found: dict[str, list[Download]] = {}
    for one in sorted(downloads, key=lambda one: _ORDER.index(one.name)):
        found.setdefault(one.name, []).append(one)
    return [
        Table(
            name=name,
            what=words(f"files.{name}"),
            rows=words.count("files.rows", files[0].rows),
            files=tuple((file, size(file.length, words)) for file in files),
            fields=files[0].fields,
        )
        for name, files in found.items()
    ]


def size(length: int, words: Words) -> str:
    """So many bytes, in words; a kilobyte has a thousand."""
    if length < 1_000_000:
        return words("files.kb", n=f"{max(1, round(length / 1000)):,}")
    return words("files.mb", n=f"{length / 1_000_000:,.1f}")


def cite(making: Making, path: str = "") -> str:
    """How a text refers to the site, or to one of its pages: what, which version, of when, by what, whom to ask."""
    about, words, book = making.book.about, making.words, making.book
    rules = ", ".join(about.rules)
    said = {
        "title": visible(about.title, _LONGEST),
        "version": f"{about.version}",
        "when": making.when or words("cite.never"),
        "networks": words.count("n.networks", len(book.networks)),
        "software": about.software.version,
        "rules": rules or words("known.unknown"),
        "id": making.id(path) if path else making.site_id,
    }
    text = words("cite.text", **said)
    return words("cite.contact", text=text, contact=visible(about.contact, _LONGEST)) if about.contact else text


def _again(book: Book) -> list[tuple[str, str]]:
    """(field, value) of what a checker needs to come to the same pages; what is not known is left out."""
    about = book.about
    software = about.software
    made = f"{software.name} {software.version}" + (f", Python {software.python}" if software.python else "")
    return [
        ("cite.command", about.again),
        ("data.software", made),
        ("data.rules", ", ".join(about.rules)),
        ("data.knowledge", ", ".join(about.knowledge)),
    ]


def citation(making: Making) -> bytes:
    """`CITATION.cff`: a string of JSON is one of YAML too."""
    about, words = making.book.about, making.words
    rows: list[tuple[str, Any]] = [
        ("cff-version", "1.2.0"),
        ("message", words("cite.message")),
        ("type", "dataset"),
        ("title", _bounded(about.title)),
        ("version", f"{about.version}"),
        ("abstract", _abstract(making)),
        ("authors", [{"name": words("cite.authors", title=_bounded(about.title))}]),
        ("contact", [{"name": _bounded(about.contact)}] if about.contact else []),
        ("license", about.licence if about.licence in SPDX else ""),
        ("date-released", f"{about.corrections[-1].day}" if about.corrections else ""),
        ("identifiers", [{"type": "other", "value": making.site_id, "description": words("site.id")}]),
    ]
    software = {"type": "software", "title": "Hushmap", "authors": [{"name": "Hushmap contributors"}]}
    software |= {"version": about.software.version} if about.software.version else {}
    rows.append(("references", [software]))
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in rows if value)
    return "".join(lines).encode()


def edition(content: bytes) -> Replaced:
    """Which edition a citation file of ours is of; what people added to it is not looked at.

    Raises:
        ValueError: It does not say so as `citation` does.
    """
    lines = (line.partition(b": ") for line in content.split(b"\n"))
    told = {name: value for name, _, value in lines if name in {b"version", b"identifiers"}}
    try:
        version = int(msgspec.json.decode(told[b"version"], type=str))
        first = msgspec.json.decode(told[b"identifiers"], type=list[_Identifier])[0]
    except (ValueError, KeyError, IndexError):
        raise ValueError("names no version and id of a site as hushmap report writes them") from None
    return Replaced(version=version, id=first.value)


def _abstract(making: Making) -> str:
    """What it is of; a licence that has no name of its own is told here."""
    about, words = making.book.about, making.words
    told = [words("lab")] if about.lab else []
    told.append(words("cite.abstract", when=making.when or words("cite.never"), text=words("files.limits")))
    if about.licence and about.licence not in SPDX:
        told.append(words("cite.licence", licence=_bounded(about.licence)))
    return " ".join(told)


def package(making: Making) -> bytes:
    """`datapackage.json`: each file with its columns, length and hash."""
    about = making.book.about
    told: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": f"hushmap-{making.site_id}",
        "title": _bounded(about.title),
        "description": _abstract(making),
        "version": f"{about.version}",
        "licenses": [{"name": about.licence}] if about.licence in SPDX else [],
        "contributors": [{"title": _bounded(about.contact), "roles": ["publisher"]}] if about.contact else [],
        "resources": [_resource(one, making.words) for one in making.downloads],
    }
    told = {name: value for name, value in told.items() if value}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(one: Download, words: Words) -> dict[str, Any]:
    return {
        "name": f"{one.name}-{one.format}",
        "title": words(f"files.{one.name}"),
        "path": one.path,
        "type": "table",
        "format": one.format,
        "mediatype": _MEDIA[one.format],
        **({"encoding": "utf-8"} if one.format != "parquet" else {}),
        **({"compression": "gz"} if one.path.endswith(".gz") else {}),
        "bytes": one.length,
        "hash": f"sha256:{one.sha256}",
        "schema": {"fields": [_described(field, one.format) for field in one.fields], "missingValues": [""]},
    }


def _described(field: Field, form: str) -> dict[str, Any]:
    """A column; a list is text with semicolons in CSV, and a list elsewhere."""
    kind = "string" if form == "csv" else "array"
    told = {
        "name": field.name,
        "type": kind if field.kind == "texts" else _TYPES.get(field.kind, "integer"),
        "description": field.what,
        "unit": field.unit,
    }
    return {name: value for name, value in told.items() if value}


def _bounded(text: str) -> str:
    return visible(text, _LONGEST)
