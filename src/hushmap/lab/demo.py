"""The demo: one lab, one run of the product in it, and its verdicts beside the truth.

The product is started as a person would start it, `hushmap run lab-demo`, in a network it cannot tell from a real
one (product.py).
"""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from hushmap.lab.lab import Lab
from hushmap.lab.product import consent, measure, run_folders
from hushmap.lab.scenario import Scenario, load_scenario
from hushmap.lab.score import Score, compare, read_verdicts, table

_GRACE_S = 20.0
"""After Ctrl-C the product seals what it has, judges it and writes its page: a few seconds."""


class DemoResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a demo."""

    seed: int
    status: int
    """Exit code of `hushmap run`."""
    seconds: float
    """From the lab's start to the last verdict."""
    score: Score
    folder: Path | None
    """The run folder; `None` if there is none."""

    @property
    def passed(self) -> bool:
        """Whether the run ended well and every verdict is right."""
        return self.status == 0 and self.score.passed


def run_demo(
    seed: int = 1,
    scenario: Scenario | str = "demo",
    out: Path = Path("results/runs"),
    *,
    say: Callable[[str], None],
    pcap: Path | None = None,
) -> DemoResult:
    """Measure a scenario with the product and score it; `say` gets the lines for people, `pcap` every packet.

    Raises:
        LabRefusedError: This system refuses the lab.
        OSError: The capture cannot be written.
    """
    known = load_scenario(scenario) if isinstance(scenario, str) else scenario
    began = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    before = run_folders(out)
    with Lab(known, seed, helper=True, pcap=pcap) as lab:
        settings = known.path
        say(
            f"Lab {known.name}, seed {seed}: {settings.hops} hops, {settings.delay_ms:g} ms one way, "
            f"{settings.loss:.0%} bursty loss, pauses divided by {known.scale:g}. Nothing leaves this computer."
        )
        consent(lab)
        status = _ended(measure(lab, known.deck, out))
        truth = lab.truth()
    folder = max(run_folders(out) - before, default=None)
    judged = read_verdicts(folder) if folder and (folder / "verdicts.jsonl").exists() else []
    score = compare(known, judged, truth)
    seconds = time.monotonic() - began
    say(table(score))
    say(
        f"{len(truth)} acts of the simulated network, {seconds:.0f} s, seed {seed}"
        + (f", {folder}" if folder else "")
    )
    say(score.line)
    return DemoResult(seed=seed, status=status, seconds=seconds, score=score, folder=folder)


def _ended(product: subprocess.Popen[str]) -> int:
    """The product's exit code. Ctrl-C reaches it too: it gets its time to end in order."""
    try:
        return product.wait()
    except KeyboardInterrupt:
        return product.wait(_GRACE_S)
