"""A case as Markdown: foreign text is no markup."""

import msgspec

from hushmap.report.site.case_text import markdown, plain
from hushmap.report.site.cases import made
from unit.report.site.added import case_id, making


def test_foreign_text_is_no_markup():
    """Nor a new line, nor a list, nor a character that turns the text."""
    assert plain("<b>*x*</b>\n# [a](b)") == r"\<b\>\*x\*\</b\> \# \[a\](b)"
    assert plain("- x") == r"\- x"
    assert "\u202e" not in plain("a\u202eb")


def test_every_part_is_there():
    """In the order of a page; what could not be had is said."""
    site = making()
    case = made(site, case_id(site))
    text = markdown(case, site.words)
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "What this cannot show",
        "How sure",
        "Times and counts",
        "What it rests on",
        "What did not change, and what chance would bring",
        "What else happened then, by the register of events",
        "Corrections",
        "To check it",
    ]
    assert "- None so far." in text
    assert "Source: Example Gazette" in text
    bare = msgspec.structs.replace(case, evidence=(), lab="")
    assert "No single result of it could be had here." in markdown(bare, site.words)
    first = msgspec.structs.replace(case.evidence[0], sentence="It was reset.")
    assert "It was reset." in markdown(msgspec.structs.replace(case, evidence=(first,)), site.words)
