"""FLOOR 1: reads `probes/`: decks, lists, fingerprints, exclusions, consent texts, dated campaigns.

Every fault in a file is one line that names file, line, column and remedy (`CatalogError`). The formats are described
in `probes/README.md`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.catalog.consent import ConsentText, consent_languages, consent_text, consent_versions
    from hushmap.catalog.errors import CatalogError
    from hushmap.catalog.excluded import Exclusions, exclusions
    from hushmap.catalog.exporting import SUFFIX, exported, is_exported
    from hushmap.catalog.linting import Linted, lint_sites
    from hushmap.catalog.lists import EXPERIMENTS, part_from_urls, read_list, sites_from_file, words_from_table
    from hushmap.catalog.manifests import is_post, platforms, platforms_dir, read_platform
    from hushmap.catalog.marks import MarksFile, fingerprints, marks_files, read_marks
    from hushmap.catalog.packing import packed, packs_of
    from hushmap.catalog.places import probes_dir
    from hushmap.catalog.published import Published, cut_short, read_published
    from hushmap.catalog.questions import DeckInfo, deck_texts, decks, open_deck
    from hushmap.catalog.register import campaign_hash, campaigns, campaigns_hash, read_campaign
    from hushmap.catalog.services import read_service
    from hushmap.catalog.switches import NONE, off_by_default, switch
    from hushmap.catalog.words import (
        AS_HOST,
        READINGS,
        Sent,
        WordList,
        check_for,
        encodings_in,
        is_table,
        places_in,
        read_words,
    )

_HOMES = {
    "AS_HOST": "words",
    "EXPERIMENTS": "lists",
    "NONE": "switches",
    "READINGS": "words",
    "SUFFIX": "exporting",
    "CatalogError": "errors",
    "ConsentText": "consent",
    "DeckInfo": "questions",
    "Exclusions": "excluded",
    "Linted": "linting",
    "MarksFile": "marks",
    "Published": "published",
    "Sent": "words",
    "WordList": "words",
    "campaign_hash": "register",
    "campaigns": "register",
    "campaigns_hash": "register",
    "check_for": "words",
    "consent_languages": "consent",
    "consent_text": "consent",
    "consent_versions": "consent",
    "cut_short": "published",
    "deck_texts": "questions",
    "decks": "questions",
    "encodings_in": "words",
    "exclusions": "excluded",
    "exported": "exporting",
    "fingerprints": "marks",
    "is_exported": "exporting",
    "is_table": "words",
    "lint_sites": "linting",
    "marks_files": "marks",
    "off_by_default": "switches",
    "open_deck": "questions",
    "packed": "packing",
    "packs_of": "packing",
    "part_from_urls": "lists",
    "places_in": "words",
    "is_post": "manifests",
    "iso_day": "tables",
    "platforms": "manifests",
    "platforms_dir": "manifests",
    "probes_dir": "places",
    "read_campaign": "register",
    "read_list": "lists",
    "read_marks": "marks",
    "read_platform": "manifests",
    "read_published": "published",
    "read_service": "services",
    "read_words": "words",
    "sites_from_file": "lists",
    "switch": "switches",
    "words_from_table": "lists",
}

__all__ = [
    "AS_HOST",
    "EXPERIMENTS",
    "NONE",
    "READINGS",
    "SUFFIX",
    "CatalogError",
    "ConsentText",
    "DeckInfo",
    "Exclusions",
    "Linted",
    "MarksFile",
    "Published",
    "Sent",
    "WordList",
    "campaign_hash",
    "campaigns",
    "campaigns_hash",
    "check_for",
    "consent_languages",
    "consent_text",
    "consent_versions",
    "cut_short",
    "deck_texts",
    "decks",
    "encodings_in",
    "exclusions",
    "exported",
    "fingerprints",
    "is_exported",
    "is_post",
    "is_table",
    "iso_day",
    "lint_sites",
    "marks_files",
    "off_by_default",
    "open_deck",
    "packed",
    "packs_of",
    "part_from_urls",
    "places_in",
    "platforms",
    "platforms_dir",
    "probes_dir",
    "read_campaign",
    "read_list",
    "read_marks",
    "read_platform",
    "read_published",
    "read_service",
    "read_words",
    "sites_from_file",
    "switch",
    "words_from_table",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
