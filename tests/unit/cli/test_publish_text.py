"""What is shown before anything leaves."""

from collections import Counter

from hushmap.cli.publish_text import WHY, PublishText, lines, published_object, question
from hushmap.publish import Refusal, Review, Wish
from hushmap.runs import PublishedRun


def text(**more):
    """A bundle before it is written."""
    runs = (
        PublishedRun(run="20261121T2200Z-ab", started="2026-11-21T22:00:00Z", deck="d", label="group", records=3),
        PublishedRun(run="20261122T0100Z-cd", started="2026-11-22T01:00:00Z", deck="d", records=1),
    )
    review = Review(
        runs=runs, trials=40, experiments=Counter(web=4), categories=Counter(NEWS=3, none=1), countries=Counter({"XE": 4}),
        networks=Counter({"AS64501 Net-A": 4}), kinds=Counter(home=4), masked=Counter({"notes": 2, "nothing": 0}),
        refused=Counter({Refusal.EXCLUDED: 1, Refusal.ALTERED: 2}), unreadable=1, weaker=1, twice=1,
    )  # fmt: skip
    return PublishText(file="a.hush", size=2000, wish=Wish(**more), review=review)


def test_all_of_it_is_said():
    """What leaves, when, of whom, what was masked, what stays and why, and what no mask can know."""
    said = "\n".join(lines(text(own_vantage=True)))
    for part in (
        "4 records of 2 runs (2.0 kB)", "web 4", "21 Nov 2026, 22:00 UTC to 22 Nov 2026, 01:00 UTC", "AS64501 Net-A",
        "label 'group'", "2  notes", "1 record: a term of the hard exclusion list", "2 records: judged from the copy",
        "1 line that cannot be read", "1 record leaves undecided", "1 run left out: the same", "cannot be taken back",
    ):  # fmt: skip
        assert part in said, part
    assert "nothing" not in said


def test_a_network_that_is_not_named_is_not_in_the_text():
    """And how it could be is said."""
    one = text()
    one.review.networks.clear()
    said = " ".join("\n".join(lines(one)).split())
    assert "Net-A" not in said
    assert "--own-vantage names it" in said
    closed = text(own_vantage=True)
    closed.review.networks.clear()
    assert "no network is known" in " ".join("\n".join(lines(closed)).split())


def test_every_refusal_has_its_words():
    """None is told by its code."""
    assert set(WHY) == set(Refusal)


def test_nothing_masked_and_nothing_refused_is_said_shortly():
    """An empty list has no heading."""
    one = PublishText(file="a.hush", size=1, wish=Wish(), review=Review())
    said = "\n".join(lines(one))
    assert "Nothing had to be masked." in said
    assert "What stays" not in said
    only = PublishText(file="a.hush", size=1, wish=Wish(), review=Review(weaker=1))
    assert "What else there is to know:" in "\n".join(lines(only))


def test_the_object_of_json():
    """All the numbers, and the question that a person is asked."""
    told = published_object(text(own_vantage=True))
    assert told["refused"] == {"altered": 2, "excluded": 1}
    assert told["masked"] == {"notes": 2}
    assert told["left"]["networks"] == ["AS64501 Net-A"]
    assert "(4)" in question(text())
