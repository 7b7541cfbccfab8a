"""A path's verdicts, one by one."""

import io

import pytest

from hushmap.codec import LINE_LIMIT, encode_record
from hushmap.judge import REJECT, VERDICT, judge_path, judged_path
from hushmap.model import Knowledge, Target
from hushmap.runs import (
    Bundle,
    Manifest,
    PublishedRun,
    RunFolder,
    RunsError,
    member_name,
    member_of,
    write_bundle,
)

KNOWLEDGE = Knowledge()


def test_a_run_folder_and_a_file_give_the_same(tmp_path, records, measurement):
    """A PATH is a run folder or a file of record lines; rejects are objects of their own schema."""
    target = Target(experiment="web", text="https://a.example/")
    run = records["https://a.example/"].run
    manifest = Manifest(run=run, started="2026-11-21T22:33:00Z", deck="x", targets=(target,))
    with RunFolder.create(tmp_path, run, manifest) as folder:
        folder.seal(records["https://a.example/"], 0)
        file = folder.records_path
    with file.open("ab") as stream:
        stream.write(b"x" * (LINE_LIMIT + 10) + b"\n" + measurement(test="tor") + b"[]")
    shown = list(judge_path(tmp_path / run, KNOWLEDGE))
    assert shown == list(judge_path(file, KNOWLEDGE))
    assert [one["schema"] for one in shown] == [VERDICT, REJECT, REJECT]
    assert [one["source"] for one in shown] == ["records.jsonl:1", "records.jsonl:2", "records.jsonl:4"]


def test_a_folder_without_records_has_no_verdicts(tmp_path):
    """A run that was stopped before anything was sealed is no fault; a folder that is no run is one."""
    manifest = Manifest(run="r", started="2026-11-21T22:33:00Z", deck="x", targets=())
    RunFolder.create(tmp_path, "r", manifest).close()
    (tmp_path / "r" / "records.jsonl").unlink(missing_ok=True)
    assert list(judge_path(tmp_path / "r", KNOWLEDGE)) == []
    with pytest.raises(RunsError, match="is no run folder"):
        list(judge_path(tmp_path, KNOWLEDGE))


def test_a_foreign_file_is_judged_too(tmp_path, measurement):
    """A file of OONI's measurements gives verdicts, and other tests give none."""
    (tmp_path / "x.jsonl").write_bytes(measurement() + measurement(test="tor"))
    verdict, kept = judged_path(tmp_path / "x.jsonl", KNOWLEDGE)
    assert (verdict.source, verdict.verdict.outcome) == ("x.jsonl:1", "ok")
    assert (kept.test, kept.source) == ("tor", "x.jsonl:2")
    assert [one["source"] for one in judge_path(tmp_path / "x.jsonl", KNOWLEDGE)] == ["x.jsonl:1"]


def test_every_run_of_a_bundle_is_judged(tmp_path, records):
    """In the order of its runs; the source says which."""
    names = [member_name(f"20261121T2200Z-{run}") for run in ("aa", "bb")]
    contents = [(name, encode_record(records["https://a.example/"])) for name in names]
    runs = tuple(PublishedRun(run=name.split("/")[1], started="2026-11-21T22:00:00Z") for name in names)
    made = Bundle(
        software="t", time_precision="hour", own_vantage=False, runs=runs, masked={}, left_out=0,
        members=tuple(member_of(name, io.BytesIO(data)) for name, data in contents),
    )  # fmt: skip
    with (tmp_path / "a.hush").open("wb") as file:
        write_bundle(file, made, ((name, io.BytesIO(data)) for name, data in contents))
    shown = list(judge_path(tmp_path / "a.hush", KNOWLEDGE))
    assert [one["source"] for one in shown] == [f"a.hush/{name}:1" for name in names]
