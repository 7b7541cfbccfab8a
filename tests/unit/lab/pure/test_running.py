"""A whole scenario, measured by the product's own runner in no time."""

from pathlib import Path

import msgspec
import pytest

from hushmap.catalog import read_platform
from hushmap.lab import pure
from hushmap.lab.platform.contents import CANARY, contents
from hushmap.lab.platform.network import NAME, network
from hushmap.lab.pure.running import act, carried_out, plan_of, shipped
from hushmap.lab.pure.wires import EPOCH
from hushmap.lab.scenario_platform import PlatformSettings
from hushmap.model import Ask, Failure, Layer, Outcome, Target

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


BY_FORM = {
    "url": f"https://{NAME}/find", "method": "POST", "form": (("q", "{query}"), ("part", "posts")),
    "form_source": "hushmap.lab.platform.serving",
}  # fmt: skip
RIGHT = {
    "notice": "platform.notice",
    "partial": "platform.notice",
    "empty": "platform.empty",
    "soft": "platform.soft",
}


@pytest.mark.parametrize("acts", [True, False])
def test_a_search_by_form_finds_what_is_hidden_and_nothing_on_the_control(acts):
    """Each word by its outcome and mechanism, through the product's own runner and judge."""
    given = PlatformSettings(site=NAME, acts=acts, words=6, began=EPOCH)
    driftwood = read_platform(Path(network.__code__.co_filename).with_name("driftwood.toml"))
    platform = msgspec.structs.replace(driftwood, search=msgspec.structs.replace(driftwood.search, **BY_FORM))
    words = [one for one in contents(given).words if one.text != CANARY]
    targets = tuple(Target(experiment="search", text=one.text, category="MISC", platform=platform) for one in words)
    plan = msgspec.structs.replace(plan_of(network(given), 1, shipped()), targets=targets)
    said = {
        record.target: (verdict.outcome, *verdict.mechanisms)
        for record, verdict in carried_out(network(given), 1, plan=plan).judged
    }
    hidden = {one.text: (Outcome.SUPPRESSED, RIGHT[one.fate]) for one in words if one.fate in RIGHT}
    assert len(hidden) == (4 if acts else 0)
    assert said == {one.text: (Outcome.VISIBLE,) for one in words} | hidden


def test_the_package_shows_its_doors():
    """And nothing else."""
    assert pure.act is act
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        _ = pure.other
