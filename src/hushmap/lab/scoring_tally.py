"""Counts what a score says, and holds it against the bars.

Every share stands with its interval (Wilson, 95 %). METHOD 6: no false alarm in n shows only that they are rarer than
3 in n, so the bound is printed beside.
"""

import math
from collections.abc import Iterable, Sequence

import msgspec

from hushmap.lab.scoring_cell import Measured, Result
from hushmap.lab.scoring_variants import WORST
from hushmap.model import Outcome
from hushmap.sampling import upper_limit, wilson

MEDIAN = 0.5
P95 = 0.95


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """k of n, and between what the share lies at 95 %."""

    k: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share; 1 of nothing, for nothing is missed there."""
        return self.k / self.n if self.n else 1.0


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Of one target's measurement."""

    n: int
    trials: tuple[float, float]
    """Median and 95th percentile."""
    contacts: tuple[float, float]
    seconds: tuple[float, float]


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of one scenario, or of all."""

    title: str
    targets: int
    """Those that are counted: what waits for an experiment is not."""
    exact: Share
    """Of all but those on which the network did not act although it could."""
    innocent: Share
    """Innocents whose outcome is exactly right."""
    false_blocked: int
    """Innocents called blocked."""
    false_bound: float
    """Their share is below this at 95 %."""
    false_unreachable: int
    """Innocents called unreachable."""
    acted: int
    """Censored targets on which the network did act."""
    silent: int
    """Censored targets on which it did not: neither found nor missed."""
    found: Share
    """Of those on which it acted."""
    mechanism: Share
    scope: Share
    both: Share
    """Right mechanism and right scope."""
    untrue_ok: int
    """Called ok although the network acted, and that is not right of it."""
    named_ok: int
    """Called ok although it acted, with what it did named."""
    unseen_ok: int
    """Called ok although it acted, on a line that may have lost what it did, where ok is right too."""
    waiting: int
    """Targets that need an experiment not built yet."""
    ok: Cost
    """Sites called ok."""
    blocked: Cost
    """Sites called blocked."""
    words: Cost
    """Words and bare names, which go to a helper of one's own (METHOD 5: no contacts)."""
    seconds: float
    """Of all labs, one after the other."""
    errors: int
    """Labs that broke."""


def tally(title: str, results: Sequence[Result]) -> Tally:
    """Count everything."""
    every = [row for result in results for row in result.rows]
    rows = [row for row in every if not row.needs]
    innocent = [row for row in rows if not row.censored]
    censored = [row for row in rows if row.censored]
    acted = [row for row in censored if row.acts]
    false = sum(row.said == Outcome.BLOCKED for row in innocent if Outcome.BLOCKED not in row.expected)
    sites = [row for row in rows if "://" in row.target]
    return Tally(
        title=title,
        targets=len(rows),
        exact=share(row.exact for row in rows if not row.silent),
        innocent=share(row.exact for row in innocent),
        false_blocked=false,
        false_bound=upper_limit(false, len(innocent)) if innocent else 1.0,
        false_unreachable=sum(
            row.said == Outcome.UNREACHABLE for row in innocent if Outcome.UNREACHABLE not in row.expected
        ),
        acted=len(acted),
        silent=len(censored) - len(acted),
        found=share(row.found for row in acted),
        mechanism=share(row.found and row.mechanism_right for row in acted),
        scope=share(row.found and row.scope_right for row in acted),
        both=share(row.found and row.mechanism_right and row.scope_right for row in acted),
        untrue_ok=sum(row.untrue_ok for row in rows),
        named_ok=sum(row.named_ok for row in rows),
        unseen_ok=sum(row.unseen_ok for row in rows),
        waiting=len(every) - len(rows),
        ok=cost(row for row in sites if row.said == Outcome.OK),
        blocked=cost(row for row in sites if row.said == Outcome.BLOCKED),
        words=cost(row for row in rows if "://" not in row.target and row.said is not None),
        seconds=round(sum(result.seconds for result in results), 1),
        errors=sum(bool(result.error) for result in results),
    )


def share(hits: Iterable[bool]) -> Share:
    """The share of hits with its interval."""
    found = list(hits)
    low, high = wilson(sum(found), len(found))
    return Share(k=sum(found), n=len(found), low=round(low, 4), high=round(high, 4))


def cost(rows: Iterable[Measured]) -> Cost:
    """What these cost; zeros where there are none."""
    found = list(rows)
    trials, contacts, seconds = (
        sorted(getattr(row, name) for row in found) for name in ("trials", "contacts", "seconds")
    )
    return Cost(n=len(found), trials=_both(trials), contacts=_both(contacts), seconds=_both(seconds))


def _both(values: list[float]) -> tuple[float, float]:
    return _quantile(values, MEDIAN), _quantile(values, P95)


def _quantile(values: list[float], q: float) -> float:
    """The smallest value that at least a share `q` of all does not exceed."""
    return values[math.ceil(q * len(values)) - 1] if values else 0


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar, what was measured, and whether it is met."""

    name: str
    wanted: str
    measured: str
    met: bool
    looked_at: bool = True
    """False: nothing here that it could be measured by."""
    chance: bool = False
    """Missed by a share whose interval reaches the bar: so few targets do not refute it."""


EXACT_CLEAN = 0.98
EXACT_WORST = 0.93
FOUND = 0.99
RIGHT = 0.98
CONTACTS_OK = 3
CONTACTS_BLOCKED = 12


def bars(results: Sequence[Result]) -> list[Bar]:
    """The bars of a release, each with its figure."""
    whole = tally("all", results)
    clean, worst = (
        tally(noise, [one for one in results if one.noise == noise]).innocent for noise in ("clean", WORST)
    )
    bound = f"{whole.false_blocked} of {whole.innocent.n}, so less than {whole.false_bound:.2%} (95 %)"
    return [
        _least("innocents exact, clean", clean, EXACT_CLEAN),
        _least(f"innocents exact, {WORST}", worst, EXACT_WORST),
        Bar(
            name="innocents called blocked",
            wanted="0",
            measured=bound,
            met=whole.false_blocked == 0,
            looked_at=whole.innocent.n > 0,
        ),
        _least("censored found", whole.found, FOUND),
        _least("censored with mechanism and scope", whole.both, RIGHT),
        Bar(
            name="ok without a mechanism only where nothing acted",
            wanted="0 other",
            measured=f"{whole.untrue_ok} other",
            met=whole.untrue_ok == 0,
            looked_at=whole.targets > 0,
        ),
        _most("contacts of a site called ok, median", whole.ok.contacts[0], CONTACTS_OK, whole.ok.n),
        _most("contacts of a site called blocked, p95", whole.blocked.contacts[1], CONTACTS_BLOCKED, whole.blocked.n),
        Bar(name="labs that broke", wanted="0", measured=str(whole.errors), met=whole.errors == 0 and bool(results)),
    ]


def _least(name: str, measured: Share, least: float) -> Bar:
    text = f"{measured.value:.1%} ({measured.k} of {measured.n}; {measured.low:.1%} to {measured.high:.1%})"
    met = measured.value >= least
    return Bar(
        name=name,
        wanted=f"at least {least:.0%}",
        measured=text,
        met=met,
        looked_at=measured.n > 0,
        chance=not met and measured.high >= least,
    )


def _most(name: str, measured: float, most: int, n: int) -> Bar:
    return Bar(name=name, wanted=f"at most {most}", measured=f"{measured:g}", met=measured <= most, looked_at=n > 0)
