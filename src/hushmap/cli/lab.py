"""`hushmap lab`: a simulated censored network with a known truth; nothing leaves this computer."""

from pathlib import Path
from typing import Any

import click

from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.lab_score import asked, progress, took, wish_of
from hushmap.cli.options import RUNS, examples, json_option
from hushmap.cli.replaying import replay_recorded
from hushmap.lab import (
    KeptError,
    LabRefusedError,
    ScenarioError,
    run_demo,
    run_shell,
    score_labs,
    score_text,
)
from hushmap.net import Clock

_SEED = click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True,
    help="Fixes what is lost, what is drawn where a network has a range, and the order.",
)  # fmt: skip
_SCENARIO = click.option(
    "--scenario", default="demo", show_default=True, metavar="NAME|FILE", help="The simulated network."
)


def _made(_: click.Context, option: click.Parameter, place: Path | None) -> Path | None:
    """Make the file or folder of a capture, so that one that cannot be made is said before a lab is."""
    try:
        if place is not None:
            place.touch() if option.metavar == "FILE" else place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.BadParameter(f"{place} cannot be written: {error.strerror}; name another place") from None
    return place


_PCAP = click.option(
    "--pcap",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_made,
    help="Also keep every packet of the lab, as pcapng; forged ones say by whom.",
)


@examples("hushmap lab demo", "hushmap lab shell")
@click.group("lab")
def command() -> None:
    """A small internet inside this computer, with censors whose doings are known."""


@examples("hushmap lab demo", "hushmap lab demo --seed 7 -o /tmp/lab-runs", "hushmap lab demo --replay")
@command.command("demo")
@_SEED
@_SCENARIO
@click.option("--replay", is_flag=True, help="Judge one recorded lab run again; measures nothing, needs no rights.")
@click.option(
    "-o",
    "--output",
    "base",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=RUNS,
    show_default=True,
    help="The folder in which the run lies.",
)
@_PCAP
def demo(*, seed: int, scenario: str, replay: bool, base: Path, pcap: Path | None) -> int:
    """Measure the simulated network with the same program that measures the real one, and count its mistakes.

    Exit code 1 if a verdict is wrong, 6 if this system forbids what a lab needs.
    """
    if replay and pcap:
        raise click.UsageError("--replay and --pcap: a replay sends nothing; choose one.")
    if replay:
        return replay_recorded(base)
    try:
        result = run_demo(seed, scenario, base, say=_say, pcap=pcap)
    except LabRefusedError as error:
        raise Fault(_one_line(error), Exit.REFUSED) from None
    except ScenarioError as error:
        raise Fault(_one_line(error)) from None
    return Exit.DONE if result.passed else Exit.NO


@examples(
    "hushmap lab shell", "hushmap lab shell -- hushmap doctor", "hushmap lab shell --pcap lab.pcapng -- hushmap run"
)
@command.command("shell", context_settings={"ignore_unknown_options": True})
@_SEED
@_SCENARIO
@_PCAP
@click.argument("words", metavar="[COMMAND]...", nargs=-1, type=click.UNPROCESSED)
def shell(*, seed: int, scenario: str, pcap: Path | None, words: tuple[str, ...]) -> int:
    """Open a shell, or run a command, as a user of the simulated network (its helper: HUSHMAP_HELPER)."""
    try:
        return int(run_shell(scenario, seed, words, pcap))
    except LabRefusedError as error:
        raise Fault(_one_line(error), Exit.REFUSED) from None
    except ScenarioError as error:
        raise Fault(_one_line(error)) from None


@examples(
    "hushmap lab score --quick",
    "hushmap lab score --full --state score.jsonl",
    "hushmap lab score demo --noise all --seeds 3 --json",
    "hushmap lab score --cell 'demo harsh seed 3' --only named-one -o kept",
)
@command.command("score")
@asked
@_SEED
@json_option
@click.option(
    "-o",
    "--output",
    "base",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the runs in this folder.",
)
@click.option(
    "--pcap",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_made,
    help="Keep every packet in this folder, a pcapng for each lab; forged ones say by whom.",
)
def score(
    *,
    seed: int,
    jobs: int | None,
    as_json: bool,
    base: Path | None,
    pcap: Path | None,
    state: Path | None,
    **asked_for: Any,
) -> int:
    """Measure simulated networks whose truth is known, all or those named, and count what was right.

    Exit code 1 if a bar is missed, 6 if this system forbids what a lab needs. What it says holds in simulation.
    """
    if asked_for["pure"] and (base or pcap):
        raise click.UsageError("--pure keeps neither runs nor packets: leave -o and --pcap out.")
    wish, clock = wish_of(seed, **asked_for), Clock()
    try:
        found = score_labs(wish, jobs=jobs, out=base, pcap=pcap, state=state, tell=progress)
    except LabRefusedError as error:
        raise Fault(_one_line(error), Exit.REFUSED) from None
    except (ScenarioError, KeptError) as error:
        raise Fault(_one_line(error)) from None
    if as_json:
        screen.out_json(found)
    else:
        screen.out(score_text(found))
    took(wish, clock.now())
    for line in found.missed:
        screen.note(f"hushmap: missed in simulation: {line}")
    return Exit.DONE if found.passed else Exit.NO


def _say(text: str) -> None:
    screen.out(text.split("\n"))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
