"""Real peers on loopback, and certificates made for the test: nothing here reaches beyond this computer."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import struct
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hushmap.net import Clock, Limits, Net, Own


class Pki:
    """An authority of the test, and leaves under it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.ca = self._sign("Test authority", self.key, ca=True)
        self.roots = folder / "roots.pem"
        self.roots.write_bytes(self.ca.public_bytes(Encoding.PEM))
        self._contexts = {}

    def _sign(self, name, key, *, issuer=None, signer=None, ca=False, start=-1.0, days=30.0, names=(), ip=None):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer or subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + dt.timedelta(days=start))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if names:
            alternatives = [x509.DNSName(item) for item in names]
            alternatives += [x509.IPAddress(ipaddress.ip_address(ip))] if ip else []
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        return builder.sign(signer or key, hashes.SHA256())

    def leaf(self, *names, start=-1.0, days=30.0, self_signed=False, use_rsa=False, cn="leaf", ip=None):
        """(certificate, key) for `names`."""
        key = rsa.generate_private_key(65537, 2048) if use_rsa else ec.generate_private_key(ec.SECP256R1())
        above = {} if self_signed else {"issuer": self.ca.subject, "signer": self.key}
        return self._sign(cn, key, start=start, days=days, names=names, ip=ip, **above), key

    def context(self, *names, tls12=False, **how):
        """A server context that shows a leaf for `names`."""
        at = (names, tls12, tuple(sorted(how.items())))
        if at not in self._contexts:
            certificate, key = self.leaf(*names, **how)
            path = self.folder / f"{len(self._contexts)}.pem"
            private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            path.write_bytes(private + certificate.public_bytes(Encoding.PEM) + self.ca.public_bytes(Encoding.PEM))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path)
            if tls12:
                context.maximum_version = ssl.TLSVersion.TLSv1_2
            self._contexts[at] = context
        return self._contexts[at]


@pytest.fixture(scope="session")
def pki(tmp_path_factory):
    """One authority for all tests."""
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def net(pki):
    """A Net that trusts the test's authority, with its usual time-outs and nothing of its own to hide."""
    return Net(Clock(), roots=str(pki.roots), own=Own())


@pytest.fixture
def hasty():
    """Time-outs for tests of silence."""
    return Limits(
        connect=0.1, handshake=0.1, fetch=0.1, exchange=0.1, dns=0.1, system=0.1, late=0.02, late_suspicious=0.05
    )


def _reset(writer):
    """End a connection by RST."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@pytest.fixture
def reset():
    """A function that ends a connection by RST."""
    return _reset


@contextlib.asynccontextmanager
async def _listening(handler, tls=None, host="127.0.0.1"):
    tasks = set()

    async def accept(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            await handler(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, host, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def listening():
    """A TCP or TLS server, as an asynchronous context that gives its port."""
    return _listening


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, handler):
        self.handler, self.seen = handler, []

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        self.seen.append(data)
        for reply in self.handler(data, len(self.seen)):
            self.transport.sendto(reply, peer)


@contextlib.asynccontextmanager
async def _answering(handler, host="127.0.0.1"):
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(lambda: _Datagrams(handler), local_addr=(host, 0))
    try:
        yield transport.get_extra_info("sockname")[1], protocol.seen
    finally:
        transport.close()
        await asyncio.sleep(0)


@pytest.fixture
def answering():
    """A UDP server, as a context that gives port and queries; handler(query, how many) makes the replies."""
    return _answering
