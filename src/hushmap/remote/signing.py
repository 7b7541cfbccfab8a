"""Signatures by SSH keys, which people who run servers have: made and checked by their own `ssh-keygen`.

No key is read here: the program that knows them signs (`ssh-keygen -Y sign`, in OpenSSH since 8.0), asks for a
passphrase where there is one, and checks. So anybody can check a signature without Hushmap.
"""

import shutil
import subprocess
from pathlib import Path
from typing import BinaryIO

import msgspec

from hushmap.runs import RunsError

PROGRAM = "ssh-keygen"
NAMESPACE = "hushmap"
"""What a signature is for: one made for something else under the same key is none of ours."""
ENDING = ".sig"
_PATIENCE = 120.0
"""Seconds for a person to type a passphrase, or to touch a key of hardware."""


class Signer(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed, as far as that was asked."""

    key: str
    """Kind and fingerprint of the key: `ED25519 SHA256:...`."""
    name: str = ""
    """As the file of allowed signers has it; empty where none was given: then anybody may have signed."""


def signature_of(path: Path) -> Path:
    """Where the signature of a file lies: beside it."""
    return path.with_name(path.name + ENDING)


def sign(path: Path, key: Path) -> Path:
    """Sign a file; where the signature lies.

    Args:
        path: what is signed.
        key: a private key, or a public one whose private key the agent holds.

    Raises:
        RunsError: There is no such program, no such key, or it refuses.
    """
    beside = signature_of(path)
    if beside.exists():
        raise RunsError(beside, "is there already", "move it away to sign again")
    if not key.is_file():
        raise RunsError(key, "there is no such key", "make one: ssh-keygen -t ed25519 -f FILE")
    done = _run(["-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE, str(path)])
    if done.returncode or not beside.is_file():
        beside.unlink(missing_ok=True)
        raise RunsError(key, f"could not sign: {_said(done)}", "check the key, and its passphrase")
    return beside


def check(path: Path, signers: Path | None = None) -> Signer:
    """Who signed a file.

    Args:
        path: what was signed; the signature lies beside it.
        signers: a file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS); without one only the key is told.

    Raises:
        RunsError: There is no such program or signature; it is of other bytes, or of nobody allowed.
    """
    beside = signature_of(path)
    if not beside.is_file():
        raise RunsError(beside, "there is no such signature", "it lies beside what was sealed, under its name")
    if signers is None:
        return Signer(key=_key(_checked(["-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(beside)], path)))
    found = _run(["-Y", "find-principals", "-s", str(beside), "-f", str(signers)])
    name = found.stdout.decode("utf-8", "replace").split("\n")[0].strip()
    if found.returncode or not name:
        raise RunsError(beside, "is of nobody in the file of signers", f"see who may sign: {signers}")
    told = _checked(["-Y", "verify", "-n", NAMESPACE, "-s", str(beside), "-f", str(signers), "-I", name], path)
    return Signer(key=_key(told), name=name)


def _checked(words: list[str], path: Path) -> str:
    """What the program says of a good signature."""
    with path.open("rb") as file:
        done = _run(words, file)
    if done.returncode:
        raise RunsError(path, f"its signature does not hold: {_said(done)}", "ask for the file again")
    return done.stdout.decode("utf-8", "replace")


def _key(told: str) -> str:
    return " ".join(told.partition(" with ")[2].replace(" key ", " ").split()) or "a key"


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stderr or done.stdout).decode("utf-8", "replace").strip().split("\n")
    return lines[-1][:120] or "it did not say why"


def _run(words: list[str], stdin: BinaryIO | int = subprocess.DEVNULL) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which(PROGRAM)
    if program is None:
        remedy = "install OpenSSH's client (openssh-client, openssh-clients), or do without seals"
        raise RunsError(PROGRAM, "is not installed, and seals are made and checked by it", remedy)
    try:
        return subprocess.run(  # noqa: S603 (the program of this computer, words of our own)
            [program, *words],
            stdin=stdin,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RunsError(PROGRAM, f"did not end within {_PATIENCE:.0f} s", "try again") from None
