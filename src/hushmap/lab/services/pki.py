"""The lab's certificates: a root that the client trusts, and leaves that hold, have run out or name another.

Made anew for every lab with elliptic keys (a few milliseconds), so that no private key is ever shipped. Names are
explicit: some libraries refuse a wildcard directly under a top-level domain (refs/LAB 5).
"""

import datetime as dt
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hushmap.lab.addresses import SYSTEM_STORE

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
_VALID = (-HOUR, 12 * HOUR)
"""Around now: a fresh certificate soon to be renewed, so that a client whose clock is wrong by a day refuses it."""


def _name(common: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Hushmap lab"),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ])  # fmt: skip


class Authority:
    """A certificate authority with its key in memory."""

    def __init__(self, folder: Path, now: dt.datetime) -> None:
        self._folder = folder
        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = _name("Hushmap lab root")
        builder = self._builder(self._subject, self._key, now - 30 * DAY, now + 30 * DAY).issuer_name(self._subject)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)  # keyCertSign, cRLSign
        self._certificate = builder.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())
        self.roots = folder / "roots.pem"
        mine = self._certificate.public_bytes(serialization.Encoding.PEM)
        self.roots.write_bytes(mine)
        self._interceptor = ec.generate_private_key(ec.SECP256R1())
        named = _name("Hushmap lab interceptor")
        builder = self._builder(named, self._interceptor, now - 30 * DAY, now + 30 * DAY).issuer_name(named)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        root = builder.add_extension(usage, critical=True).sign(self._interceptor, hashes.SHA256())
        (folder / SYSTEM_STORE).write_bytes(mine + root.public_bytes(serialization.Encoding.PEM))

    def context(self, name: str, *, kind: str = "valid") -> ssl.SSLContext:
        """A server's context with a certificate for `name`; `kind` as in `Site.https`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem(name, kind=kind))
        return context

    def pem(self, name: str, *, kind: str = "valid") -> Path:
        """A file with a key and a certificate for `name`; `kind` as in `Site.https`."""
        named = "another.example" if kind == "wrong-name" else name
        start, end = (-60 * DAY, -DAY) if kind == "expired" else _VALID
        key = ec.generate_private_key(ec.SECP256R1())
        issuer, signer = self._subject, self._key
        if kind == "self-signed":
            issuer, signer = _name(named), key
        elif kind == "interceptor":
            issuer, signer = _name("Hushmap lab interceptor"), self._interceptor
        builder = self._builder(_name(named), key, self._now + start, self._now + end).issuer_name(issuer)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(named)]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(usage, critical=False)
        certificate = builder.sign(signer, hashes.SHA256())
        path = self._folder / f"{name}-{kind}.pem"
        path.touch(mode=0o600)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, start: dt.datetime, end: dt.datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
        )
