"""The lab: a simulated censored network with real Linux TCP/IP stacks and a known truth.

Everything here may open sockets and processes, and none of it is imported by the product: the lab drives
`hushmap run` and `hushmap serve helper` as a person would, in namespaces that have no way out.
"""

from importlib import import_module
from typing import Any

_WHERE = {
    "CATALOGUE": "censors.catalogue",
    "EVERYWHERE": "censors.catalogue",
    "DemoResult": "demo",
    "KeptError": "scoring_kept",
    "Lab": "lab",
    "LabError": "lab",
    "LabRefusedError": "lab",
    "LabScore": "scoring",
    "NOISES": "scoring_variants",
    "QUICK_S": "scoring_plan",
    "Progress": "scoring_watch",
    "Scenario": "scenario",
    "ScenarioError": "scenario",
    "TOKEN_FILE": "addresses",
    "TOKEN_NAME": "addresses",
    "TruthEvent": "truth",
    "Wish": "scoring_plan",
    "jobs_at_once": "scoring",
    "load_scenario": "scenario",
    "pure_cell": "pure.cell",
    "run_demo": "demo",
    "run_shell": "shell",
    "score_labs": "scoring",
    "score_text": "scoring",
    "shipped_scenarios": "scenario",
}

__all__ = [
    "CATALOGUE",
    "EVERYWHERE",
    "NOISES",
    "QUICK_S",
    "TOKEN_FILE",
    "TOKEN_NAME",
    "DemoResult",
    "KeptError",
    "Lab",
    "LabError",
    "LabRefusedError",
    "LabScore",
    "Progress",
    "Scenario",
    "ScenarioError",
    "TruthEvent",
    "Wish",
    "jobs_at_once",
    "load_scenario",
    "pure_cell",
    "run_demo",
    "run_shell",
    "score_labs",
    "score_text",
    "shipped_scenarios",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `hushmap --help` needs none of this."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
