"""Kill a lab run at random moments, 200 times. `python tests/bench/kill.py [--kills N] [--seed N]`.

Runs the demo's deck in the lab, kills it with SIGKILL at a random moment, resumes it, kills it again ...; a finished
run is followed by a new one. After each kill the journal's complete lines are noted: each is a trial that was fsynced.
At the end of each run every noted trial must be in the journal, once, with the same content, and in its target's
record, once. Exit 1 if one was lost, doubled or changed. Not part of `make test`.
"""

# ruff: noqa: T201  a script: it finds its modules itself, and printing is what it does
import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from hushmap.lab import Lab, load_scenario
from hushmap.lab.product import command, consent, own_settings

LIMIT_SECONDS = 1800.0
"""A run that needs longer than this, kills included, hangs."""


def journal(folder: Path) -> dict[int, bytes]:
    """The complete trial lines of a journal, by trial id; raises if an id stands twice."""
    found: dict[int, bytes] = {}
    data = (folder / "journal.jsonl").read_bytes()
    for line in data[: data.rfind(b"\n") + 1].splitlines():
        entry = json.loads(line)
        if entry["kind"] == "trial":
            number = entry["trial"]["id"]
            if number in found:
                raise SystemExit(f"doubled: trial {number} stands twice in {folder}")
            found[number] = line
    return found


def recorded(folder: Path) -> Counter:
    """How often each trial stands in the records."""
    lines = (folder / "records.jsonl").read_bytes().splitlines()
    records = {entry["id"]: entry for line in lines if (entry := json.loads(line))["kind"] == "record"}
    return Counter(trial["id"] for entry in records.values() for trial in entry.get("trials", ()))


def check(noted: dict[int, bytes], folder: Path) -> None:
    """Every noted trial is still there, the same, and in a record; no trial is in two records or twice in one."""
    final, sealed = journal(folder), recorded(folder)
    lost = [number for number in noted if final.get(number) != noted[number]]
    outside = [number for number in final if number >= 10_000 and sealed[number] != 1]
    doubled = [number for number, times in sealed.items() if times != 1]
    if lost or outside or doubled:
        raise SystemExit(
            f"{folder}: lost or changed {lost[:5]}, not in a record {outside[:5]}, doubled {doubled[:5]}"
        )


def main() -> int:
    """Kill, resume, compare."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    rng, kills, runs, trials = random.Random(given.seed), 0, 0, 0
    scenario = load_scenario("demo")
    with tempfile.TemporaryDirectory() as text:
        out = Path(text)
        while kills < given.kills:
            with Lab(scenario, given.seed + runs, helper=True) as lab:
                consent(lab)
                kills, count = one_run(lab, scenario.deck, out, rng, kills, given.kills)
            runs, trials = runs + 1, trials + count
            print(f"run {runs}: {kills} kills so far, {count} trials, none lost, none doubled", flush=True)
    print(f"{kills} kills in {runs} runs, {trials} trials: no trial lost after its fsync, none doubled")
    return 0


def one_run(lab: Lab, deck: str, out: Path, rng: random.Random, kills: int, most: int) -> tuple[int, int]:
    """One run to its end, with kills on the way; (kills so far, trials of the run)."""
    typed = command(lab, deck, out)
    before = {path.parent for path in out.glob("*/manifest.json")}
    noted: dict[int, bytes] = {}
    folder: Path | None = None
    start = time.monotonic()
    while time.monotonic() - start < LIMIT_SECONDS:
        resume = [*(folder.name if part == deck else part for part in typed), "--resume"] if folder else typed
        with (out / "output.txt").open("ab") as output:
            process = lab.client(resume, env=own_settings(lab), stdout=output, stderr=output)
            try:
                status = process.wait(timeout=rng.uniform(0.5, 6.0) if kills < most else LIMIT_SECONDS)
            except TimeoutError:
                status = None
            except Exception as error:  # subprocess.TimeoutExpired, which this script need not import a module for
                if type(error).__name__ != "TimeoutExpired":
                    raise
                status = None
            if status is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
        new = {path.parent for path in out.glob("*/manifest.json")} - before
        folder = folder or next(iter(new), None)
        if folder is not None and (folder / "journal.jsonl").exists():
            now = journal(folder)
            gone = [number for number in noted if now.get(number) != noted[number]]
            if gone:
                raise SystemExit(f"{folder}: lost or changed after a kill: {gone[:5]}")
            noted = now
        if status is not None:
            if status != 0:
                raise SystemExit(f"the run ended with {status}:\n{(out / 'output.txt').read_text()[-2000:]}")
            assert folder is not None, "a run that ended well has a folder"
            check(noted, folder)
            return kills, len(noted)
    raise SystemExit("the run does not end")


if __name__ == "__main__":
    sys.exit(main())
