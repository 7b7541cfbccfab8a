"""Buckets: a store of that protocol on loopback, listed and read."""

import pickle

import boto3
import botocore.exceptions
import fsspec.config
import pytest
import s3fs
import s3fs.utils
from moto.server import ThreadedMotoServer

from hushmap.remote import bucket as module
from hushmap.remote.bucket import BucketFile, bucket_inputs, opened
from hushmap.remote.errors import PassingError
from hushmap.runs import RunsError

KEYS = (
    "raw/20240101/00/IT/webconnectivity/a.jsonl.gz",
    "raw/20240101/00/IT/webconnectivity/b.jsonl.gz",
    "raw/20240101/00/IT/webconnectivity/readme.txt",
    "raw/20240101/01/FR/.hidden/a.jsonl",
    "raw/20240102/00/DE/telegram/c.jsonl.zst",
    "raw/x.json",
    "raw/x.jsonl",
)


@pytest.fixture(scope="module")
def store():
    """A store with a bucket that everyone may read; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    base = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=base, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    client.create_bucket(Bucket="ooni-data")
    for key in KEYS:
        client.put_object(Bucket="ooni-data", Key=key, Body=key.encode() * 1000, ACL="public-read")
    client.put_object(Bucket="ooni-data", Key="closed.json", Body=b"{}")
    client.close()
    yield base
    server.stop()


@pytest.fixture(autouse=True)
def told(store, monkeypatch):
    """What fsspec is told of: the store on loopback."""
    conf = {"endpoint_url": store}
    monkeypatch.setitem(fsspec.config.conf, "s3", conf)
    return conf


def _names(url):
    return [one.name.removeprefix("s3://ooni-data/") for one in bucket_inputs(url)]


def test_a_prefix_gives_its_files_by_name():
    """Every file of records beneath the prefix comes, sorted; other kinds and hidden ones do not."""
    assert _names("s3://ooni-data/raw/2024") == [KEYS[0], KEYS[1], KEYS[4]]
    assert _names("s3://ooni-data/raw/20240101/00/IT/") == [KEYS[0], KEYS[1]]
    assert _names("s3://ooni-data") == ["closed.json", KEYS[0], KEYS[1], *KEYS[4:]]


def test_a_name_of_its_own_gives_that_object_alone():
    """`x.json` does not drag `x.jsonl` along, and an object that is named may be of any kind."""
    assert _names("s3://ooni-data/raw/x.json") == ["raw/x.json"]
    assert _names(f"s3://ooni-data/{KEYS[2]}") == [KEYS[2]]
    assert _names(f"s3://ooni-data/{KEYS[3]}") == [KEYS[3]]


def test_names_come_in_pages(monkeypatch):
    """A bucket of many names is listed page by page, in the same order."""
    whole = _names("s3://ooni-data/")
    monkeypatch.setattr(module, "PAGE", 2)
    assert _names("s3://ooni-data/") == whole


def test_an_object_is_read_in_blocks_and_can_be_sent_to_another_process(monkeypatch):
    """The bytes come whole, whatever the size of a block, also from a pickled input."""
    monkeypatch.setattr(module, "BLOCK", 10_000)
    one = next(bucket_inputs("s3://ooni-data/raw/2024"))
    again = pickle.loads(pickle.dumps(one))
    with again.open() as file:
        assert (one.size, file.read()) == (len(KEYS[0]) * 1000, KEYS[0].encode() * 1000)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "s3://ooni-data/raw/2030",
            r"s3://ooni-data/raw/2030: holds no file that could hold records; check the buck",
        ),
        ("s3://nobodys/raw", r"s3://nobodys: is not there; check the bucket and the name"),
        ("s3://", r"is no bucket; write s3://BUCKET/PREFIX"),
        ("s3://A/x", r"is no bucket"),
        ("s3://abc/x\n", r"is no bucket"),
    ],
)
def test_what_is_not_there_is_one_line(url, said):
    """An empty prefix, a bucket that is none, and what is no address."""
    with pytest.raises(RunsError, match=said):
        list(bucket_inputs(url))


def test_an_object_that_is_gone_is_one_line():
    """It names itself when it is opened."""
    with pytest.raises(RunsError, match=r"s3://ooni-data/gone: is not there"):
        opened("ooni-data", "gone")


def test_an_object_that_is_closed_to_us_is_one_line():
    """It names the remedy: credentials that fsspec is told of."""
    (one,) = bucket_inputs("s3://ooni-data/closed.json")
    with pytest.raises(RunsError, match=r"may not be read by everyone.*: FSSPEC_S3_KEY and FSSPEC_S3_SECRET"):
        one.open()


def test_nobody_there_is_one_line(told):
    """A store that does not answer is tried again, then told."""
    told["endpoint_url"] = "http://127.0.0.1:1"
    with pytest.raises(
        PassingError, match=r"s3://ooni-data: cannot be read: .*127\.0\.0\.1:1.*; see whether this comp"
    ):
        list(bucket_inputs("s3://ooni-data/raw"))


def test_nobodys_credentials_are_used_unless_they_were_given(told, monkeypatch):
    """Without a word to fsspec we ask as nobody; with one, as it says."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    made = []
    monkeypatch.setattr(s3fs, "S3FileSystem", lambda **how: made.append(how) or s3fs.core.S3FileSystem(**how))
    list(bucket_inputs("s3://ooni-data/raw"))
    told |= {"key": "k", "secret": "s"}
    list(bucket_inputs("s3://ooni-data/raw"))
    assert [how.get("anon") for how in made] == [True, None]


class _Odd:
    """A file that fails as it is told."""

    def __init__(self, *errors):
        self.errors = list(errors)

    def read(self, size):
        if self.errors:
            raise self.errors.pop(0)
        return b"abc"[:size]

    def close(self):
        """Nothing is open."""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError("no"), "may not be read by everyone, or not with these credentials; tell fsspec of others"),
        (botocore.exceptions.NoCredentialsError(), "may not be read by everyone"),
        (s3fs.utils.FileExpired("x", "1"), "changed while it was read; begin again"),
        (botocore.exceptions.ParamValidationError(report="no"), "cannot be asked for: .*no; check the address"),
    ],
)
def test_a_fault_that_stays_is_one_line(monkeypatch, error, said):
    """Each is told with its remedy, and nothing is tried again."""
    odd = _Odd(error)
    monkeypatch.setattr(BucketFile, "_begin", lambda *_: odd)
    with BucketFile("abc", "x") as file, pytest.raises(RunsError, match=said):
        file.readinto(bytearray(3))
    assert odd.errors == []


def test_a_fault_that_passes_is_passed_over(monkeypatch):
    """A read that breaks off is tried again from the same place; a bug is no fault of the network."""
    monkeypatch.setattr(BucketFile, "_begin", lambda *_: _Odd(TimeoutError(), OSError()))
    with BucketFile("abc", "x") as file:
        assert (file.readable(), file.read(2)) == (True, b"ab")
    file.close()
    monkeypatch.setattr(BucketFile, "_begin", lambda *_: _Odd(ZeroDivisionError()))
    with BucketFile("abc", "x") as file, pytest.raises(ZeroDivisionError):
        file.read(2)
