"""FLOOR 4: carries a run out: the only loop, and all that keeps it within what a person agreed to.

loop      the one await               book      what a run knows, from its trials alone
lane: schedule  what may start now    desk      inquiries, voids, sealing
sentinel  is the network what it was  tally     the line's noise
allowance what may still be sent      resume    replay of the journal
orders    what a run is told to do    plan      what it would send
vantage   where it is carried out     telling   events
database  a file that tells networks by address
ports     clock, net, folder, events       keeping   on the disk, beside the loop
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.runner.allowance import Limits
    from hushmap.runner.database import Database, open_database
    from hushmap.runner.earlier import earlier_trials
    from hushmap.runner.loop import carry_out
    from hushmap.runner.orders import HelperPlace, RunPlan, ordered
    from hushmap.runner.plan import Plan, SeenBy, asks, preview
    from hushmap.runner.ports import Clock, Ended, Event, Folder, Net, Notice, Progress, Started, TargetDone
    from hushmap.runner.schedule import Rates
    from hushmap.runner.vantage import VantageError, find_vantage

_HOMES = {
    "Clock": "ports",
    "Database": "database",
    "Ended": "ports",
    "Event": "ports",
    "Folder": "ports",
    "HelperPlace": "orders",
    "Limits": "allowance",
    "Net": "ports",
    "Notice": "ports",
    "Plan": "plan",
    "Progress": "ports",
    "Rates": "schedule",
    "RunPlan": "orders",
    "SeenBy": "plan",
    "Started": "ports",
    "TargetDone": "ports",
    "VantageError": "vantage",
    "asks": "plan",
    "carry_out": "loop",
    "earlier_trials": "earlier",
    "ordered": "orders",
    "find_vantage": "vantage",
    "open_database": "database",
    "preview": "plan",
}
__all__ = [
    "Clock",
    "Database",
    "Ended",
    "Event",
    "Folder",
    "HelperPlace",
    "Limits",
    "Net",
    "Notice",
    "Plan",
    "Progress",
    "Rates",
    "RunPlan",
    "SeenBy",
    "Started",
    "TargetDone",
    "VantageError",
    "asks",
    "carry_out",
    "earlier_trials",
    "find_vantage",
    "open_database",
    "ordered",
    "preview",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
