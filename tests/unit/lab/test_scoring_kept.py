"""Results on the disk."""

import msgspec
import pytest

from hushmap.lab import scoring_kept
from hushmap.lab.scoring_kept import KeptError, KeptResults
from hushmap.lab.scoring_plan import Wish, plan
from scored import FINE, result

ONE, OTHER = plan(Wish(scenarios=("innocents-nat64",), seeds=2))


@pytest.fixture
def program(monkeypatch):
    """The revision that the program has; may be set."""
    now = ["first"]
    monkeypatch.setattr(scoring_kept, "revision", lambda: now[0])
    return now


def test_what_is_taken_is_there_again(program, tmp_path):
    """Under the lab that it is of, in a folder made for it."""
    path = tmp_path / "new" / "state.jsonl"
    kept = KeptResults(path)
    kept.take(ONE, result(FINE))
    assert KeptResults(path).of(ONE) == result(FINE)
    assert KeptResults(path).of(OTHER) is None


def test_results_of_another_program_are_counted_and_not_used(program, tmp_path):
    """They stay in the file: whoever goes back to that program has them."""
    path = tmp_path / "state.jsonl"
    KeptResults(path).take(ONE, result(FINE))
    program[0] = "second"
    later = KeptResults(path)
    assert (later.strange, later.of(ONE)) == (1, None)
    program[0] = "first"
    assert KeptResults(path).of(ONE) is not None


def test_a_lab_whose_scenario_has_changed_is_another(program, tmp_path):
    """By one number of it."""
    path = tmp_path / "state.jsonl"
    KeptResults(path).take(ONE, result(FINE))
    changed = msgspec.structs.replace(ONE, scenario=msgspec.structs.replace(ONE.scenario, scale=7.0))
    assert KeptResults(path).of(changed) is None


def test_what_was_measured_without_packets_is_another_result(program, tmp_path):
    """One file may hold both."""
    path = tmp_path / "state.jsonl"
    KeptResults(path, pure=True).take(ONE, result(FINE))
    assert KeptResults(path).of(ONE) is None
    assert KeptResults(path, pure=True).of(ONE) == result(FINE)


def test_a_lab_that_broke_is_not_kept(program, tmp_path):
    """It is measured again."""
    path = tmp_path / "state.jsonl"
    KeptResults(path).take(ONE, result(error="it hangs"))
    assert not path.exists()


def test_a_line_that_was_torn_off_is_lost_and_no_other(program, tmp_path):
    """What comes after it begins a line of its own."""
    path = tmp_path / "state.jsonl"
    KeptResults(path).take(ONE, result(FINE))
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:50])
    kept = KeptResults(path)
    assert kept.of(ONE) is not None
    path.write_bytes(whole[:50])
    kept = KeptResults(path)
    assert kept.of(ONE) is None
    kept.take(OTHER, result(FINE))
    kept.take(ONE, result(FINE))
    lines = path.read_bytes().splitlines()
    assert len(lines) == 3
    path.write_bytes(b"\n".join(lines[1:]) + b"\n")
    assert KeptResults(path).of(ONE) == KeptResults(path).of(OTHER) == result(FINE)


def test_a_file_that_is_something_else_is_not_touched(program, tmp_path):
    """Nor a folder read, nor a place written that cannot be."""
    path = tmp_path / "state.jsonl"
    path.write_text("my diary\n")
    with pytest.raises(KeptError, match="line 1: no result"):
        KeptResults(path)
    assert path.read_text() == "my diary\n"
    with pytest.raises(KeptError, match="cannot be read"):
        KeptResults(tmp_path)
    with pytest.raises(KeptError, match="cannot be written"):
        KeptResults(path / "below").take(ONE, result(FINE))


def test_a_program_that_was_changed_meanwhile_ends_the_score(program, tmp_path):
    """Before anything is kept of it."""
    kept = KeptResults(tmp_path / "state.jsonl")
    program[0] = "second"
    with pytest.raises(KeptError, match="was changed"):
        kept.take(ONE, result(FINE))
    assert not (tmp_path / "state.jsonl").exists()
