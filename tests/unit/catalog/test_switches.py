"""What is on and what stays off."""

import pytest

from hushmap.catalog import open_deck
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.switches import off_by_default, switch
from hushmap.model import CATEGORIES, RISKY, Target


def site(name, category, risky=False):
    """A target of experiment web."""
    return Target(experiment="web", text=f"https://{name}.example/", category=category, risky=risky)


NEWS, LGBT, GMB = site("news", "NEWS"), site("lgbt", "LGBT"), site("gmb", "GMB")
MARKED, BARE = site("marked", "NEWS", risky=True), site("bare", None)
ALL = (NEWS, LGBT, GMB, MARKED, BARE)


def test_risky_and_unjudged_targets_are_off_by_default():
    """Risky categories, marked rows and rows without a category stay off; nothing is lost or reordered."""
    on, off = switch(ALL)
    assert on == (NEWS,)
    assert off == (LGBT, GMB, MARKED, BARE)


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_each_risky_category_is_off(category):
    """Exactly the categories of METHOD 5 are off by default."""
    assert off_by_default(site("x", category)) == (category in RISKY)


@pytest.mark.parametrize(
    ("with_", "without", "expected"),
    [
        ({"LGBT"}, (), (NEWS, LGBT)),
        ({"none"}, (), (NEWS, BARE)),
        ({"NEWS"}, (), (NEWS, MARKED)),
        ({"https://gmb.example/"}, (), (NEWS, GMB)),
        ({"gmb.example"}, (), (NEWS, GMB)),
        ((), {"NEWS"}, ()),
        ({"LGBT", "GMB"}, {"https://lgbt.example/"}, (NEWS, GMB)),
        ({"LGBT"}, {"LGBT"}, (NEWS,)),
    ],
)
def test_each_kind_is_switched_by_its_own_name(with_, without, expected):
    """One category, one target or one host at a time; leaving out wins over switching on."""
    on, off = switch(ALL, with_, without)
    assert on == expected
    assert set(on) | set(off) == set(ALL)


@pytest.mark.parametrize(("with_", "without", "option"), [({"LGTB"}, (), "--with"), ((), {"NEWZ"}, "--without")])
def test_a_name_that_matches_nothing_is_an_error(with_, without, option):
    """A typing mistake is never ignored: it could send what somebody wanted kept back."""
    said = "is no category and no target of this deck; it has the categories GMB LGBT"
    with pytest.raises(CatalogError, match=f"^{option}: .* {said}"):
        switch(ALL, with_, without)


def test_a_category_of_no_target_may_be_named():
    """Leaving out a category that the deck does not have is no mistake."""
    assert switch(ALL, (), {"HUMR"})[0] == (NEWS,)


def test_words_are_switched_by_themselves():
    """A word is its own name."""
    word = Target(experiment="keyword", text="kw-alpha", category="NEWS")
    assert switch([word], (), {"kw-alpha"}) == ((), (word,))


def test_what_was_typed_is_on_and_names_nothing_else():
    """A word that is written as a category is switches on itself alone, and can still be left out."""
    typed = Target(experiment="calibrate", text="LGBT")
    assert switch([*ALL, typed], typed={typed.key})[0] == (NEWS, typed)
    assert switch([*ALL, typed], (), {"LGBT"}, typed={typed.key})[0] == (NEWS,)


def test_the_starter_decks_hold_risky_rows_that_are_off():
    """Every starter deck has risky rows, all off until named."""
    for name in ("sites-global", "sites-china", "words-china"):
        on, off = switch(open_deck(name).targets)
        assert len(on) >= 30
        assert off
        assert not [target for target in on if target.risky or target.category in RISKY]
