"""Tests of hushmap.detect.judging."""

import msgspec
import pytest

from hushmap.detect import RULES, RULES_VERSION, TABLES, judge, judge_all, legs
from hushmap.model import Failure, Knowledge, Outcome, Page, Role, Side, Void
from trials import CONTEXT, HARMLESS, ISP, NAME, NOTHING, OTHER, OURS, SITE, loaded, lookup, pairs, record, shaken

THERE = Side.HELPER
HOME = [lookup(90, (SITE,), side=THERE), loaded(91, side=THERE)]
WWW = f"https://www.{NAME}/"


def test_every_rule_has_an_id_of_its_own_and_a_sentence():
    """Two tables may share a rule; two rules never share an id."""
    everywhere = [rule for table in TABLES.values() for rule in table]
    assert len({rule.id for rule in RULES}) == len({id(rule) for rule in everywhere})
    assert all(rule.what.endswith(".") and "." in rule.id for rule in RULES)


def test_a_record_of_an_unknown_experiment_has_no_table():
    """The caller keeps such records."""
    with pytest.raises(KeyError):
        judge(record(experiment="tea-leaves"), NOTHING)


def test_records_of_all_experiments_are_judged_in_their_order():
    """Each as alone."""
    found = [
        record(lookup(1, (SITE,)), loaded(2), *HOME),
        record(experiment="web_connectivity", target=WWW),
        record(loaded(2), *HOME),
        record(loaded(2), *HOME, experiment="web_connectivity", target=WWW),
    ]
    assert judge_all(found, NOTHING) == [judge(one, NOTHING) for one in found]
    assert judge_all([], NOTHING) == []


def test_a_verdict_carries_rules_knowledge_counts_and_proof():
    """So that anyone can compute it again."""
    found = judge(record(lookup(1, (SITE,)), loaded(2), *HOME), Knowledge(sha256="ab"))
    assert (found.rules, found.knowledge, found.proof) == (RULES_VERSION, "sha256:ab", (2,))
    assert (found.counts.subject, found.counts.helper) == ((0, 1), (0, 1))
    assert judge(record(lookup(1, (SITE,)), loaded(2)), NOTHING).knowledge == "none"


def test_the_helper_is_counted_where_it_was_itself_led():
    """Its visits to an address that only a resolver here named are no comparison, nor is a notice's port."""
    lie = loaded(92, Failure.TIMEOUT, "198.51.100.66", at="connect", side=THERE)
    plain = loaded(93, Failure.REFUSED, url=f"http://{NAME}/", at="connect", side=THERE, changed="notice")
    found = judge(record(lookup(1, (SITE,)), loaded(2), *HOME, lie, plain), NOTHING)
    assert found.counts.helper == (0, 1)
    assert judge(record(lookup(1, (SITE,)), HOME[0]), NOTHING).counts.helper == (0, 1)


def moved(number, url, **more):
    """A page load that names another host."""
    trial = loaded(number, Page(status=302, location=WWW), url=url, **more)
    return msgspec.structs.replace(trial, ask=msgspec.structs.replace(trial.ask, sni=None))


def test_redirects_are_judged_host_by_host_and_the_first_that_is_not_fine_decides():
    """Its host is named in the sentence."""
    www = f"www.{NAME}"
    there = [lookup(4, (SITE,), name=www, side=THERE), loaded(5, url=WWW, side=THERE)]
    beyond = [lookup(3, (SITE,), name=www), loaded(6, Failure.INVALID_HOSTNAME, url=WWW, at="handshake")]
    first = [lookup(1, (SITE,)), moved(2, f"https://{NAME}/"), *HOME]
    found = judge(record(*first, *beyond, *there), NOTHING)
    assert (found.outcome, found.facts["site"]) == (Outcome.UNREACHABLE, www)
    fine = judge(record(*first, beyond[0], loaded(6, url=WWW), *there), NOTHING)
    assert (fine.outcome, fine.facts["site"]) == (Outcome.OK, www)
    assert "site" not in judge(record(*first), NOTHING).facts


def test_the_normal_form_of_the_url_that_was_asked_replaces_the_lists_spelling():
    """A target without a scheme is meant as HTTPS; what was never asked is left out."""
    (leg,) = legs(record(loaded(1), target=f"HTTPS://{NAME}"), NOTHING)
    assert leg.url == f"https://{NAME}/"
    (leg,) = legs(record(target=NAME), NOTHING)
    assert (leg.host, leg.url) == (NAME, f"https://{NAME}/")
    (leg,) = legs(record(target="http://[bad"), NOTHING)
    assert leg.host == "http://[bad"


def test_a_chain_of_hosts_follows_the_order_of_the_attempts():
    """Not that of the lines, nor what pairs, baselines and notices asked."""
    other = f"https://a.{NAME}/"
    trials = [
        loaded(9, url=WWW),
        loaded(2),
        loaded(5, url=other),
        loaded(3, url=f"https://b.{NAME}/", pair=1),
        loaded(4, url=f"https://c.{NAME}/", role=Role.BASELINE),
        loaded(6, url=f"http://{NAME}/", changed="notice"),
    ]
    assert [leg.url for leg in legs(record(*trials), NOTHING)] == [f"https://{NAME}/", other, WWW]


def test_a_site_blocked_in_two_ways_names_both():
    """The ruling's own mechanism first, and none twice."""
    denied = pairs(
        lambda n, **m: lookup(n, Failure.NXDOMAIN, **m),
        lambda n, **m: lookup(n, (SITE,), name=HARMLESS, **m),
        5,
        changed="name",
    )
    for address, first in ((SITE, 3000), (OURS, 5000)):
        denied += pairs(
            lambda n, a=address, **m: shaken(n, Failure.RESET, a, **m),
            lambda n, a=address, **m: shaken(n, address=a, sni=HARMLESS, **m),
            5,
            changed="sni",
            first=first,
        )
    here = [lookup(1, Failure.NXDOMAIN), lookup(2, (SITE,), resolver=OTHER, changed="resolver")]
    found = judge(record(*here, loaded(3, Failure.RESET, at="handshake"), *HOME, *denied), NOTHING)
    assert found.mechanisms == ("dns.nxdomain", "tls.reset.sni")
    assert found.error_model is not None
    assert found.facts["resolver"] == ISP.removeprefix("udp://").removesuffix(":53")


def test_void_trials_are_not_counted():
    """Though the record keeps them."""
    context = msgspec.structs.replace(CONTEXT, voids=(Void(trial=3, reason="residual"),))
    made = record(lookup(1, (SITE,)), loaded(2), loaded(3, Failure.RESET), *HOME, context=context)
    assert judge(made, NOTHING).outcome is Outcome.OK
