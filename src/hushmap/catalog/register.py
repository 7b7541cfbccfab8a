"""The register of dated events: `probes/campaigns/ID.toml`, one file each, and its hash.

The hash is of the files as they lie there. A study keeps it before it reads any data, so that whoever changes the
register afterwards changes the hash too.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from hushmap.catalog.errors import among, shown
from hushmap.catalog.places import probes_dir
from hushmap.catalog.source import read
from hushmap.catalog.tables import Table, iso_day, parse
from hushmap.model import Campaign, Claimed, Dated, Document, EventKind, Locality, Precision

_JURISDICTION = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_MONTH = re.compile(r"\d{4}-\d{2}")
_YEARS = range(1900, 2200)
"""Any other is a slip of the pen; and days are counted on from these, which a calendar's last ones do not bear."""
_ABOUT = "about "
_DATES = ("announced", "start", "end", "reported")
_KEYS = {
    *("id", "name", "name_original", "kind", "agency", "jurisdiction", "unnamed", *_DATES, "yearly", "targets"),
    *("categories", "platforms", "confounders", "note", "locality", "claim", "document"),
}
_CLAIM = {
    *("id", "agency", "place", "says", "reported", "figure", "at_least", "roughly", "unit", "start", "end", "unlike"),
}
_One = TypeVar("_One")


def campaigns_dir() -> Path:
    """The folder of the shipped register."""
    return probes_dir() / "campaigns"


def read_campaign(path: Path | str) -> Campaign:
    """Read one event; `CatalogError` at the first fault."""
    table = parse(read(Path(path)))
    table.only(_KEYS)
    name = table.file_name("id")
    jurisdiction = table.text("jurisdiction")
    if not _JURISDICTION.fullmatch(jurisdiction):
        raise table.fault("jurisdiction", f"{shown(jurisdiction)} is none", "write a code of ISO 3166: CN or CN-GD")
    kind = table.text("kind", EventKind.CAMPAIGN)
    if kind not in set(EventKind):
        raise table.fault("kind", f"unknown kind {shown(kind)}", f"use {among(EventKind)}")
    dates = {key: _dated(table, key) for key in _DATES if key in table.values}
    if not dates.keys() & {"announced", "start", "reported"}:
        raise table.fault("start", "no date", 'add start = "2015-06-01", or announced, or reported')
    if {"start", "end"} <= dates.keys() and dates["end"].day < dates["start"].day:
        raise table.fault("end", "ends before it starts", "put the two right")
    return Campaign(
        id=name,
        name=table.text("name"),
        name_original=table.text("name_original", ""),
        kind=EventKind(kind),
        agency=table.text("agency", ""),
        jurisdiction=jurisdiction,
        yearly=_flag(table, "yearly"),
        note=table.text("note", ""),
        claims=_several(table, "claim", _claim),
        documents=_several(table, "document", _document, needed=True),
        localities=_localities(table),
        unnamed=table.text("unnamed", ""),
        targets=_texts(table, "targets"),
        categories=_texts(table, "categories"),
        platforms=_texts(table, "platforms"),
        confounders=_texts(table, "confounders"),
        **dates,
    )


def campaigns(folder: Path | None = None) -> tuple[Campaign, ...]:
    """Every event of the register, by its date; `CatalogError` where one names another that is not there."""
    paths = _paths(folder or campaigns_dir())
    found = tuple(read_campaign(path) for path in paths)
    known = {one.id for one in found}
    for one, path in zip(found, paths, strict=True):
        for name in one.confounders:
            if name not in known or name == one.id:
                table = parse(read(path))
                remedy = f"known are {', '.join(sorted(known - {one.id}))}"
                raise table.fault("confounders", f"there is no other event {shown(name)}", remedy)
    return tuple(sorted(found, key=lambda one: (one.first.day, one.id)))


def campaigns_hash(folder: Path | None = None) -> str:
    """SHA-256 of the register: of each file's name and content, by name."""
    digest = hashlib.sha256()
    for path in _paths(folder or campaigns_dir()):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def campaign_hash(name: str, folder: Path | None = None) -> str:
    """SHA-256 of the file of one event."""
    return hashlib.sha256(((folder or campaigns_dir()) / f"{name}.toml").read_bytes()).hexdigest()


def _paths(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"), key=lambda path: path.name)


def _several(table: Table, key: str, one: Callable[[Table], _One], *, needed: bool = False) -> tuple[_One, ...]:
    if key not in table.values and not needed:
        return ()
    return tuple(one(each) for each in table.tables(key))


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return table.texts(key) if key in table.values else ()


def _flag(table: Table, key: str) -> bool:
    value = table.values.get(key, False)
    if not isinstance(value, bool):
        raise table.fault(key, f"{key} is neither true nor false", f"write {key} = true, or leave it out")
    return value


def _day(table: Table, key: str, text: str) -> date:
    remedy = 'write "2015-06-01", "2015-06", or "about 2015-06-01"'
    day = iso_day(text)
    if day is None:
        raise table.fault(key, f"{shown(text)} is no date", remedy)
    if day.year not in _YEARS:
        raise table.fault(key, f"{shown(text)} is in no year that an event here can be of", remedy)
    return day


def _dated(table: Table, key: str) -> Dated:
    """`2015-06-01`, `2015-06` for a month, `about 2015-06-01`."""
    text = table.text(key)
    if _MONTH.fullmatch(text):
        return Dated(day=_day(table, key, f"{text}-01"), precision=Precision.MONTH)
    if text.startswith(_ABOUT):
        return Dated(day=_day(table, key, text.removeprefix(_ABOUT)), precision=Precision.ABOUT)
    return Dated(day=_day(table, key, text))


def _localities(table: Table) -> tuple[Locality, ...]:
    found = _several(table, "locality", _locality)
    if len({one.name for one in found}) < len(found):
        raise table.fault("locality", "two localities have one name", "keep one of them")
    return found


def _locality(table: Table) -> Locality:
    table.only({"name", "start", "note"})
    start = _dated(table, "start") if "start" in table.values else None
    return Locality(name=table.text("name"), start=start, note=table.text("note", ""))


def _claim(table: Table) -> Claimed:
    table.only(_CLAIM)
    figure = table.values.get("figure")
    if figure is not None and (not isinstance(figure, int) or isinstance(figure, bool) or figure < 0):
        raise table.fault("figure", "figure is no whole number", "write figure = 758000, or leave it out")
    if figure is not None:
        table.text("unit")
    at_least, roughly = _flag(table, "at_least"), _flag(table, "roughly")
    if at_least and roughly:
        raise table.fault("roughly", "a figure is a bound or about, not both", "keep what the source says")
    return Claimed(
        id=table.text("id"),
        agency=table.text("agency"),
        place=table.text("place"),
        says=table.text("says"),
        reported=_day(table, "reported", table.text("reported")),
        figure=figure,
        at_least=at_least,
        roughly=roughly,
        unit=table.text("unit", ""),
        start=_dated(table, "start") if "start" in table.values else None,
        end=_dated(table, "end") if "end" in table.values else None,
        unlike=table.text("unlike"),
    )


def _document(table: Table) -> Document:
    table.only({"what", "url", "language", "note"})
    return Document(
        what=table.text("what"),
        url=table.text("url", ""),
        language=table.text("language", ""),
        note=table.text("note", ""),
    )
