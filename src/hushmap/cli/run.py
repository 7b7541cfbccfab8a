"""`hushmap run`: measure a deck or a list of your own.

The order is fixed: understand what was typed, refuse what must not be measured, ask for consent, and only then send
the first packet. What was measured is on the disk at every moment; verdicts and the page follow from it at the end.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from hushmap.cli import screen
from hushmap.cli.asking import typed_answer
from hushmap.cli.fault import Exit
from hushmap.cli.finishing import Finished, finish
from hushmap.cli.options import RUNS, asked, carried_out, examples, output, wishes
from hushmap.cli.reporting import Told, reporter
from hushmap.cli.run_text import Summary, down_lines, ready_line, summary_lines
from hushmap.cli.starting import Job, begin, go_on
from hushmap.cli.wording import run_words
from hushmap.cli.wordlists import words_in
from hushmap.model import Outcome
from hushmap.net import Clock
from hushmap.runner import Ended, carry_out, earlier_trials, preview
from hushmap.runs import last, load_settings, remove


@examples(
    "hushmap run sites-global",
    "hushmap run -f sites.txt --with none --network 'AS64501 Net-A' --country XE",
    "hushmap run --resume",
)
@click.command("run")
@asked
@output
@click.option("--resume", is_flag=True, help="Go on with the last run, or with the run named in place of DECK.")
@carried_out
def command(*, base: Path, resume: bool, **options: Any) -> int:
    """Measure. You are asked before anything is sent; results stay on this computer.

    DECK is the name of a question (hushmap deck list) or the path of one. Ctrl-C ends cleanly.
    """
    return measure(options, base, resume=resume)


class How(msgspec.Struct, frozen=True, kw_only=True):
    """What a verb that measures can be told beside its targets (`carried_out`)."""

    interface: str | None = None
    allow_vpn: bool = False
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False


def measure(
    options: dict[str, Any], base: Path, *, resume: bool = False, found: Callable[[Finished], None] | None = None
) -> int:
    """Carry out what was typed, and say what came of it; the exit code.

    Args:
        options: what a verb of `asked` or `asked_of_words` and `carried_out` was told.
        base: the folder in which runs lie.
        resume: go on with a run that was begun before.
        found: says what came of it in place of the block at the end.

    Raises:
        Fault: It must not start, and why.
    """
    how = How(**{name: options.pop(name) for name in How.__struct_fields__})
    told, settings = wishes(options), load_settings()
    ask = typed_answer if screen.at_terminal() else None
    start = go_on if resume else begin
    job = start(told, settings, base, ask=ask, interface=how.interface, allow_vpn=how.allow_vpn)
    try:
        return _measured(job, how, fresh=not resume, found=found)
    finally:
        job.net.close()
        job.folder.close()


def _measured(job: Job, how: How, *, fresh: bool, found: Callable[[Finished], None] | None) -> int:
    place = job.place
    ready = ready_line(
        vpn=place.host.vpn, resolvers=place.host.resolvers, helper=job.plan.helper is not None, run=job.plan.run
    )
    name = "+".join(sorted({target.experiment for target in job.plan.targets}))
    words = words_in(job.plan.targets) if all(target.place is not None for target in job.plan.targets) else 0
    told = Told(
        name=name,
        ready=ready,
        clock=lambda t: _time_of_day(job.clock, t),
        judge=job.judge_and_keep,
        words=words,
        longest=preview(job.plan).seconds.max if words else 0.0,
    )
    told.count_all(job.judged_before())
    told_to = reporter(told, as_json=how.as_json, quiet=how.quiet, verbose=how.verbose)
    try:
        ended = asyncio.run(_carry_out(job, told_to))
    finally:
        told_to.close()
    if ended.code == Exit.NOTHING:
        if fresh:
            job.folder.close()
            remove(job.folder.path)
        screen.notes(down_lines(ended, kept=not fresh))
        return ended.code
    finished = finish(job.folder, job.plan.knowledge)
    if not how.as_json:
        if found is not None:
            found(finished)
        screen.out(summary_lines(_summary(job, ended, finished)))
    return ended.code


def _summary(job: Job, ended: Ended, finished: Finished) -> Summary:
    return Summary(
        ended=ended,
        judged=finished.judged,
        rejects=len(finished.rejects),
        vantage=job.plan.vantage,
        started=job.folder.manifest.started,
        stopped=job.clock.iso(),
        run=run_words(job.folder.path, RUNS),
        page=finished.page,
        helper=job.plan.helper is not None,
        latest=_latest(job.folder.path),
        again=job.again,
        words=words_in(job.plan.targets),
        sites=sum(target.place is None for target in job.plan.targets),
    )


def _latest(path: Path) -> bool:
    """Whether a verb without --run and -o would mean this run."""
    return path.parent == RUNS and last(RUNS) == path


async def _carry_out(job: Job, told_to: Any) -> Ended:
    """The run, ended in order by Ctrl-C (which asyncio turns into a cancel) and by SIGTERM alike."""
    task = asyncio.current_task()
    assert task is not None
    with suppress(NotImplementedError, RuntimeError, ValueError):  # no signals here: not the main thread, or no POSIX
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await carry_out(
        job.plan,
        net=job.net,
        clock=job.clock,
        folder=job.folder,
        on_event=told_to,
        has_fired=lambda record: job.judge(record).verdict.outcome is Outcome.BLOCKED,
        earlier=earlier_trials(job.folder.path, datetime.fromisoformat(job.folder.manifest.started)),
        aside=asyncio.to_thread,
    )


def _time_of_day(clock: Clock, t: float) -> str:
    """`22:34:10`, UTC."""
    return str(clock.iso(t))[11:19]
