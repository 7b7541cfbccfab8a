"""What the tests of censors share: one client, one server, their packets, and rules made as a scenario makes them."""

import ssl
import struct
from ipaddress import ip_address
from itertools import pairwise

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from hushmap.lab import packet as p
from hushmap.lab.censors.catalogue import RULES, faults
from hushmap.lab.censors.flow import Flow
from hushmap.lab.censors.initial import V1, V2
from hushmap.lab.censors.parameters import Censor

CLIENT, SERVER = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed


class Talk:
    """A client and a server whose packets a rule is shown."""

    client, server = CLIENT, SERVER

    def rule(self, kind, *, seed=1, **parameters):
        """A rule of this kind, of parameters that a scenario could have."""
        censor = msgspec.convert({"kind": kind, **parameters}, Censor)
        assert list(faults(censor)) == []
        return RULES[kind](censor, seed)

    def flow(self, port=443, cport=40000, *, protocol=p.TCP, server=SERVER):
        """A flow between the two."""
        return Flow(CLIENT, server, cport, port, 0.0, protocol=protocol)

    def segment(
        self,
        payload=b"",
        *,
        port=443,
        cport=40000,
        outward=True,
        seq=1001,
        ack=501,
        flags=p.PSH | p.ACK,
        server=SERVER,
        **more,
    ):
        """One TCP segment."""
        ends = ((CLIENT, cport), (server, port)) if outward else ((server, port), (CLIENT, cport))
        return p.parse(p.tcp(*ends, seq=seq, ack=ack, flags=flags, payload=payload, **more), outward=outward)

    def datagram(self, payload, *, port=53, cport=40000, outward=True, server=SERVER, **more):
        """One datagram."""
        ends = ((CLIENT, cport), (server, port)) if outward else ((server, port), (CLIENT, cport))
        return p.parse(p.udp(*ends, payload, **more), outward=outward)

    def show(self, rule, flow, packet, now=0.0):
        """What the rule says to a packet of a flow, as its box would show it."""
        flow.take(packet)
        return rule.inspect(packet, flow, now)

    def feed(self, rule, data, *, pieces=1, cuts=(), port=443, syn=False, outward=True, **more):
        """Send data in so many segments, or cut at these places; the rule's answer to each."""
        flow = self.flow(port)
        if syn:
            self.show(rule, flow, self.segment(port=port, seq=1000, ack=0, flags=p.SYN, **more))
        size = -(-len(data) // pieces)
        edges = sorted({0, len(data), *(cuts or range(0, len(data), size))})
        return [
            self.show(rule, flow, self.segment(data[start:end], port=port, seq=1001 + start, outward=outward, **more))
            for start, end in pairwise(edges)
        ]

    def hello(self, name):
        """A ClientHello of the real library."""
        context = ssl.create_default_context()
        out = ssl.MemoryBIO()
        with pytest.raises(ssl.SSLWantReadError):
            context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name).do_handshake()
        return out.read()

    def message(self, name=None, *extensions, padding=0):
        """A ClientHello's handshake message made by hand, with these further extensions."""

        def vector(size, data):
            return len(data).to_bytes(size, "big") + data

        listed = []
        if name is not None:
            listed.append((0, vector(2, b"\0" + vector(2, name.encode()))))
        listed += [(kind, b"\0\0") for kind in extensions]
        listed.append((21, bytes(padding)))
        body = b"\x03\x03" + bytes(32) + vector(1, b"") + vector(2, b"\x13\x01") + vector(1, b"\0")
        body += vector(2, b"".join(struct.pack("!H", kind) + vector(2, content) for kind, content in listed))
        return b"\x01" + vector(3, body)

    def records(self, message, *sizes):
        """A handshake message in TLS records, the first of these sizes."""
        edges = [0, *(sum(sizes[: n + 1]) for n in range(len(sizes))), len(message)]
        parts = [message[start:end] for start, end in pairwise(edges)]
        return b"".join(b"\x16\x03\x01" + len(part).to_bytes(2, "big") + part for part in parts)

    def initial(
        self, frames, *, version=V1, dcid=b"\x83\x94\xc8\xf0", keyed=None, scid=b"", token=b"", number=0, pad=1162
    ):
        """A client's Initial packet, sealed with cryptography's own HKDF: nothing is shared with what opens it."""

        def expand(secret, label, size):
            info = struct.pack("!HB", size, 6 + len(label)) + b"tls13 " + label + b"\0"
            return HKDFExpand(hashes.SHA256(), size, info).derive(secret)

        salt, word, kind = {
            V1: ("38762cf7f55934b34d179ae6a4c80cadccbb7f0a", b"quic ", 0),
            V2: ("0dede3def700a6db819381be6e269dcbf9bd2ed9", b"quicv2 ", 1),
        }[version]
        seed = hmac.HMAC(bytes.fromhex(salt), hashes.SHA256())
        seed.update(dcid if keyed is None else keyed)
        secret = expand(seed.finalize(), b"client in", 32)
        key, iv, hp = (expand(secret, word + label, size) for label, size in ((b"key", 16), (b"iv", 12), (b"hp", 16)))
        frames = frames.ljust(pad, b"\0")
        size = len(frames) + 4 + 16
        head = bytes((0xC3 | kind << 4,)) + version.to_bytes(4, "big") + bytes((len(dcid),)) + dcid
        head += bytes((len(scid),)) + scid + bytes((len(token),)) + token + (0x4000 | size).to_bytes(2, "big")
        packet_number = number.to_bytes(4, "big")
        nonce = bytes(a ^ b for a, b in zip(iv, packet_number.rjust(12, b"\0"), strict=True))
        sealed = AESGCM(key).encrypt(nonce, frames, head + packet_number)
        mask = Cipher(algorithms.AES(hp), modes.ECB()).encryptor().update(sealed[:16])
        hidden = bytes(a ^ b for a, b in zip(packet_number, mask[1:], strict=False))
        return bytes((head[0] ^ mask[0] & 0x0F,)) + head[1:] + hidden + sealed

    def crypto(self, data, offset=0):
        """A CRYPTO frame."""
        return b"\x06" + (0x4000 | offset).to_bytes(2, "big") + (0x4000 | len(data)).to_bytes(2, "big") + data

    def request(self, host="fine.example", target="/", headers=(), body=b""):
        """A request as a client sends it."""
        lines = [f"POST {target} HTTP/1.1" if body else f"GET {target} HTTP/1.1", f"Host: {host}", *headers]
        lines += [f"Content-Length: {len(body)}"] if body else []
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@pytest.fixture(scope="session")
def talk():
    """The two and their packets."""
    return Talk()
