"""Values of a scenario that are drawn for each seed: `{ from = a, to = b }` wherever a number may stand.

Scores are published with parameters drawn at random (METHOD 6), so that a detector cannot be fitted to one number.
What was drawn follows from the scenario's name and the seed alone, and each place has a chance of its own: adding a
range does not change the others.
"""

import random
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import msgspec

Step = str | int


class Draw(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"start": "from"}):
    """A place in a scenario and the range from which its value is drawn; whole numbers give a whole number."""

    where: tuple[Step, ...]
    start: int | float
    to: int | float

    def value(self, name: str, seed: int) -> int | float:
        """The value for a seed."""
        rng = random.Random(f"{name}-{seed} {self.where}")  # noqa: S311 (chance of a simulation)
        if isinstance(self.start, int) and isinstance(self.to, int):
            return rng.randint(self.start, self.to)
        return rng.uniform(self.start, self.to)

    @property
    def middle(self) -> int | float:
        """The value before anything is drawn."""
        half = (self.start + self.to) / 2
        return int(half) if isinstance(self.start, int) and isinstance(self.to, int) else half


def ranges(table: Any, where: tuple[Step, ...] = ()) -> list[Draw]:
    """Every `{ from, to }` in a TOML table; an outage has the same two keys and is none.

    Raises:
        ValueError: A range whose end lies before its start.
    """
    if isinstance(table, list):
        return [draw for number, item in enumerate(table) for draw in ranges(item, (*where, number))]
    if not isinstance(table, dict):
        return []
    outage = len(where) == 2 and where[0] == "outage"
    if table.keys() == {"from", "to"} and not outage:
        start, to = table["from"], table["to"]
        if not all(type(end) in {int, float} for end in (start, to)) or start > to:
            raise ValueError(f"{'.'.join(map(str, where))}: a range is two numbers, `from` not above `to`")
        return [Draw(where=where, start=start, to=to)]
    return [draw for key, item in table.items() for draw in ranges(item, (*where, key))]


def filled(table: dict[str, Any], values: Sequence[tuple[Draw, int | float]]) -> dict[str, Any]:
    """A copy of a TOML table (or of a scenario as plain values) with values in the places of their ranges."""
    copy = deepcopy(table)
    for draw, value in values:
        inner: Any = copy
        for step in draw.where[:-1]:
            inner = inner[step]
        inner[draw.where[-1]] = value
    return copy
