"""A run of three targets, small enough to look at whole."""

from types import SimpleNamespace

import pytest

from hushmap.model import Ask, Layer, Record, Role, Target, Trial
from hushmap.runs import Manifest, RunFolder, record_id

RUN = "20261121T2233Z-3f9c"
STARTED = "2026-11-21T22:33:00Z"
TARGETS = tuple(Target(experiment="web", text=f"https://{name}.example/", category="NEWS") for name in "abc")


def manifest(**changes):
    """What the run set out to do."""
    return Manifest(**{"run": RUN, "started": STARTED, "deck": "mine", "targets": TARGETS, **changes})


def trial(number, t=1.0):
    """A lookup that was carried out."""
    role = Role.SENTINEL if number < 10_000 else Role.SUBJECT
    return Trial(id=number, ask=Ask(layer=Layer.DNS, name="a.example"), role=role, t0=t - 0.5, t=t)


def record(index, *trials):
    """The record of one target."""
    return Record(
        id=record_id(RUN, index),
        run=RUN,
        experiment="web",
        target=TARGETS[index].text,
        started=STARTED,
        ended=STARTED,
        run_started=STARTED,
        trials=trials,
    )


@pytest.fixture
def some():
    """Makers of manifests, trials and records of one run."""
    return SimpleNamespace(manifest=manifest, trial=trial, record=record, run=RUN)


@pytest.fixture
def folder(tmp_path):
    """A new run folder that holds its lock."""
    with RunFolder.create(tmp_path / "runs", RUN, manifest()) as opened:
        yield opened
