"""What `hushmap export` says of the file that it wrote: how many records are in it, and which are not, and why."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec

from hushmap.cli.wording import count, size, wrapped


class Why(StrEnum):
    """Why a record is not in the file."""

    NO_TEST = "no_test"
    FOREIGN = "foreign"
    CANARY = "canary"
    NO_RULES = "no_rules"
    TWICE = "twice"
    UNREADABLE = "unreadable"
    UNWRITABLE = "unwritable"
    NO_WORD = "no_word"
    PERSONAL = "personal"


_WORDS = {
    Why.NO_TEST: "OONI has no test for it",
    Why.FOREIGN: "OONI's already",
    Why.CANARY: "a canary, which shows that blocking can be seen and measures nothing",
    Why.NO_RULES: "there are no rules for its test",
    Why.TWICE: "it is there already",
    Why.UNREADABLE: "it cannot be read",
    Why.UNWRITABLE: "it cannot be written",
    Why.NO_WORD: "it is about no word",
    Why.PERSONAL: "a person may have written the post, and of those only sums are passed on (campaign survival)",
}

FORMS = {"ooni": "OONI's format", "csv": "CSV", "parquet": "Parquet", "json": "JSON Lines"}

_CARE = {
    "ooni": "It names the sites, times and network of these records, and holds block pages as they came.",
    "csv": "It names the sites, times and network of these records.",
    "parquet": "It names the sites, times and network of these records.",
    "json": "It names the sites, times and network of these records.",
}


class ExportText(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an export."""

    file: str
    form: str
    written: int
    bytes: int
    sha256: str
    left_out: tuple[tuple[Why, str, int], ...] = ()
    """Why, of which test (empty: any), how many."""
    first_fault: str = ""
    """The first place that could not be read or written, and what is wrong there."""
    triggers: bool = False
    """Whether it is the table of triggers."""


def lines(text: ExportText) -> Iterator[str]:
    """The summary."""
    what = "trigger" if text.triggers else "record"
    yield f"{count(text.written, what)} written to {text.file} ({FORMS[text.form]}, {size(text.bytes)})"
    yield from left_out_lines(text.left_out, text.first_fault)
    yield from wrapped(f"{_CARE[text.form]} Read it before you give it to anybody.")


def left_out_lines(left_out: tuple[tuple[Why, str, int], ...], first_fault: str) -> Iterator[str]:
    """What is not in the file."""
    for why, test, number in left_out:
        yield f"  left out: {count(number, 'record')}{f' of {test}' if test else ''}: {_WORDS[why]}"
    if first_fault:
        yield f"  first fault: {first_fault}"


def exported_object(text: ExportText) -> dict[str, Any]:
    """The object of `--json`."""
    return {
        "schema": "hushmap.export/1",
        "file": text.file,
        "format": text.form,
        "triggers": text.triggers,
        "written": text.written,
        "bytes": text.bytes,
        "sha256": text.sha256,
        "left_out": [
            {"why": why.value, "test": test or None, "records": number} for why, test, number in text.left_out
        ],
        "first_fault": text.first_fault or None,
    }
