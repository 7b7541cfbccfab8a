"""What every verb that measures does: a run is begun or gone on with, watched while it works, judged when it ends."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from hushmap.cli import screen
from hushmap.cli.asking import typed_answer
from hushmap.cli.choosing import Chosen
from hushmap.cli.fault import Exit
from hushmap.cli.finishing import Finished, finish
from hushmap.cli.job import Job, Link
from hushmap.cli.options import RUNS, Wishes, wishes
from hushmap.cli.reporting import Reporter, Told, reporter
from hushmap.cli.run_text import Summary, down_lines, ready_line, summary_lines
from hushmap.cli.starting import begin, go_on
from hushmap.cli.wording import run_words
from hushmap.cli.wordlists import words_in
from hushmap.model import Outcome
from hushmap.runner import Ended, carry_out, earlier_trials, preview
from hushmap.runs import last, load_settings, remove


class How(msgspec.Struct, frozen=True, kw_only=True):
    """What a verb that measures can be told beside its targets (`carried_out`)."""

    interface: str | None = None
    allow_vpn: bool = False
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False


def parted(options: dict[str, Any]) -> tuple[How, Wishes]:
    """What a verb of `asked` or `asked_of_words` and `carried_out` was told: how, and what."""
    how = How(**{name: options[name] for name in How.__struct_fields__})
    return how, wishes({name: value for name, value in options.items() if name not in How.__struct_fields__})


def person() -> Callable[[str], str] | None:
    """Puts a question to the person; `None` where nobody is there."""
    return typed_answer if screen.at_terminal() else None


def measure(
    options: dict[str, Any],
    base: Path,
    *,
    resume: bool = False,
    found: Callable[[Finished], None] | None = None,
    chosen: Chosen | None = None,
    link: Link | None = None,
) -> int:
    """Carry out what was typed, and say what came of it; the exit code.

    Args:
        options: what a verb of `asked` or `asked_of_words` and `carried_out` was told.
        base: the folder in which runs lie.
        resume: go on with a run that was begun before.
        found: takes what came of it, before that is told.
        chosen: the targets, where they are known already.
        link: what ties the run to others.

    Raises:
        Fault: It must not start, and why.
    """
    how, told = parted(options)
    settings, ask = load_settings(), person()
    if resume:
        job = go_on(told, settings, base, ask=ask, interface=how.interface, allow_vpn=how.allow_vpn)
    else:
        job = begin(
            told,
            settings,
            base,
            ask=ask,
            interface=how.interface,
            allow_vpn=how.allow_vpn,
            chosen=chosen,
            link=link or Link(),
        )
    with closing(job):
        return carried(job, how, fresh=not resume, found=found).code


def carried(
    job: Job,
    how: How,
    *,
    fresh: bool,
    found: Callable[[Finished], None] | None = None,
    until: Callable[[], str | None] = lambda: None,
) -> Ended:
    """Carry out a run that may start, and say what came of it.

    Args:
        job: the run.
        how: how it is told of.
        fresh: it was not begun before; if nothing can be measured nothing of it is kept.
        found: says what came of it in place of the block at the end.
        until: a reason to end it early (`carry_out`).
    """
    told_to = reporter(_told(job), as_json=how.as_json, quiet=how.quiet, verbose=how.verbose)
    try:
        ended = asyncio.run(_carry_out(job, told_to, until))
    finally:
        told_to.close()
    if ended.code == Exit.NOTHING:
        if fresh:
            job.folder.close()
            remove(job.folder.path)
        screen.notes(down_lines(ended, kept=not fresh))
        return ended
    finished = finish(job.folder, job.plan.knowledge)
    if found is not None:
        found(finished)
    if not how.as_json:
        screen.out(summary_lines(_summary(job, ended, finished)))
    return ended


def _told(job: Job) -> Told:
    place = job.place
    ready = ready_line(
        vpn=place.host.vpn, resolvers=place.host.resolvers, helper=job.plan.helper is not None, run=job.plan.run
    )
    name = "+".join(sorted({target.experiment for target in job.plan.targets}))
    words = words_in(job.plan.targets) if all(target.place is not None for target in job.plan.targets) else 0
    told = Told(
        name=name,
        ready=ready,
        clock=lambda t: _time_of_day(job, t),
        judge=job.judge_and_keep,
        words=words,
        longest=preview(job.plan).seconds.max if words else 0.0,
    )
    told.count_all(job.judged_before())
    return told


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
        repeated=job.repeated,
        words=words_in(job.plan.targets),
        sites=sum(target.place is None for target in job.plan.targets),
    )


def _latest(path: Path) -> bool:
    """Whether a verb without --run and -o would mean this run."""
    return path.parent == RUNS and last(RUNS) == path


def heed_sigterm() -> None:
    """Let SIGTERM end what goes on in order, as Ctrl-C does (which asyncio turns into a cancel)."""
    task = asyncio.current_task()
    assert task is not None
    with suppress(NotImplementedError, RuntimeError, ValueError):  # no signals here: not the main thread, or no POSIX
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


async def _carry_out(job: Job, told_to: Reporter, until: Callable[[], str | None]) -> Ended:
    heed_sigterm()
    return await carry_out(
        job.plan,
        net=job.net,
        clock=job.clock,
        folder=job.folder,
        on_event=told_to,
        has_fired=lambda record: job.judge(record).verdict.outcome is Outcome.BLOCKED,
        earlier=earlier_trials(job.folder.path, datetime.fromisoformat(job.folder.manifest.started)),
        aside=asyncio.to_thread,
        until=until,
    )


def _time_of_day(job: Job, t: float) -> str:
    """`22:34:10`, UTC."""
    return str(job.clock.iso(t))[11:19]
