"""TOML tables whose faults are located."""

from datetime import date

import pytest

from hushmap.catalog.errors import CatalogError
from hushmap.catalog.source import text_of
from hushmap.catalog.tables import iso_day, parse


def table(text):
    """The top table of `text`."""
    return parse(text_of("x.toml", text.encode()))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = \n", "x.toml:1:5: not TOML: Invalid value; see probes/README.md"),
        ('a = "x\n', "x.toml:1:7: not TOML"),
        ('a = 1\nb = """x', "x.toml:2:9: not TOML"),
        ("a = 1\na = 2\n", "x.toml:2:6: not TOML: Cannot overwrite a value"),
        ("a = " + "[" * 100_000, "x.toml:1:1: is nested too deeply"),
        (f"a = {'9' * 5000}", "x.toml:1:1: not TOML: Exceeds the limit"),
        (f"a = 1\nb = 0x{'f' * 4000}", "x.toml:2:1: b is a number of more than 64 bits"),
        (f"[[a]]\nc = [{{}}, {{ b = {-(2**63) - 1} }}]\n", "x.toml:1:1: b is a number of more than 64 bits"),
        (f"a = [[{2**63}]]", "x.toml:1:1: a is a number of more than 64 bits"),
    ],
)
def test_syntax_faults_are_located(text, message):
    """A fault of the form is one line at the parser's place, or at the end where the file ends too early."""
    with pytest.raises(CatalogError) as caught:
        table(text)
    assert str(caught.value).startswith(message)


GOOD = 'name = "x"\nlist = ["a", "b"]\n\n[[part]]\nname = "p"\n[[part]]\n  "name" = "q"\n[other]\nname = "o"\n'


def test_values_are_read():
    """Texts, lists of texts and tables come out as they stand."""
    top = table(GOOD)
    assert top.text("name") == "x"
    assert not top.text("gone", "")
    assert top.texts("list") == ("a", "b")
    assert [part.text("name") for part in top.tables("part")] == ["p", "q"]


def test_a_fault_is_at_its_own_key():
    """The same key in several tables is found in the right one; a missing key is at its table."""
    top = table(GOOD)
    first, second = top.tables("part")
    assert str(top.fault("name", "w", "r")) == "x.toml:1:1: w; r"
    assert str(first.fault("name", "w", "r")) == "x.toml:5:1: w; r"
    assert str(second.fault("name", "w", "r")) == "x.toml:7:3: w; r"
    assert str(second.fault("gone", "w", "r")) == "x.toml:6:1: w; r"
    assert str(table("a = 1").fault("gone", "w", "r")) == "x.toml:1:1: w; r"


def test_inline_tables_are_read_too():
    """Tables written in one line are the same tables; a fault in them is at the top."""
    parts = table('part = [{name = "p"}, {name = "q"}]\n').tables("part")
    assert [part.text("name") for part in parts] == ["p", "q"]
    assert str(parts[1].fault("gone", "w", "r")) == "x.toml:1:1: w; r"


def test_the_last_table_ends_with_the_file():
    """A table header on the last line, without a newline, is a table."""
    (part,) = table("[[part]]").tables("part")
    assert str(part.fault("name", "w", "r")) == "x.toml:1:1: w; r"


@pytest.mark.parametrize(
    ("text", "ask", "message"),
    [
        ("a = 1", lambda t: t.text("b"), "no b; add b ="),
        ("a = 1", lambda t: t.text("a"), "a is not one line of text"),
        ('a = " "', lambda t: t.text("a"), "a is not one line of text"),
        ('a = """x\ny"""', lambda t: t.text("a"), "a is not one line of text"),
        ("a = []", lambda t: t.texts("a"), "a is not a list of texts"),
        ("a = 1", lambda t: t.texts("a"), "a is not a list of texts"),
        ("a = ['x', 1]", lambda t: t.texts("a"), "a is not a list of texts"),
        ("a = ['']", lambda t: t.texts("a"), "a is not a list of texts"),
        ("a = 1", lambda t: t.tables("part"), "no [[part]]"),
        ("part = []", lambda t: t.tables("part"), "no [[part]]"),
        ("part = [1]", lambda t: t.tables("part"), "no [[part]]"),
        ("part = 1", lambda t: t.tables("part"), "no [[part]]"),
        ("a = 1\nbb = 2", lambda t: t.only({"a", "c"}), "x.toml:2:1: unknown key 'bb'; known are a, c"),
    ],
)
def test_values_of_the_wrong_kind_are_refused(text, ask, message):
    """What is missing or of another kind is said with its remedy."""
    with pytest.raises(CatalogError) as caught:
        ask(table(text))
    assert message in str(caught.value)


def test_the_greatest_numbers_are_read():
    """64 bits are TOML's own bound."""
    assert table(f"a = {2**63 - 1}\nb = {-(2**63)}").values == {"a": 2**63 - 1, "b": -(2**63)}


def test_known_keys_are_let_through():
    """Nothing is said of keys that are known."""
    table("a = 1").only({"a"})


@pytest.mark.parametrize(
    "text", ["20150601", "2015-W23-1", "2015-6-1", "2015-06-31", " 2015-06-01", "\uff11\uff19\uff19\uff19-01-01", ""]
)
def test_a_day_is_written_in_one_way(text):
    """A day is YYYY-MM-DD and nothing else, though Python reads more."""
    assert iso_day("2015-06-01") == date(2015, 6, 1)
    assert iso_day(text) is None
