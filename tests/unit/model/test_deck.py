"""Tests of hushmap.model.deck."""

from hushmap.model import CATEGORIES, NAMED, RISKY, Deck, Part, Place, Target


def test_a_targets_key_tells_places_and_experiments_apart():
    """One word in two places is two targets; where a row stood does not matter."""
    word = Target(experiment="keyword", text="w", place=Place.TLS_SNI, line="a:1")
    assert word.key == "keyword|tls-sni|w" == Target(experiment="keyword", text="w", place=Place.TLS_SNI).key
    assert word.key != Target(experiment="keyword", text="w", place=Place.HTTP_PATH).key
    assert Target(experiment="sni", text="w").key == "sni||w"


def test_a_deck_has_the_targets_of_its_parts_in_order():
    """Risky ones among them: the plan switches them."""
    one, two = Target(experiment="web", text="a"), Target(experiment="web", text="b", risky=True)
    parts = tuple(Part(experiment="web", list="l", sha256="", targets=(target,)) for target in (one, two))
    assert Deck(name="d", title="D", sha256="", baselines=(), parts=parts).targets == (one, two)


def test_risky_and_named_categories_are_categories():
    """METHOD 5 names twelve risky ones and three that the plan names; none is both."""
    assert len(RISKY) == 12
    assert CATEGORIES.keys() >= RISKY | NAMED
    assert not RISKY & NAMED
