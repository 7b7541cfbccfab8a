"""Replay of the journal, in memory and from a real folder on the disk."""

import msgspec
import pytest

from hushmap.judge import judged_path
from hushmap.model import Knowledge, Record, Void
from hushmap.runner.book import Book
from hushmap.runner.resume import restore
from hushmap.runner.tally import cut_off
from hushmap.runs import Manifest, RunFolder
from unit.runner.fakes import HELPER, FakeFolder, Killed, World, carry, plan_of, sites

NAMES = ("a.example", "b.example", "c.example")


class _Still:
    def now(self):
        return 0.0

    def iso(self, t=None):
        return "2026-11-21T22:33:00Z"


def _plan():
    return plan_of(*sites(*NAMES), helper=HELPER)


def _manifest(plan) -> Manifest:
    return Manifest(run=plan.run, started="2026-11-21T22:33:00Z", deck="test", targets=plan.targets)


def test_an_empty_folder_restores_nothing():
    """A new run begins with an empty book."""
    plan = _plan()
    book = Book(plan, _Still(), FakeFolder(plan.run), cut_off)
    assert restore(book, FakeFolder(plan.run)) == 0
    assert book.desk is None


def test_a_journal_of_another_run_is_refused():
    """A trial of a target that this run does not have is a fault, not something to skip."""
    plan = _plan()
    folder = carry(plan, World()).folder
    fewer = msgspec.structs.replace(plan, targets=plan.targets[:1])
    with pytest.raises(ValueError, match="which this run does not have"):
        restore(Book(fewer, _Still(), folder, cut_off), folder)


def test_a_finished_run_that_is_resumed_asks_nothing_of_targets():
    """Everything is sealed: only the look at the network is made, and the run is done."""
    plan = _plan()
    folder = carry(plan, World()).folder
    before = len([index for index, _ in folder.trials if index >= 0])
    again = carry(plan, World(), folder=folder, start=500.0)
    assert (again.ended.code, again.ended.sealed) == (0, 3)
    assert len([index for index, _ in folder.trials if index >= 0]) == before


def test_voids_noted_by_a_killed_run_hold():
    """What the journal says is void stays so, though the reason is not found again."""
    world = World()
    world.cut_names.add("b.example")
    plan = _plan()
    first = carry(plan, world, stop_at=20.0)
    trial = next(trial for index, trial in first.folder.trials if index == 1)
    folder = first.folder
    folder.journal_void(1, (Void(trial=trial.id, reason="by hand"),))
    carry(plan, world, folder=folder, start=40.0)
    assert trial.id in folder.record(1).voided


def test_a_real_folder_survives_a_kill_after_any_append(tmp_path, monkeypatch):
    """With the folder on the disk: killed in the middle, opened again, the run ends, and its records can be judged."""
    plan, world = _plan(), World()
    world.cut_names.add("b.example")
    for cut in (1, 7, 19, 30):
        base = tmp_path / str(cut)
        with RunFolder.create(base, plan.run, _manifest(plan)) as folder:
            append, appended = folder.journal_append, []

            def dying(trial, target, append=append, appended=appended, cut=cut):
                append(trial, target)
                appended.append(trial)
                if len(appended) >= cut:
                    raise Killed

            monkeypatch.setattr(folder, "journal_append", dying)
            with pytest.raises(Killed):
                carry(plan, world, folder=folder)
        with RunFolder.open(base / plan.run, resume=True) as folder:
            kept = folder.replay()
            assert len(kept.trials) >= cut
            assert kept.doubled == 0
            assert carry(plan, world, folder=folder, start=kept.last + 3.0).ended.code == 0
            assert folder.replay().doubled == 0
            assert len([record for record in folder.records() if isinstance(record, Record)]) == 3
        outcomes = {one.record.target: one.verdict.outcome for one in judged_path(base / plan.run, Knowledge())}
        assert outcomes == {
            "https://a.example/": "ok",
            "https://b.example/": "blocked",
            "https://c.example/": "ok",
        }
