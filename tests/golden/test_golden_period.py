"""Golden: what is said of many measurements together, in every language, word for word."""
# ruff: noqa: RUF001 - Chinese punctuation is what is looked for

import json
import re

import pytest

from golden.period_rows import GOLDEN, LANGS, ROWS, as_text, said

EXPECTED = json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS)
def test_says_what_was_reviewed(row):
    """Label, sentence and how-sure line are those of the file; `python tests/golden/period_rows.py` writes it."""
    assert said()[row] == EXPECTED[row]


def test_golden_file_holds_these_rows_and_no_others():
    """period.json is what the script would write, to the byte."""
    assert GOLDEN.read_text(encoding="utf-8") == as_text(said())


def test_no_sentence_is_broken():
    """No brace, no gap and no doubled stop is left over."""
    broken = re.compile(r"[{}|]|\[\[|\]\]|  | [,.;](\s|$)|,,|;;|\.\.|; *\.|None|，，|。。|；。|，。|，；")
    for row, texts in EXPECTED.items():
        for lang in LANGS:
            for text in texts[lang].values():
                assert not broken.search(text), row


def test_languages_differ():
    """No row was left in English."""
    for row, texts in EXPECTED.items():
        assert texts["en"]["sentence"] != texts["zh"]["sentence"], row
