"""`hushmap campaign survival`: how long watched posts stayed, from the visits to them."""

from collections.abc import Iterable, Iterator, Sequence

import click

from hushmap import analysis
from hushmap.analysis import Cause, Panel, Visit
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.finding import records_at
from hushmap.cli.given import given
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import examples, json_option
from hushmap.cli.wording import count, listed
from hushmap.detect import PRECISION, looks, zero_of
from hushmap.judge import Found, Judged, judge_one
from hushmap.model import Outcome, Reason, Record
from hushmap.report import Words, survival_sentences

FEWEST = 10
"""METHOD 5: what persons wrote is told of in aggregates of ten or more only."""
AUTHORS = 3
"""Of two, each who leaves out his own posts has those of the other."""
_CAUSES = {
    Outcome.REMOVED: Cause.REMOVED,
    Outcome.SUPPRESSED: Cause.HIDDEN,
    Outcome.WITHDRAWN: Cause.WITHDRAWN,
}
_ACCOUNT = "platform.account_gone"
"""What a withdrawal is called that was one of all posts of an account."""


@examples("hushmap campaign survival results/runs", "hushmap campaign survival results/runs --lang zh")
@click.command("survival")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the sentences.")
@click.option("--platform", "only", metavar="ID", help="Only posts of this platform, where the runs have several.")
@click.option("--seed", type=int, default=1, metavar="N", help="Of what is drawn by chance.", show_default=True)
@json_option
def command(*, paths: tuple[str, ...], lang: str, only: str | None, seed: int, as_json: bool) -> None:
    """Tell how long watched posts stayed public, by the platform's word on each that is gone. Nothing is sent.

    PATH is a run of the experiment watch, or a folder of them. Of what persons wrote, fewer than ten posts, or
    those of fewer than three accounts, are not told of; posts without an account in the list count as one's.
    """
    every = {one.id: one for path in paths for one in _records(path) if one.experiment == "watch"}
    records, platform, name = _of_one_platform(every.values(), only)
    known = knowledge()
    visits = [visit for one in records if (visit := _visit(judge_one(one, known))) is not None]
    try:
        panel = analysis.panel(visits)
        _one_place(records)
        _enough(panel, visits, records)
        told = analysis.survivals(panel, seed)
    except ValueError as error:
        remedy = "give all runs of a list of posts (docs/how-to/watch.md)"
        raise Fault(f"{paths[0]}: {error}; {remedy}") from None
    if as_json:
        screen.out_json(
            {"schema": "hushmap.survival/1", "platform": platform, "panel": _counts(panel), "causes": told}
        )
    else:
        screen.out(survival_sentences(panel, told, Words(lang), platform=name))


def _records(path: str) -> Iterator[Record]:
    """The records at a path."""
    return (piece.record for piece in records_at(given(path)) if isinstance(piece, Found))


def _visit(judged: Judged) -> Visit | None:
    """What a visit decided; `None` if nothing."""
    record, verdict = judged.record, judged.verdict
    gone = verdict.outcome in _CAUSES or verdict.reason is Reason.UNSAID
    there = verdict.outcome is Outcome.VISIBLE
    seen = looks(record.counted)
    if not (there or gone) or not seen:
        return None
    carrying = seen[-1] if there else seen[-2]
    run = _began(record)
    return Visit(
        post=record.target,
        account=record.post.account if record.post is not None else "",
        run=run,
        at=run + carrying.trial.t0,
        there=there,
        cause=Cause.ACCOUNT if _ACCOUNT in verdict.mechanisms else _CAUSES.get(verdict.outcome),
    )


def _began(record: Record) -> float:
    """Unix time of t = 0 of its run.

    Raises:
        Fault: It is not known, or to the hour or the day only.
    """
    zero = zero_of(record)
    if zero is None:
        what = f"{record.id} does not say when its run began, in UTC"
        raise Fault(f"{what}, so that its visit has no place among the others; leave its file out")
    if PRECISION in record.annotations:
        what = f"{record.id} is from a published copy, whose times are rounded and which tells no accounts"
        raise Fault(f"{what}: how long a post stayed is not in it; give the runs as they were recorded")
    return zero[0]


def _platform(record: Record) -> tuple[str, str]:
    """Id and name of the platform of a post; of a record that does not say it the same words as both."""
    platform = record.post.platform if record.post is not None else None
    return (platform.id, platform.name) if platform is not None else ("an unknown platform",) * 2


def _of_one_platform(records: Iterable[Record], wanted: str | None) -> tuple[list[Record], str, str]:
    """The records of one platform, its id and name; refuse to pool several.

    Each removes in its own way, and the same account name is another's there.
    """
    every = list(records)
    found = dict(map(_platform, every))
    if wanted is not None and every and wanted not in found:
        raise Fault(f"no visit to a post of {wanted!r}, but to some of {listed(sorted(found))}")
    if wanted is None and len(found) > 1:
        raise Fault(f"posts of {listed(sorted(found))}: each removes in its own way; give one with --platform ID")
    platform = wanted or next(iter(found), "")
    return [one for one in every if _platform(one)[0] == platform], platform, found.get(platform, "")


def _one_place(records: Iterable[Record]) -> None:
    """Refuse to pool what is shown in different countries: hidden in one and open in another would be neither."""
    places = sorted({record.vantage.country or "an unknown country" for record in records})
    if len(places) > 1:
        raise Fault(f"visits from {listed(places)}: a post may be hidden in one alone; give the runs of one country")


def _enough(panel: Panel, visits: Sequence[Visit], records: Iterable[Record]) -> None:
    """Refuse to tell of a few posts of persons, or of few persons'."""
    personal = {one.target for one in records if one.personal}
    persons = {one.author for one in visits if one.post in personal}
    offices = {one.author for one in visits if one.post not in personal}
    counted = [one for one in panel.kept if one.account in persons - offices]  # what is told is told of these
    # Of posts whose account is not known all may be one person's.
    authors = len({one.account if one.named else "" for one in counted})
    if persons and (len(counted) < FEWEST or authors < AUTHORS):
        few = f"of what persons wrote nothing is told of fewer than {FEWEST} posts, or {AUTHORS} accounts"
        there = f"{count(len(counted), 'post')} of {count(authors, 'account')} followed that persons wrote"
        raise Fault(f"{there}, and {few}: give more runs, or a longer list")


def _counts(panel: Panel) -> dict[str, object]:
    """The panel without its posts: no row about one leaves."""
    fields = {name: getattr(panel, name) for name in panel.__struct_fields__ if name != "followed"}
    return {**fields, "followed": len(panel.followed), "nameless": panel.nameless}
