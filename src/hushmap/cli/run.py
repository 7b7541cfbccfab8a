"""`hushmap run`: measure a deck or a list of your own.

The order is fixed: understand what was typed, refuse what must not be measured, ask for consent, and only then send
the first packet. What was measured is on the disk at every moment; verdicts and the page follow from it at the end.
"""

import asyncio
import signal
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hushmap.cli import screen
from hushmap.cli.asking import typed_answer
from hushmap.cli.fault import Exit
from hushmap.cli.finishing import finish
from hushmap.cli.options import RUNS, asked, examples, json_option, output, wishes
from hushmap.cli.reporting import Told, reporter
from hushmap.cli.run_text import Summary, down_lines, ready_line, summary_lines
from hushmap.cli.starting import Job, begin, go_on
from hushmap.cli.wording import run_words
from hushmap.cli.wordlists import words_in
from hushmap.model import Outcome
from hushmap.net import Clock
from hushmap.runner import Ended, carry_out, earlier_trials
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
@click.option("--interface", metavar="NAME", help="Send everything by this network interface.")
@click.option("--allow-vpn", is_flag=True, help="Measure although a VPN seems to be on: its exit, not this line.")
@json_option
@click.option("-q", "--quiet", is_flag=True, help="No progress and no notices on stderr.")
@click.option("-v", "--verbose", is_flag=True, help="Name every target on stderr when it is finished.")
def command(
    *,
    base: Path,
    resume: bool,
    interface: str | None,
    allow_vpn: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> int:
    """Measure. You are asked before anything is sent; results stay on this computer.

    DECK is the name of a question (hushmap deck list) or the path of one. Ctrl-C ends cleanly.
    """
    told, settings = wishes(options), load_settings()
    ask = typed_answer if screen.at_terminal() else None
    start = go_on if resume else begin
    job = start(told, settings, base, ask=ask, interface=interface, allow_vpn=allow_vpn)
    try:
        return _measure(job, as_json=as_json, quiet=quiet, verbose=verbose, fresh=not resume)
    finally:
        job.net.close()
        job.folder.close()


def _measure(job: Job, *, as_json: bool, quiet: bool, verbose: bool, fresh: bool) -> int:
    place = job.place
    ready = ready_line(
        vpn=place.host.vpn, resolvers=place.host.resolvers, helper=job.plan.helper is not None, run=job.plan.run
    )
    name = "+".join(sorted({target.experiment for target in job.plan.targets}))
    told = Told(name=name, ready=ready, clock=lambda t: _time_of_day(job.clock, t), judge=job.judge_and_keep)
    told.groups.update(found.group for found in job.judged_before())
    told_to = reporter(told, as_json=as_json, quiet=quiet, verbose=verbose)
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
    if not as_json:
        summary = Summary(
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
        screen.out(summary_lines(summary))
    return ended.code


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
