"""A deck as one file: read as it was written, and refused when it is not."""

import msgspec
import pytest

from hushmap.catalog import CatalogError, deck_texts, exported, open_deck
from hushmap.catalog.exporting import SCHEMA, digest, is_exported, read_exported

DECK = 'name = "ours"\ntitle = "T"\nbaselines = ["www.example.com", "www.example.org"]\n[[part]]\nexperiment = "web"\nlist = "s.csv"\n'
LIST = "url,category_code\nhttps://news.example/,NEWS\nhttps://wiki.example/,CULTR\n"


@pytest.fixture
def deck(tmp_path):
    """An exported deck's path."""
    path = tmp_path / "ours.deck"
    path.write_bytes(exported("ours", DECK, {"s.csv": LIST}))
    return path


def test_a_deck_is_read_as_it_was_exported(deck, tmp_path):
    """With the lists that are in it, whatever lies beside it; its hash is the file's."""
    (tmp_path / "s.csv").write_text("url\nhttps://other.example/\n")
    found = open_deck(str(deck))
    assert [target.text for target in found.targets] == ["https://news.example/", "https://wiki.example/"]
    assert found.targets[0].line == "s.csv:2"
    assert found.sha256 == read_exported(deck)[0].sha256
    assert is_exported(deck)
    assert deck_texts(str(deck)) == (DECK, {"s.csv": LIST})


def test_the_same_question_is_the_same_bytes(tmp_path):
    """An export of an export too; lists by name."""
    (tmp_path / "ours.toml").write_text(DECK)
    (tmp_path / "s.csv").write_text(LIST)
    text, lists = deck_texts(str(tmp_path / "ours.toml"))
    assert exported("ours", text, lists) == exported("ours", DECK, {"s.csv": LIST})
    assert digest("d", {"a": "1", "b": "2"}) == digest("d", {"b": "2", "a": "1"}) != digest("d", {"a": "12"})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no exported deck"),
        (b"[" * 100_000, "is no exported deck"),
        (b'{"name": "x"}', "is no exported deck"),
        (exported("ours", DECK, {"s.csv": LIST}).replace(b"news", b"fake"), "is not what its hash says"),
        (exported("ours", DECK, {"s.csv": LIST}).replace(SCHEMA.encode(), b"hushmap.deck/9"), "take a newer hushmap"),
        (exported("ours", DECK, {}), "there is no list 's.csv' in it"),
    ],
)
def test_what_is_no_deck_or_was_changed_is_one_line(deck, data, said):
    """Each with the file and a remedy."""
    deck.write_bytes(data)
    with pytest.raises(CatalogError, match=said) as caught:
        open_deck(str(deck))
    assert "\n" not in str(caught.value)


def test_every_byte_of_an_export_counts(deck):
    """Cut or changed anywhere it is a CatalogError, or the same question."""
    whole = deck.read_bytes()
    before = open_deck(str(deck)).targets
    for at in range(len(whole)):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
            deck.write_bytes(data)
            try:
                assert open_deck(str(deck)).targets == before
            except CatalogError:
                continue


def test_trailing_bytes_are_none_of_it(deck):
    """Nothing may stand behind the object."""
    deck.write_bytes(deck.read_bytes() + b"{}")
    with pytest.raises(CatalogError):
        open_deck(str(deck))
    assert msgspec.json.decode(exported("n", "d", {}))["sha256"] == digest("d", {})
