"""The score in lines for people: in simulation, with parameters and seeds (METHOD 6)."""

from collections.abc import Iterator, Sequence

from hushmap.lab.scoring_cell import Measured, Result
from hushmap.lab.scoring_faults import ACTED_ON, BROKE, FALSE_ALARM, UNTRUE_OK, Waiting, Wrong
from hushmap.lab.scoring_tally import Bar, Share, Tally
from hushmap.lab.scoring_variants import NOISES

_HEAD = ("scenario", "targets", "exact", "false", "unreach.", "found", "mechanism", "scope", "ok", "blocked", "s")


def opening(results: Sequence[Result], *, pure: bool = False) -> str:
    """What was simulated, and what that can show."""
    seeds = sorted({result.seed for result in results})
    scales = sorted({result.scale for result in results})
    noises = [noise for noise in NOISES if any(result.noise == noise for result in results)]
    lines = ", ".join(_noise(name) for name in noises)
    how = ", without a kernel" if pure else ""
    return (
        f"In simulation{how}: {len(results)} labs, {_seeds(seeds)}; lines: {lines}; waiting and residual "
        f"times divided by {', '.join(f'{scale:g}' for scale in scales)}. The same hands wrote censors and detector."
    )


def scores(tallies: Sequence[Tally]) -> Iterator[str]:
    """A table: one line for each tally; the last is all."""
    rows = [_HEAD, *(_cells(one) for one in tallies)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        yield "  ".join(
            cell.ljust(width) if not column else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()


LEGEND = (
    "exact: outcome as it should be · false, unreach.: innocents called blocked, unreachable · found, mechanism, "
    "scope: of the censored on which the network acted · ok, blocked: contacts of a site so called, median/p95"
)


def wrong_lines(wrong: Sequence[Wrong]) -> Iterator[str]:
    """Everything that is not as it should be, by lab, and how to see one of them again."""
    for lab in dict.fromkeys(one.lab for one in wrong):
        yield f"  {lab}"
        yield from (f"    {wrong_text(one)}" for one in wrong if one.lab == lab)
    if wrong:
        yield f"  one of these labs alone, with its run: {wrong[0].again}"


def wrong_text(one: Wrong) -> str:
    """What is wrong, in one line without its lab."""
    if one.row is None:
        return f"the lab broke: {one.error}"
    loud = f"{one.kind.upper()}: " if one.kind in _LOUD else ""
    return f"{_name(one.row)}: {loud}{_row(one.row)}"


_LOUD = {FALSE_ALARM, ACTED_ON, UNTRUE_OK, BROKE}


def silent(whole: Tally) -> str:
    """How many censored targets the network let pass; empty if none."""
    if not whole.silent:
        return ""
    return f"neither found nor missed, for the network did not act on them: {whole.silent} censored targets"


def excused(whole: Tally) -> str:
    """How many were called ok although the network acted, and are no fault of the bar about it; empty if none."""
    if not whole.named_ok + whole.unseen_ok:
        return ""
    return (
        f"called ok although the network acted, and excused: {whole.named_ok} where what it did is named beside, "
        f"{whole.unseen_ok} where the line may have lost it and ok is right too"
    )


def waiting_line(waits: Sequence[Waiting]) -> str:
    """What was measured and is not counted, by the experiment that it waits for; empty if there is none."""
    listed = ", ".join(f"{one.experiment} {one.targets}" for one in waits)
    return f"not counted, for the experiment is not built yet: {listed}" if listed else ""


def bar_lines(bars: Sequence[Bar]) -> Iterator[str]:
    """Each bar that could be looked at; missed ones say so first."""
    for bar in bars:
        if bar.looked_at:
            mark = "met   " if bar.met else "MISSED"
            yield f"  {mark} {bar.name}: {bar.measured}; wanted {bar.wanted}"
    blind = ", ".join(bar.name for bar in bars if not bar.looked_at)
    if blind:
        yield f"  nothing here shows: {blind}"


def share_text(share: Share) -> str:
    """`k/n`, with the interval where it tells something."""
    return f"{share.k}/{share.n} ({share.low:.0%}-{share.high:.0%})" if share.n else "-"


def _cells(one: Tally) -> tuple[str, ...]:
    return (
        one.title,
        str(one.targets),
        share_text(one.exact),
        str(one.false_blocked),
        str(one.false_unreachable),
        share_text(one.found),
        share_text(one.mechanism),
        share_text(one.scope),
        _contacts(one.ok.n, one.ok.contacts),
        _contacts(one.blocked.n, one.blocked.contacts),
        f"{one.seconds:.0f}",
    )


def _contacts(n: int, contacts: tuple[float, float]) -> str:
    return f"{contacts[0]:g}/{contacts[1]:g}" if n else "-"


def _noise(name: str) -> str:
    noise = NOISES[name]
    if not noise.loss:
        return f"{name} (as the scenario has it)"
    kind = f" in bursts of {noise.burst:g}" if noise.burst > 1 else ""
    jitter = f" with {noise.jitter_ms:g} ms jitter" if noise.jitter_ms else ""
    return f"{name} ({noise.loss:.0%} loss{kind}, {noise.delay_ms:g} ms one way{jitter})"


def _seeds(seeds: Sequence[int]) -> str:
    return f"seeds {seeds[0]} to {seeds[-1]}" if len(seeds) > 1 else f"seed {seeds[0] if seeds else '-'}"


def _name(row: Measured) -> str:
    return row.target if row.place is None else f"{row.target} in {row.place}"


def _row(row: Measured) -> str:
    said = "nothing" if row.said is None else " ".join((row.said, *row.mechanisms))
    scope = f" (scope {row.scope})" if row.scope else ""
    why = f", reason {row.reason}" if row.reason else ""
    true = " or ".join(row.expected) + (f" by {' or '.join(row.wanted)}" if row.wanted else "")
    true += f" (scope {row.wanted_scope})" if row.wanted_scope else ""
    rule = f"rule {row.rule}; " if row.rule else ""
    return f"said {said}{scope}{why}; true {true} [{rule}{row.case}; {row.acts} acts, {row.contacts} contacts]"
