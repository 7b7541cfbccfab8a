"""What is counted, and the bars."""

import pytest

from hushmap.lab.scoring_tally import bars, tally
from scored import FINE, HIT, but, result


def missed(*results):
    """Names of the bars that are looked at and not met."""
    return [bar.name for bar in bars(results) if bar.looked_at and not bar.met]


def test_all_right_meets_every_bar():
    """Bars that nothing here could miss are not looked at."""
    found = bars([result(FINE, HIT)])
    assert all(bar.met for bar in found if bar.looked_at)
    assert [bar.name for bar in found if not bar.looked_at] == ["innocents exact, harsh"]
    assert "less than 95.00% (95 %)" in next(bar.measured for bar in found if bar.name == "innocents called blocked")


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ((but(FINE, said="blocked"), HIT), ["innocents exact, clean", "innocents called blocked"]),
        ((but(FINE, said="unreachable"), HIT), ["innocents exact, clean"]),
        ((FINE, but(HIT, said="insufficient")), ["censored found", "censored with mechanism and scope"]),
        ((FINE, but(HIT, scope="ipv6")), ["censored with mechanism and scope"]),
        ((FINE, but(HIT, mechanisms=("tls.reset",))), ["censored with mechanism and scope"]),
        (
            (FINE, but(HIT, said="ok", mechanisms=(), scope=None)),
            [
                "censored found",
                "censored with mechanism and scope",
                "ok without a mechanism only where nothing acted",
            ],
        ),
        ((but(FINE, contacts=4), HIT), ["contacts of a site called ok, median"]),
        ((FINE, but(HIT, contacts=13)), ["contacts of a site called blocked, p95"]),
    ],
)
def test_each_bar_is_missed_by_what_it_is_about(rows, names):
    """And by nothing else."""
    assert missed(result(*rows)) == names


def test_the_worst_line_has_a_bar_of_its_own():
    """Nineteen of twenty innocents are enough there, and not on a clean line."""
    rows = [FINE] * 19 + [but(FINE, said="insufficient")]
    assert missed(result(*rows, noise="harsh")) == []
    assert missed(result(*rows)) == ["innocents exact, clean"]


@pytest.mark.parametrize(("wrong", "chance"), [(14, True), (40, False)])
def test_a_share_is_missed_by_chance_where_its_interval_reaches_the_bar(wrong, chance):
    """14 of 441 innocents left open do not refute 98 %; 40 do, and an accusation is never chance."""
    bar = bars([result(*[FINE] * (441 - wrong), *[but(FINE, said="insufficient")] * wrong)])[0]
    assert (bar.name, bar.met, bar.chance) == ("innocents exact, clean", False, chance)
    accused = bars([result(but(FINE, said="blocked"))])[2]
    assert (accused.name, accused.met, accused.chance) == ("innocents called blocked", False, False)


def test_a_lab_that_broke_is_never_a_pass():
    """Nor is nothing at all."""
    assert missed(result(error="it hangs")) == ["labs that broke"]
    assert missed() == ["labs that broke"]


def test_a_censor_that_did_not_act_is_neither_found_nor_missed():
    """It is told apart."""
    whole = tally("x", [result(FINE, but(HIT, said="ok", acts=0))])
    assert (whole.found.n, whole.acted, whole.silent) == (0, 0, 1)
    assert missed(result(FINE, but(HIT, said="ok", acts=0))) == []


def test_what_waits_for_an_experiment_is_not_counted():
    """Listed only."""
    whole = tally("x", [result(but(HIT, said="ok", needs="quic"))])
    assert (whole.targets, whole.waiting, whole.found.n) == (0, 1, 0)


def test_unreachable_is_found_where_only_comparison_can_show_it():
    """By the right mechanism; else it is not."""
    dropped = but(HIT, expected=("unreachable",), wanted=("tcp.timeout",), said="unreachable", wanted_scope=None)
    assert tally("x", [result(but(dropped, mechanisms=("tcp.timeout",)))]).found.k == 1
    assert tally("x", [result(but(dropped, mechanisms=("tls.reset",)))]).found.k == 0
    assert tally("x", [result(but(HIT, said="unreachable"))]).found.k == 0


def test_cost_is_told_by_outcome_with_words_apart():
    """Median and 95th percentile."""
    rows = [but(FINE, contacts=count) for count in range(1, 101)]
    whole = tally("x", [result(*rows, HIT, but(FINE, target="kw", place="tls-sni", contacts=50))])
    assert (whole.ok.n, whole.ok.contacts) == (100, (50, 95))
    assert (whole.blocked.contacts, whole.blocked.trials, whole.words.contacts) == ((9, 9), (20, 20), (50, 50))
    assert whole.seconds == 7.0
