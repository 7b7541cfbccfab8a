"""FLOOR 7: pages for people, without a script: what a run found, and the evidence for each word of it.

page  a run's page as bytes, and writing it     view       what the page shows, drawn from records and verdicts
waterfall  one decisive pair, step by step      chart      counts as one SVG drawing
site  all pages of many runs and networks (explore: the same, served)
study_text  what a study of a campaign says    survival_text  how long posts stayed
words  the pages' own words, by language (texts/LANGUAGE/PART.toml)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.report.explore.app import application
    from hushmap.report.explore.exploring import Explorer
    from hushmap.report.explore.opening import explorer
    from hushmap.report.explore.serving import serve
    from hushmap.report.overlap_text import overlap_lines
    from hushmap.report.page import render, write
    from hushmap.report.site.added import Added, CaseError, Others, Replaced
    from hushmap.report.site.book import About, Book, Correction
    from hushmap.report.site.case_text import markdown
    from hushmap.report.site.cases import Case
    from hushmap.report.site.citing import edition
    from hushmap.report.site.publishing import Published, case_of, publish
    from hushmap.report.site.writing import OthersError, look
    from hushmap.report.study_text import claims, sentences
    from hushmap.report.survival_text import survival_sentences
    from hushmap.report.view import Entry, RunView
    from hushmap.report.words import Words

_HOMES = {
    "About": "site.book",
    "Added": "site.added",
    "Book": "site.book",
    "Case": "site.cases",
    "CaseError": "site.added",
    "Correction": "site.book",
    "Entry": "view",
    "Explorer": "explore.exploring",
    "Others": "site.added",
    "OthersError": "site.writing",
    "Published": "site.publishing",
    "Replaced": "site.added",
    "RunView": "view",
    "Words": "words",
    "application": "explore.app",
    "case_of": "site.publishing",
    "claims": "study_text",
    "edition": "site.citing",
    "explorer": "explore.opening",
    "look": "site.writing",
    "markdown": "site.case_text",
    "publish": "site.publishing",
    "render": "page",
    "sentences": "study_text",
    "overlap_lines": "overlap_text",
    "survival_sentences": "survival_text",
    "serve": "explore.serving",
    "write": "page",
}
__all__ = [
    "About",
    "Added",
    "Book",
    "Case",
    "CaseError",
    "Correction",
    "Entry",
    "Explorer",
    "Others",
    "OthersError",
    "Published",
    "Replaced",
    "RunView",
    "Words",
    "application",
    "case_of",
    "claims",
    "edition",
    "explorer",
    "look",
    "markdown",
    "overlap_lines",
    "publish",
    "render",
    "sentences",
    "serve",
    "survival_sentences",
    "write",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
