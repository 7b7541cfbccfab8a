"""`hushmap show`: what a run says of one target, with its evidence, or of all."""

import difflib
from pathlib import Path
from typing import Any

import click

from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.options import examples, json_option, output
from hushmap.cli.ordering import knowledge
from hushmap.cli.show_text import list_lines, step_lines, verdict_lines
from hushmap.judge import Judged, judged_path
from hushmap.runs import find, last


@examples("hushmap show", "hushmap show news.example.org --steps")
@click.command("show")
@click.argument("target", metavar="[TARGET|RECORD]", required=False)
@click.option("--run", "run", metavar="RUN", help="The run: an id, part of one, or a folder; by default the last.")
@click.option("--steps", is_flag=True, help="Every attempt with every step.")
@output
@json_option
def command(*, target: str | None, run: str | None, steps: bool, base: Path, as_json: bool) -> None:
    """Show what a run says of one target, with its evidence; without a target, the list of all.

    TARGET is an address, a site's name or a word as it stands in the list; RECORD is a record's id.
    """
    path = last(base) if run is None else Path(run) if Path(run).is_dir() else find(base, run)
    known = knowledge()
    judged = [found for found in judged_path(path, known) if isinstance(found, Judged)]
    if not judged:
        raise Fault(f"the run {path.name} holds no verdict yet; go on with it: hushmap run --resume {path.name}")
    chosen = judged if target is None else matching(judged, target)
    if as_json:
        for one in chosen:
            screen.out_json(as_object(one))
    elif target is None and not steps:
        screen.out(list_lines(judged, path.name))
    else:
        for number, one in enumerate(chosen):
            screen.out([""] if number else [])
            screen.out(step_lines(one) if steps else verdict_lines(one, known))


def matching(judged: list[Judged], target: str) -> list[Judged]:
    """The records that a person means: by id, by the whole target, by a site's host.

    Raises:
        Fault: There is none; the nearest are named.
    """
    wanted = target.casefold().rstrip("/")
    for says in (_id, _whole, _host):
        found = [one for one in judged if says(one).casefold().rstrip("/") == wanted]
        if found:
            return found
    names = sorted({_host(one) for one in judged})
    near = difflib.get_close_matches(target, names, n=3) or [name for name in names if target in name][:3]
    remedy = f"did you mean {', '.join(near)}?" if near else "see all of them: hushmap show"
    raise Fault(f"no target {target[:80]!r} in this run; {remedy}")


def _id(one: Judged) -> str:
    return one.record.id


def _whole(one: Judged) -> str:
    return one.record.target


def _host(one: Judged) -> str:
    target = one.record.target
    return target.partition("://")[2].partition("/")[0] or target


def as_object(one: Judged) -> dict[str, Any]:
    """`{record, verdict, text}` (UX 5)."""
    saying = one.saying
    return {
        "record": one.record,
        "verdict": one.object,
        "text": {"label": saying.label, "sentence": saying.sentence, "limits": saying.limits},
    }
