"""Decks as lines."""

from hushmap.catalog import DeckInfo
from hushmap.cli.deck_text import list_lines, show_lines
from hushmap.model import Deck, Part, Place, Target
from hushmap.runs import Fetched


def test_a_list_of_decks():
    """Name, size, experiments and title in columns."""
    info = DeckInfo(name="mine", title="Mine", experiments=("web", "keyword"), targets=3, path="")
    assert next(iter(list_lines([info]))) == "mine     3 targets  web and keyword · Mine"
    assert len(list(list_lines([]))) == 1


def test_a_list_of_lists():
    """What was fetched stands below the decks, with its day and how to use it."""
    info = DeckInfo(name="mine", title="Mine", experiments=("web",), targets=3, path="")
    kept = Fetched(
        kind="lists", name="xe.csv", source="", sha256="", licence="", when="2026-11-21T22:33:00Z", rows=1200
    )
    assert list(list_lines([info], [kept]))[:2] == [
        "mine     3 targets  web · Mine",
        "xe    1200 sites    fetched 21 Nov 2026 · use it: hushmap plan -f xe",
    ]


def test_one_deck():
    """Parts, targets with state, place, category, canary, reason and source."""
    words = (
        Target(experiment="keyword", text="weather", place=Place.HTTP_PATH, category="MISC", canary=True, reason="why",
               source="own knowledge"),
        Target(experiment="keyword", text="casino", place=Place.TLS_SNI, category="GMB"),
    )  # fmt: skip
    part = Part(experiment="keyword", list="words.csv", sha256="ab" * 32, targets=words)
    deck = Deck(name="mine", title="Mine", sha256="cd" * 32, baselines=("a.example", "b.example"), parts=(part,),
                baseline_word="calm", path="mine.toml")  # fmt: skip
    assert list(show_lines(deck)) == [
        "mine: Mine · 2 targets, 1 of them off unless named",
        "Harmless  a.example and b.example, word calm",
        "File      mine.toml (sha256 cdcdcdcdcdcd…)",
        "keyword · list words.csv (sha256 abababababab…)",
        "  on  weather in http-path · miscellaneous · canary",
        "        why · source: own knowledge",
        "  off casino in tls-sni · gambling",
    ]
