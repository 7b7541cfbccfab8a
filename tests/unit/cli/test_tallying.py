"""What several PATHs come to; most of it is seen through the verb, in test_judge."""

import pytest

from hushmap.cli import tallying as module
from hushmap.cli.given import Given
from hushmap.cli.tallying import Tally
from hushmap.judge import Wanted
from hushmap.model import Knowledge
from hushmap.net import Clock
from hushmap.runs import Input, inputs
from unit.judge.foreign import measurement


@pytest.fixture
def used(monkeypatch):
    """How many processes were asked for."""
    seen = []

    def batches(found, knowledge, wanted, *, jobs):
        seen.append(jobs)
        return iter(())

    monkeypatch.setattr(module, "batches", batches)
    return seen


def test_a_bucket_is_not_listed_to_its_end(used):
    """Of very many inputs the first are looked at, and the rest when their turn comes."""
    listed = []

    def many():
        for number in range(5_000):
            listed.append(number)
            yield Input(name=f"{number}", open=lambda: None, size=1)

    tally = Tally(Knowledge(), Wanted(), Clock())
    tally.judge([Given(text="x", inputs=many)], None)
    assert len(listed) == 1_000
    assert used == [None]


def test_counts_of_all_paths(home, capsys):
    """Every PATH is counted, and the summary names what was set aside."""
    for name in ("a", "b"):
        (home / f"{name}.jsonl").write_bytes(measurement() + b"{}\n")
    tally = Tally(Knowledge(), Wanted(), Clock())
    tally.judge(
        [Given(text=f"{name}.jsonl", inputs=lambda name=name: inputs(home / f"{name}.jsonl")) for name in "ab"], 1
    )
    tally.end()
    text = tally.text()
    assert (text.sites, text.rejects, text.claims) == ({"Reachable": 2}, 2, 2)
    assert text.set_aside == ("a.rejected.jsonl", "b.rejected.jsonl")
    assert len(capsys.readouterr().err.splitlines()) == 2
