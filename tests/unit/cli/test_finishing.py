"""A run folder becomes verdicts and a page."""

import json

from hushmap.cli.finishing import finish, verdict_line, view
from hushmap.cli.knowing import knowledge
from hushmap.runs import RunFolder
from unit.cli.scene import changed


def test_verdicts_and_page_are_written_anew(measured):
    """Both follow from the records alone, as often as one likes."""
    (measured / "verdicts.jsonl").write_text("")
    (measured / "report" / "index.html").unlink()
    finished = finish(RunFolder.open(measured), knowledge())
    lines = (measured / "verdicts.jsonl").read_bytes().splitlines(keepends=True)
    assert lines == [verdict_line(one) for one in finished.judged]
    assert (measured / "report" / "index.html").is_file()


def test_a_damaged_record_is_set_aside_and_never_a_verdict(measured):
    """A line that cannot be read goes to rejected.jsonl with its place; the others are judged."""
    with (measured / "records.jsonl").open("ab") as file:
        file.write(b'{"kind":"record","id":3}\n')
    finished = finish(RunFolder.open(measured), knowledge())
    assert (len(finished.judged), len(finished.rejects)) == (2, 1)
    assert json.loads((measured / "rejected.jsonl").read_text())["source"] == "records.jsonl:3"
    assert len((measured / "verdicts.jsonl").read_bytes().splitlines()) == 2


def test_the_page_says_whether_it_is_the_labs_or_a_replay(measured):
    """What was planned, whether it was the lab, and whether anything was measured."""
    manifest = RunFolder.open(measured).manifest
    plain = view(manifest, [], knowledge())
    assert (plain.planned, plain.lab, plain.replay, plain.ended) == (2, False, False, manifest.started)
    lab = view(changed(manifest, options={"lab": True}), [], knowledge(), replay=True)
    assert (lab.lab, lab.replay) == (True, True)
