"""`hushmap run`: measure a deck or a list of your own, once, again, or at intervals.

The order is fixed: understand what was typed, refuse what must not be measured, ask for consent, and only then send
the first packet. What was measured is on the disk at every moment; verdicts and the page follow from it at the end.
"""

from pathlib import Path
from typing import Any

import click

from hushmap.cli.again import measure_again
from hushmap.cli.fault import Fault
from hushmap.cli.options import asked, carried_out, examples, output, with_options
from hushmap.cli.retaining import retain
from hushmap.cli.running import measure
from hushmap.cli.series_begin import Span, follow, go_on_with, rhythm, unfinished
from hushmap.runs import load_settings

_MORE = (
    click.option(
        "--resume", is_flag=True, help="Go on with the last run, or with the run or series named in place of DECK."
    ),
    click.option(
        "--again", metavar="undecided|blocked|URL", help="A new run of only these targets of the last run (or --run)."
    ),
    click.option("--run", "of", metavar="RUN", help="With --again: the earlier run."),
    click.option(
        "--every", type=Span(), metavar="6h", help="Begin a run this often, as long as this command is left running."
    ),
    click.option("--for", "lasting", type=Span(), metavar="7d", help="With --every: for how long."),
)


def _more(command: Any) -> Any:
    return with_options(command, *_MORE)


@examples(
    "hushmap run sites-global",
    "hushmap run -f sites.txt --with none --network 'AS64501 Net-A' --country XE",
    "hushmap run sites-global --every 6h --for 7d",
    "hushmap run --resume",
    "hushmap run --again undecided",
)
@click.command("run")
@asked
@output
@_more
@carried_out
def command(
    *,
    base: Path,
    resume: bool,
    again: str | None,
    of: str | None,
    every: float | None,
    lasting: float | None,
    **options: Any,
) -> int:
    """Measure. You are asked before anything is sent; results stay on this computer.

    DECK is the name of a question (hushmap deck list) or the path of one. Ctrl-C ends cleanly.
    """
    pace = rhythm(every, lasting)
    if sum((resume, again is not None, pace is not None)) > 1:
        raise Fault("--resume, --again and --every are three different things: give one")
    if of is not None and again is None:
        raise Fault("--run says whose targets are asked about again: give --again undecided, blocked or a URL")
    if pace is not None:
        code = follow(pace, options, base)
    elif again is not None:
        code = measure_again(again, of, options, base)
    else:
        series = unfinished(base, options["deck"]) if resume else None
        code = measure(options, base, resume=resume) if series is None else go_on_with(series, options)
    retain(base, load_settings())
    return code
