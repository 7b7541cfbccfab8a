"""`hushmap platform`: which platforms can be searched or watched, and whether a manifest still reads its platform."""

from pathlib import Path
from typing import Any

import click

from hushmap.catalog import platforms, platforms_dir, read_platform
from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.finishing import Finished
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import asked_of_words, carried_out, examples, json_option, output
from hushmap.cli.platform_compare import command as compare
from hushmap.cli.platform_text import check_lines, list_lines, show_lines
from hushmap.cli.running import measure
from hushmap.detect import misread
from hushmap.model import Platform, Target
from hushmap.net import Clock
from hushmap.runs import PlatformChecks


@examples("hushmap platform list", "hushmap platform check ID --country XE")
@click.group("platform")
def command() -> None:
    """Platforms: how each is searched and how the page of a post is read, as data (probes/README.md)."""


command.add_command(compare)


@examples("hushmap platform list", "hushmap platform list --json")
@command.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the shipped manifests, and which of them may be used today."""
    found = platforms()
    if as_json:
        for one in found:
            screen.out_json(one)
    else:
        screen.out(list_lines(found, PlatformChecks(), Clock().iso()[:10]))


@examples("hushmap platform show ID", "hushmap platform show ./driftwood.toml --json")
@command.command("show")
@click.argument("name", metavar="ID|FILE")
@json_option
def show(*, name: str, as_json: bool) -> None:
    """Show a manifest: how it reads its platform, its notices and their dates, and when it was last checked."""
    found = _meant(name)
    if as_json:
        screen.out_json(found)
    else:
        screen.out(show_lines(found, PlatformChecks().last(found)))


@examples("hushmap platform check ID --country XE", "hushmap platform check ./driftwood.toml --country XE")
@command.command("check")
@click.argument("name", metavar="ID|FILE")
@asked_of_words
@carried_out
@output
def check(*, name: str, base: Path, **options: Any) -> int:
    """See whether a manifest still reads its platform, by harmless words and those it says are left out there.

    It is a run like any other: it needs a consent, and is not made from the platform's own country. Where it passes,
    the platform may be asked until midnight, UTC.
    """
    found = _meant(name)
    if found.search is None:
        raise Fault(f"{found.id} has no [search], and only that can be checked")
    word = found.search.controls[0]
    options["asked"] = (
        Target(experiment="search", text=word, category="SRCH", platform=found, line=f"platform check {found.id}"),
    )
    amiss: list[str] = ["unread"]

    def told(finished: Finished) -> None:
        if finished.judged:
            amiss[:] = [why for one in finished.judged for why in misread(one.record, knowledge(()))]

    code = measure(options, base, found=told)
    if code != Exit.DONE:
        return code
    PlatformChecks().add(found, Clock().iso(), tuple(amiss))
    if not options["as_json"]:
        screen.out(check_lines(found, tuple(amiss)))
    return Exit.NO if amiss else Exit.DONE


def _meant(name: str) -> Platform:
    if "/" in name or name.endswith(".toml"):
        return read_platform(name)
    known = {path.stem: path for path in platforms_dir().glob("*.toml")}
    if name not in known:
        raise Fault(f"there is no platform {name}: choose one of {', '.join(sorted(known))}, or give a file's path")
    return read_platform(known[name])
