"""`hushmap lab score`: what it can be told, and how it ends."""

import json

import pytest

from hushmap.cli import lab
from hushmap.cli.fault import Exit
from hushmap.cli.lab_score import progress, took
from hushmap.lab import KeptError, LabRefusedError, Progress, ScenarioError, Wish
from hushmap.lab.scoring import scored
from scored import FINE, but, result

WRONG = but(FINE, said="blocked")


@pytest.fixture
def asked(hushmap, monkeypatch):
    """Type a command line; the wish it became, and how it ended."""

    def typing(*words, rows=(FINE,), raises=None):
        wishes = []

        def labs(wish, *, jobs, out, pcap, state, tell):
            if raises:
                raise raises
            wishes.append((wish, jobs, out, state))
            return scored(wish, [result(*rows)], "0123")

        monkeypatch.setattr(lab, "score_labs", labs)
        return hushmap("lab", "score", *words), wishes

    return typing


def test_options_say_which_labs(asked):
    """Scenarios, lines, families, twins, seeds; jobs and folder beside."""
    done, ((wish, jobs, out, state),) = asked(
        *("demo", "x.toml", "--noise", "all", "--seed", 4, "--seeds", 3, "--jobs", 5, "--ipv6", "--twins"),
        *("-o", "kept", "--state", "x.jsonl", "--only", "news"),
    )
    assert done.exit_code == Exit.DONE
    assert wish == Wish(
        scenarios=("demo", "x.toml"), noises=("clean", "mild", "harsh"), families=("own", "ipv6"), twins=True,
        seed=4, seeds=3, only="news",
    )  # fmt: skip
    assert (jobs, str(out), str(state)) == (5, "kept", "x.jsonl")
    assert asked("demo")[1][0][1] is None, "as many labs as the machine bears"


def test_quick_is_every_scenario_once_and_full_the_matrix(asked):
    """Both at once is no sense."""
    assert asked("--quick")[1][0][0] == Wish()
    full = asked("--full")[1][0][0]
    assert (full.noises, full.seeds, full.twins, len(full.families)) == (("clean", "mild", "harsh"), 0, True, 2)
    assert asked("--full", "--quick")[0].exit_code == Exit.USAGE


def test_one_lab_can_be_asked_for_by_the_name_that_was_printed(asked):
    """As often as one likes; `--quick` beside it is no sense."""
    words = ("--cell", "demo harsh ipv6 seed 3", "--cell", "demo clean seed 1")
    assert asked(*words)[1][0][0] == Wish(cells=("demo harsh ipv6 seed 3", "demo clean seed 1"))
    assert asked("--quick", *words)[0].exit_code == Exit.USAGE


def test_without_packets_nothing_of_them_can_be_kept(asked):
    """Neither runs nor captures."""
    assert asked("--quick", "--pure")[1][0][0] == Wish(pure=True)
    assert asked("--full", "--pure")[1][0][0].pure
    assert asked("--pure", "-o", "kept")[0].exit_code == Exit.USAGE


def test_a_missed_bar_is_one_line_and_exit_code_1(asked):
    """The score is on stdout, what is missed on stderr."""
    done, _ = asked(rows=(FINE, WRONG))
    assert done.exit_code == Exit.NO
    assert done.stdout.startswith("In simulation: 1 labs, seed 1;")
    assert "hushmap: missed in simulation: innocents called blocked: 1 of 2" in done.stderr


def test_json_is_one_object_with_everything(asked):
    """Tallies, bars, results, and that it is a simulation."""
    done, _ = asked("--json")
    value = json.loads(done.stdout)
    assert {"simulation", "wish", "whole", "scenarios", "bars", "wrong", "waiting", "results"} <= set(value)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LabRefusedError("no right.\nRemedy: x."), Exit.REFUSED),
        (ScenarioError("x.toml: is wrong"), Exit.USAGE),
        (KeptError("x.jsonl: cannot be written"), Exit.USAGE),
    ],
)
def test_what_cannot_be_measured_is_one_line(asked, error, code):
    """With the exit code of its kind."""
    done, _ = asked(raises=error)
    assert done.exit_code == code
    assert done.stderr.count("\n") == 1


def test_what_it_took_is_said_and_whether_a_quick_look_was_one(capsys):
    """Eight minutes are for every network once; a longer wish may take longer."""
    took(Wish(seed=3), 481.0)
    took(Wish(), 433.0)
    took(Wish.matrix(), 3000.0)
    assert capsys.readouterr().err.splitlines() == [
        "took 8 min 1 s, more than the 8 min that --quick may take",
        "took 7 min 13 s",
        "took 50 min",
    ]


def test_each_lab_that_has_ended_is_said(capsys):
    """On stderr, with what is right or why it broke, what runs, and about how long the rest takes."""
    progress(Progress(of=40, jobs=12, left_s=240.0))
    progress(Progress(of=40, jobs=12, left_s=24.0, kept=3, strange=2, done=3))
    progress(Progress(of=3, done=1, result=result(FINE, WRONG), left_s=80.0, under_way=("a", "b", "c")))
    progress(Progress(of=3, done=2, result=result(FINE), left_s=8.0))
    progress(Progress(of=3, done=3, result=result(error="it hangs")))
    assert capsys.readouterr().err.splitlines() == [
        "40 labs, 12 side by side, about 4 min",
        "40 labs, 12 side by side, about 24 s; 3 of them measured before; 2 results of another revision are not used",
        "[1/3] x clean seed 1: 1/2 right, 7 s; about 80 s left, under way: a and 2 more",
        "[2/3] x clean seed 1: 1/1 right, 7 s; about 8 s left, under way: -",
        "[3/3] x clean seed 1: broke: it hangs, 7 s",
    ]
