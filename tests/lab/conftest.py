"""Labs for tests: started by the launcher, so that pytest itself never leaves its namespaces.

Where the system refuses the lab these tests are skipped with the refusal's own words; HUSHMAP_LAB=required, as CI has
it, makes that a failure: green without running is no answer (STYLE 5.9).
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from hushmap.lab import Lab, LabRefusedError

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Everything in this folder is a lab test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.lab)


@pytest.fixture(scope="session")
def lab_of():
    """A context manager that gives a running lab, or skips."""

    @contextmanager
    def running(scenario, seed=1, **options):
        lab = Lab(scenario, seed, **options)
        try:
            lab.start()
        except LabRefusedError as refusal:
            if os.environ.get("HUSHMAP_LAB") == "required":
                pytest.fail(f"HUSHMAP_LAB=required, but: {refusal}")
            pytest.skip(str(refusal))
        try:
            yield lab
        finally:
            lab.stop()

    return running


@pytest.fixture(scope="session")
def ask():
    """Carries out checks of asker.py inside a lab's client, side by side, and gives what each saw."""

    def asked(lab, *checks):
        command = [sys.executable, str(HERE / "asker.py"), json.dumps(checks)]
        client = lab.client(command, stdout=subprocess.PIPE, text=True)
        out, _ = client.communicate(timeout=40)
        assert client.returncode == 0
        return json.loads(out)

    return asked
