"""What `hushmap run` prints: the line before, the line while it works, the block at the end (UX 1)."""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from hushmap.cli.reasons import REASONS
from hushmap.cli.wording import about, count, duration, network, shell, size, span, wrapped
from hushmap.detect import LABEL_GROUPS, Group, mechanism_words
from hushmap.judge import Judged
from hushmap.model import Outcome, Vantage
from hushmap.runner import Ended, Progress

_NUMBER, _GROUP = 5, 24
"""Columns of a count and of a group's name."""
_STUCK = "\N{NO-BREAK SPACE}"
"""Between a count and what it counts, until the lines are broken."""
_ENOUGH = 5
"""Targets from which an estimate of the rest is made."""
_TYPED = 60
"""Characters of a text that a person may want to type."""
_TELLING = 12 * 3600.0
"""Seconds beyond which the longest that a run may take tells nobody anything."""
_SHOWN = 4
"""Groups that a progress line has room for."""

WHY = {
    "network_down": "The network does not work here: no harmless name could be reached.",
    "captive_portal": "A sign-in page answers in place of the network. Sign in, then run again.",
    "network_changed": "The network changed in mid-run: what is measured on two networks is no one result.",
    "network_lost": "The network was lost for too long.",
    "budget": "The data limit of this run was reached (--max-data).",
    "cut_short": "Its time was up: the next cycle of the series is due.",
    "clock_jumped": "This computer slept, or its clock was set: what is measured across that has no true times.",
    "captcha": "A captcha came in answer to a word: no further word was sent.",
    "warning_page": "A page that warns whoever asks came in answer to a word: no further word was sent.",
}
"""Why a run ended before its end."""


FINDING = (
    "One network, one hour: a reason to look closer, not yet a finding. Repeat it, or measure from a second network."
)


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A run that has ended, as far as it came."""

    ended: Ended
    judged: tuple[Judged, ...]
    rejects: int = 0
    vantage: Vantage
    started: str
    stopped: str
    """ISO times."""
    run: str
    """What the run is called when it is typed: an id, or a path."""
    page: str
    helper: bool = True
    latest: bool = True
    """Whether `hushmap show` alone would mean this run."""
    again: tuple[str, ...] = ()
    """Options that a resumed run needs again."""
    repeated: tuple[str, ...] = ()
    """What asks the same again."""
    words: int = 0
    """How many words the targets are about."""
    sites: int | None = None
    """How many of them are sites; all but the words, unless it is said."""


def ready_line(*, vpn: bool, resolvers: tuple[str, ...], helper: bool, run: str) -> str:
    """What was found in order, once the network was seen to work."""
    seen = "a VPN seems to be on" if vpn else "no VPN seen"
    dns = f"DNS server {', '.join(resolvers)}" if resolvers else "DNS server unknown"
    return f"Ready   network up · {seen} · {dns} · {'helper given' if helper else 'no helper'}       run {run}"


def progress_line(
    progress: Progress, groups: Counter[str], begun: float, before: int = 0, longest: float = 0.0
) -> str:
    """How far the run has come; the bar and `31/50` stand before it.

    Args:
        progress: the runner's counts.
        groups: sealed targets by count group.
        begun: when this process began to measure, on the run clock.
        before: targets that an earlier process of this run had sealed.
        longest: seconds that the run takes at most; said as long as there is no pace yet.
    """
    parts = [f"{name.lower()} {number}" for name, number in groups.most_common(_SHOWN)]
    parts += [f"repeating {progress.repeating}"] if progress.repeating else []
    sealed = progress.sealed - before
    pace = sealed / max(1.0, progress.t - begun) * 60
    tail = [f"{pace:.0f} a minute"] if sealed else []
    if sealed >= _ENOUGH:
        tail.append(f"about {duration((progress.targets - progress.sealed) / pace * 60)} left")
    elif progress.t - begun < longest <= _TELLING:
        tail.append(f"at most {about(longest - (progress.t - begun))} left")
    return "   ".join(part for part in (" · ".join(parts), " · ".join([*tail, size(progress.bytes)])) if part)


def summary_lines(summary: Summary) -> Iterator[str]:
    """The block at the end of a run."""
    ended = summary.ended
    yield _head(summary)
    if ended.reason in WHY:
        yield WHY[ended.reason]
    yield f"{network(summary.vantage)} · {span(summary.started, summary.stopped)}"
    sites = ended.targets - summary.words if summary.sites is None else summary.sites
    yield from group_lines(
        summary.judged,
        sites_left=sites - sum(not one.word for one in summary.judged),
        words_left=summary.words - sum(one.word and sum(one.counts.values()) for one in summary.judged),
    )
    if summary.rejects:
        yield f"{count(summary.rejects, 'damaged line')} set aside in rejected.jsonl; no verdict rests on any"
    if summary.judged and not summary.helper:
        yield "Without a helper most failures end as Not decided: docs/how-to/helper.md"
    if summary.judged:
        yield FINDING
        run = () if summary.latest else ("--run", summary.run)
        yield f"  look    {shell('hushmap', 'show', most_telling(summary.judged), *run)}  ·  {summary.page}"
        if summary.helper and any(Group.UNDECIDED in one.counts for one in summary.judged):
            yield f"  again   {shell('hushmap', 'run', '--again', 'undecided', *run, *summary.again)}"
    if summary.judged and summary.repeated:
        yield f"  repeat  {shell('hushmap', 'run', *summary.repeated, '--every', '6h', '--for', '7d')}"
    yield f"  delete  {shell('hushmap', 'rm', summary.run)}"


def _head(summary: Summary) -> str:
    ended = summary.ended
    spent = f"{duration(ended.t)}, {size(ended.bytes)}"
    if ended.reason == "done":
        return f"Done in {spent}"
    said = "Stopped by you" if ended.reason == "stopped" else "Ended early"
    again = shell("hushmap", "run", "--resume", summary.run, *summary.again)
    return f"{said}: {ended.sealed} of {ended.targets}, {spent}. Go on: {again}"


def group_lines(judged: Iterable[Judged], *, sites_left: int = 0, words_left: int = 0) -> Iterator[str]:
    """Counts by group; words apart from sites, and never added to them; what is left of each kind beneath it."""
    found = tuple(judged)
    sites = tuple(one for one in found if not one.word)
    words = tuple(one for one in found if one.word)
    kinds = [("Sites", sites, sites_left), ("Words", words, words_left)]
    kinds = [kind for kind in kinds if kind[1] or kind[2] > 0]
    for title, some, left in kinds:
        if len(kinds) > 1:
            yield title
        yield from _rows(some)
        if left > 0:
            yield f"{left:{_NUMBER}}  not measured"


def _rows(some: tuple[Judged, ...]) -> Iterator[str]:
    groups: Counter[str] = Counter()
    for one in some:
        groups.update(one.counts)
    order = [name for name in LABEL_GROUPS if name in groups]
    for name in [*order, *(name for name in groups if name not in order)]:
        detail = " · ".join(_details((one, one.counts[name]) for one in some if name in one.counts))
        for line in wrapped(detail, f"{groups[name]:{_NUMBER}}  {name:{_GROUP}}", " " * (_NUMBER + 2 + _GROUP)):
            yield line.replace(_STUCK, " ")


def _details(some: Iterable[tuple[Judged, int]]) -> Iterator[str]:
    """What a group is made of: reasons, or what was seen."""
    seen: Counter[str] = Counter()
    for one, number in some:
        if one.verdict.reason is not None:
            seen[REASONS[one.verdict.reason]] += number
        elif one.verdict.mechanisms and one.verdict.outcome is not Outcome.OK and len(one.counts) == 1:
            seen[mechanism_words(one.verdict.mechanisms[0])] += number
    for words, number in seen.most_common():
        yield f"{words}{_STUCK}({number})"


def most_telling(judged: tuple[Judged, ...]) -> str:
    """The target that a reader would look at first."""
    weight = {Outcome.BLOCKED: 0, Outcome.DEGRADED: 1, Outcome.UNREACHABLE: 2}
    first = min(judged, key=lambda one: (weight.get(one.verdict.outcome, 3), one.word))
    return name_of(first)


def name_of(one: Judged) -> str:
    """What to type after `hushmap show`: a word, a name, or a URL's host; a record's id for what is long."""
    record = one.record
    target = next((word for word, state in one.verdict.words.items() if state == "cut"), record.target)
    if len(target) > _TYPED or not target.isprintable():
        return record.id
    return target.partition("://")[2].partition("/")[0] or target


def down_lines(ended: Ended, *, kept: bool) -> list[str]:
    """What is said where nothing was measured."""
    rest = "what was measured before is still there" if kept else "nothing was kept"
    return [
        WHY.get(ended.reason, "The run could not begin."),
        f"Nothing was measured or judged; {rest}. More: hushmap doctor",
    ]
