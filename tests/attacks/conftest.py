"""Certificates that no authority would sign."""

import datetime as dt
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier

NAME = "a.example"


class Forge:
    """One key; certificates of any length, in chains of any length."""

    def __init__(self, folder):
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.now = dt.datetime.now(dt.UTC)
        self._files = 0

    def certificate(self, *, subject="leaf", issuer="leaf", names=(NAME,), padding=0, ca=False):
        """PEM of a certificate with `padding` bytes in an extension that nobody knows."""
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - dt.timedelta(days=1))
            .not_valid_after(self.now + dt.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if names:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternatives, critical=False)
        if padding:
            unknown = x509.UnrecognizedExtension(ObjectIdentifier("2.999.1"), bytes(padding))
            builder = builder.add_extension(unknown, critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def chain(self, length):
        """PEM of a leaf and its authorities, the last of which nobody vouches for."""
        leaf = self.certificate(issuer="authority 1")
        above = [
            self.certificate(subject=f"authority {at}", issuer=f"authority {at + 1}", names=(), ca=True)
            for at in range(1, length)
        ]
        return leaf + b"".join(above)

    def context(self, chain, *, tls12=False):
        """A server that shows `chain`."""
        self._files += 1
        path = self.folder / f"{self._files}.pem"
        path.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + chain)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        if tls12:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context


@pytest.fixture(scope="session")
def forge(tmp_path_factory):
    """Makes certificates."""
    return Forge(tmp_path_factory.mktemp("forge"))
