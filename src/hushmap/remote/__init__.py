"""FLOOR 4: what a person orders that is no measurement: lists, fingerprints, OONI's API, buckets.

Nothing here is contacted unless it was named on the command line or said before. requests, fsspec and what they pull
in are loaded by the first call.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hushmap.runs import RunsError

if TYPE_CHECKING:
    from hushmap.remote.bucket import bucket_inputs
    from hushmap.remote.harvest import HowFar, gather
    from hushmap.remote.ooni_api import API, Api, Query
    from hushmap.remote.opening import inputs
    from hushmap.remote.placing import BucketPlace, bucket_place
    from hushmap.remote.signing import check, sign, signature_of
    from hushmap.remote.spool import Spool
    from hushmap.remote.web import download

_HOMES = {
    "API": "ooni_api",
    "Api": "ooni_api",
    "BucketPlace": "placing",
    "HowFar": "harvest",
    "Query": "ooni_api",
    "Spool": "spool",
    "bucket_inputs": "bucket",
    "bucket_place": "placing",
    "check": "signing",
    "download": "web",
    "gather": "harvest",
    "inputs": "opening",
    "sign": "signing",
    "signature_of": "signing",
}

_EXTRA = {"botocore", "fsspec", "s3fs"}
"""What comes with the extra `s3`."""

__all__ = [
    "API",
    "Api",
    "BucketPlace",
    "HowFar",
    "Query",
    "Spool",
    "bucket_inputs",
    "bucket_place",
    "check",
    "download",
    "gather",
    "inputs",
    "sign",
    "signature_of",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as missing:
        if missing.name not in _EXTRA:
            raise
        raise RunsError("s3://", f"{missing.name} is not installed", "pip install 'hushmap[s3]'") from None
