"""A bucket as a place that takes and gives whole files by name: what an archive needs, and no more.

Nobody can be kept out of a bucket, so that one writer at a time is its owner's care; an object is whole or not there.
"""

import contextlib
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from hushmap.remote.bucket import filesystem, listed, trying
from hushmap.remote.errors import Say, silent
from hushmap.runs import RunsError

_URL = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", re.DOTALL)


class BucketPlace:
    """Everything beneath `s3://BUCKET/PREFIX`."""

    def __init__(self, url: str, say: Say = silent) -> None:
        """`say` is told of waiting.

        Raises:
            RunsError: It is no bucket.
        """
        match = _URL.fullmatch(url.rstrip("/"))
        if match is None or not url.isprintable():
            raise RunsError(url[:200], "is no bucket", "write s3://BUCKET/PREFIX")
        self._bucket, prefix = match[1], (match[2] or "").strip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._say = say
        self.name = f"s3://{self._bucket}/{prefix}".rstrip("/")
        self.filesystem: Any = trying(self.name, filesystem, say)

    def url(self, name: str) -> str:
        """Its address."""
        return f"s3://{self._path(name)}"

    def read(self, name: str) -> bytes | None:
        """The whole object."""
        data: bytes | None = self._ask(name, partial(self._cat, self._path(name)))
        return data

    def _cat(self, path: str) -> bytes | None:
        try:
            data: bytes = self.filesystem.cat_file(path)
        except FileNotFoundError:
            return None
        return data

    def write(self, name: str, data: bytes) -> None:
        """Put an object."""
        self._ask(name, partial(self.filesystem.pipe_file, self._path(name), data))

    def remove(self, name: str) -> None:
        """Delete it; one that is not there is no fault."""
        act = partial(self.filesystem.call_s3, "delete_object", Bucket=self._bucket, Key=self._prefix + name)
        self._ask(name, act)

    def names(self, prefix: str = "") -> Iterator[str]:
        """The objects whose names begin so."""
        for key, _ in listed(self._bucket, self._prefix + prefix, self._say):
            yield key.removeprefix(self._prefix)

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Nobody is kept out."""
        yield False

    def _path(self, name: str) -> str:
        return f"{self._bucket}/{self._prefix}{name}"

    def _ask(self, name: str, act: partial[Any]) -> Any:
        return trying(self.url(name), act, self._say)


def bucket_place(url: str, say: Say = silent) -> BucketPlace:
    """The place at `s3://BUCKET/PREFIX`.

    Raises:
        RunsError: It is none.
    """
    return BucketPlace(url, say)
