"""A platform as data."""

import pytest

from hushmap.model.platform import Extract, Notice, Platform, Search, Sign

SEARCH = Search(url="https://p.example/s?q={query}", items=Extract(kind="css", expression=".r"), encoding="gb18030")
PLATFORM = Platform(
    id="p",
    name="P",
    search=SEARCH,
    notices=(Notice(text="left out"),),
    captcha=(Sign(kind="text", value="captcha"),),
    login=(Sign(kind="url", value="/login"), Sign(kind="status", value="401")),
)


def test_a_text_is_escaped_in_the_letters_of_the_platform():
    """Nothing of it can end the query, or begin another one."""
    assert SEARCH.asked("\u6c34 &/") == "https://p.example/s?q=%CB%AE%20%26%2F"


def test_a_text_that_the_encoding_has_no_letters_for_is_refused():
    """Another text would be asked about."""
    with pytest.raises(UnicodeEncodeError):
        Search(url="{query}", items=SEARCH.items, encoding="ascii").asked("\u6c34")


def test_of_a_page_of_results_walls_notices_and_results_are_read_and_no_more():
    """Each wall has its name, however many signs it has."""
    read = PLATFORM.extract
    assert [name for name, _ in read.signs] == ["captcha", "login", "login"]
    assert (read.items, read.notices, read.discreet) == (SEARCH.items, PLATFORM.notices, True)
