"""A shell, or any command, inside the client of a lab."""

import os
from pathlib import Path

from hushmap.lab.lab import Lab
from hushmap.lab.scenario import Scenario


def run_shell(
    scenario: Scenario | str = "demo", seed: int = 1, command: tuple[str, ...] = (), pcap: Path | None = None
) -> int:
    """Run a command in the client's namespaces with this terminal; the user's shell if none is given.

    Returns its exit status. The helper runs, and HUSHMAP_HELPER holds its settings string. `pcap` is the file in
    which every packet of the path is kept.
    """
    with Lab(scenario, seed, helper=True, pcap=pcap) as lab:
        shell = command or (os.environ.get("SHELL", "/bin/sh"),)
        process = lab.client(list(shell), env={"HUSHMAP_HELPER": lab.helper, "PS1": "(lab) $ "})
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # Ctrl-C is for what runs in the shell
                continue
