"""Scenario files: what the shipped one holds, and one line for each mistake."""

from contextlib import suppress
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab.listing import APPS
from hushmap.lab.scenario import (
    RESOLVER_KINDS,
    SERVER_KINDS,
    Expectation,
    Scenario,
    ScenarioError,
    load_scenario,
    parse_scenario,
    scenario_path,
)
from hushmap.model import Encoding, Outcome, Place, Scope

DEMO = load_scenario("demo")
_FOLDER = scenario_path("demo").parent
SHIPPED = sorted(path.relative_to(_FOLDER).with_suffix("").as_posix() for path in _FOLDER.rglob("*.toml"))
SET_ASIDE = [ip_network(text) for text in ("198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
GOOD = 'name = "x"\n'


def test_the_demo_has_what_the_issue_asks_for():
    """Ten censors and a geoblock, at least 24 sites and 24 words, about half of each innocent, an outage of 10 s."""
    kinds = [censor.kind for censor in DEMO.censor]
    assert len(set(kinds) - SERVER_KINDS) == 10
    sites = [expect for expect in DEMO.expect if expect.place is None]
    words = [expect for expect in DEMO.expect if expect.place is not None]
    assert len(sites) >= 24
    assert len(words) >= 24
    for group in (sites, words):
        innocent = sum(expect.accused_by(Outcome.UNREACHABLE) for expect in group)
        assert 0.4 < innocent / len(group) < 0.65
    assert {expect.place for expect in words if expect.canary} == {expect.place for expect in words}
    assert [(outage.to - outage.start) for outage in DEMO.outage] == [10.0]
    assert (DEMO.path.loss, DEMO.path.delay_ms, DEMO.path.burst, DEMO.scale) == (0.05, 25.0, 8.0, 5.0)


def test_every_name_of_the_demo_is_set_aside_for_examples():
    """Nothing in it can exist: RFC 2606 names, RFC 5737 and 3849 addresses."""
    assert all(site.name.endswith(".example") for site in DEMO.site)
    places = [address for site in DEMO.site for address in (*site.addresses, *site.isp_addresses)]
    places += [address for censor in DEMO.censor for address in censor.addresses]
    assert all(address.startswith(("198.51.100.", "203.0.113.", "2001:db8:")) for address in places)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_is_consistent(name):
    """It is called as its file, each target has its site, and addresses are for documentation."""
    scenario = load_scenario(name)
    assert scenario.name == name.rpartition("/")[2]
    assert scenario.expect
    assert len(scenario.baselines) == 2
    sites = {site.name: site for site in scenario.site}
    assert set(scenario.baselines) <= set(sites)
    for expect in scenario.expect:
        assert expect.reason
        named = (urlsplit(expect.target).hostname or expect.target) in sites
        elsewhere = expect.experiment in {"service", "middlebox", "residual", "ech"}  # no site of the lab's is asked
        assert expect.place is not None or elsewhere or named, expect.target
    rows = [(expect.target, expect.where, expect.experiment) for expect in scenario.expect]
    assert len(rows) == len(set(rows))
    assert all(name.endswith(".example") for name in sites)
    places = [(address, site) for site in scenario.site for address in site.every_address]
    places += [(address, None) for censor in scenario.censor for address in censor.addresses]
    for address, site in places:
        told = site is None or address in site.dead  # forged, or nobody is at home there
        assert told or any(ip_address(address) in place for place in SET_ASIDE), address


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_draws_and_has_its_twin(name):
    """For any seed it is a whole scenario again, and its twin has no censor of the network's."""
    scenario = load_scenario(name)
    for seed in range(3):
        drawn = scenario.drawn(seed)
        again = msgspec.json.decode(msgspec.json.encode(drawn), type=Scenario)
        assert again == drawn
        assert {censor.kind for censor in drawn.uncensored().censor} <= SERVER_KINDS
        assert scenario.uncensored().drawn(seed).path == drawn.path


@pytest.mark.parametrize("name", [name for name in SHIPPED if name.startswith("innocents")])
def test_no_innocent_is_expected_to_be_blocked(name):
    """METHOD 6: whatever it looks like."""
    assert all(Outcome.BLOCKED not in expect.outcomes for expect in load_scenario(name).expect)


@pytest.mark.parametrize("name", [name for name in SHIPPED if not name.startswith("innocents")])
def test_every_name_of_a_censor_is_asked_for(name):
    """A rule that no target meets would be a censor that nobody sees."""
    scenario = load_scenario(name)
    targets = " ".join(expect.target for expect in scenario.expect)
    targets += unquote(targets) + unquote(targets, "gb18030")
    if any(expect.experiment == "service" for expect in scenario.expect):
        targets += "".join(path.read_text("utf-8") for path in APPS.glob("*.toml"))
    if any(expect.experiment == "middlebox" for expect in scenario.expect):
        targets += "hOsT XQZJ"  # of what is sent to echoes (experiments.middlebox)
    names = {one for censor in scenario.censor for one in (*censor.names, *censor.words) if one != "."}
    assert {one for one in names if one not in targets} == set()


def test_every_censored_target_is_covered_by_a_censor():
    """What must be found is done by some censor, and what must be innocent is not named by any for its place."""
    names = {name for censor in DEMO.censor for name in (*censor.names, *censor.words)}
    addresses = {address for censor in DEMO.censor for address in censor.addresses}
    for expect in DEMO.expect:
        sites = [site for site in DEMO.site if f"//{site.name}/" in expect.target]
        named = any(name in expect.target for name in names)
        dropped = any(set(site.addresses) & addresses for site in sites)
        accused = not expect.accused_by(Outcome.UNREACHABLE)
        if expect.place is None:
            assert accused == (named or dropped), expect.target
        elif accused:
            assert named, expect.target


def test_the_twin_has_no_censor_but_the_servers_own():
    """Uncensored: only the site's own geoblock is left; quiet: neither loss nor outage."""
    assert [censor.kind for censor in DEMO.uncensored().censor] == ["geo-syn-drop"]
    assert DEMO.uncensored().site == DEMO.site
    assert (DEMO.quiet().path.loss, DEMO.quiet().outage) == (0.0, ())
    assert DEMO.quiet().censor == DEMO.censor


def test_a_scenario_survives_the_way_to_the_launcher():
    """It is handed over as JSON and is the same there."""
    assert msgspec.json.decode(msgspec.json.encode(DEMO), type=Scenario) == DEMO


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "name"),
        ("name = 3\n", "$.name"),
        ("name = 'x'\nnonsense = 1\n", "nonsense"),
        ("name = = 'x'\n", "line 1"),
        (GOOD + "scale = 0.5\n", "scale"),
        (GOOD + "[path]\nloss = 1.0\n", "[path]"),
        (GOOD + "[path]\nhops = 0\n", "[path]"),
        (GOOD + "[[outage]]\nfrom = 3.0\nto = 3.0\n", "[[outage]] 1"),
        (GOOD + "[[censor]]\nkind = 'sni-rest'\nnames = ['a.example']\n", "sni-rest"),
        (GOOD + "[[censor]]\nkind = 'sni-drop'\n", "needs names"),
        (GOOD + "[[censor]]\nkind = 'address-drop'\n", "needs addresses"),
        (GOOD + "[[censor]]\nkind = 'sni-drop'\nnames = ['a.example']\nat = 9\n", "at 9"),
        (GOOD + "[[censor]]\nkind = 'sni-drop'\nnames = ['a.example']\non_path = true\n", "cannot discard"),
        (GOOD + "[[censor]]\nkind = 'sni-drop'\nnames = ['a.example']\nresets = 2\n", "takes no resets"),
        (GOOD + "[[censor]]\nkind = 'sni-drop'\nnames = ['a.example']\nmisses = 1.5\n", "$.censor[0].misses"),
        (GOOD + "[[censor]]\nkind = 'sni-drop'\nnames = ['']\n", "$.censor[0].names[0]"),
        (GOOD + "[[censor]]\nkind = 'port-drop'\nports = [0]\n", "$.censor[0].ports[0]"),
        (
            GOOD + "[[censor]]\nkind = 'address-drop'\naddresses = ['a.example']\n",
            "[[censor]] 1 (address-drop): addresses",
        ),
        (GOOD + "[[site]]\nname = 'a.example'\n[[site]]\nname = 'a.example'\n", "stands twice"),
        (GOOD + "[[site]]\nname = 'a.example'\ndead = ['198.51.100.1']\n", "dead addresses"),
        (GOOD + "[[expect]]\ntarget = 't'\noutcomes = []\n", "needs outcomes"),
        (GOOD + "[[expect]]\ntarget = 't'\noutcomes = ['ok']\nmechanisms = ['tls.rest']\n", "tls.rest"),
        (GOOD + "[[expect]]\ntarget = 't'\noutcomes = ['fine']\n", "fine"),
        (GOOD + "[[expect]]\ntarget = 't'\noutcomes = ['ok']\nscope = 'half'\n", "half"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_place(text, words):
    """Nothing is ignored, least of all a misspelt censor."""
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "my.toml")
    assert str(caught.value).startswith("my.toml: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    """No other error than ours comes out."""
    with suppress(ScenarioError):
        assert parse_scenario(text).name


def test_a_missing_or_unreadable_file_is_said(tmp_path):
    """Neither a wrong name nor wrong bytes end in a traceback."""
    with pytest.raises(ScenarioError, match=r"shipped are: .*demo, "):
        load_scenario("no-such")
    with pytest.raises(ScenarioError, match=r"did you mean networks/open\?"):
        load_scenario("networks/opn")
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"\xff")
    with pytest.raises(ScenarioError, match="UTF-8"):
        load_scenario(str(broken))
    assert scenario_path("demo").is_file()


@pytest.mark.parametrize(
    ("outcomes", "said", "alarm"),
    [
        (("ok",), "blocked", True),
        (("ok",), "unreachable", True),
        (("ok",), "insufficient", False),
        (("unreachable",), "blocked", True),
        (("unreachable",), "unreachable", False),
        (("blocked",), "unreachable", False),
        (("blocked",), "ok", False),
    ],
)
def test_an_accusation_beyond_the_truth_is_a_false_alarm(outcomes, said, alarm):
    """A geoblock called blocked is one; a missed censor is a miss, not an alarm."""
    expect = Expectation(target="t", outcomes=tuple(Outcome(name) for name in outcomes))
    assert expect.accused_by(Outcome(said)) is alarm


def test_an_expectation_may_name_scope_and_what_it_waits_for():
    """Both are data for the score; what neither names is not looked at."""
    (expect,) = parse_scenario(
        GOOD + "[[expect]]\ntarget = 't'\noutcomes = ['blocked']\nscope = 'ipv6'\nneeds = 'quic'\n"
    ).expect
    assert (expect.scope, expect.needs) == (Scope.IPV6, "quic")
    assert {(expect.scope, expect.needs) for expect in DEMO.expect} == {(None, "")}


def test_resolver_kinds_need_no_place_on_the_path():
    """They act in the provider's resolver."""
    assert {"resolver-nxdomain", "resolver-address"} < RESOLVER_KINDS


def test_a_word_says_where_and_by_what_it_is_asked():
    """Place and encoding as records name them; by `keyword` unless another experiment is named."""
    word = Expectation(target="kw", place=Place.HTTP_BODY, outcomes=(Outcome.OK,))
    assert (word.where, word.asked_by) == ("http-body", "keyword")
    written = msgspec.structs.replace(word, encoding=Encoding.GB18030, experiment="isolate")
    assert (written.where, written.asked_by) == ("http-body/gb18030", "isolate")
    site = Expectation(target="https://a.example/", outcomes=(Outcome.OK,))
    assert (site.where, site.asked_by) == (None, "web")


def test_a_word_fits_its_place():
    """One that could not be sent there would never be measured."""
    with pytest.raises(ScenarioError, match="kw: dns-name"):
        parse_scenario(
            """
            name = "x"
            [[expect]]
            target = "kw"
            place = "dns-name"
            encoding = "gb18030"
            outcomes = ["ok"]
            """
        )


def test_an_encoding_is_a_words():
    """Of a site it would mean nothing."""
    with pytest.raises(ScenarioError, match="encoding means nothing without place"):
        parse_scenario(
            """
            name = "x"
            [[expect]]
            target = "https://a.example/"
            encoding = "gb18030"
            outcomes = ["ok"]
            """
        )
