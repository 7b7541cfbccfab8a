"""The demo's order of things, with a lab and a product of the test's."""

import json
from pathlib import Path

import pytest

from hushmap.lab import demo
from hushmap.lab.demo import run_demo
from hushmap.lab.lab import LabError
from hushmap.lab.scenario import load_scenario, parse_scenario

SCENARIO = parse_scenario(
    """
    name = "x"
    deck = "lab-demo"
    [[expect]]
    target = "https://a.example/"
    outcomes = ["ok"]
    """
)


class Process:
    """Has ended already."""

    def __init__(self, status):
        self.returncode = status

    def wait(self):
        return self.returncode

    def communicate(self):
        return None, "no such text\n"


class FakeLab:
    """Writes the verdicts that a test wants, where the product would."""

    statuses = None
    outcome = "ok"
    seen = None

    def __init__(self, scenario, seed, *, helper, pcap):
        assert helper
        assert pcap is None
        self.scenario, self.seed = scenario, seed
        self.helper, self.roots, self.folder = "hushmap://x", "roots.pem", Path("lab-folder")

    def __enter__(self):
        FakeLab.seen = []
        return self

    def __exit__(self, *_):
        FakeLab.seen.append("stopped")

    def client(self, command, **options):
        verb = command[3]
        FakeLab.seen.append((verb, command[4:], options["env"]))
        if verb == "run" and self.outcome:
            folder = Path(command[command.index("-o") + 1]) / "20260101T0000Z-0000"
            folder.mkdir(parents=True)
            (folder / "manifest.json").write_text("{}")
            (folder / "records.jsonl").write_text(json.dumps({"kind": "record", "id": "r"}) + "\n")
            verdict = {"record": "r", "target": "https://a.example/", "outcome": self.outcome}
            (folder / "verdicts.jsonl").write_text(json.dumps(verdict) + "\n")
        return Process(self.statuses[verb])

    def truth(self):
        return []


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the demo; its result and what it said."""
    monkeypatch.setattr(demo, "Lab", FakeLab)

    def running(outcome="ok", *, consent=0, status=0):
        monkeypatch.setattr(FakeLab, "outcome", outcome)
        monkeypatch.setattr(FakeLab, "statuses", {"consent": consent, "run": status})
        said = []
        return run_demo(4, SCENARIO, tmp_path, say=said.append), said

    return running


def test_the_product_is_run_as_a_person_would_run_it(run, tmp_path):
    """Consent first, by its own verb; then the deck with helper, vantage and seed; the lab's own settings folders."""
    result, said = run()
    (first, consent, env), (second, command, _), last = FakeLab.seen
    assert (first, second, last) == ("consent", "run", "stopped")
    assert consent[0] == "give"
    assert command[0] == "lab-demo"
    assert command[command.index("--helper") + 1] == "hushmap://x"
    assert command[command.index("--seed") + 1] == "4"
    assert all(Path(folder).is_relative_to("lab-folder") for folder in env.values())
    assert {"XDG_DATA_HOME", "XDG_CONFIG_HOME"} <= set(env)
    assert said[-1] == "truth: 1/1 right, 0 false alarms"
    assert "5 ms" in said[0]
    assert result.passed
    assert result.folder == tmp_path / "20260101T0000Z-0000"


@pytest.mark.parametrize(("outcome", "status"), [("blocked", 0), ("insufficient", 0), ("ok", 5), (None, 4)])
def test_anything_wrong_does_not_pass(run, outcome, status):
    """A false alarm, an undecided target, a run that ended early, and no run at all."""
    result, said = run(outcome, status=status)
    assert not result.passed
    assert result.status == status
    assert said[-1].startswith("truth: ")


def test_a_consent_that_is_refused_is_an_error(run):
    """Nothing is measured without one, in the lab too."""
    with pytest.raises(LabError, match="no such text"):
        run(consent=3)
    assert [call[0] for call in FakeLab.seen if call != "stopped"] == ["consent"]


def test_an_older_run_is_not_scored(run, tmp_path):
    """Only what this demo has made counts."""
    old = tmp_path / "99990101T0000Z-0000"
    old.mkdir()
    (old / "manifest.json").write_text("{}")
    result, _ = run()
    assert result.folder != old


def test_the_deck_of_the_demo_is_named_in_the_scenario():
    """And is what `hushmap run` is given."""
    assert load_scenario("demo").deck == "lab-demo"
