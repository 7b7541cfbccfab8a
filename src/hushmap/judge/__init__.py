"""FLOOR 4: record files -> verdicts, at any time, again, as often as the rules get better.

Pure but for reading what it is given: a verdict is f(record, rules, knowledge), so the object made while a run is
going on and the one made a year later from its folder are the same, if the rules are. The object's keys are those of
UX 5; a line that cannot be read becomes a reject with its place, and never a verdict.

results  one record with its verdict    reading    inputs -> records          counting  what a summary counts
cutting  inputs cut into tasks          processes  tasks in many processes    paths     a path, one by one
strange  pages that may be notices not yet known    keeping    what can be read once, and is read twice
elsewhere  runs beside each other
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.judge.counting import Counters, Example, Parting
    from hushmap.judge.cutting import Batch, Gatherer, Origin, Ours, Task, Wanted, encoded, judged, tasks
    from hushmap.judge.elsewhere import Elsewhere
    from hushmap.judge.paths import judge_path, judged_path
    from hushmap.judge.processes import batches
    from hushmap.judge.reading import Found, found_in, found_in_run, native, safely
    from hushmap.judge.results import REJECT, VERDICT, Judged, Kept, judge_one, judge_record
    from hushmap.judge.strange import Strange, Stranger

_HOMES = {
    "Batch": "cutting",
    "Counters": "counting",
    "Elsewhere": "elsewhere",
    "Example": "counting",
    "Found": "reading",
    "Gatherer": "cutting",
    "Judged": "results",
    "Kept": "results",
    "Origin": "cutting",
    "Ours": "cutting",
    "Parting": "counting",
    "REJECT": "results",
    "Strange": "strange",
    "Stranger": "strange",
    "Task": "cutting",
    "VERDICT": "results",
    "Wanted": "cutting",
    "batches": "processes",
    "encoded": "cutting",
    "found_in": "reading",
    "found_in_run": "reading",
    "judge_one": "results",
    "judge_path": "paths",
    "judge_record": "results",
    "judged": "cutting",
    "judged_path": "paths",
    "native": "reading",
    "safely": "reading",
    "tasks": "cutting",
}

__all__ = [
    "REJECT",
    "VERDICT",
    "Batch",
    "Counters",
    "Elsewhere",
    "Example",
    "Found",
    "Gatherer",
    "Judged",
    "Kept",
    "Origin",
    "Ours",
    "Parting",
    "Strange",
    "Stranger",
    "Task",
    "Wanted",
    "batches",
    "encoded",
    "found_in",
    "found_in_run",
    "judge_one",
    "judge_path",
    "judge_record",
    "judged",
    "judged_path",
    "native",
    "safely",
    "tasks",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
