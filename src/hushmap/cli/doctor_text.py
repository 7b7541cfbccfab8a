"""What `hushmap doctor` prints: checks with their remedies (UX 1)."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from hushmap.cli.wording import count, wrapped


class Status(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


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
        yield from wrapped(check.text, f"{check.status:5} ", " " * 6)
        if check.remedy:
            yield from wrapped(check.remedy, " " * 8, " " * 8)
    failed = sum(check.status is Status.FAIL for check in found)
    open_ = sum(check.status is not Status.OK for check in found)
    yield f"{count(open_, 'thing')} to know, {failed} of them failed checks." if open_ else "All is in order."
