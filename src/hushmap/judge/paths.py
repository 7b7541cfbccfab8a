"""A path of this computer -> its verdicts, one by one: a run folder, or any file of records."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hushmap.judge.cutting import judged
from hushmap.judge.reading import Found, found_in, found_in_run
from hushmap.judge.results import REJECT, Judged, Kept
from hushmap.model import Knowledge
from hushmap.runs import Reject, inputs


def judged_path(path: Path, knowledge: Knowledge, lang: str = "en") -> Iterator[Judged | Kept | Reject]:
    """Judge a run folder, a file of records, or a bundle, in one process.

    Raises:
        RunsError: The folder is no run; there is nothing at `path`.
    """
    found = found_in_run(path) if path.is_dir() else _found(path)
    return (told for one in found for told in judged([one], knowledge, lang))


def _found(path: Path) -> Iterator[Found | Reject]:
    """Of a file, or of every run in a bundle; looked at before the first record is asked for."""
    every = [*inputs(path)]
    return (found for one in every for found in found_in(one, one.name.removeprefix(f"{path.parent}/")))


def judge_path(path: Path, knowledge: Knowledge, lang: str = "en") -> Iterator[dict[str, Any]]:
    """The objects of `hushmap judge --json`, in input order, and rejects where a line cannot be read."""
    for found in judged_path(path, knowledge, lang):
        if isinstance(found, Judged):
            yield found.object
        elif isinstance(found, Reject):
            yield {"schema": REJECT, "source": found.source, "error": found.error}
