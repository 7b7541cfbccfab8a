"""FLOOR 3: the run folder, and what a person keeps between runs (settings, consents).

Light by design: msgspec and the standard library, so that `hushmap runs` answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.runs.bundle import (
        SUFFIX,
        Bundle,
        Member,
        PublishedRun,
        is_bundle,
        member_name,
        member_of,
        open_member,
        read_bundle,
        write_bundle,
    )
    from hushmap.runs.checked import PlatformCheck, PlatformChecks
    from hushmap.runs.consents import Consent, ConsentRegister, Withdrawal
    from hushmap.runs.copies import CopyRegister, GivenOut
    from hushmap.runs.errors import RunBusyError, RunsError
    from hushmap.runs.folder import RunFolder, read_manifest, record_id
    from hushmap.runs.foreseen import Foreseen, ForeseenRegister
    from hushmap.runs.index import RunInfo, all_runs, find, last, remove, remove_series
    from hushmap.runs.journal import RUN_ITSELF, Mark, Reject, Replay
    from hushmap.runs.lines import LineFile, numbered
    from hushmap.runs.manifest import Manifest, PartRef, Repeats
    from hushmap.runs.paths import Input, inputs, is_input
    from hushmap.runs.seals import SEAL, check_seal, write_seal
    from hushmap.runs.series import (
        Became,
        ClockJump,
        Cycle,
        CycleBegun,
        CycleOver,
        Gap,
        Series,
        SeriesLog,
        SeriesPlan,
        all_series,
        find_series,
        hold,
        jitter,
        read_series,
    )
    from hushmap.runs.settings import Settings, load_settings, save_settings, settings_path
    from hushmap.runs.shelf import FETCHED, Fetched, fetched, fetched_entries, store
    from hushmap.runs.studies import StudyAnswered, StudyAsked, StudyRegister
    from hushmap.runs.xdg import config_dir, data_dir

_HOMES = {
    "Bundle": "bundle",
    "Became": "series",
    "ClockJump": "series",
    "Consent": "consents",
    "ConsentRegister": "consents",
    "CopyRegister": "copies",
    "Cycle": "series",
    "CycleBegun": "series",
    "CycleOver": "series",
    "FETCHED": "shelf",
    "Fetched": "shelf",
    "Foreseen": "foreseen",
    "ForeseenRegister": "foreseen",
    "Gap": "series",
    "PlatformCheck": "checked",
    "PlatformChecks": "checked",
    "GivenOut": "copies",
    "Input": "paths",
    "LineFile": "lines",
    "Manifest": "manifest",
    "Mark": "journal",
    "Member": "bundle",
    "PartRef": "manifest",
    "PublishedRun": "bundle",
    "RUN_ITSELF": "journal",
    "Reject": "journal",
    "Repeats": "manifest",
    "Replay": "journal",
    "RunBusyError": "errors",
    "RunFolder": "folder",
    "RunInfo": "index",
    "RunsError": "errors",
    "SEAL": "seals",
    "SUFFIX": "bundle",
    "Series": "series",
    "SeriesLog": "series",
    "SeriesPlan": "series",
    "Settings": "settings",
    "StudyAnswered": "studies",
    "StudyAsked": "studies",
    "StudyRegister": "studies",
    "Withdrawal": "consents",
    "all_runs": "index",
    "all_series": "series",
    "check_seal": "seals",
    "config_dir": "xdg",
    "data_dir": "xdg",
    "fetched": "shelf",
    "fetched_entries": "shelf",
    "find": "index",
    "find_series": "series",
    "hold": "series",
    "inputs": "paths",
    "is_bundle": "bundle",
    "is_input": "paths",
    "jitter": "series",
    "last": "index",
    "load_settings": "settings",
    "member_name": "bundle",
    "member_of": "bundle",
    "numbered": "lines",
    "open_member": "bundle",
    "read_bundle": "bundle",
    "read_manifest": "folder",
    "read_series": "series",
    "record_id": "folder",
    "remove": "index",
    "remove_series": "index",
    "save_settings": "settings",
    "settings_path": "settings",
    "store": "shelf",
    "write_bundle": "bundle",
    "write_seal": "seals",
}

__all__ = [
    "FETCHED",
    "RUN_ITSELF",
    "SEAL",
    "SUFFIX",
    "Became",
    "Bundle",
    "ClockJump",
    "Consent",
    "ConsentRegister",
    "CopyRegister",
    "Cycle",
    "CycleBegun",
    "CycleOver",
    "Fetched",
    "Foreseen",
    "ForeseenRegister",
    "Gap",
    "GivenOut",
    "Input",
    "LineFile",
    "Manifest",
    "Mark",
    "Member",
    "PartRef",
    "PlatformCheck",
    "PlatformChecks",
    "PublishedRun",
    "Reject",
    "Repeats",
    "Replay",
    "RunBusyError",
    "RunFolder",
    "RunInfo",
    "RunsError",
    "Series",
    "SeriesLog",
    "SeriesPlan",
    "Settings",
    "StudyAnswered",
    "StudyAsked",
    "StudyRegister",
    "Withdrawal",
    "all_runs",
    "all_series",
    "check_seal",
    "config_dir",
    "data_dir",
    "fetched",
    "fetched_entries",
    "find",
    "find_series",
    "hold",
    "inputs",
    "is_bundle",
    "is_input",
    "jitter",
    "last",
    "load_settings",
    "member_name",
    "member_of",
    "numbered",
    "open_member",
    "read_bundle",
    "read_manifest",
    "read_series",
    "record_id",
    "remove",
    "remove_series",
    "save_settings",
    "settings_path",
    "store",
    "write_bundle",
    "write_seal",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
