"""A whole scenario, measured by the product's own runner in no time."""

import pytest

from hushmap.lab import pure
from hushmap.lab.pure.running import act, carried_out
from hushmap.model import Ask, Failure, Layer, Outcome

CENSOR = '[[censor]]\nkind = "sni-reset"\nnames = ["news-one.example"]\non_path = true\nresidual_s = 6.0\n'


def test_an_innocent_is_ok_and_a_censored_one_is_blocked(small):
    """By name, after pairs in two blocks; the truth log says what was done."""
    ((record, verdict),) = carried_out(small(), 1).judged
    assert (record.target, verdict.outcome) == ("https://news-one.example/", Outcome.OK)
    done = carried_out(small(sites=CENSOR), 1)
    ((record, verdict),) = done.judged
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("tls.reset.sni",))
    assert {event.kind for event in done.truth} >= {"sni-reset"}
    assert done.ended.code == 0


def test_equal_seeds_give_equal_runs(small):
    """Every trial, to the last digit of its times."""
    one, two = (carried_out(small("loss = 0.1", CENSOR), 7).judged for _ in range(2))
    assert one == two
    other = carried_out(small("loss = 0.1", CENSOR), 8).judged
    assert other[0][0].trials != one[0][0].trials


def test_a_network_that_is_lost_or_changes_ends_the_run(small):
    """As the product ends it; nothing hangs."""
    lost = carried_out(small(sites='[[change]]\nat_s = 0.0\nkind = "lost"\n'), 1)
    assert lost.ended.code == 4
    moved = carried_out(small(sites=CENSOR + '[[change]]\nat_s = 3.0\nkind = "moved"\n'), 1)
    assert moved.ended.reason == "network_changed"


def test_a_censor_is_a_function_on_asks(small):
    """The same asks give the same steps; what was done stands in the truth."""
    ask = Ask(layer=Layer.TLS, address="198.51.100.20", port=443, sni="news-one.example")
    free = Ask(layer=Layer.TLS, address="198.51.100.21", port=443, sni="strict-one.example")
    done = act(small(sites=CENSOR), [ask, free])
    assert [one.steps[-1].failure for one in done.outcomes] == [Failure.RESET, None]
    assert [event.what for event in done.truth] == ["news-one.example"]
    assert act(small(sites=CENSOR), [ask, free]) == done


def test_the_package_shows_its_doors():
    """And nothing else."""
    assert pure.act is act
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        _ = pure.other
