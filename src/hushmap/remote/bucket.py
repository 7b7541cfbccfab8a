"""Files in S3 buckets, OONI's public one above all: listed by name as they are asked for, read in blocks.

Nobody's credentials are used unless fsspec was told of some (`FSSPEC_S3_KEY`, `FSSPEC_S3_SECRET`, its configuration
file), and any server of that protocol can be named there (`FSSPEC_S3_ENDPOINT_URL`). A million names need no memory:
they come in pages of a thousand, which the protocol sorts.
"""

import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, cast

import aiohttp
import botocore.exceptions
import fsspec
import fsspec.config
import s3fs
import s3fs.utils

from hushmap.remote.errors import PassingError, Say, attempts, silent
from hushmap.runs import Input, RunsError, is_input

PAGE = 1000
"""Names a request; the protocol's largest. own knowledge, unchecked."""
BLOCK = 4 * 1024 * 1024
"""Bytes a request; the reader holds two such blocks at most. OONI's files are of a few megabytes. own knowledge,
unchecked."""

FAULTS = (OSError, aiohttp.ClientError, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError)
"""What s3fs lets through; anything else is a bug of somebody's, and stays what it is."""

_URL = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", re.DOTALL)
_SAID = ("anon", "key", "token", "profile", "session")
"""What of fsspec's configuration says who asks."""


def bucket_inputs(url: str, say: Say = silent) -> Iterator[Input]:
    """The object of this name, or every file of records whose name begins so, sorted by name.

    Raises:
        RunsError: There is none, or it cannot be had; one line with the remedy.
    """
    match = _URL.fullmatch(url)
    if match is None or not url.isprintable():
        raise RunsError(url[:200], "is no bucket", "write s3://BUCKET/PREFIX")
    bucket, prefix = match[1], match[2] or ""
    found = False
    for key, size in listed(bucket, prefix, say):
        exact = key == prefix
        names = key.removeprefix(prefix.rpartition("/")[0]).lstrip("/").split("/")
        if not exact and (not is_input(names[-1]) or any(name.startswith(".") for name in names)):
            continue
        found = True
        yield Input(name=f"s3://{bucket}/{key}", open=partial(opened, bucket, key), size=size)
        if exact:
            return
    if not found:
        raise RunsError(url, "holds no file that could hold records", "check the bucket and the prefix")


def opened(bucket: str, key: str) -> BinaryIO:
    """The bytes of an object, as they lie there."""
    return cast("BinaryIO", io.BufferedReader(BucketFile(bucket, key)))


def filesystem() -> Any:
    """The one that fsspec was told of, or nobody in particular at Amazon's."""
    told = fsspec.config.conf.get("s3", {})
    anonymous = {} if any(told.get(name) for name in _SAID) else {"anon": True}
    made = s3fs.S3FileSystem(
        **anonymous, config_kwargs={"retries": {"total_max_attempts": 1}}, use_listings_cache=False
    )
    made.retries = 1  # those of remote.errors are enough
    return made


def listed(bucket: str, prefix: str, say: Say) -> Iterator[tuple[str, int]]:
    """The names in a bucket that begin so, each with its size, in order."""
    asked = trying(f"s3://{bucket}", filesystem, say)
    more: dict[str, str] = {}
    while True:
        ask = partial(asked.call_s3, "list_objects_v2", Bucket=bucket, Prefix=prefix, MaxKeys=PAGE, **more)
        page = trying(f"s3://{bucket}", ask, say)
        for entry in page.get("Contents", ()):
            yield entry["Key"], entry["Size"]
        if not page.get("IsTruncated"):
            return
        more = {"ContinuationToken": page["NextContinuationToken"]}


class BucketFile(io.RawIOBase):
    """An object, read from its beginning to its end; what breaks off is asked for again."""

    def __init__(self, bucket: str, key: str) -> None:
        """Find it; `RunsError` if it cannot be had."""
        super().__init__()
        self._name = f"s3://{bucket}/{key}"
        self._file: Any = None
        begin = partial(self._begin, f"{bucket}/{key}")
        self._file = trying(self._name, begin, silent)

    @staticmethod
    def _begin(path: str) -> Any:
        return filesystem().open(path, "rb", block_size=BLOCK, cache_type="readahead", fill_cache=False)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # typeshed: any buffer
        """The next bytes."""
        data: bytes = trying(self._name, partial(self._file.read, len(buffer)), silent)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Let go of it; a second call does nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None
        super().close()


def trying(where: str, act: Callable[[], Any], say: Say) -> Any:
    """What `act` comes to, tried again where its failure may pass.

    Raises:
        RunsError: It did not pass.
    """
    for attempt in attempts(say):
        with attempt:
            try:
                return act()
            except FAULTS as error:
                raise _said(where, error) from None
    raise AssertionError


def _said(where: str, error: Exception) -> RunsError:
    """An error of this storage as a line."""
    shown = " ".join(str(error).split())[:200] or type(error).__name__
    match error:
        case s3fs.utils.FileExpired():
            return RunsError(where, "changed while it was read", "begin again")
        case FileNotFoundError():
            return RunsError(where, "is not there", "check the bucket and the name")
        case PermissionError() | botocore.exceptions.NoCredentialsError():
            what = "may not be read by everyone, or not with these credentials"
            return RunsError(where, what, "tell fsspec of others: FSSPEC_S3_KEY and FSSPEC_S3_SECRET")
        case botocore.exceptions.ParamValidationError():
            return RunsError(where, f"cannot be asked for: {shown}", "check the address")
        case _:
            return PassingError(where, f"cannot be read: {shown}", "see whether this computer is online, try again")
