"""The journal tells what happened, in order, once, and sets aside what it cannot read."""

import pytest

from hushmap.model import Void
from hushmap.runs.journal import RUN_ITSELF, Mark, mark_line, replay, sealed_line, trial_line, void_line


def test_every_kind_of_line_is_told(tmp_path, some):
    """Trials with their targets, voids, seals and marks come back as they were written."""
    first, second, sentinel = some.trial(10_000, 3.0), some.trial(20_000, 2.0), some.trial(1, 1.0)
    void = Void(trial=10_000, reason="residual")
    path = tmp_path / "journal.jsonl"
    path.write_bytes(
        trial_line(RUN_ITSELF, sentinel)
        + trial_line(0, first)
        + void_line(0, (void,))
        + trial_line(1, second)
        + sealed_line(0)
        + mark_line(Mark(name="sentinel", t=4.5, facts={"good": True}))
    )
    told = replay(path)
    assert told.trials == ((-1, sentinel), (0, first), (1, second))
    assert told.of(0) == (first,)
    assert told.voids_of(0) == (void,)
    assert told.voids_of(1) == ()
    assert told.sealed == {0}
    assert told.marks == (Mark(name="sentinel", t=4.5, facts={"good": True}),)
    assert (told.rejects, told.torn, told.doubled) == ((), 0, 0)
    assert told.last == 4.5
    assert told.next_id == 2


def test_no_journal_tells_nothing(tmp_path):
    """A run that had no time to measure has an empty journal."""
    told = replay(tmp_path / "gone", torn=7)
    assert (told.trials, told.last, told.next_id, told.torn) == ((), 0.0, 1, 7)


def test_a_trial_that_stands_twice_is_told_once(tmp_path, some):
    """The first of two trials with one id counts, the other is counted."""
    path = tmp_path / "journal.jsonl"
    path.write_bytes(trial_line(0, some.trial(10_000, 3.0)) + trial_line(0, some.trial(10_000, 9.0)))
    told = replay(path)
    assert [trial.t for trial in told.of(0)] == [3.0]
    assert told.doubled == 1


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"null",
        b'{"kind":"trial"}',
        b'{"kind":"trial","target":0}',
        b'{"kind":"trial","target":0,"trial":{"id":"x"}}',
        b'{"kind":"trial","target":"0","trial":{}}',
        b'{"kind":"dance","target":0}',
        b'{"kind":"void","target":0,"voids":7}',
        b'{"kind":"sealed"}',
        b'{"kind":"mark","mark":{"name":"x","facts":' + b"[" * 100_000,
        b"\xff\xfe",
        b"\x00" * 50,
    ],
)
def test_a_damaged_line_is_set_aside(tmp_path, some, line):
    """A line that cannot be read is named with its reason; those around it are told."""
    path = tmp_path / "journal.jsonl"
    path.write_bytes(trial_line(0, some.trial(10_000)) + line + b"\n" + trial_line(0, some.trial(10_001)))
    told = replay(path)
    assert [trial.id for trial in told.of(0)] == [10_000, 10_001]
    (reject,) = told.rejects
    assert (reject.schema, reject.source) == ("hushmap.reject/1", "journal.jsonl:2")
    assert reject.error
    assert "\n" not in reject.error
