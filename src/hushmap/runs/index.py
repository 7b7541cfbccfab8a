"""The runs beneath one folder: list them, find one, remove one.

Removing deletes only what Hushmap writes into a run folder, by name; a folder with anything else in it, or that
another process is working in, is left as it is. Other programs have a manifest.json too: under another name than a
run's, a folder is a run only if that file reads as one's.
"""

import os
import re
import shutil
from pathlib import Path

import msgspec

from hushmap.runs.errors import RunsError
from hushmap.runs.folder import NAMES, lock, read_manifest
from hushmap.runs.manifest import Manifest
from hushmap.runs.series import read_series

SEALS = ("seal.json", "seal.json.sig", ".seal.json.new")
"""What `hushmap seal` leaves in a run."""
PAGE = ("index.html", "style.css")
"""What a run's page is made of."""
_RUN = re.compile(r"\d{8}T\d{4}Z-[0-9a-f]+")


class RunInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One run as a list shows it."""

    path: Path
    run: str
    manifest: Manifest | None = None
    error: str = ""
    """Why there is no manifest."""


def all_runs(base: Path) -> tuple[RunInfo, ...]:
    """Every run beneath `base`, oldest first; one that cannot be read is there with its error."""
    if not base.is_dir():
        return ()
    found: list[RunInfo] = []
    for path in sorted(base.glob("*")):
        if path.is_symlink() or not (_RUN.fullmatch(path.name) or (path / "manifest.json").is_file()):
            continue
        try:
            manifest = read_manifest(path)
            found.append(RunInfo(path=path, run=manifest.run, manifest=manifest))
        except RunsError as error:
            found.append(RunInfo(path=path, run=path.name, error=str(error)))
    return tuple(sorted(found, key=lambda info: (info.manifest.started if info.manifest else "", info.run)))


def last(base: Path) -> Path:
    """The latest run that can be read; `RunsError` if there is none."""
    found = [info for info in all_runs(base) if info.manifest is not None]
    if not found:
        raise RunsError(base, "there is no run here", "make one: hushmap run DECK")
    return found[-1].path


def find(base: Path, name: str) -> Path:
    """The run whose id is, or alone begins or ends with, `name`."""
    names = {info.path.name: info.path for info in all_runs(base)}
    if name in names:
        return names[name]
    matching = sorted(run for run in names if name and (run.startswith(name) or run.endswith(name)))
    if not matching:
        raise RunsError(base, f"there is no run {name!r} here", "see the runs there are: hushmap runs")
    if len(matching) > 1:
        some = ", ".join(matching[:5])
        raise RunsError(base, f"{len(matching)} runs are called {name!r}", f"write more of the id: {some}")
    return names[matching[0]]


def remove(path: Path) -> None:
    """Delete one run. Nothing is deleted unless the whole folder is Hushmap's own and nobody works in it."""
    if path.is_symlink() or not path.is_dir():
        raise RunsError(path, "is no run folder", "see the runs there are: hushmap runs")
    if not (_RUN.fullmatch(path.name) or (path / "manifest.json").is_file()):
        raise RunsError(path, "is no run folder", "see the runs there are: hushmap runs")
    if not _RUN.fullmatch(path.name):
        read_manifest(path)
    ours = {*NAMES, *(f".{name}.new" for name in NAMES), *SEALS, "report"}
    others = sorted(entry.name for entry in path.iterdir() if entry.name not in ours) or _beside_page(path / "report")
    if others:
        raise RunsError(path, f"holds {others[0]!r}, which hushmap did not write", "move it away first")
    held = lock(path)
    try:
        report = path / "report"
        if report.is_symlink():
            report.unlink()
        elif report.exists():
            shutil.rmtree(report)
        for name in sorted(ours - {"report", "manifest.json"}):
            (path / name).unlink(missing_ok=True)
        (path / "manifest.json").unlink(missing_ok=True)
        path.rmdir()
    except OSError as error:
        raise RunsError(path, error.strerror or "cannot be removed", "check its permissions") from None
    finally:
        os.close(held)


def remove_series(path: Path) -> None:
    """Delete the file of a series; its runs are its cycles, and go by themselves."""
    read_series(path)
    try:
        path.unlink()
    except OSError as error:
        raise RunsError(path, error.strerror or "cannot be removed", "check its permissions") from None


def _beside_page(report: Path) -> list[str]:
    """What lies in the folder of a run's page and is none of it; a link is not followed."""
    if report.is_symlink() or not report.is_dir():
        return []
    return sorted(f"report/{entry.name}" for entry in report.iterdir() if entry.name not in PAGE)
