"""The `hops` inquiry, whole, in networks of tests/ways.py, and what it asks in which order."""

import msgspec
import pytest

import ways
from hushmap.experiments import open_inquiry
from hushmap.experiments.hops import Hops
from hushmap.model import Answer, Connect, Failure, Layer, Resolve, Role, Side, Target, trial_of
from worlds import DARK, OTHER, SITE, conditions


@pytest.mark.parametrize("case", ways.CASES, ids=lambda case: case.name)
def test_each_network_gets_its_own_verdict(case):
    """Exactly the censor's link, at 5 % bursty loss, within the contacts of a day; no innocent is blocked."""
    record, verdict, at = ways.case_run(case.name)
    assert ways.right(case, verdict, at), (at, verdict)
    assert ways.contacts(record) <= 24


@pytest.mark.parametrize(
    ("name", "seed"), [("innocent, far", 16), ("address, SYN reset", 11), ("nobody is at home", 17)]
)
def test_one_lost_answer_changes_no_verdict(name, seed):
    """A visit that was lost once and works again; a refusal beside the path that was lost; no link ends past a target."""
    case = next(case for case in ways.CASES if case.name == name)
    record, verdict, at = ways.case_run(name, seed)
    assert ways.right(case, verdict, at), (at, verdict)
    assert ways.contacts(record) <= 24


def test_the_way_is_learned_before_the_name_is_sent():
    """Censors that remember a name would else hide the way (refs/BEYOND 2.1): the name comes behind the last hop."""
    record, _, _ = ways.case_run("SNI, dropped in the path")
    named = [trial.id for trial in record.trials if trial.ask.sni == ways.NAME]
    sweep = [trial.id for trial in record.trials if trial.ask.ttl is not None and trial.pair is None]
    assert max(sweep) < min(named)
    assert all(trial.ask.layer is Layer.TCP for trial in record.trials if trial.id in sweep)


def test_an_innocent_site_is_sent_its_name_once():
    """A question where nobody answers, a lookup, a visit: three contacts, and no probe."""
    record, _, _ = ways.case_run("innocent")
    assert ways.contacts(record) == 3
    assert all(trial.pair is None for trial in record.trials)


def test_all_packets_of_a_way_have_one_port():
    """A router or filter that shares its load by ports sees one flow (refs/BEYOND 2.1); two sites have two ports."""
    record, _, _ = ways.case_run("SNI, reset beside it")
    ports = {trial.ask.source_port for trial in record.trials if trial.ask.ttl is not None}
    assert len(ports) == 1
    named = [trial for trial in record.trials if trial.ask.sni == ways.NAME]
    assert {trial.ask.source_port for trial in named if trial.side is Side.HERE} == ports
    assert [trial.ask.source_port for trial in named if trial.side is Side.HELPER] == [None]


def opened(text="https://cut.example/", **changes):
    """A fresh inquiry."""
    return Hops(Target(experiment="hops", text=text), conditions(**changes), 10_000)


def told(inquiry, steps, *, undone=None):
    """The next attempt, told with these steps, and what was asked."""
    (attempt,) = inquiry.ask(0.05)
    inquiry.tell(trial_of(attempt, steps(attempt.ask) if callable(steps) else steps, undone=undone, t0=1.0, t=1.1))
    return attempt


def lookup(*addresses, failure=None):
    """A lookup that found these."""

    def steps(ask):
        answers = (Answer(t=1.1, addresses=addresses),) if addresses else ()
        return (
            Resolve(t0=1.0, t=1.1, failure=failure, resolver=ask.resolver, name=ask.name, qtype="A", answers=answers),
        )

    return steps


SILENT = lookup(failure=Failure.TIMEOUT)


def test_it_opens_with_a_question_where_no_resolver_is():
    """Then somebody else's resolver is asked for the address, and one thing is under way at a time."""
    inquiry = open_inquiry(Target(experiment="hops", text="cut.example"), conditions(), 10_000)
    (first,) = inquiry.ask(0.05)
    assert (first.ask.resolver, first.ask.name, first.changed) == (DARK, "cut.example", "name")
    assert inquiry.ask(0.05) == ()
    inquiry.tell(trial_of(first, SILENT(first.ask)))
    second = told(inquiry, lookup(SITE))
    assert (second.ask.resolver, second.changed) == (OTHER, None)
    third = told(inquiry, ())
    assert (third.ask.layer, third.ask.address, third.changed) == (Layer.TCP, SITE, "address")


def test_the_next_resolver_is_asked_where_one_knows_no_address():
    """Each in turn; where none does, there is nothing to trace."""
    inquiry = opened()
    told(inquiry, SILENT)
    asked = [told(inquiry, SILENT).ask.resolver for _ in range(3)]
    assert asked[0] == OTHER
    assert len(set(asked)) == 3
    assert inquiry.ask(0.05) == ()
    assert inquiry.done


def test_without_a_dark_address_lookups_are_all_that_is_known_of_dns():
    """The address is looked up at once."""
    first = told(opened(dark=None), lookup(SITE))
    assert first.ask.resolver == OTHER


def test_an_address_is_asked_about_without_any_name():
    """Whether it answers, and no more if it does."""
    inquiry = opened("https://198.51.100.7/")
    first = told(inquiry, lambda ask: (Connect(t0=1.0, t=1.1, address=ask.address, port=ask.port),))
    assert (first.ask.layer, first.ask.address) == (Layer.TCP, SITE)
    assert inquiry.ask(0.05) == ()


def test_an_address_that_says_nothing_certain_is_asked_three_times():
    """A failure of this computer says nothing of the way."""
    inquiry = opened("https://198.51.100.7/")
    for _ in range(3):
        told(
            inquiry,
            lambda ask: (
                Connect(t0=1.0, t=1.1, address=ask.address, port=ask.port, failure=Failure.PERMISSION_DENIED),
            ),
        )
    assert inquiry.ask(0.05) == ()


def test_an_address_that_was_refused_first_is_asked_until_most_agree():
    """One pass is no more than one refusal: the third tells."""

    def came(failure=None):
        return lambda ask: (Connect(t0=1.0, t=1.1, address=ask.address, port=ask.port, failure=failure),)

    for last, side in ((None, None), (Failure.PERMISSION_DENIED, None), (Failure.REFUSED, Side.HELPER)):
        inquiry = opened("https://198.51.100.7/")
        for failure in (Failure.REFUSED, None, last):
            assert told(inquiry, came(failure)).side is Side.HERE
        assert [attempt.side for attempt in inquiry.ask(0.05)] == ([] if side is None else [side])


def test_a_resolver_for_every_name_ends_the_question():
    """Where a harmless name is answered at a dark address too, an answer says nothing of this one."""
    inquiry = opened()
    told(inquiry, lookup("203.0.113.66"))
    twin = told(inquiry, lookup("203.0.113.67"))
    assert (twin.role, twin.ask.resolver) == (Role.BASELINE, DARK)
    assert inquiry.ask(0.05) == ()


def test_a_resolver_for_every_name_is_found_though_one_answer_is_lost():
    """The second harmless question ends it; the name's own is not sent along the way."""
    inquiry = opened()
    told(inquiry, lookup("203.0.113.66"))
    for what in (SILENT, lookup("203.0.113.66"), lookup("203.0.113.67")):
        told(inquiry, what)
    assert inquiry.ask(0.05) == ()
    assert inquiry.done


def test_no_neighbour_or_own_computer_is_contacted_because_a_lookup_said_so():
    """An address that no public site can have is passed over, and the next resolver asked."""
    inquiry = opened()
    told(inquiry, SILENT)
    assert told(inquiry, lookup("192.168.1.1", "127.0.0.1")).ask.layer is Layer.DNS
    assert told(inquiry, lookup("10.0.0.1", SITE)).ask.layer is Layer.DNS
    third = told(inquiry, ())
    assert (third.ask.layer, third.ask.address) == (Layer.TCP, SITE)


def test_what_is_cut_off_is_asked_from_the_helper_before_its_way_is_followed():
    """A failure for everyone is no block (METHOD 1); without a helper nothing is asked of one."""
    inquiry = opened("https://198.51.100.7/")

    def gone(ask):
        return (Connect(t0=1.0, t=1.1, address=ask.address, port=ask.port, failure=Failure.TIMEOUT),)

    for _ in range(2):
        assert told(inquiry, gone).side is Side.HERE
    there = told(inquiry, gone)
    assert (there.side, there.ask.layer, there.ask.address) == (Side.HELPER, Layer.TCP, SITE)
    assert inquiry.ask(0.05)[0].ask.ttl == 1
    alone = opened("https://198.51.100.7/", helper=False, helper_address=None)
    for _ in range(2):
        told(alone, gone)
    assert alone.ask(0.05)[0].ask.ttl == 1


def test_a_forged_lookup_is_traced_to_a_resolver_by_datagrams():
    """The harmless name goes first, from one hop on; without a resolver to go toward, or a baseline, nothing does."""
    inquiry = opened()
    told(inquiry, lookup("203.0.113.66"))
    asked = [told(inquiry, what) for what in (SILENT, lookup("203.0.113.66"), SILENT)]
    assert [(one.role, one.round) for one in asked] == [
        (Role.BASELINE, 0), (Role.SUBJECT, 1), (Role.BASELINE, 1)
    ]  # fmt: skip
    (attempt,) = inquiry.ask(0.05)
    assert (attempt.ask.resolver, attempt.ask.ttl, attempt.role) == (OTHER, 1, Role.BASELINE)
    alone = opened(comparison_resolvers=(), resolvers=("system",))
    told(alone, lookup("203.0.113.66"))
    for what in (SILENT, lookup("203.0.113.66"), SILENT):
        told(alone, what)
    assert alone.ask(0.05) == ()
    bare = opened(baselines=())
    told(bare, lookup("203.0.113.66"))
    assert bare.ask(0.05) == ()


def test_a_platform_without_an_error_queue_ends_it():
    """What cannot be carried out is not asked again, and is no evidence."""
    inquiry = opened()
    told(inquiry, SILENT)
    told(inquiry, lookup(SITE))
    told(inquiry, lambda ask: (Connect(t0=1.0, t=1.1, address=ask.address, port=ask.port),))
    attempt = told(inquiry, (), undone="unsupported")
    assert attempt.ask.ttl == 1
    assert inquiry.ask(0.05) == ()
    assert msgspec.structs.asdict(inquiry.trials[-1])["undone"] == "unsupported"
