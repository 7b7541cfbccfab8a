"""`hushmap campaign`: dated enforcement, as its sources tell it, and whether measured change follows it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import click
import msgspec

from hushmap import analysis
from hushmap.catalog import campaign_hash, campaigns, campaigns_hash
from hushmap.cli import screen
from hushmap.cli.campaign_series import Wish, known_as, series_of
from hushmap.cli.campaign_text import list_lines, show_lines, study_lines
from hushmap.cli.fault import Fault
from hushmap.cli.options import examples, json_option, typed_day, with_options
from hushmap.cli.survival import command as survival
from hushmap.cli.wording import count
from hushmap.model import Campaign
from hushmap.net import Clock
from hushmap.runs import Foreseen, ForeseenRegister, StudyAnswered, StudyAsked, StudyRegister


@examples("hushmap campaign list", "hushmap campaign show mps-netpolice-batch1")
@click.group("campaign")
def command() -> None:
    """Dated enforcement: what was announced, when, against what, and what is claimed of it.

    Figures are claims of those who made them; none is a measurement.
    """


command.add_command(survival)


@examples("hushmap campaign list", "hushmap campaign list --json")
@command.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the register by date: campaigns, and what else could be mistaken for their work."""
    found = campaigns()
    if as_json:
        for one in found:
            screen.out_json(one)
    else:
        screen.out(list_lines(found, campaigns_hash()))


@examples("hushmap campaign show gd-net-oriole", "hushmap campaign show gd-net-oriole --json")
@command.command("show")
@click.argument("name", metavar="ID")
@json_option
def show(*, name: str, as_json: bool) -> None:
    """Show one event: its dates, each claim with its source, and what a measurement has not in common with it."""
    every = {one.id: one for one in campaigns()}
    found = _meant(name, every)
    if as_json:
        screen.out_json(found)
    else:
        screen.out(show_lines(found, every))


def _reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """How a series is read: options that a person may keep beforehand, and choose again in the study."""
    every = (
        click.option("--by", metavar="COLUMN",
                     help="Of a table: the column whose values are series of their own; of what was measured "
                     "category (unless another is said), network or country."),
        click.option("--shares", metavar="EXPERIMENT",
                     help="Of what was measured: by day the share of this experiment's tests that found something, "
                     "e.g. web, in place of counts of changes."),
        click.option("--count", metavar="COLUMN", help="Of a table: the column of how many."),
        click.option("--order", metavar="COLUMN",
                     help="Of a table: the column of the day of the order that a row carries out."),
        click.option("--where", metavar="COLUMN=VALUE", multiple=True,
                     help="Of a table: only these rows (repeatable)."),
        click.option("--observed", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
                     help="Of a table: the days on which somebody looked, one a line; else that is not known, and "
                     "said so."),
    )  # fmt: skip
    return with_options(command, *every)


@examples(
    "hushmap campaign foresee gd-net-oriole",
    "hushmap campaign foresee mps-netpolice-batch1 --days 8 --by category",
    "hushmap campaign foresee gd-net-oriole --shares web",
)
@command.command("foresee")
@click.argument("name", metavar="ID")
@click.option("--days", type=click.IntRange(min=1), metavar="N", help="The window; else as long as the event.")
@_reading
def foresee(*, name: str, days: int | None, **meant: Any) -> None:
    """Keep that an event, as it now stands, is to be studied, and how, before there are data.

    A study of data that all come later is then told as pre-registered, if it is given the same options, and no dates.
    It is kept on this computer; for others to believe it, commit the event's file in public.
    """
    found = _meant(name, {one.id: one for one in campaigns()})
    _length(found, days)
    kept = _foreseen(found, days, Wish(**meant), Clock().iso())
    ForeseenRegister().add(kept)
    window = f", with a window of {count(days, 'day')}" if days else ""
    chosen = [f"--{name} {value}" for name, value in meant.items() if value and name != "where"]
    chosen += [f"--where {value}" for value in kept.where]
    read = f", read with {' '.join(chosen)}" if chosen else ""
    screen.out([f"{found.id}: kept as sha256 {kept.sha256[:12]}…{window}{read} at {kept.when}"])


@examples(
    "hushmap campaign study additions.csv --campaign mps-netpolice-batch1 --days 8",
    "hushmap campaign study additions.csv --campaign gd-net-oriole --by category --json",
    "hushmap campaign study results/runs --campaign gd-net-oriole",
    "hushmap campaign study results/archive --campaign gd-net-oriole --shares web --by network",
    "hushmap campaign study additions.csv --campaign mps-netpolice-batch1 --days 14 --by province "
    "--start North=2015-06-01 --start South=2015-08-07",
)
@command.command("study")
@click.argument("paths", metavar="SERIES...", nargs=-1, required=True)
@click.option("--campaign", "name", metavar="ID", required=True, help="The event (hushmap campaign list).")
@click.option("--days", type=click.IntRange(min=1), metavar="N", help="So many days from its start; else to its end.")
@_reading
@click.option(
    "--start",
    "starts",
    metavar="NAME=YYYY-MM-DD",
    multiple=True,
    help="When a locality began, by the name of its series (repeatable), in place of the register's starts: "
    "each has a window of its own, of --days or as long as the campaign, and all are one test.",
)
@click.option("--since", metavar="YYYY-MM-DD", help="First day of the series; by default its first row's.")
@click.option("--until", metavar="YYYY-MM-DD", help="Last day of the series; by default its last row's.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the sentences.")
@click.option("--seed", type=int, default=1, metavar="N", help="Of what is drawn by chance.", show_default=True)
@json_option
def study(
    *,
    paths: tuple[str, ...],
    name: str,
    days: int | None,
    starts: tuple[str, ...],
    lang: str,
    seed: int,
    as_json: bool,
    **meant: Any,
) -> None:
    """Ask whether measured change follows a campaign: every test that is made is told, nulls too. Nothing is sent.

    SERIES is a table of dated counts (CSV with a column date; additions, where event_type tells them), or what
    query takes: runs, archives, OONI's files, of which each onset is a change. The sample is batches, which is what
    the test counts; the words or sites in them are told beside. With --shares it is what tests found by day. That a
    study was made is kept on this computer, before the data are read: the next one of the same series is adjusted
    for it.
    """
    every = {one.id: one for one in campaigns()}
    campaign = _meant(name, every)
    begun, length = dict(map(_begun, starts)), _length(campaign, days)
    wish = Wish(**meant)
    asked = StudyAsked(
        campaign=campaign.id,
        register=campaigns_hash(),
        question=question_of(campaign, days, begun, wish),
        paths=tuple(map(known_as, paths)),
        when=Clock().iso(),
    )
    studies, now = StudyRegister(), _foreseen(campaign, days, wish)
    studies.add(asked)  # before any data are read
    found = series_of(paths, wish, length)
    typed = starts or wish.since or wish.until  # what is typed now was not kept then
    kept = () if typed else ForeseenRegister().of(now)
    before = [one for one in kept if one.when[:10] < found.series[""].first.isoformat()]
    known = analysis.Known(
        register=asked.register,
        preregistered=bool(before),
        observed_changed=bool(before) and all(one.observed_sha256 != now.observed_sha256 for one in before),
        calendar=tuple(every.values()),
        earlier=studies.earlier(found.names, asked.question),
        onsets=found.onsets,
        experiment=found.experiment,
        sought=found.sought,
        alone=found.alone,
        within=frozenset(name for name, at in found.countries.items() if campaign.country in at),
        measured_in=found.measured_in,
        lags=found.lags,
    )
    rng = Random(seed)  # noqa: S311 (it draws for statistics, and repeats)
    try:
        told = analysis.study(campaign, found.series, known, rng, length=days, starts=begun, points=_points())
    except ValueError as error:
        raise Fault(f"{paths[0]}: {error}") from None
    p = tuple(one.found.p for one in told.question if one.found is not None)
    studies.add(StudyAnswered(question=asked.question, series=found.names, p=p, when=Clock().iso()))
    if as_json:
        screen.out_json({"schema": analysis.STUDY, **msgspec.to_builtins(told)})
    else:
        screen.out(study_lines(told, every, lang))


def _foreseen(campaign: Campaign, days: int | None, wish: Wish, when: str = "") -> Foreseen:
    """What is kept of an event and of how its series is to be read."""
    return Foreseen(
        campaign=campaign.id,
        sha256=campaign_hash(campaign.id),
        days=days,
        by=wish.by,
        count=wish.count,
        order=wish.order,
        where=wish.where,
        observed=None if wish.observed is None else str(wish.observed.resolve()),
        observed_sha256=_held(wish.observed),
        shares=wish.shares,
        when=when,
    )


def question_of(campaign: Campaign, days: int | None, starts: Mapping[str, date], wish: Wish) -> str:
    """Hash of all that a person chose: asked again like this, it is the same question."""
    begun = sorted((name, day.isoformat()) for name, day in starts.items())
    chosen = [campaign.id, days, begun, wish, _held(wish.observed)]
    return hashlib.sha256(msgspec.json.encode(chosen, enc_hook=str)).hexdigest()


def _length(campaign: Campaign, days: int | None) -> int:
    """Days of the window.

    Raises:
        Fault: So many are none.
    """
    try:
        when = analysis.window(campaign, days)
    except ValueError as error:
        raise Fault(f"--days: {error}; write e.g. --days 14") from None
    return (when.end - when.start).days + 1


def _held(observed: Path | None) -> str | None:
    """Hash of what a file of observed days holds; `None`: there is none, or it cannot be read, as is told later."""
    try:
        return None if observed is None else hashlib.sha256(observed.read_bytes()).hexdigest()
    except OSError:
        return None


def _begun(text: str) -> tuple[str, date]:
    name, equals, value = text.rpartition("=")
    if not (name and equals):
        raise Fault(f"--start {text[:40]}: write NAME=YYYY-MM-DD")
    return name, typed_day("--start", value)


def _points() -> Callable[[Sequence[float | None]], Sequence[int]] | None:
    """What finds change points; without it a study says nothing of them."""
    try:
        return analysis.change_points
    except ModuleNotFoundError as missing:
        screen.note(f"hushmap: no change points are sought, since {missing.name} is not installed: "
                    "pip install 'hushmap[stats]'")  # fmt: skip
        return None


def _meant(name: str, every: Mapping[str, Campaign]) -> Campaign:
    """The event of this id, or of a part of one.

    Raises:
        Fault: There is none, or there are several.
    """
    found = [name] if name in every else [known for known in every if name in known]
    if len(found) != 1:
        what = "several events are called so" if found else "there is no such event"
        raise Fault(f"{name[:60]}: {what}; hushmap campaign list: {', '.join(found) or 'shows all'}")
    return every[found[0]]
