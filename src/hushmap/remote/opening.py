"""What can be read at an address elsewhere: a file on a web server, an object in a bucket, or all beneath a prefix.

A web server cannot tell what lies beneath an address; a bucket can, under whichever of its names it is asked for.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from hushmap import remote
from hushmap.remote.errors import Leads, Say, nowhere, silent
from hushmap.remote.web import one_input, permitted
from hushmap.runs import Input, RunsError

_OF_BUCKET = re.compile(r"([a-z0-9][a-z0-9.-]+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com")
"""A bucket's name as a host. own knowledge, unchecked."""


def inputs(url: str, say: Say = silent, leads: Leads = nowhere) -> Iterator[Input]:
    """What can be read at `s3://BUCKET/PREFIX` or `https://HOST/FILE`, sorted by name.

    `say` is told of waiting; `leads` says whether a redirect to another host is followed, and none is without it.

    Raises:
        RunsError: There is nothing, or it cannot be had; one line with the remedy.
    """
    scheme = url.partition("://")[0].lower()
    if scheme == "s3":
        return remote.bucket_inputs(url, say)
    if scheme not in {"http", "https"}:
        raise RunsError(url[:200], f"{scheme}:// is not read here", "give a file, a folder, s3:// or https://")
    parts = urlsplit(permitted(url))
    if not parts.path.endswith("/") and parts.path:
        return one_input(url, say, leads)
    bucket = _OF_BUCKET.fullmatch(parts.hostname or "")
    if bucket is None:
        what = "is a folder on a web server, which cannot tell what is in it"
        raise RunsError(url, what, "name a file, or a bucket: s3://BUCKET/PREFIX")
    return remote.bucket_inputs(f"s3://{bucket[1]}{unquote(parts.path)}", say)
