"""Golden: single OONI measurements, read as they are written and judged as METHOD 1 allows."""

import json
import sys
from pathlib import Path

import pytest

from hushmap.codec import read_ooni, read_ooni_lines
from hushmap.detect import judge, judge_all, say

sys.path.insert(0, str(Path(__file__).parent))
from ooni_cases import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_single_measurement_gets_the_verdict_that_it_can_bear(case):
    """Outcome, mechanism, reason and, where the case names them, evidence, scope and host are as written."""
    verdict = judge(read_ooni(json.dumps(case.document).encode()), case.knowledge)
    seen = verdict.outcome.value, verdict.mechanisms, verdict.reason and verdict.reason.value
    assert seen == (case.outcome, case.mechanisms, case.reason), (verdict.rule, verdict.facts)
    assert case.evidence in {None, verdict.evidence.value}
    assert case.scope in {None, verdict.scope and verdict.scope.value}
    assert verdict.facts.get("site") == case.site


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_verdict_of_a_single_measurement_has_words(case, lang):
    """A sentence is made for each, names the host that it is about, and says that it was seen once at most."""
    record = read_ooni(json.dumps(case.document).encode())
    verdict = judge(record, case.knowledge)
    saying = say(verdict, record, lang)
    assert saying.label
    assert saying.sentence
    assert case.site is None or case.site in saying.sentence
    assert verdict.error_bound is None


def test_measurements_together_are_read_and_judged_as_each_alone():
    """Whatever stands beside one changes nothing of it."""
    lines = [(json.dumps(case.document).encode(), place) for place, case in enumerate(CASES)]
    alone = [read_ooni(line, file="x", offset=place) for line, place in lines]
    assert read_ooni_lines(lines, file="x") == alone
    for knowledge in {case.knowledge.sha256: case.knowledge for case in CASES}.values():
        assert judge_all(alone, knowledge) == [judge(record, knowledge) for record in alone]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nobody_elses_helper_is_called_ours(case):
    """The comparison server of OONI's measurements is OONI's."""
    record = read_ooni(json.dumps(case.document).encode())
    verdict = judge(record, case.knowledge)
    for lang, ours in (("en", "our comparison"), ("zh", "我们的对照")):
        saying = say(verdict, record, lang)
        assert ours not in saying.sentence + saying.how_sure + saying.limits
