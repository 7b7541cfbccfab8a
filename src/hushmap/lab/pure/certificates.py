"""Which certificates the servers of a pure lab show, and what a client would find of each.

The lab's authority (services/pki) makes real ones with keys; here only what they say is kept, in the order in which
OpenSSL finds fault: the author, the name, the date.
"""

import hashlib
import ssl
from pathlib import Path
from typing import NamedTuple, cast

from hushmap.lab.services.pki import DAY, HOUR, Authority
from hushmap.model import Certificate, Failure

ECHO = "echo"
"""The helper's own, for its echo: signed by itself."""
_VALID = (-HOUR.total_seconds(), 12 * HOUR.total_seconds())
_EXPIRED = (-60 * DAY.total_seconds(), -DAY.total_seconds())
"""From when to when they hold, in seconds from now, as services/pki has it."""
_UNTRUSTED = frozenset({"self-signed", "interceptor", ECHO})


class Fault(NamedTuple):
    """Why a certificate does not hold: the outcome, and OpenSSL's own number (X509_V_ERR)."""

    failure: Failure
    detail: str


class Shown(NamedTuple):
    """A certificate: for whom, and of which kind (`scenario_sites.Https`)."""

    name: str
    kind: str

    @property
    def named(self) -> str:
        """The name that stands in it."""
        return "another.example" if self.kind == "wrong-name" else self.name

    @property
    def facts(self) -> Certificate:
        """What it says of itself."""
        issuers = {"self-signed": self.named, ECHO: self.named, "interceptor": "Hushmap lab interceptor"}
        return Certificate(
            sha256=hashlib.sha256(f"{self.name} {self.kind}".encode()).hexdigest(),
            subject=_subject(self.named),
            issuer=_subject(issuers.get(self.kind, "Hushmap lab root")),
            names=(self.named,),
        )

    def fault(self, name: str | None, ahead: float, *, interceptor: bool = False) -> Fault | None:
        """Why it does not hold for a name, to a client whose clock is ahead by so many seconds.

        `interceptor`: that one's root is trusted too.
        """
        if self.kind in _UNTRUSTED and not (interceptor and self.kind == "interceptor"):
            return Fault(Failure.UNKNOWN_AUTHORITY, "verify 20" if self.kind == "interceptor" else "verify 18")
        if name is not None and name.lower().rstrip(".") != self.named:
            return Fault(Failure.INVALID_HOSTNAME, "verify 62")
        begins, ends = _EXPIRED if self.kind == "expired" else _VALID
        if ahead < begins:
            return Fault(Failure.INVALID_CERTIFICATE, "verify 9")
        return Fault(Failure.INVALID_CERTIFICATE, "verify 10") if ahead > ends else None


def _subject(common: str) -> str:
    return f"CN={common},O=Hushmap lab"


class Names(Authority):
    """Stands where the lab's authority does, and makes no keys: a context is what is shown."""

    def __init__(self) -> None:
        self.roots = Path()

    def context(self, name: str, *, kind: str = "valid") -> ssl.SSLContext:
        """What a server would show."""
        return cast(ssl.SSLContext, Shown(name, kind))
