"""Contacts that earlier runs made in the last day: METHOD 5 counts them by the day, not by the run.

They are read from the journals beside the new run's folder, which is where runs of one person lie; a run that was
removed is forgotten with its contacts, as its person wanted.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from hushmap.model import Target, Trial
from hushmap.runner.allowance import DAY
from hushmap.runs import RunFolder, all_runs


def earlier_trials(folder: Path, started: datetime) -> tuple[tuple[Target, Trial], ...]:
    """What the runs beside `folder` tried in the day before `started`, in order; `t0` is on the new run's clock."""
    found = sorted(_trials(folder, started), key=lambda pair: pair[1].t0)
    return tuple(found)


def _trials(folder: Path, started: datetime) -> Iterator[tuple[Target, Trial]]:
    for info in all_runs(folder.parent):
        manifest = info.manifest
        if manifest is None or info.path.resolve() == folder.resolve():
            continue
        shift = (datetime.fromisoformat(manifest.started) - started).total_seconds()
        for index, trial in RunFolder.open(info.path).replay().trials:
            if 0 <= index < len(manifest.targets) and -DAY < trial.t0 + shift <= 0:
                yield manifest.targets[index], msgspec.structs.replace(trial, t0=trial.t0 + shift)
