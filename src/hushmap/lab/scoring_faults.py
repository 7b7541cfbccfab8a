"""What is not as it should be, worst first, each with the way to see it again by itself."""

from collections.abc import Iterator, Sequence

import msgspec

from hushmap.lab.scoring_cell import Measured, Result

FALSE_ALARM, ACTED_ON, UNTRUE_OK, BROKE = "false alarm", "acted on, though called innocent", "untrue ok", "broke"
OUTCOME, MECHANISM, SCOPE = "outcome", "mechanism", "scope"
_WORST = (FALSE_ALARM, ACTED_ON, UNTRUE_OK, BROKE, OUTCOME, MECHANISM, SCOPE)


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """One target of one lab that is not as it should be, or a lab that broke."""

    lab: str
    kind: str
    """The worst that is wrong of it."""
    row: Measured | None = None
    """`None`: the whole lab."""
    error: str = ""

    @property
    def again(self) -> str:
        """The command line that measures this lab alone and keeps its run."""
        return f"hushmap lab score --cell '{self.lab}' -o DIR"


def wrongs(results: Sequence[Result]) -> list[Wrong]:
    """Everything wrong, the worst kind first."""
    return sorted(_wrongs(results), key=lambda one: _WORST.index(one.kind))


def _wrongs(results: Sequence[Result]) -> Iterator[Wrong]:
    for result in results:
        if result.error:
            yield Wrong(lab=result.label, kind=BROKE, error=result.error)
        for row in result.rows:
            if row.wrong:
                yield Wrong(lab=result.label, kind=_kind(row), row=row)


def _kind(row: Measured) -> str:
    """The worst that is wrong; an innocent on which the network acted may be the scenario's fault, not the tool's."""
    if not row.censored and row.said == "blocked" and "blocked" not in row.expected:
        return ACTED_ON if row.acts else FALSE_ALARM
    if row.untrue_ok:
        return UNTRUE_OK
    if not row.exact:
        return OUTCOME
    return SCOPE if row.mechanism_right else MECHANISM


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Targets whose mechanism needs an experiment that is not built yet: measured, and not counted."""

    experiment: str
    mechanisms: tuple[str, ...]
    targets: int
    said: dict[str, int]
    """What was said of them meanwhile."""


def waiting(results: Sequence[Result]) -> list[Waiting]:
    """By experiment."""
    rows: dict[str, list[Measured]] = {}
    for result in results:
        for row in result.rows:
            if row.needs:
                rows.setdefault(row.needs, []).append(row)
    found = []
    for name, some in sorted(rows.items()):
        said = [row.said or "nothing" for row in some]
        mechanisms = sorted({mechanism for row in some for mechanism in row.wanted})
        counts = {one: said.count(one) for one in sorted(set(said))}
        found.append(Waiting(experiment=name, mechanisms=tuple(mechanisms), targets=len(some), said=counts))
    return found
