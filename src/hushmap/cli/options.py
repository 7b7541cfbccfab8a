"""What `plan` and `run` can be told: one list of options, so that a plan is made of what the run is made of."""

import inspect
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from hushmap.catalog import EXPERIMENTS, READINGS, iso_day
from hushmap.cli.fault import Fault
from hushmap.model import Target

RUNS = Path("results/runs")
"""Where runs lie unless `-o` says otherwise."""

HELPER_HELP = (
    "Your helper elsewhere, as hushmap serve helper printed it; or ooni, or the URL of another of OONI's kind."
)

_Command = TypeVar("_Command", bound=click.Command)

_SIZE = re.compile(r"([0-9]{1,12})([kMG]?)B?")
_UNITS = {"": 1, "k": 1_000, "M": 1_000_000, "G": 1_000_000_000}


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What a person typed, not yet looked at."""

    deck: str | None = None
    urls: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    network: str | None = None
    country: str | None = None
    resolvers: tuple[str, ...] = ()
    other_resolvers: tuple[str, ...] = ()
    helper: str | None = None
    max_data: int | None = None
    seed: int | None = None
    label: str = ""
    roots: str | None = None
    scale: float = 1.0
    experiment: str | None = None
    """What is asked about the files; by what they hold unless it is said."""
    place: str | None = None
    encoding: str | None = None
    read_as: str | None = None
    canaries: tuple[str, ...] = ()
    baseline_word: str | None = None
    address: str | None = None
    asked: tuple[Target, ...] = ()
    """Named one by one by a verb of its own (`hushmap keyword`)."""


class Size(click.ParamType[int]):
    """Bytes, as people write them: 100M."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        if isinstance(value, int):
            return value
        match = _SIZE.fullmatch(str(value))
        if match is None or int(match[1]) == 0:
            self.fail(f"{str(value)[:40]!r} is no amount of data; write e.g. 100M or 1G", param, ctx)
        return int(match[1]) * _UNITS[match[2]]


_WORDS = (
    click.option(
        "--place", metavar="PLACE,...",
        help="Words: where they are put, http-path unless you say; also tls-sni, dns-name, ... or all.",
    ),
    click.option("--encoding", metavar="NAME,...", help="Words: how they are written there, e.g. gb18030."),
    click.option(
        "--canary", "canaries", metavar="WORD", multiple=True,
        help="Words: one that is known to be cut off here; without, no word is cleared (repeatable).",
    ),
    click.option("--baseline-word", metavar="WORD", help="Words: a harmless one to compare with."),
    click.option(
        "--address", metavar="ADDRESS:PORT",
        help="Words: a server of your own that takes them in place of a helper.",
    ),
    click.option(
        "--read-as", type=click.Choice(READINGS), metavar="NAME",
        help="Words: what a list with one a line is written in, UTF-8 unless you say; e.g. gb18030.",
    ),
)  # fmt: skip

_TARGETS = (
    click.argument("deck", required=False),
    click.option("-i", "urls", metavar="URL", multiple=True, help="Measure this address too (repeatable)."),
    click.option(
        "-f", "files", metavar="FILE", multiple=True,
        help="Measure the addresses, or with --experiment keyword the words, in this file (repeatable).",
    ),
    click.option(
        "--experiment", type=click.Choice(EXPERIMENTS), metavar="NAME",
        help="What to ask about the files: keyword for words; by what they hold unless you say.",
    ),
    click.option(
        "--with", "with_", metavar="CAT|URL", multiple=True,
        help="Switch on a risky category, 'none' (rows without one), or a single target (repeatable).",
    ),
    click.option(
        "--without", metavar="CAT|URL", multiple=True, help="Leave out a category or a single target (repeatable)."
    ),
)  # fmt: skip

_SURROUNDINGS = (
    click.option("--network", metavar="'AS64501 Net-A'", help="The network that you are on."),
    click.option("--country", metavar="XE", help="The country that you are in, two letters."),
    click.option(
        "--resolver", "resolvers", metavar="ADDRESS", multiple=True,
        help="Your provider's DNS server, asked beside this computer's own (repeatable).",
    ),
    click.option(
        "--other-resolver", "other_resolvers", metavar="ADDRESS", multiple=True,
        help="A DNS server of somebody else, for what another one says; also tls://NAME#ADDRESS (repeatable).",
    ),
    click.option("--helper", metavar="STRING", help=HELPER_HELP),
    click.option("--max-data", type=Size(), metavar="100M", help="Stop when about this much was sent and received."),
    click.option("--seed", type=click.IntRange(min=0, max=2**53 - 1), help="Fix the order of the targets."),
    click.option("--label", default="", metavar="TEXT", help="A word that ties the runs of a group together."),
    click.option(
        "--roots", metavar="FILE", envvar="HUSHMAP_ROOTS",
        help="PEM file of trusted roots in place of Mozilla's (tests and the lab).",
    ),
    click.option(
        "--scale", type=float, default=1.0, envvar="HUSHMAP_SCALE", hidden=True,
        help="Lab: divides all waiting times.",
    ),
)  # fmt: skip


_CARRYING = (
    click.option("--interface", metavar="NAME", help="Send everything by this network interface."),
    click.option("--allow-vpn", is_flag=True, help="Measure although a VPN seems to be on: its exit, not this line."),
    click.option("--json", "as_json", is_flag=True, help="JSON on stdout, for programs."),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no notices on stderr."),
    click.option("-v", "--verbose", is_flag=True, help="Name every target on stderr when it is finished."),
)


def asked(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb every option that says what is to be measured; `wishes` makes one value of them."""
    return with_options(command, *_TARGETS, *_SURROUNDINGS, *_WORDS)


def asked_of_words(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb that is told its words every option that says how they are measured."""
    return with_options(command, *_WORDS, *_SURROUNDINGS)


def carried_out(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb that measures what it can be told beside its targets."""
    return with_options(command, *_CARRYING)


def with_options(command: Callable[..., Any], *options: Callable[..., Any]) -> Callable[..., Any]:
    """A command with options, in the order in which its help lists them."""
    for option in reversed(options):
        command = option(command)
    return command


def wishes(values: dict[str, Any]) -> Wishes:
    """One value of the options of `asked`."""
    return Wishes(**values)


def typed_day(option: str, text: str) -> date:
    """A day as it was typed.

    Raises:
        Fault: It is none, or is written another way than the records write it.
    """
    found: date | None = iso_day(text)
    if found is None:
        raise Fault(f"{option} {text[:20]!r} is no day; write YYYY-MM-DD, e.g. {option} 2026-11-01")
    return found


def output(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb `-o DIR`."""
    return click.option(
        "-o", "--output", "base", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), default=RUNS,
        show_default=True, help="The folder in which runs lie.",
    )(command)  # fmt: skip


def marks_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a verb `--fingerprints`, as `marks`; `what` begins its help."""
    return click.option(
        "--fingerprints", "marks", metavar="FILE", type=click.Path(path_type=Path), multiple=True,
        help=f"{what} beside the shipped and fetched ones: yours, or a published collection (repeatable).",
    )  # fmt: skip


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="JSON on stdout, for programs.")(command)


def examples(*lines: str) -> Callable[[_Command], _Command]:
    """Show how a verb is typed, below its help text; two lines at least."""

    def shown(command: _Command) -> _Command:
        # click leaves a paragraph that begins with a backspace as it is.
        # The docstring's own indent goes first: after lines without one, click would leave it in.
        command.help = "\n".join([f"{inspect.cleandoc(command.help or '')}\n\n\b", *lines])
        return command

    return shown
