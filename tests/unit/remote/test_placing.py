"""A bucket as a place: an archive in a store of that protocol on loopback."""

import boto3
import fsspec.config
import pytest
from moto.server import ThreadedMotoServer

from hushmap.remote import bucket_place
from hushmap.runs import RunsError


@pytest.fixture(scope="module")
def store():
    """A store with one bucket; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    base = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=base, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    client.create_bucket(Bucket="tables")
    client.close()
    yield base
    server.stop()


@pytest.fixture(autouse=True)
def told(store, monkeypatch):
    """What fsspec is told of: the store on loopback, and who asks."""
    conf = {"endpoint_url": store, "key": "x", "secret": "x"}
    monkeypatch.setitem(fsspec.config.conf, "s3", conf)
    return conf


@pytest.fixture
def place(request):
    """A place of the test's own."""
    return bucket_place(f"s3://tables/{request.node.name}/")


def test_what_is_written_can_be_read_listed_and_removed(place):
    """Objects by name beneath the prefix."""
    assert (place.read("a/1"), [*place.names()]) == (None, [])
    place.write("a/1", b"one")
    place.write("b/2", b"two")
    place.write("a/1", b"more")
    assert (place.read("a/1"), [*place.names()], [*place.names("b/")]) == (b"more", ["a/1", "b/2"], ["b/2"])
    assert place.url("a/1") == f"{place.name}/a/1"
    assert place.filesystem.exists(place.url("b/2"))
    place.remove("a/1")
    place.remove("a/1")
    assert [*place.names()] == ["b/2"]
    with place.held() as alone:
        assert not alone


def test_a_whole_bucket_is_a_place():
    """Without a prefix."""
    place = bucket_place("s3://tables")
    place.write("top", b"x")
    assert (place.name, place.url("top"), place.read("top")) == ("s3://tables", "s3://tables/top", b"x")


def test_an_archive_lies_in_a_bucket(place, tmp_path):
    """Added to, read and verified as one in a folder; the same again changes nothing."""
    from hushmap.archive import verify
    from unit.archive.kept import add, line

    path = tmp_path / "x.jsonl"
    path.write_bytes(line("a.example") + line("b.example", day=22))
    assert add("", path, place=place).records == 2
    before = [*place.names()]
    assert (add("", path, place=place).there, [*place.names()]) == (1, before)
    more = tmp_path / "more.jsonl"
    more.write_bytes(line("b.example", day=22) + line("c.example"))
    added = add("", more, place=place)
    assert (added.records, added.twice) == (1, 1)
    checked = verify(place)
    assert (checked.problems, checked.rows["verdicts"], checked.imports) == ([], 3, 2)


@pytest.mark.parametrize("url", ["s3://", "s3://A", "s3://a\nb/c", "http://tables"])
def test_what_is_no_bucket_is_said(url):
    """One line with the remedy."""
    with pytest.raises(RunsError, match="is no bucket; write s3://BUCKET/PREFIX"):
        bucket_place(url)


def test_what_the_store_refuses_is_one_line():
    """A bucket that is not there."""
    with pytest.raises(RunsError, match="s3://nowhere-at-all"):
        bucket_place("s3://nowhere-at-all/x").write("a", b"x")
