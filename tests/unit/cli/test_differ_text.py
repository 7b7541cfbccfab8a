"""Ways to part, in words."""

import pytest

from hushmap.cli.differ_text import claim_words, differ_lines, differ_objects, ordered, parting_words, why_words
from hushmap.detect import WHY_WORDS
from hushmap.judge import Counters, Example, Parting
from hushmap.model import Claim, Reason

NOTICE = Parting(claim="accessible", group="Blocked", why="notice")
NOTHING = Parting(claim="no verdict", group="Reachable", why="certificate")


def counted():
    """Three ways to part."""
    counters = Counters(examples=1)
    counters.claims = 1_000
    counters.partings.update({NOTICE: 2, NOTHING: 2, Parting(claim="down", group="Reachable", why="same_page"): 900})
    counters.examples[NOTICE] = [
        Example(
            record="r1", source="x:1", target="https://a.example/", blocking=False, accessible=True,
            outcome="blocked", label="Blocked with a notice", rule="once.notice",
        )
    ]  # fmt: skip
    return counters


def test_the_commonest_way_is_first():
    """By number, then by name, so that the same counts are always the same lines."""
    assert [number for _, number in ordered(counted().partings)] == [900, 2, 2]
    assert [parting for parting, _ in ordered(counted().partings)][1:] == [NOTICE, NOTHING]


def test_the_list():
    """Each way with its number and examples."""
    assert list(differ_lines(counted())) == [
        "OONI's verdict and ours differ in 904 of 1,000 records that have both.",
        "     900  it says down, we Reachable (the page is the one seen elsewhere)",
        "            900 more",
        "       2  it says accessible, we Blocked (a known block notice)",
        "            https://a.example/",
        "              OONI accessible · Blocked with a notice · rule once.notice · x:1 · r1",
        "            1 more",
        "       2  it gives no verdict, we Reachable (the site's own certificate was seen)",
        "            2 more",
        "One of them, with its evidence: hushmap show RECORD --from PATH (and --fingerprints as here)",
    ]


def test_the_data():
    """One object a way to part."""
    objects = list(differ_objects(counted()))
    assert [one["count"] for one in objects] == [900, 2, 2]
    assert set(objects[1]) == {"schema", "ooni", "group", "why", "words", "count", "examples"}


@pytest.mark.parametrize("why", [*WHY_WORDS, *Reason])
def test_every_why_has_words(why):
    """Those of the table, and every reason for which nothing is decided."""
    assert why_words(why.value)
    assert why_words(why.value) in parting_words(Parting(claim="anomaly", group="x", why=why.value))


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (Claim(blocking="tcp_ip"), "anomaly (tcp_ip)"),
        (Claim(blocking=False, accessible=True), "accessible"),
        (Claim(), "no verdict"),
    ],
)
def test_a_claim_in_words(claim, words):
    """With the layer that it names."""
    assert claim_words(claim) == words
