"""A scenario under other conditions, and what is then true."""

import msgspec
import pytest

from hushmap.lab.scenario import load_scenario, parse_scenario
from hushmap.lab.scoring_variants import NOISES, in_ipv6, is_censored, under, without_censors
from hushmap.model import Outcome

TEXT = """
name = "x"
baselines = ["base.example", "other.example"]
[path]
delay_ms = 60.0
[[censor]]
kind = "sni-reset"
names = ["named.example"]
[[censor]]
kind = "address-drop"
addresses = ["198.51.100.7"]
[[censor]]
kind = "geo-syn-drop"
addresses = ["198.51.100.9"]
[[site]]
name = "base.example"
addresses = ["198.51.100.1"]
[[site]]
name = "named.example"
addresses = ["198.51.100.7"]
[[site]]
name = "both.example"
addresses = ["198.51.100.8", "2001:db8:2::8"]
[[site]]
name = "geo.example"
addresses = ["198.51.100.9"]
[[expect]]
target = "https://named.example/"
outcomes = ["blocked"]
mechanisms = ["tls.reset.sni"]
needs = "x"
[[expect]]
target = "https://geo.example/"
outcomes = ["unreachable"]
mechanisms = ["tcp.timeout"]
[[expect]]
target = "https://both.example/"
outcomes = ["ok"]
[[expect]]
target = "kw"
place = "tls-sni"
outcomes = ["blocked"]
"""
SCENARIO = parse_scenario(TEXT)


def test_a_line_gets_worse_and_never_better():
    """What the scenario's own line does worse stays."""
    assert under(SCENARIO, NOISES["clean"]) == SCENARIO
    mild, harsh = (under(SCENARIO, NOISES[name]).path for name in ("mild", "harsh"))
    assert (mild.loss, mild.delay_ms) == (0.02, 60.0)
    assert (harsh.loss, harsh.burst, harsh.delay_ms) == (0.05, 8.0, 150.0)
    assert harsh.jitter_ms == NOISES["harsh"].jitter_ms
    assert under(load_scenario("demo"), NOISES["mild"]).path.loss == 0.05


def test_a_hurried_scenario_slows_down_on_a_slow_line():
    """Delays do not scale: the tool's time-outs must not be shorter than the line; residual times grow along."""
    text = TEXT.replace('name = "x"', 'name = "x"\nscale = 20.0', 1)
    text = text.replace('names = ["named.example"]', 'names = ["named.example"]\nresidual_s = 9.0', 1)
    hurried = parse_scenario(text)
    slow = under(hurried, NOISES["harsh"])
    assert (slow.scale, slow.censor[0].residual_s) == (5.0, 36.0)
    assert under(hurried, NOISES["clean"]) == hurried


def test_a_network_acts_only_where_it_is_no_refusal_of_the_sites_own():
    """The geoblock is the site's; without censors nobody is censored."""
    assert [is_censored(expect, SCENARIO) for expect in SCENARIO.expect] == [True, False, False, True]
    either = msgspec.structs.replace(SCENARIO.expect[0], outcomes=(Outcome.OK, Outcome.BLOCKED))
    assert not is_censored(either, SCENARIO), "a censor that may lose its race need not be found"
    twin = SCENARIO.uncensored()
    assert not any(is_censored(expect, twin) for expect in SCENARIO.expect)


def test_without_censors_all_is_fine_but_what_a_site_does_itself():
    """A word has no canary that fires, so that it may be left open; the mechanism needs nothing any more."""
    twin = without_censors(SCENARIO)
    named, geo, both, word = twin.expect
    assert (named.outcomes, named.mechanisms, named.needs) == ((Outcome.OK,), (), "")
    assert (geo.outcomes, geo.mechanisms) == ((Outcome.UNREACHABLE,), ("tcp.timeout",))
    assert both.outcomes == (Outcome.OK,)
    assert Outcome.BLOCKED not in word.outcomes
    assert without_censors(twin) is None


def test_without_an_interceptor_nothing_is_left_open():
    """With it nothing could be said of anybody."""
    box = '[[censor]]\nkind = "tls-mitm"\nnames = ["."]\nto = ["198.51.100.1"]\n'
    text = TEXT.replace('outcomes = ["ok"]', 'outcomes = ["insufficient"]')
    assert without_censors(parse_scenario(text)).expect[2].outcomes == (Outcome.INSUFFICIENT,)
    assert without_censors(parse_scenario(text + box)).expect[2].outcomes == (Outcome.OK,)
    some = box.replace('"."', '"a.example"')
    assert without_censors(parse_scenario(text + some)).expect[2].outcomes == (Outcome.INSUFFICIENT,)


def test_without_censors_no_mechanism_is_asked_for_where_all_is_fine():
    """A proxy of lookups is gone too."""
    text = TEXT.replace('outcomes = ["ok"]', 'outcomes = ["ok"]\nmechanisms = ["dns.intercepted"]')
    assert without_censors(parse_scenario(text)).expect[2].mechanisms == ()


def test_in_ipv6_sites_move_and_censors_by_address_follow():
    """Baselines get both families, sites of both stay; words do not go to sites."""
    six = in_ipv6(SCENARIO)
    base, named, both, geo = (site.addresses for site in six.site)
    assert base == ("198.51.100.1", "2001:db8:4::1")
    assert both == ("198.51.100.8", "2001:db8:2::8")
    assert named == ("2001:db8:4::7",)
    assert geo[0] in six.censor[2].addresses
    assert named[0] in six.censor[1].addresses
    assert [expect.place for expect in six.expect] == [None, None, None]


def test_in_ipv6_a_forger_forges_both_families():
    """Else the true IPv6 answer would reach the site, and what is true would be another; a bogon stays one."""
    text = TEXT.replace('["198.51.100.7"]\n[[censor]]', '["203.0.113.66", "127.0.0.1"]\n[[censor]]')
    forger = in_ipv6(parse_scenario(text)).censor[1]
    assert forger.addresses == ("203.0.113.66", "127.0.0.1", "2001:db8:5::42", "::1")
    kept = text.replace('"127.0.0.1"', '"2001:db8:66::1"')
    assert in_ipv6(parse_scenario(kept)).censor[1].addresses == ("203.0.113.66", "2001:db8:66::1")


def test_in_ipv6_an_interceptor_leads_to_a_service_of_each_family():
    """Else it would let pass what is IPv6; one that has both keeps them."""
    box = '[[censor]]\nkind = "tls-mitm"\nnames = ["named.example"]\nto = ["198.51.100.1"]\n'
    assert in_ipv6(parse_scenario(TEXT + box)).censor[3].to == ("198.51.100.1", "2001:db8:4::1")
    both = box.replace('"198.51.100.1"', '"198.51.100.1", "2001:db8:66::1"')
    assert in_ipv6(parse_scenario(TEXT + both)).censor[3].to == ("198.51.100.1", "2001:db8:66::1")


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace('mechanisms = ["tcp.timeout"]', 'scope = "ipv4"'),
        'name = "x"\n[[expect]]\ntarget = "kw"\nplace = "tls-sni"\noutcomes = ["ok"]\n',
        TEXT + "[client]\nnat64 = true\n",
        TEXT + "[client]\nipv6_broken = true\n",
    ],
)
def test_where_the_family_is_the_point_there_is_no_other(text):
    """Nor where no site is asked."""
    assert in_ipv6(parse_scenario(text)) is None


def test_a_rate_is_a_fact_of_a_line():
    """On a worse line a limit may be none: nothing worse than slowed may be said, and of innocents not even that."""
    scenario = load_scenario("censors-throttle")
    assert under(scenario, NOISES["clean"]).expect == scenario.expect
    for noise in ("mild", "harsh"):
        said = {one.target: one for one in under(scenario, NOISES[noise]).expect}
        policed, beside = said["https://policed.example/"], said["https://beside-policed.example/"]
        assert set(policed.outcomes) == {Outcome.OK, Outcome.INSUFFICIENT, Outcome.DEGRADED}
        assert set(beside.outcomes) == {Outcome.OK, Outcome.INSUFFICIENT}
        assert not is_censored(policed, scenario)
        twin = under(without_censors(scenario), NOISES[noise])
        assert not any(Outcome.DEGRADED in one.outcomes for one in twin.expect)
