"""The English furniture of the page: every text can be filled."""

import re

from hushmap.report.texts_en import EN


def test_every_text_is_filled_by_its_fields():
    """No brace is left over, and no text is empty."""
    for key, text in EN.items():
        filled = text.format_map(dict.fromkeys(re.findall(r"\{(\w+)\}", text), "x"))
        assert filled.strip(), key
        assert not set("{}") & set(filled), key


def test_a_singular_has_its_plural():
    """A form for one never stands alone."""
    assert {key.replace(".one", ".other") for key in EN if key.endswith(".one")} <= set(EN)
