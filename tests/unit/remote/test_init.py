"""The room's public names."""

import subprocess
import sys

import pytest

from hushmap import remote
from hushmap.runs import RunsError


def test_every_public_name_can_be_had():
    """Names are given on demand from their modules; any other is an AttributeError."""
    for name in remote.__all__:
        assert getattr(remote, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        remote.nothing  # noqa: B018 - the access is the test


def test_the_package_loads_nothing_of_it():
    """Neither `import hushmap` nor a web file loads what buckets need."""
    code = "import hushmap, sys; print(*sys.modules); import hushmap.remote.opening; print(*sys.modules)"
    path = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60, env=path
    )
    first, second = (set(line.split()) for line in done.stdout.splitlines())
    assert not {"requests", "stamina", "msgspec"} & first
    assert not {"s3fs", "fsspec", "botocore", "aiohttp"} & second


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("s3fs", RunsError, r"s3://: s3fs is not installed; pip install 'hushmap\[s3\]'"),
        ("json", ModuleNotFoundError, "No module named 'json'"),
    ],
)
def test_a_missing_extra_says_how_to_get_it(monkeypatch, name, error, said):
    """Without the extra `s3` a bucket is one line; another module that is missing is a bug."""

    def missing(_):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(remote, "import_module", missing)
    with pytest.raises(error, match=said):
        remote.bucket_inputs  # noqa: B018 - the access is the test
