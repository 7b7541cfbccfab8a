"""Signatures are made and checked by ssh-keygen, and its absence is one clear line."""

import shutil
import subprocess

import pytest

from hushmap.remote import check, sign, signature_of, signing
from hushmap.runs import RunsError

needs = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def key(tmp_path):
    """A key of the test's own."""
    path = tmp_path / "key"
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "anna@press.example", "-f", str(path)]
    subprocess.run(words, check=True, capture_output=True)
    return path


@needs
def test_what_was_signed_is_told_by_its_key_and_its_signer(tmp_path, key):
    """Without a list of signers by the key alone."""
    file = tmp_path / "a.hush"
    file.write_bytes(b"data")
    assert sign(file, key) == signature_of(file)
    assert check(file).key.startswith("ED25519 SHA256:")
    signers = tmp_path / "signers"
    public = key.with_suffix(".pub").read_text().split()
    signers.write_text(f"anna@press.example {public[0]} {public[1]}\n")
    assert check(file, signers).name == "anna@press.example"
    signers.write_text("")
    with pytest.raises(RunsError, match="is of nobody in the file"):
        check(file, signers)
    with pytest.raises(RunsError, match="is there already"):
        sign(file, key)
    file.write_bytes(b"other")
    with pytest.raises(RunsError, match="does not hold"):
        check(file)


@needs
def test_what_cannot_sign_is_one_line(tmp_path, key):
    """No key, a file that is none, no signature."""
    file = tmp_path / "a.hush"
    file.write_bytes(b"data")
    with pytest.raises(RunsError, match="there is no such key"):
        sign(file, tmp_path / "gone")
    with pytest.raises(RunsError, match="could not sign"):
        sign(file, file)
    assert not signature_of(file).exists()
    with pytest.raises(RunsError, match="there is no such signature"):
        check(file)


def test_without_the_program_it_is_said(tmp_path, monkeypatch):
    """What is missing, and what to install."""
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "key").write_bytes(b"")
    monkeypatch.setattr(signing.shutil, "which", lambda _: None)
    with pytest.raises(RunsError, match=r"ssh-keygen: is not installed.*install OpenSSH"):
        sign(tmp_path / "a", tmp_path / "key")


def test_a_program_that_waits_for_ever_is_ended(tmp_path, monkeypatch):
    """For a passphrase that nobody types."""

    def late(*_, **__):
        raise subprocess.TimeoutExpired("x", 1)

    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "key").write_bytes(b"")
    monkeypatch.setattr(signing.shutil, "which", lambda _: "ssh-keygen")
    monkeypatch.setattr(signing.subprocess, "run", late)
    with pytest.raises(RunsError, match="did not end within 120 s"):
        sign(tmp_path / "a", tmp_path / "key")
