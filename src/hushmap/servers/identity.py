"""A helper's key, certificate and token, kept in a folder that only its user can read.

Clients know the helper by the hash of this key, so it is made once and stays: a new certificate over the same key
has the same pin.
"""

import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from hushmap.net import pin_of

_YEARS = timedelta(days=3650)
_SKEW = timedelta(days=2)
"""A certificate begins earlier, for clients whose clock is behind; they know the key, not the dates."""
_TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9._~-]{16,128}")
"""What `wire.helper` can carry, and long enough that guessing is no way in."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Files and values that a server shows."""

    key: Path
    certificate: Path
    pin: str


def identity(state: Path, name: str) -> Identity:
    """The key and certificate `name` in `state`, made now if they are not there.

    Raises:
        ValueError: A file there is not what it should be.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_path, certificate_path = state / f"{name}.key", state / f"{name}.crt"
    if key_path.exists():
        try:
            key = load_pem_private_key(key_path.read_bytes(), password=None)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{key_path}: no private key; remove it, and a new one is made") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{key_path}: no elliptic-curve key; remove it, and a new one is made")
    else:
        key = ec.generate_private_key(ec.SECP256R1())
        _write(key_path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate = _self_signed(key, f"hushmap-{name}.invalid")
    _write(certificate_path, certificate.public_bytes(Encoding.PEM))
    return Identity(key=key_path, certificate=certificate_path, pin=pin_of(certificate.public_bytes(Encoding.DER)))


def token(state: Path) -> str:
    """The token in `state`, made now if it is not there; ValueError if it is none."""
    path = state / "helper.token"
    if not path.exists():
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, secrets.token_urlsafe(_TOKEN_BYTES).encode() + b"\n")
    text = path.read_text("utf-8", errors="replace").strip()
    if _TOKEN.fullmatch(text) is None:
        raise ValueError(f"{path}: no token; remove it, and a new one is made")
    return text


def _self_signed(key: ec.EllipticCurvePrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.now(UTC) - _SKEW
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _YEARS)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _write(path: Path, data: bytes) -> None:
    """Replace `path` at once, readable by its owner alone."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
