"""The same question to DuckDB and to a Spark cluster of a real master and two workers: equal answers by digest."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from golden.ooni_export import record
from house import ROOT
from hushmap.codec import encode_record
from spark.asking import COMMANDS, QUESTIONS
from spark.cluster import cluster

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(
        shutil.which("java") is None and os.environ.get("HUSHMAP_SPARK") != "required",
        reason="Spark needs Java 17, which is not here (HUSHMAP_SPARK=required makes this a failure)",
    ),
]
ROWS, DAYS = 20_000, 4


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each engine says of the same archive, and of the same record that is in none."""
    folder = tmp_path_factory.mktemp("spark")
    places = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}{os.pathsep}{ROOT / 'tests' / 'bench'}"
    env = os.environ | {"PYTHONPATH": places}
    make = f"import archive_query; from pathlib import Path; archive_query.invent(Path('archive'), {ROWS}, {DAYS})"
    subprocess.run([sys.executable, "-c", make], check=True, cwd=folder, env=env)
    (folder / "one.jsonl").write_bytes(encode_record(record()))
    with cluster(folder) as master:
        words = [ROOT / "tests" / "spark" / "asking.py", "archive", "one.jsonl", master]
        done = subprocess.run(
            [sys.executable, *words], check=False, cwd=folder, env=env, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr[-4000:]
    here, there = json.loads(done.stdout.splitlines()[-1]).values()
    return here, there


@pytest.mark.parametrize("name", QUESTIONS)
def test_equal_answers(answers, name):
    """One ibis expression has one answer: number of rows and hash are equal, and something was found."""
    here, there = answers
    assert here[name] == there[name]
    assert (here[name][0] > 0) is (name != "no rows")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_command_line_says_the_same(answers, name):
    """`--engine` changes who answers, and no byte of what is answered: counts, shares, lines."""
    here, there = (every[f"command: {name}"] for every in answers)
    assert (here[0], there[0]) == (0, 0), there
    assert len(here[1].splitlines()) > 1
    assert here[1] == there[1]


@pytest.mark.parametrize("name", ["records", "verdicts", "steps"])
def test_what_is_no_archive_goes_to_the_cluster_too(answers, name):
    """A record that was judged for the question is handed to Spark, and says the same there."""
    here, there = (every[f"loose {name}"] for every in answers)
    assert here == there
    assert here[0] > 0
