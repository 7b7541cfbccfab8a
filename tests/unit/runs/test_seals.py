"""The seal of a run says how it was, and checking it says what changed."""

import pytest

from hushmap.runs import SEAL, RunsError, check_seal, remove, write_seal


def test_a_run_is_as_it_was_sealed(folder):
    """What changes afterwards is named; sealing again is how it is now."""
    assert write_seal(folder.path) == folder.path / SEAL
    assert set(check_seal(folder.path).files) == {"manifest.json", "journal.jsonl", "records.jsonl"}
    folder.journal_mark("end")
    with pytest.raises(RunsError, match=r"journal\.jsonl: is not what was sealed"):
        check_seal(folder.path)
    write_seal(folder.path)
    assert check_seal(folder.path).run == folder.run


def test_a_sealed_run_can_be_removed(folder):
    """The seal and its signature are hushmap's own."""
    write_seal(folder.path)
    (folder.path / "seal.json.sig").write_text("x")
    folder.close()
    remove(folder.path)
    assert not folder.path.exists()


def test_what_is_no_seal_is_one_line(folder, tmp_path):
    """None there, damaged, of no run, a file that is a folder."""
    with pytest.raises(RunsError, match="No such file"):
        check_seal(folder.path)
    for data in (b"x", b"[" * 100_000):
        (folder.path / SEAL).write_bytes(data)
        with pytest.raises(RunsError, match="is no seal"):
            check_seal(folder.path)
    with pytest.raises(RunsError, match="is no run folder"):
        write_seal(tmp_path)
    folder.records_path.unlink()
    write_seal(folder.path)
    assert "records.jsonl" not in check_seal(folder.path).files
    folder.records_path.mkdir()
    with pytest.raises(RunsError, match=r"records\.jsonl"):
        write_seal(folder.path)
