"""`hushmap publish --verify`: whether a bundle is what its manifest says, and who sealed it."""

from pathlib import Path
from typing import Any

from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.wording import count
from hushmap.runs import is_bundle, read_bundle


def verify(path: Path, signers: Path | None, *, as_json: bool) -> int:
    """Check a bundle; the exit code.

    Raises:
        Fault: It is none, or is damaged.
    """
    if signers is not None:
        raise Fault("--signers: seals are not there yet")
    if not is_bundle(path.name):
        raise Fault(f"{path}: is no bundle (FILE.hush)")
    bundle = read_bundle(path)
    records = sum(run.records for run in bundle.runs)
    told: dict[str, Any] = {
        "schema": "hushmap.verify/1", "file": str(path), "runs": len(bundle.runs), "records": records,
        "time_precision": bundle.time_precision,
    }  # fmt: skip
    if as_json:
        screen.out_json(told)
    else:
        runs = count(len(bundle.runs), "run")
        screen.out([f"{path} is whole: {count(records, 'record')} of {runs}; every hash holds"])
    return Exit.DONE
