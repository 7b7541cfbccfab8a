"""Runs -> a bundle, and what there is to tell of it."""

import io

import msgspec
import pytest

from hushmap.model import Knowledge, Record, Target
from hushmap.publish import Copy, Refusal, Wish, copied
from hushmap.runs import Manifest, Reject, RunFolder, RunsError, inputs, read_bundle, record_id
from unit.publish.whole import record

RUN, OTHER = "20261121T2233Z-3f9c", "20261121T2301Z-aaaa"


def sealed(base, run, *fields):
    """A run of some records."""
    targets = tuple(Target(experiment="web", text=f"https://{name}.example/") for name in "abc")
    manifest = Manifest(
        run=run, started=f"2026-11-21T{run[9:11]}:{run[11:13]}:00Z", deck="mine", targets=targets, helper="203.0.113.10",
        label="group",
    )  # fmt: skip
    with RunFolder.create(base, run, manifest) as folder:
        for index, changes in enumerate(fields):
            one = msgspec.structs.replace(
                record(), id=record_id(run, index), run=run,
                annotations={"deck": "mine sha256:ab", "label": "group", "note": "of mine"}, **changes,
            )  # fmt: skip
            folder.seal(one, index)
    return base / run


def bundle(*folders, **wish):
    """A bundle's bytes and its review."""
    file = io.BytesIO()
    made = Copy(
        wish=Wish(**wish), knowledge=Knowledge(), texts=("a-secret-token",), addresses=("203.0.113.77",), software="t"
    )
    return file, copied(folders, file, made)


def test_a_copy_is_deterministic_and_the_run_is_not_changed(tmp_path):
    """The same bytes twice, whatever the order of the runs; every byte of the folders as it was."""
    one, two = sealed(tmp_path, RUN, {}, {}), sealed(tmp_path, OTHER, {"category": "HUMR"})
    before = {path: path.read_bytes() for folder in (one, two) for path in folder.iterdir()}
    first, review = bundle(one, two)
    second, _ = bundle(two, one)
    assert first.getvalue() == second.getvalue()
    assert before == {path: path.read_bytes() for folder in (one, two) for path in folder.iterdir()}
    assert (review.records, len(review.runs), review.left_out) == (3, 2, 0)
    assert review.categories == {"NEWS": 2, "HUMR": 1}


def test_ids_tell_the_hour_and_what_was_published(tmp_path):
    """No minute of the run, and nothing of its own id, is in the bundle; records keep their place in it."""
    file, review = bundle(sealed(tmp_path, RUN, {}, {}))
    path = tmp_path / "a.hush"
    path.write_bytes(file.getvalue())
    read = read_bundle(path)
    assert read.runs == review.runs
    assert read.runs[0].run.startswith("20261121T2200Z-")
    assert (read.runs[0].label, read.runs[0].deck, read.time_precision) == ("group", "mine", "hour")
    (one,) = inputs(path)
    with one.open() as opened:
        found = [msgspec.json.decode(line, type=Record) for line in opened.read().splitlines()]
    assert [line.id for line in found] == [f"{read.runs[0].run}-0000", f"{read.runs[0].run}-0001"]
    assert "3f9c" not in str(found) + str(read)
    assert "203.0.113.10" not in str(found)


def test_what_stays_is_counted_by_why(tmp_path):
    """Refused records, lines that cannot be read, and a run of which nothing leaves."""
    folder = sealed(tmp_path, RUN, {"category": "LGBT"}, {"target": "https://a.example/users/4711"}, {})
    with (folder / "records.jsonl").open("ab") as file:
        file.write(b"damaged\n")
    assert any(isinstance(one, Reject) for one in RunFolder.open(folder).records())
    _, review = bundle(folder, without=frozenset({"LGBT"}))
    assert review.refused == {Refusal.CATEGORY: 1, Refusal.SOMEBODY: 1}
    assert (review.unreadable, review.records, review.left_out) == (1, 1, 3)
    _, nothing = bundle(folder, without=frozenset({"LGBT", "NEWS"}))
    assert (nothing.records, nothing.runs) == (0, ())


def test_a_run_given_twice_leaves_once(tmp_path):
    """And what is no run is refused."""
    folder = sealed(tmp_path, RUN, {})
    _, review = bundle(folder, folder)
    assert (review.records, review.twice) == (1, 1)
    with pytest.raises(RunsError, match="is no run folder"):
        bundle(tmp_path)
