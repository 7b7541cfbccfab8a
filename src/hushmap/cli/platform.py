"""`hushmap platform`: which platforms can be searched or watched, and whether a manifest still reads its platform."""

from pathlib import Path
from typing import Any

import click

from hushmap.catalog import exclusions, is_post, platforms, platforms_dir, read_platform
from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.finishing import Finished
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import asked_of_words, carried_out, examples, json_option, output
from hushmap.cli.platform_compare import command as compare
from hushmap.cli.platform_text import check_lines, list_lines, show_lines
from hushmap.cli.running import measure
from hushmap.detect import misread, misread_post
from hushmap.model import Platform, Post, Record, Section, Target
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
        screen.out(show_lines(found, PlatformChecks()))


@examples(
    "hushmap platform check ID --country XE",
    "hushmap platform check ./driftwood.toml --country XE",
    "hushmap platform check ./driftwood.toml --post POST --country XE",
)
@command.command("check")
@click.argument("name", metavar="ID|FILE")
@click.option(
    "--post",
    metavar="POST",
    help="Check how posts are read, by the id of one that is public now: a public body's, or your own.",
)
@asked_of_words
@carried_out
@output
def check(*, name: str, post: str | None, base: Path, **options: Any) -> int:
    """See whether a manifest still reads its platform: its searches, or with --post its posts.

    Searches are tried by harmless words and those that are left out there, posts by one that you name and an id that
    no post has. It is a run like any other: it needs a consent, and is not made from the platform's own country.
    Where it passes, that part may be used until midnight, UTC. The post is written down as a keyed hash.
    """
    found = _meant(name)
    part = Section.SEARCH if post is None else Section.POST
    options["asked"] = (_word(found) if post is None else _post(found, post),)
    amiss: list[str] = ["unread"]

    def told(finished: Finished) -> None:
        if finished.judged:
            amiss[:] = [why for one in finished.judged for why in _misread(one.record)]

    code = measure(options, base, found=told)
    if code != Exit.DONE:
        return code
    PlatformChecks().add(found, part, Clock().iso(), tuple(amiss))
    if not options["as_json"]:
        screen.out(check_lines(found, part, tuple(amiss)))
    return Exit.NO if amiss else Exit.DONE


def _misread(record: Record) -> tuple[str, ...]:
    return misread_post(record) if record.post is not None else misread(record, knowledge(()))


def _word(found: Platform) -> Target:
    """The harmless word by which searches are checked."""
    if found.search is None:
        remedy = "name one that is public now, a public body's or your own: --post POST"
        raise Fault(f"{found.id} has no [search], and its posts are checked by one of them; {remedy}")
    word, line = found.search.controls[0], f"platform check {found.id}"
    return Target(experiment="search", text=word, category="SRCH", platform=found, line=line)


def _post(found: Platform, text: str) -> Target:
    """The post by which posts are checked; nothing is kept of it but its hash."""
    if found.post is None:
        raise Fault(f"--post: {found.id} has no [post]; leave it out, and its searches are checked")
    if not is_post(text):
        raise Fault("--post: that is no id of a post; write what stands in its address")
    if exclusions().hit(text):
        raise Fault("--post: is on the hard exclusion list; name another: this has no switch (ETHICS.md)")
    if text == found.post.nonsense:
        raise Fault(f"--post: {text} is the id that no post has; name one that is public now")
    post = Post(platform=found, nonsense=found.post.nonsense)
    return Target(experiment="watch", text=text, category="GRP", post=post, line=f"platform check {found.id}")


def _meant(name: str) -> Platform:
    if "/" in name or name.endswith(".toml"):
        return read_platform(name)
    known = {path.stem: path for path in platforms_dir().glob("*.toml")}
    if name not in known:
        raise Fault(f"there is no platform {name}: choose one of {', '.join(sorted(known))}, or give a file's path")
    return read_platform(known[name])
