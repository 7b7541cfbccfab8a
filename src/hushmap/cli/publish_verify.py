"""`hushmap publish --verify`: whether a bundle, or a sealed run, is what it says it is, and who sealed it."""

from pathlib import Path
from typing import Any

from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.given import MANIFEST
from hushmap.cli.wording import count
from hushmap.publish import check_copy
from hushmap.remote import check, signature_of
from hushmap.runs import SEAL, check_seal, is_bundle, read_bundle


def verify(path: Path, signers: Path | None, *, as_json: bool) -> int:
    """Check a bundle or a sealed run; the exit code.

    Raises:
        Fault: It is none.
        RunsError: It is damaged, or its seal does not hold.
    """
    told: dict[str, Any] = {"schema": "hushmap.verify/1", "file": str(path)}
    if is_bundle(path.name):
        bundle = read_bundle(path)
        check_copy(path, bundle)
        records = sum(run.records for run in bundle.runs)
        told |= {"runs": len(bundle.runs), "records": records, "time_precision": bundle.time_precision}
        said = f"{path} is whole: {count(records, 'record')} of {count(len(bundle.runs), 'run')}; every hash holds, "
        said += "and every record is reduced as publish does it"
    elif (path / MANIFEST).is_file():
        seal = check_seal(path)
        told |= {"run": seal.run, "files": sorted(seal.files)}
        said = f"{path} is as it was sealed: {count(len(seal.files), 'file')}; every hash holds"
    else:
        raise Fault(f"{path}: is no bundle (FILE.hush) and no run")
    sealed = sealed_path(path)
    if not signature_of(sealed).exists():
        if signers is not None:
            raise Fault(f"{path}: is not sealed, so nobody in {signers} vouches for it", Exit.NO)
        told["seal"] = None
        said += "; it is not sealed"
    else:
        signer = check(sealed, signers)
        told["seal"] = {"key": signer.key, "name": signer.name or None}
        who = f"by {signer.name}" if signer.name else "by whoever has that key (whose it is: --signers FILE)"
        said += f"; sealed with the key {signer.key}, {who}"
    if as_json:
        screen.out_json(told)
    else:
        screen.out([said])
    return Exit.DONE


def sealed_path(path: Path) -> Path:
    """What a signature is put under: the bundle itself, or the seal of a run."""
    return path if is_bundle(path.name) else path / SEAL
