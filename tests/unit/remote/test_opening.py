"""Which address is opened how."""

import pytest

import hushmap
from hushmap import remote
from hushmap.remote.opening import inputs
from hushmap.runs import RunsError


@pytest.fixture
def buckets(monkeypatch):
    """What is asked of buckets."""
    asked = []
    monkeypatch.setattr(remote, "bucket_inputs", lambda url, say: iter([asked.append(url)]), raising=False)
    return asked


@pytest.mark.parametrize(
    ("url", "bucket"),
    [
        ("s3://data/raw/2024", "s3://data/raw/2024"),
        ("S3://data/", "S3://data/"),
        ("https://data.s3.amazonaws.com/raw/2024/", "s3://data/raw/2024/"),
        ("https://data.s3.eu-central-1.amazonaws.com", "s3://data"),
        ("https://my.data.s3-eu-west-1.amazonaws.com/a%20b/", "s3://my.data/a b/"),
    ],
)
def test_a_bucket_is_opened_under_each_of_its_names(buckets, url, bucket):
    """The protocol's own address, and the host under which Amazon shows a bucket."""
    list(inputs(url))
    assert buckets == [bucket]


def test_a_file_on_a_web_server_is_one_input(server):
    """By the package's own `inputs` too, which tells of redirects."""
    server.files(**{"a.jsonl": b"{}\n"})
    for found in (inputs(f"{server.base}/a.jsonl"), hushmap.inputs(f"{server.base}/a.jsonl", [].append)):
        (one,) = found
        assert one.open().read() == b"{}\n"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://files.example/", "is a folder on a web server, which cannot tell what is in it; name a file, or a"),
        ("https://files.example", "is a folder on a web server"),
        ("http://files.example/x", "is not encrypted; use https://"),
        ("ftp://files.example/x", "ftp:// is not read here; give a file, a folder, s3:// or https://"),
    ],
)
def test_what_cannot_be_opened_is_one_line(url, said):
    """Each names the address and what to give instead; nothing is sent."""
    with pytest.raises(RunsError, match=said):
        list(inputs(url))
