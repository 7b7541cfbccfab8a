"""`hushmap judge RUN --elsewhere RUN2`: the same records once more, beside what other runs saw of the same.

Nothing is written: a run's own verdicts stay those of the run alone, so that its list, page and file keep agreeing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.given import Given
from hushmap.cli.judge_text import JudgeText
from hushmap.cli.wording import count
from hushmap.detect import WhyNot, group, why_not
from hushmap.judge import Counters, Elsewhere, Judged, Kept, found_in, judged, judged_path
from hushmap.model import Knowledge
from hushmap.runs import Reject

LISTED = 20
"""Changes that are named; --json has each."""

WHY_NOT: dict[WhyNot, str] = {
    WhyNot.QUESTION: "it is the same run, or asked something else",
    WhyNot.UNKNOWN_NETWORK: "the network (AS number) of one of the two is not known; say it when you run: --network",
    WhyNot.SAME_NETWORK: "both are from the same network",
    WhyNot.NOT_SOUND: "its own line was not seen to work",
    WhyNot.NO_CLOCK: "its clock was compared with no helper's",
    WhyNot.SCALE: "its times are a lab's",
}
"""Why a record elsewhere cannot be compared, in words."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict that is another one beside other runs."""

    target: str
    before: str
    after: str


class Beside(msgspec.Struct, kw_only=True):
    """Some records, judged alone and beside other runs."""

    judged: list[Judged]
    rejects: list[Reject]
    kept: Counter[str]
    compared: int = 0
    """How many have something of another run in their verdict."""
    changes: list[Change] = msgspec.field(default_factory=list)
    why_not: Counter[WhyNot] = msgspec.field(default_factory=Counter)
    """Why records elsewhere were not compared."""


def read(places: Iterable[Given], knowledge: Knowledge, lang: str = "en") -> Iterator[Judged | Kept | Reject]:
    """Every record of some PATHs, judged alone."""
    for place in places:
        if place.run is not None:
            yield from judged_path(place.run, knowledge, lang)
            continue
        for one in place.inputs():
            for found in found_in(one, place.called(one)):
                yield from judged([found], knowledge, lang)


def beside(places: list[Given], others: list[Given], knowledge: Knowledge) -> Beside:
    """What is in `places`, judged beside what is in `others`.

    Raises:
        Fault: There is no record in one of the two.
    """
    alone = [*read(places, knowledge)]
    mine = [one for one in alone if isinstance(one, Judged)]
    elsewhere = Elsewhere(one for one in read(others, knowledge) if isinstance(one, Judged))
    for found, given in ((bool(mine), places), (bool(elsewhere.runs), others)):
        if not found:
            raise Fault(f"no record in {given[0].text}: give a run folder, or a file of records of a run")
    told = Beside(
        judged=[*elsewhere.beside(mine, knowledge)],
        rejects=[one for one in alone if isinstance(one, Reject)],
        kept=Counter(one.test for one in alone if isinstance(one, Kept)),
    )
    for before, after in zip(mine, told.judged, strict=True):
        told.compared += bool(after.verdict.peers)
        reasons = [why_not(before.record, view) for view in elsewhere.of(before.record)]
        told.why_not.update(reason for reason in reasons if reason is not None)
        if after.saying.label != before.saying.label or group(before.verdict, before.record) != after.group:
            change = Change(target=before.record.target, before=before.saying.label, after=after.saying.label)
            told.changes.append(change)
    return told


def counted(told: Beside) -> Counters:
    """The counts of a summary."""
    counters = Counters()
    every: list[Judged | Reject] = [*told.judged, *told.rejects]
    for one in every:
        counters.add(one)
    counters.kept.update(told.kept)
    return counters


def summary(counters: Counters, knowledge: Knowledge, seconds: float) -> JudgeText:
    """What judge prints of the records themselves."""
    return JudgeText(
        sites=counters.sites,
        words=counters.words,
        blocked=counters.blocked,
        reasons=counters.reasons,
        kept=counters.kept,
        claims=counters.claims,
        partings={},
        rejects=counters.rejects,
        set_aside=(),
        written=(),
        seconds=seconds,
        knowledge=knowledge.sha256,
        single=counters.single,
    )


def lines(told: Beside) -> Iterator[str]:
    """What the other runs changed, or why they could not."""
    every = count(len(told.judged), "record")
    yield f"  beside other runs: {told.compared} of {every} compared · {count(len(told.changes), 'verdict')} changed"
    for change in told.changes[:LISTED]:
        yield f"    {change.target}: {change.before} -> {change.after}"
    if len(told.changes) > LISTED:
        yield f"    and {len(told.changes) - LISTED} more: --json"
    for reason, number in told.why_not.most_common():
        yield f"    not compared: {count(number, 'record')} elsewhere, because {WHY_NOT[reason]}"
    if not told.compared and not told.why_not:
        yield "    nobody elsewhere asked the same within the same hour"


def tell(told: Beside, counters: Counters, text: Iterable[str], *, as_json: bool) -> None:
    """Print it."""
    if as_json:
        for one in told.judged:
            screen.out_json(one.object)
    else:
        screen.out([*text, *lines(told)])
    if counters.rejects:
        screen.note(
            f"hushmap: {count(counters.rejects, 'line')} could not be read; judge the PATH alone to see which"
        )
