"""What `hushmap lab score` can be told, and what it says while it measures."""

from collections.abc import Callable
from typing import Any

import click

from hushmap.cli import screen
from hushmap.lab import NOISES, Wish, jobs_at_once

_OPTIONS = (
    click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1),
    click.option("--quick", is_flag=True, help="Every scenario once on a clean line: minutes."),
    click.option(
        "--full", is_flag=True,
        help="Every line, IPv4 and IPv6, with uncensored twins, for 2,000 targets of either kind: an hour or more.",
    ),
    click.option(
        "--seeds", type=click.IntRange(min=1), default=1, show_default=True, help="How many seeds, from --seed on."
    ),
    click.option(
        "--jobs", type=click.IntRange(min=1), default=jobs_at_once, metavar="N",
        help="Labs side by side; two for each processor unless told, for a lab mostly waits.",
    ),
    click.option(
        "--noise", type=click.Choice([*NOISES, "all"]), default="clean", show_default=True,
        help="How bad the line is.",
    ),
    click.option("--ipv6", is_flag=True, help="Also with the sites that have IPv4 only in IPv6."),
    click.option("--twins", is_flag=True, help="Also each network without its censors, where nothing may be found."),
)  # fmt: skip


def asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb every option that says what is to be scored; `wish_of` makes one value of them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


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
) -> Wish:
    """What was asked for; `--quick` and `--full` say all of it but the scenarios and the seed."""
    if quick and full:
        raise click.UsageError("--quick and --full: choose one.")
    if quick:
        return Wish(scenarios=scenarios, seed=seed)
    if full:
        families = ("own", "ipv6")
        return Wish(scenarios=scenarios, noises=tuple(NOISES), families=families, twins=True, seed=seed, seeds=0)
    return Wish(
        scenarios=scenarios,
        noises=tuple(NOISES) if noise == "all" else (noise,),
        families=("own", "ipv6") if ipv6 else ("own",),
        twins=twins,
        seed=seed,
        seeds=seeds,
    )


def progress(result: Any, done: int, of: int) -> None:
    """One line for each lab that has ended."""
    wrong = sum(row.wrong for row in result.rows)
    said = f"broke: {result.error}" if result.error else f"{len(result.rows) - wrong}/{len(result.rows)} right"
    screen.note(f"[{done}/{of}] {result.label}: {said}, {result.seconds:.0f} s")
