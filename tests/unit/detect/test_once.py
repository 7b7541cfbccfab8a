"""The table of rules for one measurement: its order, and that it always ends in a rule."""

from hypothesis import given, settings
from msgspec.structs import replace

import strategies
from hushmap.detect import TABLES, judge, say
from hushmap.detect.once import ONCE_RULES
from hushmap.model import Evidence, Knowledge, Outcome, Page, Side, mechanism_known
from trials import connected, loaded, record, shaken


def test_the_table_ends_in_a_rule_that_always_applies():
    """What no rule decides is one attempt that differs; replies that the site did not send come before all else."""
    assert TABLES["web_connectivity"] is ONCE_RULES
    assert ONCE_RULES[-1].id == "once.one-attempt"
    assert [rule.id for rule in ONCE_RULES].index("once.notice") < [r.id for r in ONCE_RULES].index("once.reached")


def test_connections_that_worked_and_no_request_decide_nothing():
    """A connection is no page; without a helper there is nothing to compare."""
    verdict = judge(record(connected(1), shaken(2), experiment="web_connectivity"), Knowledge())
    assert (verdict.outcome, verdict.rule) == (Outcome.INSUFFICIENT, "once.no-comparison")


@settings(max_examples=150)
@given(strategies.records())
def test_any_record_gets_one_verdict_and_blocked_has_its_evidence(one):
    """METHOD 1: `blocked` is direct or controlled, its mechanism is of METHOD 2, and one attempt has no bound."""
    verdict = judge(replace(one, experiment="web_connectivity"), Knowledge())
    assert verdict.outcome is not Outcome.BLOCKED or verdict.evidence in {Evidence.DIRECT, Evidence.CONTROLLED}
    assert all(map(mechanism_known, verdict.mechanisms))
    assert verdict.error_bound is None
    assert (verdict.outcome is Outcome.INSUFFICIENT) is (verdict.reason is not None)


def test_a_page_that_differs_is_told_with_the_host_to_which_the_request_was_sent():
    """A reader sees where it led; nothing is said of who led it there."""
    away = replace(loaded(2, url="http://shop.example/"), side=Side.HERE)
    first = loaded(1, Page(status=302, location="http://shop.example/"), url="http://news.example/")
    there = loaded(3, Page(status=200, title="News of Example"), url="http://news.example/", side=Side.HELPER)
    one = record(first, away, there, experiment="web_connectivity", target="http://news.example/")
    verdict = judge(one, Knowledge())
    assert (verdict.outcome, verdict.facts) == (Outcome.INSUFFICIENT, {"host": "shop.example"})
    assert "sent on to shop.example." in say(verdict, one).sentence
