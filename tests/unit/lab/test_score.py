"""Scoring verdicts against the truth."""

import json

import msgspec
import pytest

from hushmap.lab.scenario import Expectation, load_scenario, parse_scenario
from hushmap.lab.score import Judged, compare, concerns, read_verdicts, table
from hushmap.lab.truth import TruthEvent
from hushmap.model import Encoding, Outcome, Place


def test_an_act_on_a_service_is_one_on_its_doors():
    """On a door that it can do without, nothing need be said; what is written into requests meets every odd one."""

    def met(target, experiment, what, outcome, mechanism="ip.timeout"):
        event = TruthEvent(at=0.0, by="path", kind="x", mechanism=mechanism, what=what)
        return concerns(event, Expectation(target=target, experiment=experiment, outcomes=(outcome,)), SCENARIO)

    assert met("lab-gates-b", "service", "198.51.100.206", Outcome.UNREACHABLE)
    assert met("lab-talk", "service", "api.talk.example", Outcome.BLOCKED)
    assert not met("lab-talk", "service", "198.51.100.206", Outcome.BLOCKED)
    assert not met("lab-gates-a", "service", "198.51.100.203", Outcome.OK)
    assert met("odd-headers", "middlebox", "hOsT", Outcome.OK, "http.rewritten")
    assert not met("odd-headers", "middlebox", "198.51.100.206", Outcome.OK)


SCENARIO = parse_scenario(
    """
    name = "x"
    [[site]]
    name = "a.example"
    addresses = ["198.51.100.1"]
    [[expect]]
    target = "https://a.example/"
    outcomes = ["unreachable"]
    mechanisms = ["tcp.timeout"]
    reason = "dropped"
    [[expect]]
    target = "https://b.example/"
    outcomes = ["ok"]
    [[expect]]
    target = "kw"
    place = "tls-sni"
    outcomes = ["blocked"]
    mechanisms = ["tls.reset.sni", "tls.reset"]
    """
)


SIX = 'name = "x"\n[[site]]\nname = "a.example"\naddresses = ["2001:db8::7"]\n'


def judged(target, outcome, *mechanisms, record="r"):
    """A verdict on this target."""
    return Judged(record=record, target=target, outcome=Outcome(outcome), mechanisms=mechanisms, rule="t.1")


def score(a=("unreachable", "tcp.timeout"), b=("ok",), word=("blocked", "tls.reset.sni"), truth=()):
    """The score of these verdicts."""
    verdicts = [
        (judged("https://a.example/", *a), None),
        (judged("https://b.example/", *b), None),
        (judged("kw", *word), "tls-sni"),
        (judged("kw", "ok"), "http-path"),
    ]
    return compare(SCENARIO, verdicts, truth)


def test_all_right_passes():
    """Outcome and one of the mechanisms; a verdict nobody expected is no matter."""
    assert score().passed
    assert score().line == "truth: 3/3 right, 0 false alarms"


def test_a_wrong_mechanism_is_wrong():
    """The right outcome for another reason is not right."""
    found = score(a=("unreachable", "tls.timeout"))
    assert (found.right, found.false_alarms, found.passed) == (2, 0, False)


def test_a_false_alarm_is_counted_apart():
    """An innocent called blocked, and an address failure called blocked."""
    found = score(a=("blocked", "tcp.timeout"), b=("blocked", "tls.reset"))
    assert found.line == "truth: 1/3 right, 2 false alarms"
    assert table(found).count("ALARM") == 2


def test_silence_is_wrong():
    """A target without a verdict is not right, and nothing at all does not pass."""
    empty = compare(SCENARIO, [], [])
    assert empty.line == "truth: 0/3 right, 0 false alarms"
    assert "nothing (dropped)" in table(empty)
    assert not compare(parse_scenario('name = "x"'), [], []).passed


def test_nothing_is_right_where_the_run_may_end_before():
    """A target that may remain unsaid is right without a verdict, and with an allowed one only."""
    text = 'name = "x"\n[[expect]]\ntarget = "https://a.example/"\noutcomes = ["ok"]\nunsaid = true\n'
    scenario = parse_scenario(text)
    assert compare(scenario, [], []).passed
    assert not compare(scenario, [(judged("https://a.example/", "down"), None)], []).passed


def test_acts_are_counted_by_name_address_and_word():
    """A wrong row says whether the network acted on it at all."""
    truth = [
        TruthEvent(at=0.0, by="path", kind="address-drop", mechanism="ip.timeout", what="198.51.100.1"),
        TruthEvent(at=0.0, by="path", kind="sni-reset", mechanism="tls.reset.sni", what="kw.base.example"),
    ]
    assert [row.acts for row in score(truth=truth).rows] == [1, 0, 1]
    assert "the network acted 1 times" in table(score(word=("ok",), truth=truth))


@pytest.mark.parametrize(
    ("kind", "mechanism", "what", "acts"),
    [
        ("sni-drop", "tls.timeout.sni", "kw", [0, 0, 1]),
        ("host-reset", "http.reset.host", "kw.base.example", [0, 0, 0]),
        ("residual", "residual", "198.51.100.1", [0, 0, 0]),
        ("residual", "residual", "", [0, 0, 0]),
        ("sni-reset", "tls.reset.sni", "b.example", [0, 1, 0]),
        ("sni-reset", "tls.reset.sni", "example", [1, 1, 0]),
        ("sni-reset", "tls.reset.sni", "other-b.example", [0, 0, 0]),
    ],
)
def test_an_act_concerns_whom_it_was_meant_for(kind, mechanism, what, acts):
    """A word only where it was sent, a name with all that is under it; residual blocking nobody by name."""
    event = TruthEvent(at=0.0, by="path", kind=kind, mechanism=mechanism, what=what)
    assert [concerns(event, expect, SCENARIO) for expect in SCENARIO.expect] == [bool(count) for count in acts]


@pytest.mark.parametrize(
    ("target", "what", "meant"),
    [
        ("kw-left", "kw-left", False),
        ("kw-left-kw-right", "kw-left", True),
        ("kw-other", "kw-left", False),
        ("%BD%FB%CA%E9", "禁书", True),
        ("%e7%a6%81%e4%b9%a6", "禁书", True),
    ],
)
def test_a_rule_of_several_words_acts_where_all_of_them_stand(target, what, meant):
    """And a word is read as the rule may have read it; the same holds for the path of a site."""
    text = """
name = "x"
[[censor]]
kind = "url-reset"
on_path = true
words = ["kw-left"]
also = ["kw-right"]
"""
    event = TruthEvent(at=0.0, by="path", kind="url-reset", mechanism="http.reset.url", what=what)
    word = Expectation(target=target, place=Place("http-path"), outcomes=(Outcome.OK,))
    site = Expectation(target=f"http://a.example/{target}", outcomes=(Outcome.OK,))
    assert [concerns(event, one, parse_scenario(text)) for one in (word, site)] == [meant, meant]


@pytest.mark.parametrize(
    ("target", "encoding", "what", "meant"),
    [
        ("禁书", "utf-8", "禁书", False),
        ("禁书", "gb18030", "禁书", True),
        ("禁书", "percent-gb18030", "禁书", True),
        ("禁书", None, "禁书", True),
        ("kw-cased", "upper", "kw-cased", False),
        ("kw-cased", "utf-8", "kw-cased", True),
    ],
)
def test_an_act_on_one_writing_of_a_word_is_none_on_another(target, encoding, what, meant):
    """A rule that looks for GB18030 alone did not act on UTF-8; one that tells capitals apart not on capitals."""
    text = """
name = "x"
[[censor]]
kind = "body-reset"
on_path = true
words = ["禁书"]
encodings = ["gb18030"]
[[censor]]
kind = "body-reset"
on_path = true
words = ["kw-cased"]
cased = true
"""
    event = TruthEvent(at=0.0, by="path", kind="body-reset", mechanism="http.reset.body", what=what)
    expect = Expectation(
        target=target, place=Place.HTTP_BODY, encoding=encoding and Encoding(encoding), outcomes=(Outcome.OK,)
    )
    assert concerns(event, expect, parse_scenario(text)) is meant


@pytest.mark.parametrize("what", ["xn--1jqt46h.www.base.example", "禁书"])
def test_an_act_on_the_punycode_of_a_word_is_one_on_the_word(what):
    """In a name another script goes as punycode."""
    event = TruthEvent(at=0.0, by="path", kind="dns-injection", mechanism="dns.injection", what=what)
    assert concerns(event, Expectation(target="禁书", place=Place.DNS_NAME, outcomes=(Outcome.BLOCKED,)), SCENARIO)


def test_an_act_on_a_port_is_about_those_whom_it_is_to_hit():
    """A portal closes it for everyone, who are fine all the same."""
    fine = msgspec.structs.replace(SCENARIO.expect[0], outcomes=(Outcome.OK, Outcome.INSUFFICIENT))
    event = TruthEvent(
        at=0.0, by="path", kind="port-drop", mechanism="tcp.port", what="port 443", to="198.51.100.1:443"
    )
    assert concerns(event, SCENARIO.expect[0], SCENARIO)
    assert not concerns(event, fine, SCENARIO)
    portal = TruthEvent(at=0.0, by="path", kind="portal", mechanism="portal", what="a.example")
    assert not concerns(portal, fine, SCENARIO)


@pytest.mark.parametrize("by", ["line", "server"])
def test_what_a_server_or_a_line_does_is_no_act_of_the_network(by):
    """A NAT without a free port, a site that refuses a country."""
    event = TruthEvent(at=0.0, by=by, kind="x", mechanism="tcp.timeout", what="198.51.100.1")
    assert not concerns(event, SCENARIO.expect[0], SCENARIO)


def test_an_act_on_a_port_concerns_those_at_the_address():
    """Of both families."""
    for to, scenario in (
        ("198.51.100.1:443", SCENARIO),
        ("[2001:db8::7]:443", parse_scenario(SIX)),
    ):
        event = TruthEvent(at=0.0, by="path", kind="port-drop", mechanism="tcp.port", what="port 443", to=to)
        assert concerns(event, SCENARIO.expect[0], scenario)
        assert not concerns(event, SCENARIO.expect[1], scenario)


@pytest.mark.parametrize(
    ("place", "trigger", "meant"),
    [
        ("http-path", "path", True),
        ("http-path", "host", False),
        ("http-host", "host", True),
        ("http-host", "url", False),
        ("http-query", "url", True),
        ("http-query", "path", False),
        ("http-header", "header", True),
        ("http-header", "cookie", False),
        ("http-cookie", "cookie", True),
        ("http-body", "body", True),
        ("http-body", "response", False),
        ("http-response", "response", True),
    ],
)
def test_a_word_in_a_host_is_none_in_a_path(place, trigger, meant):
    """One word may be blocked in one and free in the other; an act without a trigger concerns both."""
    expect = Expectation(target="kw", place=Place(place), outcomes=(Outcome.OK,))
    event = TruthEvent(at=0.0, by="path", kind="x", mechanism=f"http.reset.{trigger}", what="kw")
    assert concerns(event, expect, SCENARIO) is meant
    assert concerns(msgspec.structs.replace(event, mechanism="http.blockpage"), expect, SCENARIO)


def test_the_table_names_every_target():
    """One line each, right ones marked ok."""
    text = table(score())
    assert len(text.splitlines()) == 4
    assert text.count("\n  ok") == 3
    demo = load_scenario("demo")
    assert "no accusation" in table(compare(demo, [], []))


def test_verdicts_are_read_with_the_place_of_their_record(tmp_path):
    """The place of a word stands in its record; amend lines and further keys are passed over."""
    records = [
        {"kind": "record", "id": "r-1", "layer": "tls-sni", "trials": []},
        {"kind": "record", "id": "r-2"},
        {"kind": "amend", "record": "r-1", "voids": []},
    ]
    verdicts = [
        {"record": "r-1", "target": "kw", "outcome": "blocked", "mechanisms": ["tls.reset.sni"], "label": "Cut off"},
        {"record": "r-2", "target": "https://b.example/", "outcome": "insufficient", "reason": "budget"},
    ]
    (tmp_path / "records.jsonl").write_text("".join(json.dumps(line) + "\n" for line in records))
    (tmp_path / "verdicts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in verdicts))
    (word, place), (site, nowhere) = read_verdicts(tmp_path)
    assert (word.target, place, word.mechanisms) == ("kw", "tls-sni", ("tls.reset.sni",))
    assert (site.reason, nowhere) == ("budget", None)
    wrong = compare(SCENARIO, [(site, nowhere)], [])
    assert "reason budget" in table(wrong)


@pytest.mark.parametrize(("what", "meant"), [("port 443", False), ("udp port 443", False), ("support line", True)])
def test_a_word_with_a_port_in_it_is_a_word(what, meant):
    """A rule about a port concerns nobody who is fine; a rule about words does."""
    fine = Expectation(target=f"http://a.example/{what}", outcomes=(Outcome.UNREACHABLE,), reason="x")
    event = TruthEvent(at=0.0, by="path", kind="url-reset", mechanism="http.reset.path", what=what, to="192.0.2.1:80")
    assert concerns(event, msgspec.structs.replace(fine, outcomes=(Outcome.OK,)), SCENARIO) is meant
