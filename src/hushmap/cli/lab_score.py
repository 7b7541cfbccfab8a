"""What `hushmap lab score` can be told, and what it says while it measures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from hushmap.cli import screen
from hushmap.cli.options import with_options
from hushmap.cli.wording import duration
from hushmap.lab import NOISES, QUICK_S, Progress, Wish

_OPTIONS = (
    click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1),
    click.option("--quick", is_flag=True, help="Every scenario once on a clean line: minutes."),
    click.option(
        "--full", is_flag=True,
        help="Every line, IPv4 and IPv6, with uncensored twins, for 2,000 targets of either kind: most of an hour.",
    ),
    click.option(
        "--seeds", type=click.IntRange(min=1), default=1, show_default=True, help="How many seeds, from --seed on."
    ),
    click.option(
        "--jobs", type=click.IntRange(min=1), metavar="N",
        help="Labs side by side; unless told eight for each processor, for a lab mostly waits, or one with --pure.",
    ),
    click.option(
        "--noise", type=click.Choice([*NOISES, "all"]), default="clean", show_default=True,
        help="How bad the line is.",
    ),
    click.option("--ipv6", is_flag=True, help="Also with the sites that have IPv4 only in IPv6."),
    click.option("--twins", is_flag=True, help="Also each network without its censors, where nothing may be found."),
    click.option(
        "--cell", "cells", multiple=True, metavar="LAB",
        help="This lab alone, by the name that a score prints: 'demo harsh ipv6 seed 3'; may be repeated.",
    ),
    click.option(
        "--pure", is_flag=True,
        help="Without kernel, sockets or waiting: the same program and censors, in seconds and without any right.",
    ),
    click.option("--only", default="", metavar="TEXT", help="Only targets that have this in them."),
    click.option(
        "--state", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
        help="Keep each result in this file as it comes; the same command goes on where it was ended.",
    ),
)  # fmt: skip


def asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb every option that says what is to be scored; `wish_of` reads them."""
    return with_options(command, *_OPTIONS)


def wish_of(
    seed: int,
    *,
    scenarios: tuple[str, ...],
    quick: bool,
    full: bool,
    seeds: int,
    noise: str,
    ipv6: bool,
    twins: bool,
    cells: tuple[str, ...],
    only: str,
    pure: bool,
) -> Wish:
    """What was asked for.

    `--quick`, `--full` and `--cell` say all of it but scenarios, targets and the seed.
    """
    if quick + full + bool(cells) > 1:
        raise click.UsageError("--quick, --full and --cell: choose one.")
    if quick or cells:
        return Wish(scenarios=scenarios, seed=seed, cells=cells, only=only, pure=pure)
    if full:
        return Wish.matrix(scenarios=scenarios, seed=seed, only=only, pure=pure)
    return Wish(
        scenarios=scenarios,
        noises=tuple(NOISES) if noise == "all" else (noise,),
        families=("own", "ipv6") if ipv6 else ("own",),
        twins=twins,
        seed=seed,
        seeds=seeds,
        only=only,
        pure=pure,
    )


def progress(told: Progress) -> None:
    """A line before the first lab, and one for each that has ended."""
    left = f"about {duration(told.left_s)}"
    if told.result is None:
        kept = f"; {told.kept} of them measured before" if told.kept else ""
        strange = f"; {told.strange} results of another revision are not used" if told.strange else ""
        screen.note(f"{told.of} labs, {told.jobs} side by side, {left}{kept}{strange}")
        return
    rows = told.result.rows
    wrong = sum(row.wrong for row in rows)
    said = f"broke: {told.result.error}" if told.result.error else f"{len(rows) - wrong}/{len(rows)} right"
    now = f"; {left} left, under way: {_few(told.under_way)}" if told.done < told.of else ""
    screen.note(f"[{told.done}/{told.of}] {told.result.label}: {said}, {told.result.seconds:.0f} s{now}")


def _few(labels: tuple[str, ...]) -> str:
    more = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
    return f"{labels[0]}{more}" if labels else "-"


def took(wish: Wish, seconds: float) -> None:
    """How long it all took; that it is longer than a quick look may be is said."""
    over = f", more than the {duration(QUICK_S)} that --quick may take" if wish.quick and seconds > QUICK_S else ""
    screen.note(f"took {duration(seconds)}{over}")
