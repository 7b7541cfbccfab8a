"""What is on a platform, and what becomes of it."""

from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab.platform.contents import ACCOUNTS, CANARY, FILTERED, LISTED, WORDS, contents
from hushmap.lab.scenario_platform import PlatformSettings

SEEDS = st.integers(0, 10**6)


def drawn(seed=1, **more):
    """Contents of a platform."""
    return contents(PlatformSettings(site="driftwood.test", seed=seed, **more))


@given(SEEDS)
def test_a_seed_gives_the_same_contents_for_ever(seed):
    """And another seed gives others."""
    assert drawn(seed) == drawn(seed)
    assert drawn(seed).posts != drawn(seed + 1).posts


@given(SEEDS)
def test_of_twenty_some_have_each_fate(seed):
    """As the tables say, and one word always is filtered."""
    found = drawn(seed)
    assert Counter(word.fate for word in found.words if word.text != CANARY) == Counter(WORDS)
    assert Counter(post.fate for post in found.posts) == Counter(fate for five in ACCOUNTS for fate in five)


@pytest.mark.parametrize("seed", range(3))
def test_no_word_is_part_of_another(seed):
    """Else one fate would be two words'."""
    words = [word.text for word in drawn(seed, words=200).words]
    assert len(set(words)) == len(words)
    assert not any(one in other for one in words for other in words if one != other)


@given(SEEDS)
def test_items_follow_from_the_fate_of_their_word(seed):
    """Nobody has written of a rare word, only listed sources of an official one, both of any other."""
    found = drawn(seed)
    for word in found.words:
        listed = [item.source in LISTED for item in found.items if word.text in item.text]
        assert len(listed) == {"rare": 0, "official": 2}.get(word.fate, 8)
        assert all(listed) is (word.fate in {"rare", "official"})


@given(SEEDS)
def test_what_happens_to_a_post_happens_after_it_was_written(seed):
    """Within the times that are set; all posts of an account that dies go at once, unless their author was earlier."""
    settings = PlatformSettings(site="driftwood.test", seed=seed, posts=40, soonest_s=100.0, latest_s=1000.0)
    posts = contents(settings).posts
    for post in posts:
        assert -50.0 <= post.posted <= 0.0
        assert post.at is None or post.posted < post.at <= 1000.0
        assert (post.at is None) is (post.fate in {"stays", "login"}) or post.fate == "held"
    dying = {post.account for post in posts if post.fate == "account"}
    for account in dying:
        deaths = {post.at for post in posts if post.account == account and post.fate == "account"}
        (death,) = deaths
        assert all(post.at <= death for post in posts if post.account == account)


def test_a_notice_names_an_order_and_its_day():
    """Only where there is a notice, in one of two languages."""
    words = drawn(words=200).words
    assert all((word.order is not None) is (word.fate in {"notice", "partial"}) for word in words)
    assert {word.order.language for word in words if word.order} == {"en", "zh"}


def test_a_control_has_the_same_contents_and_hides_nothing():
    """Word by word and post by post; but for the canary, by which a filter is known to be seen."""
    one, other = drawn(), drawn(acts=False)
    assert other.items == one.items
    assert [word.text for word in other.words] == [word.text for word in one.words]
    assert [word.text for word in other.words if word.fate in FILTERED] == [CANARY]
    assert [(post.id, post.text) for post in other.posts] == [(post.id, post.text) for post in one.posts]
    assert {post.fate for post in other.posts} == {"stays"}


def test_the_truth_is_plain_json():
    """With every fate and every time in it."""
    found = msgspec.json.decode(msgspec.json.encode(drawn()))
    assert found["schema"] == "hushmap.platform-truth/1"
    assert {"id", "account", "fate", "posted", "at", "text"} >= set(found["posts"][1]) >= {"id", "fate", "posted"}
