"""A bundle is looked at as a stranger would: what `publish` did not write is found, whoever packed it."""

import hashlib
import io
import zipfile

import msgspec
import pytest

from hushmap.codec import decode_line, encode_record
from hushmap.publish import check_copy
from hushmap.publish.reducing import PLACEHOLDER
from hushmap.runs import RunsError, member_name, member_of, read_bundle, write_bundle
from unit.publish.test_copying import OTHER, RUN, bundle, sealed


@pytest.fixture(params=[{}, {"own_vantage": True}, {"precision": "day"}])
def copy(request, tmp_path):
    """A bundle of two runs, as publish writes it."""
    file, _ = bundle(sealed(tmp_path, RUN, {}, {}), sealed(tmp_path, OTHER, {"category": "HUMR"}), **request.param)
    path = tmp_path / "a.hush"
    path.write_bytes(file.getvalue())
    return path


@pytest.fixture
def hourly(tmp_path):
    """A bundle of one run."""
    file, _ = bundle(sealed(tmp_path, RUN, {}, {}))
    path = tmp_path / "b.hush"
    path.write_bytes(file.getvalue())
    return path


def test_what_publish_writes_is_one(copy):
    """By the hour or the day, with its network or without."""
    check_copy(copy, read_bundle(copy))


def forged(path, change=lambda record: record, *, lines=None, run=None, rename=True, **fields):
    """The bundle with other records, packed anew so that every hash holds; by default its id is made anew too."""
    read = read_bundle(path)
    old = read.runs[0]
    with zipfile.ZipFile(path) as packed:
        data = packed.read(member_name(old.run)).splitlines(keepends=True)
    if lines is None:
        lines = [encode_record(change(decode_line(line))) for line in data]
    plain = [line.replace(old.run.encode(), PLACEHOLDER.encode(), 2) for line in lines]
    name = old.run
    if rename:
        name = f"{old.run[:15]}{hashlib.sha256(b''.join(plain)).hexdigest()[:12]}"
        lines = [line.replace(PLACEHOLDER.encode(), name.encode(), 2) for line in plain]
    content = b"".join(lines)
    one = msgspec.structs.replace(old, **{"run": name, "records": len(lines)} | (run or {}))
    member = member_of(member_name(one.run), io.BytesIO(content))
    made = msgspec.structs.replace(read, **{"runs": (one,), "members": (member,)} | fields)
    with path.open("wb") as file:
        write_bundle(file, made, [(member.name, io.BytesIO(content))])
    return path


def fault(path):
    """What is said of it."""
    with pytest.raises(RunsError) as caught:
        check_copy(path, read_bundle(path))
    return str(caught.value)


def test_a_bundle_that_was_packed_anew_alike_is_one(hourly):
    """The forger of these tests changes nothing by itself."""
    check_copy(forged(hourly), read_bundle(hourly))


def changed(**fields):
    """A change of a record's fields."""
    return lambda record: msgspec.structs.replace(record, **fields)


def placed(**fields):
    """A change of its place."""
    return lambda record: msgspec.structs.replace(record, vantage=msgspec.structs.replace(record.vantage, **fields))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed(started="2026-11-21T22:33:07Z"), "masks or leaves out"),
        (placed(asn=64501), "masks or leaves out"),
        (placed(locality="Smallville"), "masks or leaves out"),
        (changed(annotations={"time_precision": "hour", "deck": "mine sha256:ab", "label": "group", "note": "x"}),
         "masks or leaves out"),
        (changed(annotations={"deck": "mine sha256:ab", "label": "group"}), "another precision"),
        (changed(target="https://somebody:secret@a.example/"), "masks or leaves out"),
        (changed(run=RUN), "of another run"),
        (changed(id="20261121T2200Z-0123456789ab-0001"), "of another run"),
    ],
)  # fmt: skip
def test_what_publish_would_not_let_leave_is_found(hourly, change, said):
    """Though every hash holds: an exact time, a network, a place, a note, a login, another's record."""
    assert said in fault(forged(hourly, change, rename=False))


def test_what_is_excluded_is_found(hourly, monkeypatch):
    """Whoever packed it."""
    monkeypatch.setattr(
        "hushmap.publish.checking.exclusions",
        type("Barred", (), {"hit": lambda _, text: "example" in text}),
    )
    assert "never lets leave" in fault(hourly)


def test_an_id_is_of_its_records(hourly):
    """Changed ones need another id; so does a shorter hash, or another time."""
    other = changed(category="HUMR")
    assert "not the records that its id was made of" in fault(forged(hourly, other, rename=False))


def test_a_short_hash_says_nothing(hourly):
    """Four digits are soon found."""
    read = read_bundle(hourly)
    with zipfile.ZipFile(hourly) as packed:
        data = packed.read(member_name(read.runs[0].run))
    short = read.runs[0].run[:-8]
    lines = data.replace(read.runs[0].run.encode(), short.encode()).splitlines(keepends=True)
    assert "not the records that its id" in fault(forged(hourly, lines=lines, run={"run": short}, rename=False))


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({"records": 7}, "holds 2 records, and its manifest says 7"),
        ({"label": "another"}, "its label or deck is not that of its records"),
        ({"started": "2026-11-21T22:33:00Z"}, "is not rounded down to the hour"),
        ({"started": "2026-11-21T21:00:00Z"}, "its id is of another time"),
    ],
)
def test_a_manifest_is_held_against_the_records(hourly, run, said):
    """Numbers and names of it are nobody's word."""
    assert said in fault(forged(hourly, run=run))


def test_a_precision_that_is_none_is_no_precision(hourly):
    """Of the bundle."""
    assert "is not rounded down to the second" in fault(forged(hourly, time_precision="second"))


def test_every_line_is_a_record_as_hushmap_writes_it(hourly):
    """No other line, no field that nobody reads, no space."""
    with zipfile.ZipFile(hourly) as packed:
        (first, *_) = packed.read(member_name(read_bundle(hourly).runs[0].run)).splitlines(keepends=True)
    data = hourly.read_bytes()
    for line in (b"{}\n", first.replace(b"{", b'{"author":"me",', 1), first.replace(b":", b": ", 1), b"\n"):
        hourly.write_bytes(data)
        assert "no record as Hushmap writes it" in fault(forged(hourly, lines=[line], rename=False))
    hourly.write_bytes(data)
    assert "its label or deck" in fault(forged(hourly, lines=[]))


def repacked(path, **changes):
    """The same members, packed by somebody else."""
    with zipfile.ZipFile(path) as packed:
        members = [(entry.filename, packed.read(entry)) for entry in packed.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.comment = changes.get("comment", b"")
        for name, data in members:
            entry = zipfile.ZipInfo(name, changes.get("time", (1980, 1, 1, 0, 0, 0)))
            packed.writestr(entry, changes.get(name, data))
    return path


def test_nothing_lies_beside_the_members(hourly):
    """No comment, no time of packing, no field of the manifest's that nobody reads, no byte before, between, after."""
    data = hourly.read_bytes()
    assert "has a comment" in fault(repacked(hourly, comment=b"by me"))
    hourly.write_bytes(data)
    assert "a time of packing" in fault(repacked(hourly, time=(2026, 11, 21, 22, 33, 0)))
    hourly.write_bytes(data)
    with zipfile.ZipFile(hourly) as packed:
        told = packed.read("bundle.json")
    more = told.replace(b"{", b'{"author": "me",', 1)
    assert "bundle.json holds more" in fault(repacked(hourly, **{"bundle.json": more}))
    hourly.write_bytes(b"hidden" + data)
    assert "bytes" in fault(hourly)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        at = packed.start_dir
        first = packed.infolist()[1].header_offset
    for place in (first, at):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            moved = [(entry, packed.read(entry)) for entry in packed.infolist()]
        with hourly.open("wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for number, (entry, content) in enumerate(moved):
                if (place == first) == (number == 1):
                    file.write(b"hidden")
                packed.start_dir = file.tell()
                packed.writestr(zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0)), content)
            if place == at:
                file.write(b"hidden")
                packed.start_dir = file.tell()
        assert "belong" in fault(hourly)
