"""`hushmap run --every --for`: the plan of the whole is shown and agreed to once, then its cycles begin.

Nothing repeats by itself unless it was left running here. Risky categories are not repeated by themselves at all
(METHOD 5), and a series without an end is not begun.
"""

import hashlib
import math
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import msgspec

from hushmap.catalog import off_by_default
from hushmap.cli import screen
from hushmap.cli.admitting import admit
from hushmap.cli.again import as_typed
from hushmap.cli.asking import agreed, network_key
from hushmap.cli.cycle_text import HALTED, STOPPED, SeriesText, interval, plan_lines, question, series_lines
from hushmap.cli.cycles import Cycles, Setting
from hushmap.cli.deck_changes import agree_to_changes
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.options import RUNS, Wishes
from hushmap.cli.ordering import order
from hushmap.cli.plan import typed
from hushmap.cli.pulse import Pulse
from hushmap.cli.running import parted, person
from hushmap.cli.seeing import planned
from hushmap.cli.starting import Ready, again_words, alone, ready, whole_second
from hushmap.cli.wording import listed
from hushmap.detect import APART
from hushmap.model import Target
from hushmap.net import Clock
from hushmap.runs import (
    Became,
    ConsentRegister,
    CycleOver,
    Series,
    SeriesLog,
    SeriesPlan,
    all_runs,
    find_series,
    jitter,
    load_settings,
    read_series,
)

SHORTEST = 600.0
"""Seconds from one cycle to the next, at least: METHOD 5 leaves an address of others ten minutes between triggers."""
EACH = 6.0
"""Seconds that a post may take: at one request a second, itself and what should be there beside it, twice."""
LONGEST = 90 * 86400.0
"""Seconds of a series, at most: as long as results are kept (METHOD 5)."""

DOUBLING = math.inf
"""In the place of an interval: gaps that double."""
FIRST = 900.0
"""Seconds of the first of them: a visit in which something is missing looks for it again after ten minutes."""

_SPAN = re.compile(r"([1-9][0-9]{0,5})(m|h|d)")
_UNITS = {"m": 60.0, "h": 3600.0, "d": 86400.0}
_AGAIN = frozenset({"deck", "helper", "address", "roots", "scale"})
"""What may be typed when a series goes on: its name, and what its file does not keep."""


class Span(click.ParamType[float]):
    """A stretch of time, as people write it: 30m, 6h, 7d."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Its seconds; `DOUBLING` of that word."""
        if value == "doubling":
            return DOUBLING
        match = _SPAN.fullmatch(str(value))
        if match is None:
            self.fail(f"{str(value)[:40]!r} is no stretch of time; write e.g. 30m, 6h or 7d", param, ctx)
        return int(match[1]) * _UNITS[match[2]]


class Rhythm(msgspec.Struct, frozen=True, kw_only=True):
    """How often, and for how long."""

    every: float
    lasting: float

    @property
    def doubling(self) -> bool:
        """Whether the gaps double."""
        return self.every == DOUBLING

    def first(self, targets: Sequence[Target]) -> float:
        """The first gap, or every one: a visit to that many posts must be over by then, whatever is missing.

        Raises:
            Fault: These targets are not asked about in gaps that double.
        """
        if not self.doubling:
            return self.every
        if any(target.post is None for target in targets):
            raise Fault("--every doubling is for posts (docs/how-to/watch.md); give an interval, e.g. --every 6h")
        gap, needed = FIRST, APART + EACH * len(targets)
        while gap < needed:
            gap *= 2
        if gap > self.lasting:
            raise Fault(f"--for has to be {interval(gap)} at least for {len(targets):,} posts")
        return gap


def rhythm(every: float | None, lasting: float | None) -> Rhythm | None:
    """What was typed of a series, if it is one.

    Raises:
        Fault: It is none that could be begun.
    """
    if every is None and lasting is None:
        return None
    if every is None:
        raise Fault("--for says how long a series goes on: say how often a run begins too, e.g. --every 6h")
    if lasting is None:
        raise Fault("a series without an end is not begun: say for how long, e.g. --for 7d")
    if every == DOUBLING and FIRST <= lasting <= LONGEST:
        return Rhythm(every=every, lasting=lasting)
    if every < SHORTEST:
        raise Fault(
            f"--every {interval(every)} is too often for the sites that are asked: {interval(SHORTEST)} at least"
        )
    if not every <= lasting <= LONGEST:
        least = FIRST if every == DOUBLING else every
        raise Fault(f"--for has to be as long as --every ({interval(least)}), and {interval(LONGEST)} at most")
    return Rhythm(every=every, lasting=lasting)


def follow(pace: Rhythm, options: dict[str, Any], base: Path) -> int:
    """Begin a series and stay with it; the exit code.

    Raises:
        Fault: It must not begin, and why.
        RunBusyError: Another process asks the same on this network.
    """
    how, told = parted(options)
    clock = whole_second()
    told = msgspec.structs.replace(told, seed=clock.seed() if told.seed is None else told.seed)
    settings, ask = load_settings(), person()
    found = ready(told, settings, allow_vpn=how.allow_vpn)
    _no_risk(found.chosen.on)
    country, own_vantage = found.place.vantage.country, found.chosen.deck.own_vantage
    admit(found.chosen.on, country, clock.iso()[:10], own_vantage=own_vantage, ask=ask)
    plan = SeriesPlan(
        series=f"series-{clock.run_id()}",
        begun=clock.iso(0.0),
        every=(every := pace.first(found.chosen.on)),
        doubling=pace.doubling,
        lasting=pace.lasting,
        jitter=jitter(every),
        seed=found.seed,
        deck=found.chosen.deck.name,
        deck_sha256=found.chosen.deck.sha256,
        targets=_digest(found.chosen.on),
        count=len(found.chosen.on),
        network=found.place.network,
        where=network_key(None),
        interface=how.interface,
        told=_kept(told),
    )
    held = _alone(found)
    try:
        _show(plan, found, told)
        agree_to_changes(found.chosen.deck, ask)
        consent = agreed(found.question, ConsentRegister(), ask)
        if ask is not None and ask(question(plan.cycles)).strip() != str(plan.cycles):
            raise Fault("Stopped. Nothing was sent.", Exit.CONSENT)
        clock = whole_second()  # it begins when it was agreed to
        plan = msgspec.structs.replace(plan, begun=clock.iso(0.0), consent=consent)
        setting = Setting(
            plan=plan, chosen=found.chosen, told=told, settings=settings, base=base, how=how, here=_here(found)
        )
        with closing(SeriesLog.create(base, plan)) as log:
            if how.as_json:
                screen.out_json({"event": "series", **msgspec.to_builtins(plan), "cycles": plan.cycles})
            return _walk(setting, log, clock, Pulse(clock), 1)
    finally:
        os.close(held)


def go_on_with(path: Path, options: dict[str, Any]) -> int:
    """Go on with a series that was stopped; what was due meanwhile was missed.

    Raises:
        Fault: It must not go on here, and why.
        RunBusyError: Another process asks the same on this network.
    """
    how, typed_now = parted(options)
    clock = whole_second()
    plan = read_series(path).plan
    told = _told(plan, typed_now)
    how = msgspec.structs.replace(how, interface=how.interface or plan.interface)
    settings = load_settings()
    found = ready(told, settings, allow_vpn=how.allow_vpn)
    if (found.chosen.deck.sha256, _digest(found.chosen.on)) != (plan.deck_sha256, plan.targets):
        raise Fault(
            f"{plan.series}: what {plan.deck} asks about has changed since it was agreed to: begin a new series"
        )
    if found.place.network != plan.network or (plan.network is None and network_key(None) != plan.where):
        known = plan.network or "one without a declared name"
        raise Fault(
            f"{plan.series} was begun on another network ({known}): go back there, or begin a new series",
            Exit.NOTHING,
        )
    held = _alone(found)
    try:
        agreed(found.question, ConsentRegister(), person())
        setting = Setting(
            plan=plan, chosen=found.chosen, told=told, settings=settings, base=path.parent, how=how, here=_here(found)
        )
        with closing(SeriesLog(path)) as log:
            series = read_series(path)
            pulse = Pulse(clock, max(series.last, plan.since(clock.wall())))
            return _walk(setting, log, clock, pulse, _make_up(log, read_series(path, at=pulse.t)))
    finally:
        os.close(held)


def unfinished(base: Path, name: str | None) -> Path | None:
    """The series that is meant by a name, or without one: that of the last run, if it is not over."""
    if name is not None:
        return find_series(base, name)
    runs = [info.manifest for info in all_runs(base) if info.manifest is not None]
    path = find_series(base, runs[-1].series) if runs else None
    return path if path is not None and not read_series(path, Clock().wall()).over else None


def _make_up(log: SeriesLog, series: Series) -> int:
    """Write down what was missed while nobody ran the series; the first cycle that is left."""
    for cycle in series.cycles:
        if cycle.state == "open" and not cycle.run:
            return cycle.cycle
        if not cycle.told:
            state: Became = "cut_short" if cycle.run else "missed"
            why = "killed" if cycle.run else "not_running"
            log.add(CycleOver(cycle=cycle.cycle, t=series.now, state=state, why=why, run=cycle.run))
    return series.plan.cycles + 1


def _walk(setting: Setting, log: SeriesLog, clock: Clock, pulse: Pulse, first: int) -> int:
    plan, how = setting.plan, setting.how
    cycles = Cycles(setting, log, clock, pulse)
    through = cycles.run(first)
    series = read_series(log.path)
    if how.as_json:
        screen.out_json(
            {"event": "series_end", "series": plan.series, "stopped": not through, "cycles": series.cycles}
        )
    else:
        name = plan.series if setting.base == RUNS else str(log.path)
        again = (name, *again_words(setting.told, allow_vpn=how.allow_vpn))
        screen.out(series_lines(series, again, HALTED if cycles.halted else STOPPED))
    if not through:
        return Exit.EARLY if cycles.halted else Exit.INTERRUPTED
    return Exit.DONE if any(cycle.run for cycle in series.cycles) else Exit.NOTHING


def _alone(found: Ready) -> int:
    deck = found.chosen.deck
    return alone(deck.name, deck.sha256, found.place.network, found.network)


def _here(found: Ready) -> tuple[str | None, str | None]:
    return found.place.host.interface, found.place.host.gateway


def _digest(targets: Iterable[Target]) -> str:
    """Of all that is asked about, in any order: the words of a pack and a service's addresses are not in its key."""
    keys = sorted("|".join((one.key, *one.words, *((repr(one.service),) if one.service else ()))) for one in targets)
    return hashlib.sha256("\n".join(keys).encode("utf-8", "surrogatepass")).hexdigest()


def _no_risk(targets: Iterable[Target]) -> None:
    """Rows without a category are switched on once and for all, and are no risk by that alone."""
    risky = {target.category or "marked risky" for target in targets
             if off_by_default(target) and (target.risky or target.category is not None)}  # fmt: skip
    if risky:
        raise Fault(
            f"risky categories are not repeated by themselves, as a series would ({listed(sorted(risky))}): leave "
            "them out, and measure them by hand (hushmap run)"
        )


def _kept(told: Wishes) -> dict[str, Any]:
    """What a series' file keeps of what was typed; a helper's string is a secret, and paths are this computer's."""
    kept: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(told, helper=None, address=None, roots=None))
    return kept


def _told(plan: SeriesPlan, now: Wishes) -> Wishes:
    """What was typed when the series began, and what of it has to be typed again."""
    kept = msgspec.convert(plan.told, Wishes)
    for name in Wishes.__struct_fields__:
        given = getattr(now, name)
        if name not in _AGAIN and given not in {getattr(Wishes(), name), getattr(kept, name)}:
            raise Fault(f"{plan.series} goes on as it was agreed to: leave out {as_typed(name)}")
    return msgspec.structs.replace(kept, helper=now.helper, address=now.address, roots=now.roots)


def _show(plan: SeriesPlan, found: Ready, told: Wishes) -> None:
    """The plan of the whole, on stderr: what is asked next is about it."""
    run = order(found.chosen, found.place, told, seed=found.seed)
    screen.notes(
        plan_lines(
            SeriesText(
                plan=plan,
                each=planned(run, found.place),
                vantage=found.place.vantage,
                limit=run.limits.contacts,
                where=str(RUNS),
                more=typed(told),
            )
        )
    )
