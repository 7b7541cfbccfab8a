"""What a certificate says of itself, by example, and that nothing which is none fails."""

import datetime as dt
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

import seeds
from hushmap.model import Certificate
from hushmap.wire.certificate import NAMES, TEXT, certificate, parse


def made(*names, subject="news.example.org"):
    """A certificate for `names`, without the extension if there are none."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, subject)])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + dt.timedelta(days=90))
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key, None).public_bytes(Encoding.DER)


def test_a_certificate_is_read():
    """Digest, subject, issuer, names and validity are those of the certificate."""
    der = seeds.certificate()
    assert certificate(der) == Certificate(
        sha256=hashlib.sha256(der).hexdigest(),
        subject="O=Example,CN=news.example.org",
        issuer="O=Example,CN=news.example.org",
        names=("news.example.org", "*.news.example.org"),
        not_before="2026-01-01T00:00:00Z",
        not_after="2027-01-01T00:00:00Z",
    )


def test_names_and_addresses_are_told_apart():
    """Addresses of the extension are no names; without the extension there are neither."""
    import ipaddress

    found = parse(made(x509.DNSName("a.example"), x509.IPAddress(ipaddress.ip_address("203.0.113.7"))))
    assert (found.names, found.addresses) == (("a.example",), ("203.0.113.7",))
    bare = parse(made())
    assert (bare.names, bare.addresses) == ((), ())


def test_what_the_network_writes_is_bounded():
    """At most so many names, each and subject and issuer at most so long."""
    many = certificate(made(*(x509.DNSName(f"{number}.example") for number in range(NAMES + 20))))
    assert many.names == tuple(f"{number}.example" for number in range(NAMES))
    long = certificate(made(x509.DNSName("a" * 1000), subject="o" * 60))
    assert long.names == ("a" * TEXT,)
    assert len(long.subject) <= TEXT


VERSION = b"\xa0\x03\x02\x01\x02"
"""[0] EXPLICIT INTEGER 2, which stands for version 3 (RFC 5280 4.1.2.1)."""
SERIAL = b"\x02\x01\x07"


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30",
        b"no certificate",
        seeds.certificate()[:-1],
        seeds.certificate() + b"\0",
        seeds.certificate().replace(VERSION, VERSION[:-1] + b"\x7f", 1),
        made(subject="\0x").replace(b"\x0c\x02\0x", b"\x03\x02\0x"),  # a bit string where a name has text
    ],
)
def test_what_is_no_certificate_keeps_its_digest(der):
    """Bytes that cannot be parsed, and a version that does not exist, are told apart by their digest alone."""
    assert parse(der) is None
    assert certificate(der) == Certificate(sha256=hashlib.sha256(der).hexdigest(), subject="", issuer="")


def test_an_odd_serial_number_is_read_in_silence():
    """A serial number that no authority may give is the network's business: no warning reaches a person."""
    der = seeds.certificate()
    assert der.count(SERIAL) == 1
    assert parse(der.replace(SERIAL, b"\x02\x01\x80")).subject == parse(der).subject


def test_an_extension_that_stands_twice_gives_no_names():
    """Two subjectAltNames contradict each other: neither is believed."""
    other = made(x509.DNSName("a.example"), x509.DNSName("b.example"))
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "x")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    issuer_alternative = x509.IssuerAlternativeName([x509.DNSName("b.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + dt.timedelta(days=90))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("a.example")]), critical=False)
    twice = builder.add_extension(issuer_alternative, critical=False).sign(key, None).public_bytes(Encoding.DER)
    twice = twice.replace(
        b"\x06\x03\x55\x1d\x12", b"\x06\x03\x55\x1d\x11"
    )  # issuerAltName's id becomes subjectAltName's
    assert parse(other).names == ("a.example", "b.example")
    assert parse(twice).names == ()
