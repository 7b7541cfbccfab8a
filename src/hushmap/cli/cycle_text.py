"""What a series prints: the plan of the whole, a line between cycles, and what became of all of them."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from hushmap.cli.wording import about, count, field, moment, network, shell, size
from hushmap.model import Vantage
from hushmap.runner import Plan
from hushmap.runs import Cycle, CycleOver, Series, SeriesPlan

_NAME = 10
JUMPED = "clock_jumped"
"""Why a cycle ended: the clocks parted."""
_DAY = 86400.0

WHY = {
    "asleep": "this computer slept, or its clock was set",
    "late": "the cycle before it was not over in time",
    "not_running": "nobody ran it then",
    "vpn": "a VPN was on",
    "network_down": "there was no network",
    "captive_portal": "a sign-in page answered in place of the network",
    "other_network": "this computer was on another network",
    "refused": "it could not begin",
    "no_consent": "the consent was withdrawn",
    "cut_short": "its time was up",
    JUMPED: "this computer slept, or its clock was set",
    "stopped": "stopped by you",
    "network_lost": "the network was lost for too long",
    "network_changed": "the network changed",
    "budget": "its data limit was reached",
    "captcha": "a captcha came in answer to a word",
    "warning_page": "a page that warns whoever asks came in answer to a word",
    "killed": "it was killed",
}
"""Why a cycle was missed or cut short."""


class SeriesText(msgspec.Struct, frozen=True, kw_only=True):
    """A series before it begins."""

    plan: SeriesPlan
    each: Plan
    """What one cycle sends."""
    vantage: Vantage
    limit: int
    """Times a day that one name may be sent."""
    where: str
    more: tuple[str, ...]
    """What was typed, for the plan of one cycle."""


def interval(seconds: float) -> str:
    """`6 hours`: an interval as it was typed."""
    for unit, name in ((_DAY, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds % unit == 0:
            return count(seconds / unit, name)
    return count(seconds / 60.0, "minute")


def plan_lines(text: SeriesText) -> Iterator[str]:
    """The plan of the whole, as it is agreed to."""
    plan, each = text.plan, text.each
    cycles = plan.cycles
    yield "Nothing has been sent. This is what the whole series would do."
    yield f"{plan.deck} · {count(plan.count, 'target')} · {network(text.vantage)}"
    how = f"the first gap {interval(plan.every)}, each twice the one before," if plan.doubling else ""
    often = f"{count(cycles, 'run')}, {how or f'one every {interval(plan.every)}'} for {interval(plan.lasting)}"
    yield from field("When", f"{often}: the first now, the last at about {moment(plan.at(plan.due(cycles)))}", _NAME)
    late = f"each begins up to {about(plan.jitter)} after its time, by chance; " if plan.jitter else ""
    yield from field("", f"{late}one that is not over when the next is due is cut short", _NAME)
    gap = "this command has to be left running; what is missed (asleep, no network, a VPN) is a gap, not made up for"
    yield from field("", gap, _NAME)
    for name, times in (("Each run", 1), ("In all", cycles)):
        least, most = each.requests.min * times, each.requests.max * times
        sent = f"{least:,.0f} requests if all is well, at most {most:,.0f}"
        took = f"about {about(each.seconds.min * times)}, at most {about(min(each.seconds.max, plan.every) * times)}"
        data = f"about {size(each.bytes.min * times)}, at most {size(each.bytes.max * times)}"
        yield from field(name, f"{sent} · {took} · {data}", _NAME)
    a_day = min(text.limit, each.contacts * max(1, round(_DAY / plan.every)))
    often = f"one name is sent from this line at most {count(a_day, 'time')} a day, by all runs together"
    if each.contacts * _DAY / plan.every > text.limit:
        often += "; a name that is cut off may use that up, and is then Not decided until the next day"
    if each.contacts:
        yield from field("", often, _NAME)
    name = "Who sees"
    for seen in each.seen_by:
        yield from field(name, f"{seen.who}: {seen.what}", _NAME)
        name = ""
    yield from field("", f"nobody else: results stay in {text.where} until you publish them", _NAME)
    yield f"One run in full: hushmap plan {shell(*text.more)}".rstrip()


def question(cycles: int) -> str:
    """What a person types to agree."""
    return f"Type the number of runs you agree to ({cycles}), or press Enter to stop: "


def begin_line(plan: SeriesPlan, cycle: int) -> str:
    """A cycle begins."""
    return f"Cycle {cycle} of {plan.cycles}"


def next_line(plan: SeriesPlan, cycle: int) -> str:
    """What is waited for."""
    return f"Next: cycle {cycle} of {plan.cycles}, {moment(plan.at(plan.due(cycle)))}. Ctrl-C ends the series."


def over_line(plan: SeriesPlan, line: CycleOver) -> str:
    """What became of a cycle."""
    said = {"done": "done", "cut_short": "cut short", "missed": "missed"}[line.state]
    why = f": {WHY.get(line.why, line.why)}" if line.why else ""
    more = f" ({line.said})" if line.said else ""
    return f"Cycle {line.cycle} of {plan.cycles} {said}{why}{more}"


STOPPED = "Stopped by you. "
HALTED = "The series ended there: nothing more is sent unless you go on with it. "


def series_lines(series: Series, again: tuple[str, ...] = (), why: str = "") -> Iterator[str]:
    """What became of a series; `why` it ended before its end, and how it is gone on with."""
    plan, states = series.plan, Counter(cycle.state for cycle in series.cycles)
    told = [f"{states['done']} done"]
    told += [f"{states['cut_short']} cut short ({_whys(series, 'cut_short')})"] if states["cut_short"] else []
    told += [f"{states['missed']} missed ({_whys(series, 'missed')})"] if states["missed"] else []
    told += [f"{states['open']} still to come"] if states["open"] else []
    yield f"{plan.series} · {plan.deck} · {count(plan.cycles, 'run')} planned: {' · '.join(told)}"
    if states["missed"]:
        yield "A missed run is a gap: nothing is known of that time."
    if series.damaged:
        yield f"{count(series.damaged, 'damaged line')}: what became of some cycles is not known"
    if states["open"]:
        yield f"{why}Go on: {shell('hushmap', 'run', '--resume', *again)}"


def _whys(series: Series, state: str) -> str:
    found = Counter(cycle.why for cycle in series.cycles if cycle.state == state)
    return ", ".join(f"{number} {WHY.get(why, why)}" for why, number in found.most_common())


def cycle_lines(series: Series) -> Iterator[str]:
    """Every cycle of a series, one a line."""
    for one in series.cycles:
        yield f"  {one.cycle:4}  {moment(one.began or one.due):23}  {_became(one)}"


def _became(one: Cycle) -> str:
    if one.state == "open":
        return f"under way ({one.run})" if one.run else "to come"
    done = f"{one.sealed} of {one.targets} · {one.run}" if one.run else ""
    why = f"{one.state.replace('_', ' ')}: {WHY.get(one.why, one.why)}" if one.why else ""
    return " · ".join(part for part in (why, done) if part)
