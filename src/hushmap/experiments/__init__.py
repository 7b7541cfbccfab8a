"""FLOOR 3: pure inquiries, one file an experiment: asks out, trials in, no await.

web, dns, sni, keyword, service, middlebox, quic   the experiments   registry   their one table, with costs
conditions               what an inquiry may know   conversation  what every inquiry shares
pairing                  a doubt into pairs         sending       what sni and keyword share
visiting                 what search and watch share
hops                     between which two hops it is cut (tracing: how)
cooldown                 which addresses must rest   carriers   the attempt that holds a text in a place
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.detect import halts
    from hushmap.experiments.calibrate import Echo, echoes, in_line, measured, planting
    from hushmap.experiments.carriers import alike, for_words, spoken, unfit
    from hushmap.experiments.conditions import Baseline, Conditions, Inquiry
    from hushmap.experiments.conversation import CONTACTS_A_DAY
    from hushmap.experiments.cooldown import Cooldown, suspicious
    from hushmap.experiments.questioning import movable
    from hushmap.experiments.registry import EXPERIMENTS, Cost, Spec, open_inquiry, worst_case
    from hushmap.sampling import run_f0

_HOMES = {
    "Baseline": "conditions",
    "CONTACTS_A_DAY": "conversation",
    "Conditions": "conditions",
    "Cooldown": "cooldown",
    "Cost": "registry",
    "EXPERIMENTS": "registry",
    "Inquiry": "conditions",
    "Spec": "registry",
    "alike": "carriers",
    "Echo": "calibrate",
    "echoes": "calibrate",
    "for_words": "carriers",
    "in_line": "calibrate",
    "measured": "calibrate",
    "planting": "calibrate",
    "movable": "questioning",
    "spoken": "carriers",
    "open_inquiry": "registry",
    "suspicious": "cooldown",
    "unfit": "carriers",
    "worst_case": "registry",
}
_BELOW = {"halts": "hushmap.detect", "run_f0": "hushmap.sampling"}
"""What the runner needs to know of the rooms below an inquiry."""

__all__ = [
    "CONTACTS_A_DAY",
    "EXPERIMENTS",
    "Baseline",
    "Conditions",
    "Cooldown",
    "Cost",
    "Echo",
    "Inquiry",
    "Spec",
    "alike",
    "echoes",
    "for_words",
    "halts",
    "in_line",
    "measured",
    "movable",
    "open_inquiry",
    "planting",
    "run_f0",
    "spoken",
    "suspicious",
    "unfit",
    "worst_case",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES and name not in _BELOW:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _BELOW.get(name) or f"{__name__}.{_HOMES[name]}"
    return getattr(import_module(home), name)
