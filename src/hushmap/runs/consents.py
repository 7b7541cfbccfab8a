"""The register of consents: who runs this agreed to which text, for which network, at which risk, and when.

One JSON line each, kept on this computer only. A line that cannot be read is never a consent. Withdrawing is a later
line, so that the register also tells that there was a consent once.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from hushmap.runs.lines import numbered
from hushmap.runs.xdg import data_dir, keep


class Consent(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="kind", tag="given"):
    """One agreement."""

    text: int
    """Version of the consent text."""
    language: str
    network: str
    """Whatever tells this network from another: its declared name, or the fingerprint of `net`."""
    risk: tuple[str, ...] = ()
    """Risky categories that were switched on, and `none` for rows without one."""
    count: int = 0
    """How many targets the person typed."""
    when: str
    """UTC."""

    @property
    def ref(self) -> str:
        """What a manifest names this consent by."""
        return f"{self.text}.{self.language} {hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]}"

    def covers(self, text: int, network: str, risk: Iterable[str]) -> bool:
        """Whether it was given for this text, on this network, for at least these risks."""
        return self.text == text and self.network == network and set(risk) <= set(self.risk)


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="withdrawn"):
    """The end of every earlier consent, or of those for one network."""

    when: str
    network: str | None = None


_line: msgspec.json.Decoder[Consent | Withdrawal] = msgspec.json.Decoder(Consent | Withdrawal)


class ConsentRegister:
    """The register of the person who runs this."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the person's own."""
        self.path = path or data_dir() / "consent.jsonl"

    def give(self, consent: Consent) -> str:
        """Keep an agreement; its reference."""
        self._append(consent)
        return consent.ref

    def withdraw(self, when: str, network: str | None = None) -> int:
        """End every consent, or those for `network`; how many that were."""
        ended = len([consent for consent in self.valid() if network in {None, consent.network}])
        self._append(Withdrawal(when=when, network=network))
        return ended

    def valid(self) -> tuple[Consent, ...]:
        """The agreements that stand, oldest first."""
        standing: list[Consent] = []
        for line in self.history():
            if isinstance(line, Consent):
                standing.append(line)
            else:
                standing = [consent for consent in standing if line.network not in {None, consent.network}]
        return tuple(standing)

    def find(self, text: int, network: str, risk: Iterable[str] = ()) -> Consent | None:
        """The latest standing agreement that covers this run."""
        wanted = frozenset(risk)
        return next((one for one in reversed(self.valid()) if one.covers(text, network, wanted)), None)

    def history(self) -> tuple[Consent | Withdrawal, ...]:
        """Everything that was agreed to and withdrawn; a line that cannot be read withdraws all before it."""
        found: list[Consent | Withdrawal] = []
        for _, line in numbered(self.path):
            try:
                found.append(_line.decode(line))
            except (ValueError, RecursionError):
                found.append(Withdrawal(when=""))  # it may have been one
        return tuple(found)

    def _append(self, line: Consent | Withdrawal) -> None:
        keep(self.path, msgspec.json.encode(line))
