"""The `ech` inquiry in fake worlds: what is cut for the extension, beside which names, and what is not."""

import pytest

from hushmap.model import Evidence, Failure, Outcome, Reason, Role, Target, Where
from worlds import HELPER, World, conditions, converse

NAME = Target(experiment="ech", text="outer.example")
GIVEN = conditions(browser=True)
HIDING = {"browser", "browser-ech"}


def cutting(which, how=Failure.TIMEOUT):
    """A censor on the way to anybody, who looks at hellos."""
    return World(blocks=lambda ask: how if ask.sni is not None and which(ask) else None)


def asked(record, **fields):
    """The attempts that have these fields in what they ask."""
    return [t for t in record.trials if all(getattr(t.ask, name) == value for name, value in fields.items())]


@pytest.mark.parametrize(
    ("how", "mechanism"),
    [
        (Failure.TIMEOUT, "tls.timeout.ech"),
        (Failure.RESET, "tls.reset.ech"),
        (Failure.EOF, "tls.close.ech"),
        (Failure.TLS_ALERT, "tls.alert.ech"),
    ],
)
def test_all_that_hides_a_name_is_cut(how, mechanism):
    """The same hello passes without the extension; any outer name will do, which a harmless one tells."""
    verdict, record = converse(cutting(lambda ask: ask.hello in HIDING, how), NAME, GIVEN)
    assert (verdict.outcome, verdict.mechanisms, verdict.rule) == (Outcome.BLOCKED, (mechanism,), "ech.pair")
    assert (verdict.evidence, verdict.where) == (Evidence.CONTROLLED, Where.PATH)
    assert verdict.facts == {"hidden": "decoy", "outer": "any"}
    subjects = {trial.ask.address for trial in record.trials if trial.role is not Role.BASELINE}
    assert subjects == {HELPER}
    assert not asked(record, hello="browser-ech"), "the decoy said it all"
    assert all(t.ask.hello == "browser-plain" for t in record.trials if t.role is Role.BASELINE)


def test_it_is_cut_only_beside_one_outer_name():
    """Neither the name nor the extension alone is cut: both together are."""
    world = cutting(lambda ask: ask.hello in HIDING and ask.sni == "outer.example")
    verdict, record = converse(world, NAME, GIVEN)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("tls.timeout.ech",))
    assert verdict.facts == {"hidden": "decoy", "outer": "this"}
    others = [t for t in asked(record, hello="browser") if t.ask.sni != "outer.example"]
    assert others
    assert all(trial.failed is None for trial in others)


def test_a_filter_that_knows_decoys_cuts_the_real_one():
    """The decoy passes, and then the real one is asked about."""
    verdict, _ = converse(cutting(lambda ask: ask.hello == "browser-ech"), NAME, GIVEN)
    assert (verdict.mechanisms, verdict.facts["hidden"]) == (("tls.timeout.ech",), "real")


def test_a_name_that_is_cut_anyway_is_the_names_doing():
    """Without the extension it is cut too, so that no pair about the extension counts; the name's pairs do."""
    verdict, _ = converse(cutting(lambda ask: ask.sni == "outer.example"), NAME, GIVEN)
    assert (verdict.outcome, verdict.mechanisms, verdict.rule) == (Outcome.BLOCKED, ("tls.timeout.sni",), "ech.name")


def test_where_nothing_is_cut_two_handshakes_are_all():
    """One with a decoy, one with a real encrypted hello, both to our own address."""
    verdict, record = converse(World(), NAME, GIVEN)
    assert (verdict.outcome, verdict.rule, verdict.mechanisms) == (Outcome.OK, "ech.passed", ())
    assert [trial.ask.hello for trial in record.trials] == ["browser", "browser-ech"]
    assert {trial.ask.address for trial in record.trials} == {HELPER}


def test_an_innocent_that_lost_one_handshake_is_not_accused():
    """The hit does not come back in pairs."""
    hits = [Failure.TIMEOUT]
    world = World(blocks=lambda ask: hits.pop() if hits and ask.hello == "browser" else None)
    verdict, _ = converse(world, NAME, GIVEN)
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "ech.passed")


def test_a_line_on_which_every_handshake_fails_accuses_nobody():
    """Neither extension nor name can be shown to be why."""
    verdict, _ = converse(cutting(lambda _ask: True), NAME, GIVEN)
    assert verdict.outcome is Outcome.INSUFFICIENT


def test_without_an_address_of_ours_nothing_is_asked():
    """A site's server that cannot bear the extension would look like a censor."""
    verdict, record = converse(World(), NAME, conditions(helper=False, helper_address=None, echo_tls=None))
    assert record.trials == ()
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_HELPER)


def test_an_attempt_that_never_got_to_the_hello_is_repeated_and_then_given_up():
    """A refused connection says nothing of what would have been in it."""
    verdict, record = converse(World(server=lambda _ask, _side: Failure.REFUSED), NAME, GIVEN)
    assert (verdict.outcome, verdict.reason, len(record.trials)) == (Outcome.INSUFFICIENT, Reason.BUDGET, 4)
