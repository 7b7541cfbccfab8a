"""The tutorial's walk is walked: every command that it marks `<!-- example -->` runs on the example data."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house import ROOT
from test_docs import blocks, scripts_of


@pytest.mark.heavy
def test_the_walk_on_example_data_leads_to_a_site(tmp_path):
    """Judging, asking and reporting run as they are shown, without a network, and leave a site."""
    records = tmp_path / "results/example/records"
    records.mkdir(parents=True)
    for path in (ROOT / "results/example/records").glob("tspu-*"):
        shutil.copy(path, records)
    environment = os.environ | {
        "HOME": str(tmp_path / "home"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    marked = [
        block
        for block in blocks((ROOT / "docs/tutorial.md").read_text("utf-8"))
        if block.before == "<!-- example -->"
    ]
    commands = [command for block in marked for command, _ in scripts_of(block, None)]
    for command in commands:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert (command[-1], done.returncode, done.stderr[-200:] if done.returncode else "") == (command[-1], 0, "")
    assert [command[-1].split()[1] for command in commands] == ["judge", "query", "incidents", "report"]
    assert (tmp_path / "site/index.html").is_file()
