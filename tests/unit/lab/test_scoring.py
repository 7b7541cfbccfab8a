"""From plan to score, with labs of the test's."""

from contextlib import nullcontext

import msgspec
import pytest

from hushmap.lab import scoring
from hushmap.lab.scoring import LabScore, jobs_at_once, score_labs, score_text
from hushmap.lab.scoring_cell import Result, unmeasured
from hushmap.lab.scoring_kept import KeptError
from hushmap.lab.scoring_plan import Wish
from scored import FINE, HIT, but


def fake(monkeypatch, *rows, error=""):
    """Every lab has these rows."""
    calls = []

    def run(cell, out, stop, pcap):
        calls.append(cell.label)
        return Result(
            label=cell.label, name=cell.name, noise=cell.noise, family=cell.family, twin=cell.twin, seed=cell.seed,
            scale=5.0, rows=rows, error=error,
        )  # fmt: skip

    monkeypatch.setattr(scoring, "run_cell", run)
    return calls


def test_scenarios_twins_and_lines_are_counted_apart_and_together(monkeypatch):
    """In one order, whoever was first; progress hears of each."""
    fake(monkeypatch, FINE, HIT)
    heard = []
    wish = Wish(scenarios=("demo",), noises=("clean", "harsh"), twins=True)
    found = score_labs(wish, jobs=3, tell=lambda told: heard.append((told.done, told.of)))
    assert sorted(heard) == [(number, 4) for number in range(5)]
    assert [one.title for one in found.scenarios] == ["demo", "demo uncensored"]
    assert [one.title for one in found.noises] == ["clean", "harsh"]
    assert found.whole.targets == 8
    assert found.passed
    assert found.missed == []
    assert score_labs(wish, jobs=1) == found


def test_eight_labs_stand_for_each_processor(monkeypatch):
    """Where their number is unknown there is one."""
    monkeypatch.setattr(scoring.os, "cpu_count", lambda: None)
    assert jobs_at_once() == 8
    assert jobs_at_once(pure=True) == 1


def test_without_packets_the_same_is_counted(monkeypatch):
    """By another way, and said first."""
    calls = fake(monkeypatch, FINE)
    monkeypatch.setattr(scoring, "pure_cells", lambda jobs: nullcontext(unmeasured))
    found = score_labs(Wish(scenarios=("demo",), pure=True))
    assert calls == []
    assert [one.name for one in found.results] == ["demo"]
    assert score_text(found)[0].startswith("In simulation, without a kernel: 1 labs")


def test_a_score_that_was_ended_goes_on_where_it_was(monkeypatch, tmp_path):
    """What was measured is not measured again, and the score is the same as in one go."""
    state = tmp_path / "state.jsonl"
    wish = Wish(scenarios=("demo",), noises=("clean", "harsh"))
    calls = fake(monkeypatch, FINE, HIT)
    whole = score_labs(wish, jobs=1)
    score_labs(Wish(scenarios=("demo",)), jobs=1, state=state)
    del calls[:]
    heard = []
    again = score_labs(wish, jobs=1, state=state, tell=heard.append)
    assert calls == ["demo harsh seed 1"]
    assert (heard[0].kept, heard[0].done, heard[0].of) == (1, 1, 2)
    assert again == whole
    assert score_labs(wish, jobs=1, state=state) == whole
    assert len(calls) == 1


def test_a_lab_that_was_stopped_leaves_no_result(monkeypatch, tmp_path):
    """Ctrl-C is no finding; one that broke is measured again."""
    state = tmp_path / "state.jsonl"
    fake(monkeypatch, error="it hangs")
    score_labs(Wish(scenarios=("demo",)), jobs=1, state=state)

    def stopped(cell, out, stop, pcap):
        stop.set()
        raise KeyboardInterrupt

    monkeypatch.setattr(scoring, "run_cell", stopped)
    with pytest.raises(KeyboardInterrupt):
        score_labs(Wish(scenarios=("demo",)), jobs=1, state=state)
    assert not state.exists()


def test_a_program_that_changes_under_the_score_ends_it(monkeypatch, tmp_path):
    """No table mixes two programs."""
    fake(monkeypatch, FINE)
    names = iter(["old", "new"])
    monkeypatch.setattr("hushmap.lab.scoring_kept.revision", lambda: next(names))
    with pytest.raises(KeptError, match="was changed"):
        score_labs(Wish(scenarios=("demo",)), jobs=1, state=tmp_path / "state.jsonl")


def test_a_missed_bar_is_one_line_and_no_pass(monkeypatch):
    """And stands in the text."""
    fake(monkeypatch, but(FINE, said="blocked"), but(HIT, needs="quic"))
    found = score_labs(Wish(scenarios=("demo",)), jobs=1)
    assert not found.passed
    assert [line.partition(":")[0] for line in found.missed] == ["innocents exact, clean", "innocents called blocked"]
    text = "\n".join(score_text(found))
    assert text.startswith("In simulation: ")
    assert "Not as it should be (1):" in text
    assert "quic 1" in text
    assert "Bars (in simulation):" in text


def test_a_lab_that_broke_is_in_the_text_and_no_pass(monkeypatch):
    """Its words are kept."""
    fake(monkeypatch, error="it hangs")
    found = score_labs(Wish(scenarios=("demo",)), jobs=1)
    assert not found.passed
    assert any("it hangs" in line for line in score_text(found))


def test_the_whole_score_survives_json(monkeypatch):
    """One object with everything, that says what it is."""
    fake(monkeypatch, FINE, HIT)
    found = score_labs(Wish(scenarios=("demo",)), jobs=1)
    data = msgspec.json.encode(found)
    assert msgspec.json.decode(data, type=LabScore) == found
    plain = msgspec.json.decode(data)
    assert plain["simulation"] is True
    assert len(plain["revision"]) == 16
