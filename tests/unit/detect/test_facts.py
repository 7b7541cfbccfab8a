"""Fields of a sentence: dates, networks, resolvers and counts in words."""
# ruff: noqa: RUF001 - look-alikes, Chinese and Persian are what is tested here

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.detect.facts import bounded, fields_of, network, times, when
from hushmap.detect.messages import CATALOGUES, catalogue
from hushmap.model import Context, Counts, Outcome, Record, Vantage, Verdict

EN, ZH = catalogue("en"), catalogue("zh")


def fields(
    facts=None, mechanisms=(), target="https://news.example.org:8443/a?b", layer=None, lang="en", like=None, **counts
):
    """The fields of a verdict with these facts."""
    record = Record(
        id="r-1", run="r", experiment="web", target=target, layer=layer, started="", ended="", run_started=""
    )
    record = msgspec.structs.replace(record, **(like or {}))
    verdict = Verdict(
        outcome=Outcome.BLOCKED,
        rule="x",
        rules="1",
        knowledge="none",
        mechanisms=mechanisms,
        facts=facts or {},
        counts=Counts(**counts),
    )
    return fields_of(catalogue(lang), verdict, record)


@pytest.mark.parametrize(
    ("started", "ended", "english"),
    [
        ("2026-11-21T22:34:10Z", "2026-11-21T22:36:41Z", "21 Nov 2026, 22:34 to 22:36 UTC"),
        ("2026-11-21T22:34:10Z", "2026-11-21T22:34:41Z", "21 Nov 2026, 22:34 UTC"),
        ("2026-11-21T23:59:10Z", "2026-11-22T00:01:00Z", "21 Nov 2026, 23:59 to 22 Nov 2026, 00:01 UTC"),
        ("2026-01-01T00:00:00Z", "", "1 Jan 2026, 00:00 UTC"),
        ("", "", "a date that was not recorded"),
        ("2026-13-01T00:00:00Z", "", "a date that was not recorded"),
        ("2026-12-01T00:00:00Z", "2026-00-01T00:00:00Z", "a date that was not recorded"),
    ],
)
def test_when(started, ended, english):
    """A span within a minute, a day, over midnight; a date that cannot be read is said to be unknown."""
    assert when(EN, started, ended) == english


def test_when_in_chinese_goes_from_year_to_minute():
    """The order of a Chinese date."""
    span = when(ZH, "2026-11-21T23:59:10Z", "2026-11-22T00:01:00Z")
    assert span == "2026 年 11 月 21 日 23:59 至 2026 年 11 月 22 日 00:01（UTC）"


@pytest.mark.parametrize(
    ("vantage", "english"),
    [
        (Vantage(country="XE", asn=64501, network="Net-A"), "Net-A (AS64501, XE)"),
        (Vantage(asn=64501, network="Net-A"), "Net-A (AS64501)"),
        (Vantage(country="XE"), "a network whose name is unknown (XE)"),
        (Vantage(), "a network whose name is unknown"),
        (Vantage(network="Net\u202eA"), "Net‹U+202E›A"),
    ],
)
def test_network(vantage, english):
    """What is not known is not invented."""
    assert network(EN, vantage) == english


def test_times_for_the_only_try():
    """`1 of 1 times` is no English."""
    assert times(EN, "times", 1, 1) == "the one time it was tried"
    assert times(EN, "times", 0, 1) == "0 of 1 times"
    assert times(EN, "times", 3, 4) == "3 of 4 times"


@given(st.floats(min_value=1e-12, max_value=1e12))
def test_bounds_are_rounded_to_the_side_that_claims_less(value):
    """Down is never above, up never below, and both are within ten per cent."""
    down, up = (float(bounded(value, up=side).replace(",", "")) for side in (False, True))
    assert value * 0.9 <= down <= value * (1 + 1e-6)
    assert value * (1 - 1e-6) <= up <= value * 1.11
    assert "e" not in bounded(value, up=True)


@pytest.mark.parametrize(
    ("who", "english"),
    [
        ("system", "the DNS server that this computer uses"),
        ("your DNS server", "the DNS server that this computer uses"),
        ("our comparison server's DNS", "the DNS server of our comparison server"),
        ("udp://192.0.2.53:53", "DNS server 192.0.2.53"),
        ("192.0.2.53", "DNS server 192.0.2.53"),
        ("tcp://[2001:db8::53]:53", "DNS server 2001:db8::53"),
        ("[2001:db8::53]", "DNS server 2001:db8::53"),
        ("2001:db8::53", "DNS server 2001:db8::53"),
        ("tls://dns.example#192.0.2.53", "DNS server dns.example"),
        ("https://dns.example:8443/dns-query#2001:db8::53", "DNS server dns.example"),
        ("quic://[2001:db8::53]", "DNS server 2001:db8::53"),
        ("https://<script>/", "another DNS server"),
        ("<script>", "another DNS server"),
    ],
)
def test_resolver(who, english):
    """An address is named without its port, the system's own in words, anything else not at all."""
    got = fields({"resolver": who, "right_resolver": who})
    assert got["resolver"] == got["right"] == english


def test_the_comparison_server_is_ours_only_where_it_is():
    """One of OONI's kind, named by its URL, and OONI's own in its measurements are the comparison server."""
    who = "our comparison server's DNS"
    assert (
        fields({"resolver": who}, like={"context": Context(helper="203.0.113.10")})["compared"]
        == "our comparison server"
    )
    for more in ({"context": Context(helper="https://0.th.example/")}, {"experiment": "web_connectivity"}):
        found = fields({"resolver": who}, like=more)
        assert (found["compared"], found["resolver"]) == (
            "the comparison server",
            "the DNS server of the comparison server",
        )


def test_site_is_the_host_unless_a_fact_says_otherwise():
    """The sentence names a host, not a whole URL."""
    assert fields()["site"] == "news.example.org:8443"
    assert fields(target="a.example")["site"] == "a.example"
    assert fields({"site": "b.example"})["site"] == "b.example"


def test_word_and_place():
    """A place that is not known is a request."""
    assert fields(target="moon", layer="tls-sni")["place"] == "server name of an encrypted connection"
    assert fields({"place": "http-path", "word": "sun"}, target="moon")["place"] == "path of the URL"
    assert fields(target="moon")["place"] == "request"
    assert fields({"word": 'a "b"'}, target="moon")["word"] == "a 'b'"


def test_act_of_a_server():
    """The fact first, then the mechanism, then words that fit any refusal."""
    assert fields({"act": "451"})["act"] == "returned status 451 (unavailable for legal reasons)"
    assert fields(mechanisms=("tcp.reset", "server.captcha"))["act"] == "asked for a captcha"
    assert fields({"act": "novel"})["act"] == fields()["act"] == "refused to serve the page"


def test_numbers_take_their_form():
    """Singular and plural; what is no number is left out."""
    assert fields({"points": "1"})["points"] == "1 comparison point that was itself working"
    assert fields({"points": "2"})["points"] == "2 comparison points that were themselves working"
    assert fields({"different": "3"})["different"] == "3 different answers came to one question."
    assert "different" not in fields({"different": "1"})
    assert "points" not in fields({"points": "many"})
    assert "points" not in fields({"points": "²"})
    assert fields({"addresses": "1 of 1"})["addresses"] == "the only address"
    assert fields({"addresses": "1 of 2"})["addresses"] == "1 of 2 addresses"
    assert fields({"others": "0 of 1"})["others"] == "it answered 0 of 1 other name"
    assert "addresses" not in fields({"addresses": "all"})


def test_comparisons_exist_only_where_something_worked():
    """An arm that never worked supports nothing."""
    got = fields(baseline=(1, 8), helper=(3, 3), peer=(0, 0))
    assert got["base_ok"] == "7 of 8 times"
    assert "helper_ok" not in got
    assert "elsewhere" not in got
    assert fields(peer=(0, 1))["elsewhere"] == ""
    assert fields(baseline=(0, 1))["base_tried"] == "once"


def test_baseline_and_source_have_their_field_names():
    """Addendum names of facts become the catalogue's."""
    got = fields({"baseline": "b.example", "fingerprint_source": "s", "empty": ""})
    assert (got["base"], got["source"]) == ("b.example", "s")
    assert "empty" not in got


@given(
    facts=st.dictionaries(
        st.sampled_from(["points", "others", "resolver", "addresses", "notice", "act", "place"]), st.text()
    ),
    lang=st.sampled_from(sorted(CATALOGUES)),
)
def test_any_fact_gives_fields(facts, lang):
    """No text of the network raises."""
    assert all(value.encode() is not None for value in fields(facts, lang=lang).values())
