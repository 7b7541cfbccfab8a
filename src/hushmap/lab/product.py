"""Runs the product in a lab as a person would: consent by its own verb, then `hushmap run DECK`.

Demo and score share this, so that what is scored is what is shown. The product knows nothing of the scenario; its
consent and settings are the lab's own and go with it.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hushmap.catalog import consent_versions
from hushmap.lab.addresses import COUNTRY, HONEST_RESOLVER, ISP_RESOLVER, NETWORK
from hushmap.lab.lab import Lab, LabError


def own_settings(lab: Lab) -> dict[str, str]:
    """Settings and consent of the lab's own: the person's stay untouched."""
    return {name: str(lab.folder / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}


def consent(lab: Lab, **options: Any) -> None:
    """Nobody is at risk here: the lab consents for itself, by the same verb as a person. `options` are Popen's.

    Raises:
        LabError: The product took no consent.
    """
    version = str(max(consent_versions()))
    typed = [sys.executable, "-m", "hushmap", "consent", "give", version, "--i-have-read", version]
    typed += ["--network", NETWORK]
    process = lab.client(
        typed, env=own_settings(lab), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **options
    )
    _, words = process.communicate()
    if process.returncode != 0:
        raise LabError(f"the lab's own consent was refused: {words.strip()}")


def measure(lab: Lab, deck: str, out: Path, **options: Any) -> Any:
    """Start `hushmap run`; its process, whose `wait` gives the exit code. `options` are Popen's."""
    return lab.client(command(lab, deck, out), env=own_settings(lab), **options)


def run_folders(out: Path) -> set[Path]:
    """Every run that lies under a folder."""
    return {path.parent for path in out.glob("*/manifest.json")}


def command(lab: Lab, deck: str, out: Path) -> list[str]:
    """What a person would type."""
    return [
        *(sys.executable, "-m", "hushmap", "run", deck, "-o", str(out.resolve()), "--helper", lab.helper),
        *("--network", NETWORK, "--country", COUNTRY, "--seed", str(lab.seed), "--roots", lab.roots),
        *("--resolver", ISP_RESOLVER, "--other-resolver", HONEST_RESOLVER),
    ]
