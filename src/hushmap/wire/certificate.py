"""What one X.509 certificate says of itself: DER bytes -> Certificate.

The bytes come from the network or from other people's files. A certificate that cannot be parsed is a fact too (its
digest tells it apart), so nothing here fails.
"""

import hashlib
import warnings
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from hushmap.model import Certificate

NAMES = 50
"""DNS names that are kept: certificates of shared hosts have hundreds."""
TEXT = 300
"""Characters of a name that are kept: the network writes them."""

_REMEMBERED = 256
"""Certificates that are read once: those of helpers, baselines and intermediate authorities come again and again."""
_USUAL = 4096
"""Bytes of one that is remembered, so that no sender of great ones fills the memory: all together take a few MB."""
_DAMAGE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.UnsupportedGeneralNameType)
"""What `cryptography` raises for bytes that are no certificate, or an odd one: classes without a common one."""


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """All that a certificate names, unbounded: what is masked is masked before it is cut."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    """Of subjectAltName."""
    not_before: str
    not_after: str


def parse(der: bytes) -> Parsed | None:
    """What the certificate in `der` says; `None` if it is none."""
    return _remembered(der) if len(der) <= _USUAL else _read(der)


def _read(der: bytes) -> Parsed | None:
    try:
        # It warns of certificates that a later version will refuse; those of a network are as they are.
        with warnings.catch_warnings(action="ignore"):
            found = x509.load_der_x509_certificate(der)
            subject, issuer = found.subject.rfc4514_string(), found.issuer.rfc4514_string()
            names, addresses = _names(found)
            not_before, not_after = _iso(found.not_valid_before_utc), _iso(found.not_valid_after_utc)
    except _DAMAGE:
        return None
    return Parsed(
        subject=subject, issuer=issuer, names=names, addresses=addresses, not_before=not_before, not_after=not_after
    )


_remembered = lru_cache(_REMEMBERED)(_read)


def certificate(der: bytes) -> Certificate:
    """The facts of `der` as a step keeps them; only its digest if it cannot be parsed."""
    digest = hashlib.sha256(der).hexdigest()
    found = parse(der)
    if found is None:
        return Certificate(sha256=digest, subject="", issuer="")
    return Certificate(
        sha256=digest,
        subject=found.subject[:TEXT],
        issuer=found.issuer[:TEXT],
        names=tuple(name[:TEXT] for name in found.names[:NAMES]),
        not_before=found.not_before,
        not_after=found.not_after,
    )


def _names(found: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The DNS names and the addresses that a certificate is for."""
    try:
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, x509.DuplicateExtension):
        return (), ()
    names = extension.value.get_values_for_type(x509.DNSName)
    return tuple(names), tuple(str(address) for address in extension.value.get_values_for_type(x509.IPAddress))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
