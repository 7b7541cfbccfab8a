"""`hushmap show`: what a run says of one target, with its evidence, or of all; or one record of any input."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from hushmap.cli import screen
from hushmap.cli.beside import Beside, all_beside
from hushmap.cli.beside_text import beside_lines, beside_object
from hushmap.cli.fault import Fault
from hushmap.cli.finding import first_of, found_among, matching, records_at
from hushmap.cli.given import Given, given
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import RUNS, examples, json_option, marks_option, output
from hushmap.cli.show_text import list_lines, step_lines, verdict_lines
from hushmap.cli.wording import run_words, shell
from hushmap.detect import TABLES
from hushmap.judge import Found, Judged, judge_one, judged_path, safely
from hushmap.model import Knowledge
from hushmap.runs import Reject, find, last


@examples(
    "hushmap show",
    "hushmap show news.example.org --steps",
    "hushmap show news.example.org --from 2026-11.jsonl.gz",
    "hushmap show news.example.org --with-ooni ooni-XE.jsonl.gz",
)
@click.command("show")
@click.argument("target", metavar="[TARGET|RECORD]", required=False)
@click.option("--run", "run", metavar="RUN", help="The run: an id, part of one, or a folder; by default the last.")
@click.option(
    "--from", "source", metavar="PATH", help="Any input that judge takes, OONI's measurements too, in place of a run."
)
@click.option(
    "--with-ooni",
    "ooni",
    metavar="PATH",
    help="What OONI has of the same host on the same network in the 30 days before: measurements that were fetched.",
)
@click.option("--steps", is_flag=True, help="Every attempt with every step.")
@marks_option("Block notices")
@output
@json_option
def command(
    *,
    target: str | None,
    run: str | None,
    source: str | None,
    ooni: str | None,
    steps: bool,
    marks: tuple[Path, ...],
    base: Path,
    as_json: bool,
) -> None:
    """Show what a run says of one target, with its evidence; without a target, the list of all.

    TARGET is an address, a site's name or a word as it stands in the list; RECORD is a record's id, or with --from
    also its FILE:LINE, as judge tells them.
    """
    if source is not None and run is not None:
        raise click.UsageError("--run and --from are two places; give one")
    if ooni is not None and (source is not None or (target is None and not as_json)):
        raise click.UsageError(
            "--with-ooni stands beside a target of a run; name one: hushmap show TARGET --with-ooni"
        )
    known = knowledge(marks)
    place = given(source) if source is not None else None
    if source is not None and place is not None and place.run is None:
        _from(place, target, known, steps=steps, as_json=as_json)
        return
    path = _run(base, run) if place is None or place.run is None else place.run
    judged = [found for found in judged_path(path, known) if isinstance(found, Judged)]
    if not judged:
        raise Fault(f"the run {path.name} holds no verdict yet; go on with it: hushmap run --resume {path.name}")
    chosen = judged if target is None else matching(judged, target)
    usual = run is None and source is None and base == RUNS
    more = "" if usual else f" --run {shell(run_words(path, RUNS))}"
    if target is None and not steps and not as_json:
        screen.out(list_lines(judged, f"run {path.name}", more=more))
    else:
        beside = all_beside(ooni, chosen, known) if ooni is not None else {}
        _tell(chosen, known, steps=steps, as_json=as_json, more=more, beside=beside)


def _run(base: Path, run: str | None) -> Path:
    if run is None:
        return last(base)
    return Path(run) if Path(run).is_dir() else find(base, run)


def _from(place: Given, target: str | None, known: Knowledge, *, steps: bool, as_json: bool) -> None:
    """Records of an input; without a target, its only record or the list of all."""
    every = records_at(place)
    if target is None:
        found, more = first_of(every, place.text), 0
    else:
        hits = found_among(every, target, place.text)
        found, more = hits.records, hits.more
    told = [safely(one.source, partial(_told, one, known)) for one in found if one.record.experiment in TABLES]
    judged = [one for one in told if isinstance(one, Judged)]
    bad = [f"{one.source}: {one.error}" for one in told if isinstance(one, Reject)]
    if not told:
        tests = ", ".join(sorted({one.record.experiment for one in found}))
        what = f"a record of the test {tests}, which is kept and not judged"
        raise Fault(f"{found[0].source}: {what}; tests that are: hushmap judge --rules")
    if not judged:
        raise Fault(bad[0])
    screen.notes(f"hushmap: {one}" for one in bad)
    if target is None and len(found) > 1 and not steps and not as_json:
        screen.out(list_lines(judged, place.text, more=f" --from {shell(place.text)}"))
        return
    _tell(judged, known, steps=steps, as_json=as_json, place=place.text)
    if more:
        path = shell(place.text)
        screen.note(
            f"hushmap: the first {len(found)} of {len(found) + more} records of {target}; others may say otherwise: "
            f"hushmap incidents {path}; each with its id: hushmap judge {path} --json"
        )


def _told(one: Found, known: Knowledge) -> Judged:
    """The record with its verdict and sentence, which would be made when it is shown."""
    judged = judge_one(one.record, known, source=one.source)
    assert judged.saying.label
    return judged


def _tell(
    judged: list[Judged],
    known: Knowledge,
    *,
    steps: bool,
    as_json: bool,
    place: str = "",
    more: str = "",
    beside: Mapping[str, Beside] = MappingProxyType({}),
) -> None:
    for number, one in enumerate(judged):
        theirs = beside.get(one.record.id)
        if as_json:
            screen.out_json(as_object(one) | ({"with_ooni": beside_object(theirs)} if theirs is not None else {}))
        else:
            screen.out([""] if number else [])
            screen.out(step_lines(one) if steps else verdict_lines(one, known, place, more))
            screen.out(beside_lines(theirs) if theirs is not None else [])


def as_object(one: Judged) -> dict[str, Any]:
    """`{record, verdict, text}` (UX 5)."""
    saying = one.saying
    return {
        "record": one.record,
        "verdict": one.object,
        "text": {"label": saying.label, "sentence": saying.sentence, "limits": saying.limits},
    }
