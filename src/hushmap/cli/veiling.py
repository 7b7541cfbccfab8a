"""Posts as they may be written down: a keyed hash in the place of each id and account.

The key lies with the person's own things and never leaves this computer, so that nobody else can tell from a run
which posts were watched, and two lists of the same person call a post the same. What a hash stands for is known to
the run's memory alone: who goes on with a series has the list at hand.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec

from hushmap.cli.fault import Fault
from hushmap.model import Post, Target
from hushmap.net import Clock
from hushmap.runs import data_dir

_DIGITS = 32
"""Hexadecimal digits, 128 bits: no two posts of one person meet."""
_SEEDS = 5
"""Of 53 bits each: as many as the hash has."""
_KEY = 14 * _SEEDS
"""Bytes of the key, in hexadecimal digits: a shorter one was not written to its end, and anybody could guess it."""


def veiled(targets: Iterable[Target]) -> tuple[tuple[Target, ...], dict[str, str]]:
    """The targets with posts as their hashes, and the id that each hash stands for.

    Raises:
        Fault: The key cannot be read or made.
    """
    every = tuple(targets)
    if all(target.post is None for target in every):
        return every, {}
    key, known = _key(), dict[str, str]()
    return tuple(_veiled(target, key, known) for target in every), known


class Secrets(msgspec.Struct, frozen=True):
    """What a run knows and never writes."""

    posts: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What the hashes of posts stand for."""
    results: bytes | None = None
    """What hashes the results of searches, the same in every run of one person; `None` where nothing is searched."""


NO_SECRETS = Secrets()


def secrets_of(targets: Iterable[Target], posts: Mapping[str, str] = NO_SECRETS.posts) -> Secrets:
    """What a run about these targets has to know.

    Raises:
        Fault: The key cannot be read or made.
    """
    if all(target.experiment != "search" for target in targets):
        return Secrets(posts)
    return Secrets(posts, hmac.new(_key(), b"results of searches", hashlib.sha256).digest())


def _veiled(target: Target, key: bytes, known: dict[str, str]) -> Target:
    post = target.post
    if post is None:
        return target

    def hashed(what: str, text: str) -> str:
        told = f"{post.platform.id}\n{what}\n{text}".encode("utf-8", "surrogatepass")
        return f"{what}-{hmac.new(key, told, hashlib.sha256).hexdigest()[:_DIGITS]}"

    names = {hashed("post", text): text for text in (target.text, *post.twins)}
    nobodys = {hashed("post", text): text for text in (post.nonsense,) if text}
    known.update(names | nobodys)
    own, *beside = names
    account = hashed("account", post.account) if post.account else ""
    told = Post(platform=post.platform, account=account, public_body=post.public_body, twins=tuple(beside),
                nonsense="".join(nobodys))  # fmt: skip
    return msgspec.structs.replace(target, text=own, post=told)


def _key() -> bytes:
    path = data_dir() / "posts.key"
    try:
        return _whole(path, path.read_bytes())
    except FileNotFoundError:
        pass
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}; check its permissions") from None
    try:
        return _whole(path, _made(path))
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}; check the permissions of its folder") from None


def _made(path: Path) -> bytes:
    """A key, there in one piece or not at all; another process's, where that was first."""
    clock = Clock()
    key = "".join(f"{clock.seed():014x}" for _ in range(_SEEDS)).encode()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as file:  # for its owner alone
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)
        except FileExistsError:
            return path.read_bytes()
    return key


def _whole(path: Path, key: bytes) -> bytes:
    if len(key) != _KEY:
        what = f"{path}: is no whole key, and with another the same posts have other names"
        raise Fault(f"{what}; put back a copy of it, or delete it to begin anew")
    return key
