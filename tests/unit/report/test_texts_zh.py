"""The Chinese furniture of the page: every text can be filled, and is written as Chinese is."""

import re

from hushmap.report.texts_zh import ZH


def test_every_text_is_filled_by_its_fields():
    """No brace is left over, and no text is empty."""
    for key, text in ZH.items():
        filled = text.format_map(dict.fromkeys(re.findall(r"\{(\w+)\}", text), "x"))
        assert filled.strip(), key
        assert not set("{}") & set(filled), key


def test_punctuation_is_chinese():
    """No half-width comma, colon or bracket beside a Chinese character."""
    for key, text in ZH.items():
        assert not re.search(r"[\u4e00-\u9fff][,:;()]|[,:;()][\u4e00-\u9fff]", text), key
