"""Which targets are on."""

import pytest

from hushmap.catalog import CatalogError
from hushmap.cli.choosing import BASELINES, choose, host_of, local_deck, local_list
from hushmap.cli.fault import Fault
from hushmap.cli.options import Wishes
from hushmap.model import Place, Target
from hushmap.runs import store


def test_risky_rows_stay_off_until_they_are_named():
    """A category is switched on by its name, a row by its address; the risk says which."""
    off = choose(Wishes(files=("sites.csv",)))
    assert ([one.text for one in off.off], off.risk) == (["https://site-2.example/"], ())
    on = choose(Wishes(files=("sites.csv",), with_=("LGBT",), without=("NEWS",)))
    assert [one.text for one in on.on] == ["https://site-1.example/", "https://site-2.example/"]
    assert (on.risk, on.words) == (("LGBT",), 0)


def test_a_typed_address_is_named_and_a_row_of_a_file_is_not(home):
    """-i switches its address on; rows of a plain file stay off until the person has said so once."""
    (home / "plain.txt").write_text("https://b.example/\n")
    chosen = choose(Wishes(urls=("https://a.example/",), files=("plain.txt",)))
    assert [one.text for one in chosen.on] == ["https://a.example/"]
    assert chosen.risk == ("none",)
    assert choose(Wishes(files=("plain.txt",)), uncategorised=True).off == ()
    assert choose(Wishes(files=("plain.txt",), with_=("none",))).off == ()


@pytest.mark.parametrize("word", ["LGBT", "none", "https://plain.example/"])
def test_a_typed_text_is_never_taken_for_a_category(home, word):
    """A canary, a text or a name that is written as a category or as a row's name switches on itself alone."""
    (home / "plain.txt").write_text("https://plain.example/\n")
    (home / "words.txt").write_text(f"{word}\nkw-alpha\n")
    canary = choose(Wishes(files=("sites.csv", "plain.txt"), canaries=(word,)))
    sites = {"https://site-0.example/", "https://site-1.example/"}
    assert {(one.experiment, one.text) for one in canary.on} == {
        ("calibrate", word),
        *(("web", one) for one in sites),
    }
    text = Target(experiment="isolate", text=word, place=Place.HTTP_PATH)
    on = choose(Wishes(files=("words.txt",), experiment="isolate", asked=(text,))).on
    assert [one.key for one in on] == [text.key]


def test_a_deck_takes_more_sites_and_asks_each_once(home):
    """Sites given beside a deck are added; one that the deck has already is asked once."""
    deck = choose(Wishes(deck="sites-global"))
    more = choose(Wishes(deck="sites-global", urls=(deck.on[0].text, "https://a.example/")))
    assert len(more.on) == len(deck.on) + 1
    assert [part.list for part in more.sources] == ["sites-global.csv", "-i"]


def test_words_are_counted_apart():
    """A deck of words says how many of its targets are words."""
    chosen = choose(Wishes(deck="words-china"))
    assert chosen.words == len(chosen.on) > 10


def test_a_list_without_a_deck_gets_baselines_that_it_does_not_ask_about(home):
    """Harmless names that are themselves targets are passed over; too many of them are a fault."""
    chosen = choose(Wishes(urls=(f"https://{BASELINES[0]}/",)))
    assert chosen.deck.baselines == BASELINES[1:3]
    with pytest.raises(Fault, match="write a deck with baselines of your own"):
        choose(Wishes(urls=tuple(f"https://{name}/" for name in BASELINES[:3])))


def test_a_baseline_of_a_deck_cannot_be_asked_about():
    """What is compared with must be something that nobody blocks."""
    with pytest.raises(Fault, match="is a baseline of the deck sites-global; leave it out"):
        choose(Wishes(deck="sites-global", urls=("https://www.example.com/",)))


def test_nothing_named_and_wrong_names_are_faults():
    """Without deck, file or address there is nothing to do; a name that matches nothing is never ignored."""
    with pytest.raises(Fault, match="nothing to measure was named"):
        choose(Wishes())
    with pytest.raises(CatalogError, match="--without: NEWZ is no category"):
        choose(Wishes(files=("sites.csv",), without=("NEWZ",)))


def test_a_deck_in_the_current_folder_is_found_by_its_name(home):
    """NAME.toml here comes before a shipped deck; a path stays a path."""
    (home / "mine.toml").write_text("")
    assert [local_deck(name) for name in ("mine", "sites-global", "./x")] == ["mine.toml", "sites-global", "./x"]


def test_a_fetched_list_is_found_by_its_name(home):
    """A file here comes first; then the list on the shelf, with or without its suffix; a path stays a path."""
    about = {"source": "", "licence": "", "when": "", "rows": 1}
    kept = store("lists", "xe.csv", b"url\nhttps://a.example/\n", **about)
    assert [local_list(name) for name in ("xe", "xe.csv", "xf", "./xe.csv")] == [str(kept.path)] * 2 + [
        "xf",
        "./xe.csv",
    ]
    assert [one.text for one in choose(Wishes(files=("xe",))).off] == ["https://a.example/"]
    (home / "xe.csv").write_text("")
    assert local_list("xe.csv") == "xe.csv"


def test_hosts():
    """The host of an address, or the name itself."""
    assert [host_of("https://a.example/x"), host_of("a.example")] == ["a.example", "a.example"]
