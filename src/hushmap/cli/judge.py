"""`hushmap judge`: judge records, ours and OONI's, any time, with these rules and fingerprints."""

from pathlib import Path

import click
import msgspec

from hushmap.cli import screen
from hushmap.cli.differ_text import differ_lines, differ_objects
from hushmap.cli.fault import Exit
from hushmap.cli.given import given
from hushmap.cli.judge_elsewhere import beside, counted, summary, tell
from hushmap.cli.judge_text import lines
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import examples, json_option, marks_option
from hushmap.cli.proposing import free, proposed
from hushmap.cli.rules_text import rule_lines
from hushmap.cli.tallying import Tally
from hushmap.judge import Counters, Wanted
from hushmap.model import Knowledge, Outcome
from hushmap.net import Clock

EXAMPLES = 5
"""Records that --differ shows of each way in which the two part."""


def _tell_rules(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        screen.out(rule_lines())
        context.exit(Exit.DONE)


@examples(
    "hushmap judge results/runs/20261121T2233Z-3f9c",
    "hushmap judge 2026-11.jsonl.gz --differ",
    "hushmap judge 2026-11.jsonl.gz --json > verdicts.jsonl",
    "hushmap judge 20261121T2233Z-3f9c --elsewhere 20261121T2234Z-81b0",
)
@click.command("judge")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@marks_option("Block notices")
@click.option("--differ", is_flag=True, help="List where OONI's conclusion and this verdict part, by why.")
@click.option(
    "--elsewhere",
    metavar="PATH",
    multiple=True,
    help="Compare with this run from another network, same deck, same time (repeatable); writes nothing.",
)
@click.option(
    "--propose",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write pages that came for unrelated sites to FILE, as fingerprints for you to confirm.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=256),
    metavar="N",
    help="Judge in N processes; by default in one, or for large inputs in as many as there are processors.",
)
@click.option(
    "--fail-on",
    type=click.Choice([outcome.value for outcome in Outcome]),
    multiple=True,
    help="End with exit code 1 if a verdict has this outcome (repeatable).",
)
@click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_rules,
    help="Print the rules of each test, first match first, and end.",
)
@json_option
def command(
    *,
    paths: tuple[str, ...],
    marks: tuple[Path, ...],
    differ: bool,
    elsewhere: tuple[str, ...],
    propose: Path | None,
    jobs: int | None,
    fail_on: tuple[str, ...],
    as_json: bool,
) -> int:
    """Judge records again, ours and OONI's; nothing is sent, but for what a s3:// or https:// PATH is read with.

    PATH is a run folder, a run's id, a file or folder of records (.json, .jsonl, .gz, .zst), s3://, https://, or -
    for stdin. A run's verdicts.jsonl and page are written anew. Lines that cannot be read are set aside: in the run's
    rejected.jsonl, or in NAME.rejected.jsonl in the current folder.
    """
    clock = Clock()
    if elsewhere:
        if differ or propose is not None or jobs is not None:
            raise click.UsageError("--elsewhere judges runs beside each other, without --differ, --propose or --jobs")
        counters = _beside(paths, elsewhere, knowledge(marks), clock, as_json=as_json)
        return Exit.NO if set(fail_on) & set(counters.outcomes) else Exit.DONE
    if propose is not None:
        free(propose)
    wanted = Wanted(objects=as_json and not differ, examples=EXAMPLES if differ else 0, strange=propose is not None)
    tally = Tally(knowledge(marks), wanted, clock)
    tally.judge([given(path) for path in paths], jobs)
    tally.end()
    counters = tally.counters
    if not as_json:
        text = tally.text()
        screen.out(lines(msgspec.structs.replace(text, partings={}) if differ else text))
    if differ and as_json:
        for one in differ_objects(counters):
            screen.out_json(one)
    elif differ:
        screen.out(differ_lines(counters))
    if propose is not None:
        screen.notes(proposed(tally.clusters.proposals(), propose))
    return Exit.NO if set(fail_on) & set(counters.outcomes) else Exit.DONE


def _beside(
    paths: tuple[str, ...], elsewhere: tuple[str, ...], known: Knowledge, clock: Clock, *, as_json: bool
) -> Counters:
    """Judge beside other runs, and tell."""
    told = beside([given(path) for path in paths], [given(path) for path in elsewhere], known)
    counters = counted(told)
    tell(told, counters, lines(summary(counters, known, clock.now())), as_json=as_json)
    return counters
