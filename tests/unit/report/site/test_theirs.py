"""What others measured of the same host: beside, whose it is, with intervals or that there are too few."""

from hushmap.report.site.target import page
from hushmap.report.site.theirs import told
from unit.report.site.added import OTHERS, making, theirs

KEY = ("news-example-org", "as64501-xe")


def site(**more):
    """With what others measured of the news on Net-A."""
    return making(others=OTHERS, theirs={KEY: theirs(**more)})


def test_each_network_has_its_sentences():
    """Also that there is nothing, which says nothing."""
    made = site()
    first, second = told(made, made.targets["news-example-org"])
    assert first == (
        "Net-A (AS64501, XE): 48 measurements on 6 days, 2026-10-19 to 2026-11-17.",
        "OONI's own conclusion: anomaly in 12 of 40 bursts. 30 % (95 % interval 18 % to 46 %)",
        "By the rules of this page: Blocked in 2 of 8 bursts. (too few to say)",
        "Not counted: 3, which decided nothing or failed everywhere.",
    )
    nothing = "no measurement of news.example.org in these days. That says nothing about news.example.org."
    assert second == (f"Net-B (AS64502, XE): {nothing}",)
    bare = site(claim=None, left_out=0)
    assert len(told(bare, bare.targets["news-example-org"])[0]) == 2


def test_a_word_or_a_site_of_whom_nobody_was_asked_has_none():
    """The page has no such part then."""
    made = site()
    assert told(made, made.targets["word-1"]) == ()
    assert told(making(), made.targets["news-example-org"]) == ()
    with_, without = (page(one, made.targets["news-example-org"]).decode() for one in (made, making()))
    assert "Other people&#39;s measurements (ooni.jsonl)" in with_
    assert "What OONI has" not in without
