"""What `hushmap doctor` prints: checks with their remedies (UX 1)."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from hushmap.cli.wording import count, wrapped


class Status(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


_SHOWN = {Status.OK: "ok", Status.WARN: "warn", Status.FAIL: "FAIL"}
"""In a text a failed check must be seen."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check: `{id, status, text, remedy}` with --json."""

    id: str
    status: Status
    text: str
    remedy: str = ""


def lines(checks: Iterable[Check], *, online: bool) -> Iterator[str]:
    """Every check, and how many need thought."""
    found = tuple(checks)
    sent = "3 requests at most were sent, none to a listed site."
    yield sent if online else "Nothing was sent (hushmap doctor --online sends 3 requests)."
    for check in found:
        yield from wrapped(check.text, f"{_SHOWN[check.status]:5} ", " " * 6)
        if check.remedy:
            yield from wrapped(check.remedy, " " * 8, " " * 8)
    failed = sum(check.status is Status.FAIL for check in found)
    noted = sum(check.status is not Status.OK or bool(check.remedy) for check in found)
    said = f"{failed} of them {'a failed check' if failed == 1 else 'failed checks'}" if failed else "no check failed"
    yield f"{count(noted, 'thing')} to know, {said}." if noted else "All is in order."
