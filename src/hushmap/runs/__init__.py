"""FLOOR 3: the run folder, and what a person keeps between runs (settings, consents).

Light by design: msgspec and the standard library, so that `hushmap runs` answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.runs.consents import Consent, ConsentRegister, Withdrawal
    from hushmap.runs.errors import RunBusyError, RunsError
    from hushmap.runs.folder import RunFolder, record_id
    from hushmap.runs.index import RunInfo, all_runs, find, last, remove
    from hushmap.runs.journal import RUN_ITSELF, Mark, Reject, Replay
    from hushmap.runs.lines import LineFile, numbered
    from hushmap.runs.manifest import Manifest, PartRef
    from hushmap.runs.paths import Input, inputs, is_input
    from hushmap.runs.settings import Settings, load_settings, save_settings, settings_path
    from hushmap.runs.shelf import FETCHED, Fetched, fetched, fetched_entries, store
    from hushmap.runs.xdg import config_dir, data_dir

_HOMES = {
    "FETCHED": "shelf",
    "RUN_ITSELF": "journal",
    "Consent": "consents",
    "ConsentRegister": "consents",
    "Fetched": "shelf",
    "Input": "paths",
    "LineFile": "lines",
    "Manifest": "manifest",
    "Mark": "journal",
    "PartRef": "manifest",
    "Reject": "journal",
    "Replay": "journal",
    "RunBusyError": "errors",
    "RunFolder": "folder",
    "RunInfo": "index",
    "RunsError": "errors",
    "Settings": "settings",
    "Withdrawal": "consents",
    "all_runs": "index",
    "config_dir": "xdg",
    "data_dir": "xdg",
    "fetched": "shelf",
    "fetched_entries": "shelf",
    "find": "index",
    "inputs": "paths",
    "is_input": "paths",
    "last": "index",
    "load_settings": "settings",
    "numbered": "lines",
    "record_id": "folder",
    "remove": "index",
    "save_settings": "settings",
    "settings_path": "settings",
    "store": "shelf",
}

__all__ = [
    "FETCHED",
    "RUN_ITSELF",
    "Consent",
    "ConsentRegister",
    "Fetched",
    "Input",
    "LineFile",
    "Manifest",
    "Mark",
    "PartRef",
    "Reject",
    "Replay",
    "RunBusyError",
    "RunFolder",
    "RunInfo",
    "RunsError",
    "Settings",
    "Withdrawal",
    "all_runs",
    "config_dir",
    "data_dir",
    "fetched",
    "fetched_entries",
    "find",
    "inputs",
    "is_input",
    "last",
    "load_settings",
    "numbered",
    "record_id",
    "remove",
    "save_settings",
    "settings_path",
    "store",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
