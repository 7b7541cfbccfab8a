"""Connections and handshakes as OONI's, by example."""

import msgspec
import pytest

from hushmap.codec.ooni_endpoints import connect_from, handshake_from, tcp_of, tls_of
from hushmap.model import Certificate, Connect, Failure, Handshake

MARK = {"transaction_id": 70_003, "tags": ("depth=0", "classic")}
CHAIN = (Certificate(sha256="ab" * 32, subject="CN=news.example", issuer="CN=Example Public CA"),)


@pytest.mark.parametrize("failure", [None, *Failure])
def test_a_connection(failure):
    """Every way in which it can end has a name there that leads back."""
    step = Connect(t0=70.0, t=70.5, address="2001:db8::7", port=443, failure=failure)
    entry = tcp_of(step, MARK, 60.0)
    assert (entry.ip, entry.port, entry.t0, entry.status.success) == ("2001:db8::7", 443, 10.0, failure is None)
    assert entry.x_hushmap is msgspec.UNSET
    assert msgspec.convert(connect_from(entry, 60.0), Connect) == step


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db8::7"])
def test_a_handshake(address):
    """What OONI has keys for stands there; chain and judgement of it stand under ours."""
    step = Handshake(
        t0=70.0, t=70.5, address=address, port=443, sni="news.example", version="TLSv1.3", cipher="TLS_AES_128_GCM_SHA256",
        spoke=True, chain=CHAIN, valid=True,
    )  # fmt: skip
    entry = tls_of(step, MARK, 60.0, verify=True)
    assert (entry.server_name, entry.tls_version, entry.no_tls_verify) == ("news.example", "TLSv1.3", False)
    assert entry.peer_certificates == ()
    assert set(entry.x_hushmap) == {"spoke", "chain", "valid"}
    assert msgspec.convert(handshake_from(entry, 60.0), Handshake) == step


def test_a_handshake_that_names_nobody():
    """What OONI writes as empty text is nothing again."""
    step = Handshake(t0=70.0, t=70.5, address="198.51.100.7", port=443, failure=Failure.RESET)
    entry = tls_of(step, MARK, 60.0, verify=False)
    assert (entry.server_name, entry.cipher_suite, entry.no_tls_verify) == ("", "", True)
    assert msgspec.convert(handshake_from(entry, 60.0), Handshake) == step


def test_an_address_that_is_none():
    """An endpoint that cannot be taken apart again is kept beside."""
    step = Handshake(t0=0.0, t=0.0, address="]", port=-1)
    entry = tls_of(step, MARK, 0.0, verify=True)
    assert entry.x_hushmap == {"address": "]", "port": -1}
    assert msgspec.convert(handshake_from(entry, 0.0), Handshake) == step
