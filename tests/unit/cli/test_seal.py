"""`hushmap seal`: a bundle or a run, signed with an SSH key, and checked."""

import json
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


@pytest.fixture
def key(tmp_path):
    """A key of the test's own."""
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, capture_output=True)
    return path


def test_a_bundle_and_a_run_are_sealed_and_checked(measured, hushmap, key, home):
    """Unsealed is said; sealed tells the key; changed is refused; a file of signers has to name it."""
    assert hushmap("publish", measured, "-o", "a.hush", "--yes-i-read-it").exit_code == 0
    assert "it is not sealed" in hushmap("publish", "--verify", "a.hush").stdout
    assert hushmap("publish", "--verify", "a.hush", "--signers", "x").exit_code == 1
    for path in ("a.hush", measured):
        done = hushmap("seal", path, "--key", key, "--json")
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["signature"].endswith(".sig")
        told = json.loads(hushmap("publish", "--verify", path, "--json").stdout)
        assert told["seal"]["key"].startswith("ED25519 SHA256:")
    (home / "signers").write_text(f"anna {key.with_suffix('.pub').read_text()}")
    assert "by anna" in hushmap("publish", "--verify", "a.hush", "--signers", "signers").stdout
    with (measured / "journal.jsonl").open("ab") as file:
        file.write(b"x\n")
    done = hushmap("publish", "--verify", measured)
    assert (done.exit_code, "is not what was sealed" in done.stderr) == (2, True)


def test_what_cannot_be_sealed_is_one_line(measured, hushmap, key, home):
    """A damaged bundle, no key."""
    (home / "a.hush").write_bytes(b"x")
    assert hushmap("seal", "a.hush", "--key", key).exit_code == 2
    assert hushmap("seal", measured, "--key", "nope").exit_code == 2
    assert not list((home / "results" / "runs").rglob("seal.json*")), "what nobody signed is no seal"
