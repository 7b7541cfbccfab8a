"""The lab's certificates, as the TLS library of a client sees them."""

import datetime as dt
import ssl

import pytest

from hushmap.lab.addresses import SYSTEM_STORE
from hushmap.lab.services.pki import Authority


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """One root for the module."""
    return Authority(tmp_path_factory.mktemp("pki"), dt.datetime.now(dt.UTC))


def handshake(server, name, roots):
    """A handshake in memory; the error of the client, or `None`."""
    context = ssl.create_default_context(cafile=roots)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname=name)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for end in (client, far):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
    return None


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("valid", None),
        ("expired", "certificate has expired"),
        ("wrong-name", "Hostname mismatch"),
        ("self-signed", "self-signed certificate"),
        ("interceptor", "unable to get local issuer certificate"),
    ],
)
def test_each_kind_is_what_it_says(authority, kind, said):
    """A valid one is accepted under the lab's root; each other fails for its own reason."""
    error = handshake(authority.context("a.example", kind=kind), "a.example", authority.roots)
    assert (error or "").startswith(said or "")
    assert (error is None) == (said is None)


def test_a_system_store_may_trust_the_interceptor(authority):
    """The roots beside the roots hold both."""
    system = authority.roots.with_name(SYSTEM_STORE)
    assert handshake(authority.context("a.example", kind="interceptor"), "a.example", system) is None
    assert handshake(authority.context("a.example"), "a.example", system) is None


def test_keys_are_for_their_owner_only(authority):
    """No other user of the machine can read a private key."""
    authority.context("b.example")
    files = [path for path in authority.roots.parent.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert files
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_the_root_is_made_anew_each_time(tmp_path):
    """No two labs share a key, so none needs to be shipped."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    now = dt.datetime.now(dt.UTC)
    assert Authority(one, now).roots.read_bytes() != Authority(two, now).roots.read_bytes()
