"""One cell, with a lab and a product of the test's."""

import json
import subprocess
import threading
from pathlib import Path

import pytest

from hushmap.lab import scoring_cell
from hushmap.lab.lab import LabError, LabRefusedError
from hushmap.lab.scenario import parse_scenario
from hushmap.lab.scoring_cell import run_cell
from hushmap.lab.scoring_labels import Cell
from hushmap.lab.truth import TruthEvent

TEXT = """
name = "x"
baselines = ["base.example", "other.example"]
[[censor]]
kind = "sni-reset"
names = ["a.example"]
[[expect]]
target = "https://a.example/"
outcomes = ["blocked"]
mechanisms = ["tls.reset.sni"]
scope = "all"
"""
CELL = Cell(name="x", scenario=parse_scenario(TEXT))
LOST = Cell(name="x", scenario=parse_scenario(TEXT + "unsaid = true\n"))


class Product:
    """Ends with a status, or not before it is told to."""

    def __init__(self, status):
        self.status, self.returncode, self.told = status, status, []

    def wait(self, seconds=None):
        if self.status is None and "kill" not in self.told:
            raise subprocess.TimeoutExpired("x", seconds)
        return self.status

    def communicate(self):
        return None, ""

    def terminate(self):
        self.told.append("terminate")

    def kill(self):
        self.told.append("kill")


class FakeLab:
    """Writes the verdict that a test wants, where the product would."""

    folder, status, verdict, products, start_error = Path(), 0, {}, [], None
    stopped, captures = 0, []

    def __init__(self, scenario, seed, *, helper, pcap):
        FakeLab.captures.append(pcap)
        self.helper, self.roots, self.seed = "hushmap://x", "roots.pem", seed

    def __enter__(self):
        if self.start_error:
            raise self.start_error
        return self

    def __exit__(self, *_):
        FakeLab.stopped += 1

    def client(self, command, **options):
        assert options["start_new_session"]
        if command[3] == "consent":
            return Product(0)
        product = Product(self.status)
        FakeLab.products.append(product)
        options["stdout"].write(b"some words\n")
        options["stdout"].flush()
        if self.verdict is not None:
            folder = Path(command[command.index("-o") + 1]) / "20260101T0000Z-0000"
            folder.mkdir(parents=True)
            for name in ("manifest.json", "records.jsonl", "verdicts.jsonl"):
                (folder / name).write_text("")
            line = {"record": "r", "target": "https://a.example/", "outcome": "blocked", **self.verdict}
            (folder / "verdicts.jsonl").write_text(json.dumps(line) + "\n")
        return product

    def truth(self):
        return [TruthEvent(at=0.0, by="path", kind="sni-reset", mechanism="tls.reset.sni", what="a.example")]


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """Run a cell in a fake lab."""

    def running(cell=CELL, *, status=0, verdict=None, error=None, stop=None, out=None, pcap=None):
        monkeypatch.setattr(scoring_cell, "Lab", FakeLab)
        for name, value in {"folder": tmp_path, "status": status, "verdict": verdict, "start_error": error}.items():
            monkeypatch.setattr(FakeLab, name, value)
        monkeypatch.setattr(FakeLab, "products", [])
        monkeypatch.setattr(FakeLab, "captures", [])
        monkeypatch.setattr(FakeLab, "stopped", 0)
        return run_cell(cell, out, stop or threading.Event(), pcap)

    return running


def test_a_row_holds_truth_verdict_and_acts(measured):
    """Everything that the counts need."""
    found = measured(verdict={"mechanisms": ["tls.reset.sni"], "scope": "all", "rule": "web.x"})
    (row,) = found.rows
    assert (found.error, found.label) == ("", "x clean seed 1")
    assert (row.said, row.acts, row.censored, row.scope, row.rule) == ("blocked", 1, True, "all", "web.x")
    assert row.found
    assert not row.wrong
    assert FakeLab.stopped == 1


def test_runs_are_kept_where_it_is_wished(measured, tmp_path):
    """In a folder of the cell's own; the packets in a file of that name."""
    measured(verdict={}, out=tmp_path / "kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["x-clean-seed-1"]
    assert '"what":"a.example"' in (tmp_path / "kept" / "x-clean-seed-1" / "truth.jsonl").read_text()
    assert (tmp_path / "kept" / "x-clean-seed-1" / "words.txt").read_text() == "some words\n"
    assert FakeLab.captures == [None]
    measured(verdict={}, out=tmp_path / "again", pcap=tmp_path / "packets")
    assert FakeLab.captures == [tmp_path / "packets" / "x-clean-seed-1.pcapng"]
    assert (tmp_path / "packets").is_dir()


@pytest.mark.parametrize(("status", "verdict"), [(1, {}), (0, None), (5, {}), (4, None)])
def test_a_product_that_fails_is_an_error_row(measured, status, verdict):
    """With its last words; an early end too, where the truth does not allow for one."""
    found = measured(status=status, verdict=verdict)
    assert found.rows == ()
    assert "some words" in found.error


@pytest.mark.parametrize(("status", "verdict", "said"), [(5, {}, "blocked"), (4, None, None)])
def test_a_run_may_give_up_where_the_network_is_lost(measured, status, verdict, said):
    """What it did not reach remains unsaid, and that is right."""
    found = measured(LOST, status=status, verdict=verdict)
    assert (found.error, [row.said for row in found.rows]) == ("", [said])
    assert all(row.exact for row in found.rows)
    assert not any(row.wrong for row in found.rows if row.said is None)


def test_a_lab_that_cannot_start_is_an_error_row_and_a_refusal_is_raised(measured):
    """A system that refuses one lab refuses all."""
    assert measured(error=LabError("it\nbroke")).error == "it broke"
    assert measured(error=OSError()).error == "OSError"
    with pytest.raises(LabRefusedError):
        measured(error=LabRefusedError("no right"))


def test_a_product_that_hangs_is_ended_in_order_then_by_force(measured, monkeypatch):
    """And the lab is torn down."""
    monkeypatch.setattr(Cell, "timeout_s", -1.0)
    found = measured(status=None, verdict={})
    assert "no end in its time" in found.error
    assert FakeLab.products[0].told == ["terminate", "kill"]
    assert FakeLab.stopped == 1


def test_a_stop_ends_the_lab_under_way(measured):
    """Ctrl-C is no finding."""
    stop = threading.Event()
    stop.set()
    assert measured(status=None, verdict={}, stop=stop).error == "interrupted"


def test_what_is_right_of_a_row():
    """Outcome, mechanism and scope, each by itself."""
    from hushmap.lab.scoring_cell import Measured

    row = Measured(target="t", censored=True, expected=("unreachable",), said="unreachable", wanted=("tcp.timeout",))
    assert not row.found
    assert row.wrong
    assert Measured(target="t", expected=("ok",), said="ok", scope="all").scope_right
    assert not Measured(target="t", expected=("ok",), said="down", needs="quic").wrong


def test_ok_is_true_only_where_nothing_acted_or_what_acted_is_named():
    """A lie that lost its race is named, and the site was reached; whether that is right is the outcome's matter."""
    from scored import FINE, HIT, but

    assert not FINE.untrue_ok
    assert but(FINE, acts=3).untrue_ok
    assert but(FINE, acts=3).wrong
    raced = but(HIT, said="ok", expected=("ok", "blocked"))
    assert not raced.untrue_ok
    assert but(raced, mechanisms=()).untrue_ok
    assert not but(raced, mechanisms=(), lossy=True).untrue_ok, "the lie may be lost on the way"
    assert but(HIT, said="ok", mechanisms=(), lossy=True).untrue_ok
    interfered = but(HIT, said="ok")
    assert not interfered.untrue_ok
    assert interfered.wrong, "it was to be found blocked"
    assert (raced.named_ok, raced.unseen_ok) == (True, False)
    unseen = but(raced, mechanisms=(), lossy=True)
    assert (unseen.named_ok, unseen.unseen_ok) == (False, True)
    assert but(HIT, said="ok", mechanisms=(), acts=0).silent
    assert not but(HIT, said="ok", mechanisms=(), acts=0).wrong, "there was nothing to find"
