"""OONI's measurements of the same host on the same network, for one verdict of ours."""

import json

import msgspec
import pytest

from hushmap import archive
from hushmap.cli.beside import all_beside
from hushmap.cli.fault import Fault
from hushmap.judge import Judged, judged_path
from hushmap.model import Knowledge
from unit.judge.foreign import measurement

HOST = "site-0.example"


@pytest.fixture
def ours(measured):
    """The run's verdicts."""
    return [one for one in judged_path(measured, Knowledge()) if isinstance(one, Judged)]


def _at(line, hour=0, asn="AS64501", **changed):
    """The measurement at an hour of the day of the run, on a network."""
    tree = json.loads(line) | {"probe_asn": asn, "report_id": f"r{hour}"} | changed
    return json.dumps(tree).encode() + b"\n"


def _lines(ours, n=8):
    record = next(one.record for one in ours if HOST in one.record.target)
    day, asn = record.started[:10], f"AS{record.vantage.asn}"
    for hour in range(n):
        when = f"{day} {2 * hour:02}:00:00"
        blocking = "dns" if hour < 2 else False
        yield _at(measurement(HOST, blocking, not blocking), hour, asn, measurement_start_time=when)
        yield _at(measurement(HOST), 100 + hour, "AS64999", measurement_start_time=when)
        yield _at(measurement("other.example"), 200 + hour, asn, measurement_start_time=when)
    yield _at(measurement(HOST), 300, asn, measurement_start_time=f"2019{day[4:]} 12:00:00")


def _of(told, ours):
    return next(told[one.record.id] for one in ours if HOST in one.record.target)


def test_same_host_same_network(ours, home):
    """Only the same host on the same network, in the thirty days before, is counted; what OONI concluded apart."""
    path = home / "ooni.jsonl"
    path.write_bytes(b"".join(_lines(ours)))
    told = all_beside(str(path), ours, Knowledge())
    assert set(told) == {one.record.id for one in ours}
    theirs = _of(told, ours).theirs
    assert (theirs.measurements, theirs.days) == (8, 1)
    assert (theirs.claim.k, theirs.claim.n) == (2, 8)
    assert {share.found for share in theirs.ours} == {"Blocked", "Unreachable from here"}
    assert [one.theirs for one in told.values() if one.host != HOST] == [None]


def test_archive(ours, home, hushmap):
    """An archive of the same says the same by our rules, and not what OONI concluded."""
    path = home / "ooni.jsonl"
    path.write_bytes(b"".join(_lines(ours)))
    added = hushmap("archive", "add", path, "-o", home / "kept")
    assert added.exit_code == 0, added.stderr
    assert archive.is_archive(archive.Folder(home / "kept"))
    kept, read = (_of(all_beside(str(one), ours, Knowledge()), ours).theirs for one in (home / "kept", path))
    assert kept.claim is None
    assert (kept.measurements, kept.ours) == (read.measurements, read.ours)


def test_unknown_network(ours, home):
    """Where our network is not known nothing is from the same one, and no file is read."""
    nowhere = [_moved(one, asn=None) for one in ours]
    told = all_beside(str(home / "no such file"), nowhere, Knowledge())
    assert {(one.asn, one.theirs) for one in told.values()} == {(None, None)}


def test_strange_target(ours, home):
    """A target that names no host has nothing beside it."""
    record = msgspec.structs.replace(ours[0].record, target="http://[")
    told = all_beside(str(home), [msgspec.structs.replace(ours[0], record=record)], Knowledge())
    assert [one.theirs for one in told.values()] == [None]


def test_a_run(ours, measured):
    """A run of ours is not OONI's data, and it is said how to have some."""
    with pytest.raises(Fault, match="hushmap fetch ooni"):
        all_beside(str(measured), ours, Knowledge())


def _moved(one, **vantage):
    record = one.record
    moved = msgspec.structs.replace(record, vantage=msgspec.structs.replace(record.vantage, **vantage))
    return msgspec.structs.replace(one, record=moved)
