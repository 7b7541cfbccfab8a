"""Bundles: what was written is read; what a stranger made up is refused in one line, before it can do anything."""

import contextlib
import hashlib
import io
import stat
import zipfile

import msgspec
import pytest

from hushmap.runs import Bundle, PublishedRun, RunsError, inputs, is_bundle, member_name, member_of, read_bundle
from hushmap.runs import bundle as room

RUN = "20261121T2200Z-0123456789ab"
LINES = b'{"v":1}\n{"v":1}\n'


def manifest(*contents, **more):
    """What says of a bundle what is in it."""
    members = tuple(member_of(name, io.BytesIO(data)) for name, data in contents)
    runs = tuple(
        PublishedRun(run=name.split("/")[1], started="2026-11-21T22:00:00Z", records=2) for name, _ in contents
    )
    fields = {
        "software": "hushmap 0", "time_precision": "hour", "own_vantage": False, "runs": runs, "masked": {},
        "left_out": 0, "members": members,
    }  # fmt: skip
    return Bundle(**{**fields, **more})


def packed(*contents, told=None):
    """A bundle's bytes."""
    file = io.BytesIO()
    room.write_bundle(file, told or manifest(*contents), ((name, io.BytesIO(data)) for name, data in contents))
    return file.getvalue()


ONE = (member_name(RUN), LINES)


def zipped(tmp_path, *entries, **told):
    """A zip of entries that somebody made up, with a manifest that lists them unless one is among them."""
    path = tmp_path / "odd.hush"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        if all(entry[0] != "bundle.json" for entry in entries):
            members = [
                {
                    "name": getattr(name, "filename", name),
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "size": len(data),
                }
                for name, data in entries
            ]
            base = msgspec.to_builtins(manifest(ONE))
            file.writestr("bundle.json", msgspec.json.encode({**base, "members": members, **told}))
        for name, data in entries:
            file.writestr(name, data)
    return path


def test_a_refusal_is_said_once(tmp_path):
    """One reason and one remedy; a run that the manifest names twice would be counted twice."""
    twice = tuple(msgspec.to_builtins(manifest(ONE))["runs"]) * 2
    for path, said in (
        (zipped(tmp_path, ("../evil", b"x")), "holds '../evil', which no bundle has"),
        (zipped(tmp_path / "more", ONE, runs=twice), "its manifest names other runs than it holds"),
    ):
        with pytest.raises(RunsError) as caught:
            read_bundle(path)
        assert str(caught.value) == f"{path}: {said}; ask whoever published it for the file again"


def test_what_was_written_is_read(tmp_path):
    """A bundle's manifest comes back, and its members are inputs with the bytes that went in."""
    path = tmp_path / "a.hush"
    path.write_bytes(packed(ONE))
    assert read_bundle(path) == manifest(ONE)
    (one,) = inputs(path)
    assert (one.name, one.size, one.path) == (f"{path}/runs/{RUN}/records.jsonl", len(LINES), None)
    with one.open() as file:
        assert file.read() == LINES
    assert is_bundle("a.hush")
    assert not is_bundle("a.zip")


def test_the_same_contents_are_the_same_bytes():
    """Whenever they are packed, and from whatever stream."""
    assert packed(ONE) == packed(ONE)


def test_a_bundle_in_a_folder_is_read_as_one(tmp_path):
    """Beside other files, in the order of names; an archive's own lists are no records."""
    (tmp_path / "a.hush").write_bytes(packed(ONE))
    (tmp_path / "b.jsonl").write_bytes(b"")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "archive.json").write_bytes(b"{}")
    (tmp_path / "c" / "x.json").write_bytes(b"{}")
    names = [one.name.removeprefix(f"{tmp_path}/") for one in inputs(tmp_path)]
    assert names == [f"a.hush/runs/{RUN}/records.jsonl", "b.jsonl"]


def _entry(name, mode=stat.S_IFREG, **more):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (mode | 0o644) << 16
    for field, value in more.items():
        setattr(entry, field, value)
    return entry


@pytest.mark.parametrize(
    "name",
    ["/etc/x", "../x", f"runs/{RUN}/../../x", "runs/x/records.jsonl", f"runs/{RUN}/other", "c:\\x", "runs/", "x\0y"],
)
def test_no_other_name_is_in_a_bundle(tmp_path, name):
    """Absolute paths, ways upward, folders and files of other kinds."""
    with pytest.raises(RunsError, match="which no bundle has"):
        read_bundle(zipped(tmp_path, (name, b"")))


def test_a_link_is_no_member(tmp_path):
    """A symbolic link in the place of records."""
    with pytest.raises(RunsError, match="is no plain file"):
        read_bundle(zipped(tmp_path, (_entry(ONE[0], stat.S_IFLNK), b"/etc/passwd")))


def test_a_name_stands_once(tmp_path):
    """Two members of a name are two answers to one question."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path, ONE, ONE)
    with pytest.raises(RunsError, match="twice"):
        read_bundle(path)


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    """What would become two hundred times its size is told from the list of members alone."""
    path = zipped(tmp_path, (ONE[0], b"0" * 30_000_000))
    monkeypatch.setattr(room, "member_of", lambda *_: pytest.fail("it was read"))
    with pytest.raises(RunsError, match="would unpack to 30,000"):
        read_bundle(path)


def test_a_size_that_lies_is_found(tmp_path):
    """A member that is longer than the list of members says ends where it says, and its hash does not hold."""
    data = bytearray(packed((ONE[0], LINES * 500)))
    size = (len(LINES) * 500).to_bytes(4, "little")
    at = data.rfind(size)
    assert at > 0
    data[at : at + 4] = (10).to_bytes(4, "little")
    path = tmp_path / "a.hush"
    path.write_bytes(bytes(data))
    with pytest.raises(RunsError, match=r"a\.hush"):
        read_bundle(path)


@pytest.mark.parametrize(
    ("entries", "told", "said"),
    [
        ((("bundle.json", b"{}"),), {}, "missing required field"),
        ((("bundle.json", b"[" * 100_000),), {}, "is no bundle"),
        ((ONE,), {"members": []}, "does not list what it holds"),
        ((ONE,), {"runs": []}, "names other runs"),
        ((ONE,), {"schema": "hushmap.bundle/9"}, "take a newer hushmap"),
    ],
)
def test_a_manifest_and_what_it_lists_agree(tmp_path, entries, told, said):
    """Not less, not more, not another kind."""
    with pytest.raises(RunsError, match=said):
        read_bundle(zipped(tmp_path, *entries, **told))


def test_a_member_has_the_hash_that_the_manifest_says(tmp_path):
    """Other bytes of the same length are refused by name."""
    other = (ONE[0], LINES.replace(b"1", b"2"))
    path = tmp_path / "a.hush"
    path.write_bytes(packed(other, told=manifest(ONE)))
    with pytest.raises(RunsError, match="is not what its manifest says"):
        list(inputs(path))


def test_what_is_no_zip_or_none_of_ours_is_one_line(tmp_path):
    """Text, nothing, a zip of something else, a file that is not there, one that is too many."""
    path = tmp_path / "a.hush"
    for data in (b"", b"hello", packed(ONE)[:200]):
        path.write_bytes(data)
        with pytest.raises(RunsError, match="is no bundle of Hushmap's") as caught:
            read_bundle(path)
        assert "\n" not in str(caught.value)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("x.txt", b"")
    with pytest.raises(RunsError, match=r"there is no bundle\.json"):
        read_bundle(path)
    with pytest.raises(RunsError, match="No such file"):
        read_bundle(tmp_path / "gone.hush")


def test_damage_anywhere_is_one_line(tmp_path):
    """Each byte changed, and the file cut at each: a RunsError, or the members as they were; nothing else."""
    whole = packed(ONE)
    path = tmp_path / "a.hush"
    for at in range(len(whole)):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            path.write_bytes(data)
            with contextlib.suppress(RunsError):
                assert read_bundle(path).members == manifest(ONE).members


def test_what_changes_after_it_was_looked_at_is_one_line(tmp_path):
    """A member is opened again later."""
    path = tmp_path / "a.hush"
    path.write_bytes(packed(ONE))
    (one,) = inputs(path)
    path.write_bytes(b"x")
    with pytest.raises(RunsError, match="cannot be read"):
        one.open()
    path.unlink()
    with pytest.raises(RunsError, match="No such file"):
        one.open()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"flag_bits": 1}, "is encrypted"),
        ({"compress_type": zipfile.ZIP_LZMA}, "packed in a way"),
        ({"file_size": 1 << 40}, "would unpack"),
    ],
)
def test_what_no_bundle_has_is_seen_in_the_list(change, said):
    """Encryption, other packings, sizes beyond any records."""
    entries = [_entry("bundle.json", compress_type=zipfile.ZIP_DEFLATED), _entry(ONE[0], **change)]
    assert said in room._fault(entries, 1000)
    assert "longer than" in room._fault([_entry("bundle.json", file_size=room.MOST_MANIFEST + 1)], 1 << 30)
    assert "members" in room._fault(entries * room.MOST_MEMBERS, 1000)
