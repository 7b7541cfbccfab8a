"""Decks: found by name or path, read whole or refused in one line."""

import pytest

from hushmap.catalog import questions
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.questions import decks, open_deck
from hushmap.model import Place

HEAD = 'name = "mine"\ntitle = "Mine"\nbaselines = ["www.example.com", "Example.NET"]\n'
PART = '[[part]]\nexperiment = "web"\nlist = "s.csv"\n'
WORDS = '[[part]]\nexperiment = "keyword"\nlist = "w.csv"\n'


@pytest.fixture
def shelf(probes):
    """A shipped deck with its lists."""
    probes.write("decks/mine.toml", HEAD + PART)
    probes.write("lists/s.csv", "url,category_code\nhttps://a.example/,NEWS\n")
    probes.write("lists/w.csv", "word,place\nkw-alpha,all\n")
    return probes


def refused(shelf, text):
    """The error of a deck with this text."""
    path = shelf.write("decks/mine.toml", text)
    with pytest.raises(CatalogError) as caught:
        open_deck(str(path))
    return str(caught.value).removeprefix(f"{path}:")


def test_a_deck_is_read_by_name_or_path(shelf):
    """Both ways give the same deck with its lists, hashes and baselines."""
    deck = open_deck("mine")
    assert deck == open_deck(str(shelf.path / "decks" / "mine.toml"))
    assert (deck.name, deck.title, deck.baselines) == ("mine", "Mine", ("www.example.com", "example.net"))
    assert [target.text for target in deck.targets] == ["https://a.example/"]
    assert len(deck.sha256) == len(deck.parts[0].sha256) == 64
    assert not deck.baseline_word


def test_a_deck_of_words_has_its_harmless_word(shelf):
    """The keyword experiment needs a baseline word, others may have one."""
    shelf.write("decks/mine.toml", HEAD + 'baseline_word = "天气"\n' + WORDS)
    assert open_deck("mine").baseline_word == "天气"
    assert refused(shelf, HEAD + WORDS).startswith("1:1: no baseline_word; add")
    shelf.exclude("bad words")
    assert "5:1: is on the hard" not in refused(shelf, HEAD + 'baseline_word = "bad words"\n' + WORDS)
    assert refused(shelf, HEAD + 'baseline_word = "bad words"\n' + WORDS).startswith("4:1: is on the hard exclusion")


def test_the_shipped_decks_are_listed(shelf):
    """Each with its title, experiments and number of targets."""
    shelf.write(
        "decks/two.toml",
        HEAD.replace("mine", "two") + 'baseline_word = "calm"\n' + PART + WORDS + PART.replace("web", "dns"),
    )
    one, two = decks()
    assert (one.name, one.title, one.experiments, one.targets) == ("mine", "Mine", ("web",), 1)
    assert (two.experiments, two.targets) == (("web", "keyword", "dns"), 2 + len(Place))
    assert two.path.endswith("two.toml")


def test_a_list_is_looked_for_beside_its_deck_first(shelf):
    """Beside the deck, then in the neighbouring folder lists, then among the shipped lists."""
    far = HEAD + PART
    path = shelf.write("elsewhere/decks/mine.toml", far)
    assert open_deck(str(path)).targets[0].text == "https://a.example/"
    shelf.write("elsewhere/lists/s.csv", "url\nhttps://b.example/\n")
    assert open_deck(str(path)).targets[0].text == "https://b.example/"
    shelf.write("elsewhere/decks/s.csv", "url\nhttps://c.example/\n")
    assert open_deck(str(path)).targets[0].text == "https://c.example/"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mime", "mime: there is no deck of this name; did you mean mine?"),
        ("zzz", "zzz: there is no deck of this name; choose one of mine, or give a file's path"),
        ("", "(no name): there is no deck of this name"),
        ("..", "..: there is no deck of this name"),
        ("gone.toml", "gone.toml: there is no such file"),
    ],
)
def test_a_deck_that_is_not_there_is_said(shelf, name, message):
    """The nearest name is offered, or all of them."""
    with pytest.raises(CatalogError) as caught:
        open_deck(name)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            HEAD + "x = 1\n" + PART,
            "4:1: unknown key 'x'; known are baseline_word, baselines, name, own_vantage, part, title",
        ),
        (HEAD.replace("mine", "My Deck") + PART, "1:1: 'My Deck' is no name for a deck"),
        (HEAD.replace('title = "Mine"\n', "") + PART, "1:1: no title"),
        (HEAD, "1:1: no [[part]]"),
        (HEAD + PART + "y = 1\n", "7:1: unknown key 'y'; known are experiment, list"),
        (HEAD + PART.replace("web", "wob"), "5:1: unknown experiment 'wob'; use web, dns, sni, "),
        (HEAD + PART.replace("s.csv", "../s.csv"), "6:1: '../s.csv' is not a file's bare name"),
        (
            HEAD + PART.replace("s.csv", "\u65b0" * 100 + ".csv"),
            "6:1: '" + "\u65b0" * 60 + "…' is not a file's bare name",
        ),
        (HEAD + PART.replace("s.csv", "gone.csv"), "6:1: there is no list 'gone.csv'; put it beside the deck"),
        (HEAD.replace(', "Example.NET"', "") + PART, "3:1: 1 baselines; name exactly two"),
        (HEAD.replace("Example.NET", "localhost") + PART, "3:1: baseline 'localhost' is not a name of the public"),
        (HEAD.replace("Example.NET", "10.0.0.1") + PART, "3:1: baseline '10.0.0.1' is an address, not a name"),
        (HEAD.replace("Example.NET", "WWW.example.com") + PART, "3:1: the same baseline twice"),
        (HEAD.replace("Example.NET", "a.example") + PART, "3:1: a baseline is also a target (s.csv:2)"),
        (HEAD.replace("Example.NET", "bad-words.example") + PART, "3:1: is on the hard exclusion list"),
        (HEAD + PART + PART, "1:1: s.csv:2 asks the same as s.csv:2; remove one"),
    ],
)
def test_a_fault_in_a_deck_is_located(shelf, text, message):
    """Each fault in a deck is one line with its place and remedy."""
    shelf.exclude("bad words")
    assert refused(shelf, text).startswith(message)


def test_a_fault_in_a_list_is_told_by_the_list(shelf):
    """A deck whose list has a fault is refused with the list's own line."""
    shelf.write("lists/s.csv", "url\nnonsense\n")
    with pytest.raises(CatalogError, match=r"lists/s\.csv:2:1: 'nonsense'"):
        open_deck("mine")


def test_the_starter_decks_are_of_a_size_to_start_with():
    """Each of ours has 30 to 60 targets, most of them on by default."""
    shipped = {info.name: info for info in decks()}
    for name in ("sites-global", "sites-china", "words-china"):
        assert 30 <= shipped[name].targets <= 60
    assert questions.probes_dir().name == "probes"


def test_a_deck_may_mean_platforms_to_be_asked_from_their_own_country(shelf):
    """Said with true, not with a word; without it it does not."""
    shelf.write("lists/s.csv", "url,category_code\nhttps://a.example/,NEWS\n")
    for text, told in (("own_vantage = true\n", True), ("own_vantage = false\n", False), ("", False)):
        assert open_deck(str(shelf.write("decks/mine.toml", HEAD + text + PART))).own_vantage is told
    assert "is neither true nor false" in refused(shelf, HEAD + 'own_vantage = "yes"\n' + PART)
