"""A helper's key, certificate and token."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hushmap.servers.identity import identity, token


def test_the_key_is_made_once_and_the_pin_stays(tmp_path):
    """A second start shows another certificate over the same key; another name has another key."""
    state = tmp_path / "state"
    first = identity(state, "helper")
    shown = first.certificate.read_bytes()
    again = identity(state, "helper")
    assert (len(first.pin), again.pin) == (64, first.pin)
    assert again.certificate.read_bytes() != shown
    assert identity(state, "echo").pin != first.pin


def test_nobody_else_can_read_it(tmp_path):
    """The folder and every file in it are the owner's alone."""
    state = tmp_path / "state"
    identity(state, "helper")
    token(state)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in state.iterdir()} == {0o600}


def test_a_file_that_is_no_key_is_told(tmp_path):
    """One line that names the file; the file is left as it was."""
    path = tmp_path / "helper.key"
    path.write_text("no key")
    with pytest.raises(ValueError, match=r"helper\.key: no private key"):
        identity(tmp_path, "helper")
    other = ed25519.Ed25519PrivateKey.generate()
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(ValueError, match="no elliptic-curve key"):
        identity(tmp_path, "helper")


def test_the_token_is_made_once_and_checked(tmp_path):
    """It stays; a person may write one of their own if it is long enough and fits in a URL."""
    state = tmp_path / "state"
    first = token(state)
    assert len(first) >= 32
    assert token(state) == first
    (state / "helper.token").write_text("too short")
    with pytest.raises(ValueError, match=r"helper\.token: no token"):
        token(state)


def test_a_torn_write_is_written_again(tmp_path):
    """A temporary file left by a crash is in nobody's way."""
    (tmp_path / "helper.crt.new").write_text("torn")
    assert identity(tmp_path, "helper").certificate.read_text().startswith("-----BEGIN CERTIFICATE")
    assert not (tmp_path / "helper.crt.new").exists()
