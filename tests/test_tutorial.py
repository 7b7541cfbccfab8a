"""The tutorial's walk is walked, from a run to pages that others can read.

Every command that it marks `<!-- example -->` runs on the example data; the commands of a run are typed on the fake
network of the command line's tests. Set-up has tests of its own (tests/test_wheel.py, tests/test_scripts.py).
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house import ROOT
from test_docs import blocks, scripts_of
from unit.cli.conftest import home, hushmap, measured, person, stage  # noqa: F401 (fixtures)

TUTORIAL = ROOT / "docs/tutorial.md"
RUN = "20261121T2233Z-3f9c"
"""The run of which the tutorial speaks."""


def commands_of(heading: str) -> list[list[str]]:
    """The words of each command under a heading, without the program's name."""
    part = re.split(r"^## ", TUTORIAL.read_text("utf-8"), flags=re.MULTILINE)
    text = next(one for one in part if re.match(rf"\d+\. {heading}\n", one))
    return [
        words[1:]
        for block in blocks(text)
        for line in block.body.splitlines()
        if line.startswith("$ ") and (words := shlex.split(line.removeprefix("$ "))) and words[0] == "hushmap"
    ]


def test_a_run_becomes_a_page_for_others(home, hushmap, measured, person):  # noqa: F811 (fixtures)
    """What one line saw is read, published after it was looked through, and made into a site, as it is shown."""
    read, published = commands_of("Read"), commands_of("Publish")
    assert [words[0] for words in (*read, *published)] == ["show", "show", "publish", "report"]
    for words in read:
        typed = ["site-0.example" if word == "news.example.org" else word for word in words]
        told = hushmap(*typed, "-o", measured.parent)
        assert (told.exit_code, "site-0.example" in told.stdout) == (0, True), told.output
    for words in published:
        told = hushmap(*(measured if word == RUN else word for word in words), answer="2\n")
        assert told.exit_code == 0, told.output
    page = (home / "our-site/index.html").read_text("utf-8")
    assert "Blocked" in page
    assert "us@example.org" in page


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
    marked = [block for block in blocks(TUTORIAL.read_text("utf-8")) if block.before == "<!-- example -->"]
    commands = [command for block in marked for command, _ in scripts_of(block, None)]
    for command in commands:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert (command[-1], done.returncode, done.stderr[-200:] if done.returncode else "") == (command[-1], 0, "")
    assert [command[-1].split()[1] for command in commands] == ["judge", "query", "incidents", "report"]
    assert (tmp_path / "site/index.html").is_file()
