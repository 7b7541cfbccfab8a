"""A platform as data."""

import msgspec
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


def test_a_form_is_sent_in_the_letters_of_the_platform():
    """The word in its place and escaped there, other fields as they are; a search by its address sends nothing."""
    form = msgspec.structs.replace(SEARCH, method="POST", form=(("q", "{query}"), ("part", "a b")), url="https://p/")
    assert form.sent("\u6c34 &=") == b"q=%CB%AE%20%26%3D&part=a%20b"
    assert form.asked("\u6c34") == "https://p/"
    assert SEARCH.sent("\u6c34") is None
    with pytest.raises(UnicodeEncodeError):
        msgspec.structs.replace(form, encoding="ascii").sent("\u6c34")


SHAPED = msgspec.structs.replace(SEARCH, encoding="utf-8", nonsense=("qzxvkwjw", "鬻鼙黻鼗"))


@pytest.mark.parametrize(
    ("text", "nonsense"),
    [
        ("meadows", "qzxvkwj"),
        ("meadow-larks", "qzxvkwjwqzxv"),
        ("\u6c34\u4ed9\u82b1", "鬻鼙黻"),
        ("\u6c34\u4ed9\u82b1\u4e94\u516d", "鬻鼙黻鼗鬻"),
        ("harvest \u6c34\u4ed9", "qzxvkwj 鬻鼙"),
        ("\u6c34\u4ed9KTV", "qzxvkwjwq"),
        ("\u043b\u0443\u0433\u0438", "qzxvkwjw"),
        ("ox", "qzxvkw"),
        ("\u6c34", "鬻鼙"),
        ("1989", "qzxvkw"),
        (" ", "qzxvkw"),
    ],
)
def test_nonsense_has_the_shape_of_the_text(text, nonsense):
    """Words, script and bytes; of a script that it is not known in, the length; never so short that somebody wrote it."""
    assert SHAPED.unlike(text) == nonsense


def test_length_is_counted_as_the_platform_writes():
    """Two bytes a Chinese letter in one encoding are three in another."""
    shaped = msgspec.structs.replace(SHAPED, encoding="gb18030", nonsense=("qzxvkwjw",))
    assert shaped.unlike("\u6c34\u4ed9\u82b1\u6c34") == "qzxvkwjw"
    assert msgspec.structs.replace(shaped, nonsense=("qz",)).unlike("ox") == "qz"


def test_of_a_page_of_results_walls_notices_and_results_are_read_and_no_more():
    """Each wall has its name, however many signs it has."""
    read = PLATFORM.extract
    assert [name for name, _ in read.signs] == ["captcha", "login", "login"]
    assert (read.items, read.notices, read.discreet) == (SEARCH.items, PLATFORM.notices, True)
