"""FLOOR 1: reads `probes/`: decks, lists, fingerprints, exclusions, consent texts.

Every fault in a file is one line that names file, line, column and remedy (`CatalogError`). The formats are described
in `probes/README.md`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.catalog.consent import ConsentText, consent_languages, consent_text, consent_versions
    from hushmap.catalog.errors import CatalogError
    from hushmap.catalog.excluded import Exclusions, exclusions
    from hushmap.catalog.linting import Linted, lint_sites
    from hushmap.catalog.lists import EXPERIMENTS, part_from_urls, read_list, sites_from_file
    from hushmap.catalog.marks import MarksFile, fingerprints, marks_files, read_marks
    from hushmap.catalog.places import probes_dir
    from hushmap.catalog.questions import DeckInfo, decks, open_deck
    from hushmap.catalog.services import read_service
    from hushmap.catalog.switches import NONE, off_by_default, switch

_HOMES = {
    "EXPERIMENTS": "lists",
    "NONE": "switches",
    "CatalogError": "errors",
    "ConsentText": "consent",
    "DeckInfo": "questions",
    "Exclusions": "excluded",
    "Linted": "linting",
    "MarksFile": "marks",
    "consent_languages": "consent",
    "consent_text": "consent",
    "consent_versions": "consent",
    "decks": "questions",
    "exclusions": "excluded",
    "fingerprints": "marks",
    "lint_sites": "linting",
    "marks_files": "marks",
    "off_by_default": "switches",
    "open_deck": "questions",
    "part_from_urls": "lists",
    "probes_dir": "places",
    "read_list": "lists",
    "read_marks": "marks",
    "read_service": "services",
    "sites_from_file": "lists",
    "switch": "switches",
}

__all__ = [
    "EXPERIMENTS",
    "NONE",
    "CatalogError",
    "ConsentText",
    "DeckInfo",
    "Exclusions",
    "Linted",
    "MarksFile",
    "consent_languages",
    "consent_text",
    "consent_versions",
    "decks",
    "exclusions",
    "fingerprints",
    "lint_sites",
    "marks_files",
    "off_by_default",
    "open_deck",
    "part_from_urls",
    "probes_dir",
    "read_list",
    "read_marks",
    "read_service",
    "sites_from_file",
    "switch",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
