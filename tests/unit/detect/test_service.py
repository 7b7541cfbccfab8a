"""The rules of a service: which endpoints it takes, and what stands against it."""

import msgspec

from doors import GATES, Doors, endpoint, target
from hushmap.detect import judge
from hushmap.detect.service import SERVICE_RULES, Using
from hushmap.model import Failure, Group, Knowledge, Live, Outcome, Reason, Where
from worlds import converse

DOORS = tuple(endpoint(Live.TCP, address=gate, port=443) for gate in GATES)
SPOKEN = endpoint(Live.WIREGUARD, group="talk", address="192.0.2.70")
APP = endpoint(Live.TLS, "app.chat.example")


def refused(*addresses):
    """A server that refuses everybody."""
    return lambda ask, _: Failure.REFUSED if ask.address in addresses else None


def test_every_group_must_be_met():
    """One by any of its endpoints, one by all; what is unmet is explained, and nothing else."""
    world = Doors(blocks=lambda ask: Failure.TIMEOUT if ask.address == GATES[0] else None)
    _, record = converse(world, target(*DOORS))
    using = Using(record, Knowledge())
    assert (using.unmet, using.wanting) == ((), ())
    both = (Group(name="door", every=True), Group(name="none"))
    strict = msgspec.structs.replace(record, service=msgspec.structs.replace(record.service, groups=both))
    using = Using(strict, Knowledge())
    assert using.unmet == (both[0], both[1])
    assert [contact.endpoint.address for contact in using.wanting] == [GATES[0]]


def test_a_door_that_is_shut_for_everyone_is_no_part_of_the_question():
    """The others are: all of them cut off is unreachable, all of them gone is down."""
    world = Doors(blocks=lambda ask: Failure.TIMEOUT if ask.address in GATES[1:] else None, server=refused(GATES[0]))
    assert converse(world, target(*DOORS))[0].outcome is Outcome.UNREACHABLE
    assert converse(Doors(server=refused(*GATES)), target(*DOORS))[0].outcome is Outcome.DOWN


def test_a_door_of_which_nothing_is_known_keeps_a_group_open():
    """Unless every one is needed and another is shut."""
    silent = endpoint(Live.STUN, address=GATES[0])
    world = Doors(silent=lambda _, __: True, blocks=lambda ask: Failure.TIMEOUT if ask.address == GATES[1] else None)
    assert converse(world, target(silent, DOORS[1]))[0].outcome is Outcome.INSUFFICIENT
    assert converse(world, target(silent, DOORS[1], door=True))[0].outcome is Outcome.UNREACHABLE


def test_doors_shut_in_different_ways_are_unreachable_and_all_ways_are_named():
    """Only where each one is shown to be cut on the way is the service blocked."""

    def cut(ask):
        if ask.address == GATES[0]:
            return Failure.TIMEOUT
        return Failure.RESET if ask.sni == "app.chat.example" else None

    verdict, _ = converse(Doors(blocks=cut), target(DOORS[0], APP))
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ("tcp.timeout", "tls.reset.sni"))
    verdict, _ = converse(Doors(blocks=cut), target(DOORS[0], APP, door=True))
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("tls.reset.sni",))


def test_what_was_cut_beside_is_said_of_a_service_that_works():
    """A lie about a name is decided without pairs."""

    def lies(ask, side):
        return ("10.10.10.10",) if ask.name == "app.chat.example" and "53" in (ask.resolver or "system") else None

    verdict, record = converse(
        Doors(resolves=lambda ask, side: lies(ask, side) if side == "here" else None), target(APP, *DOORS)
    )
    assert verdict.outcome is Outcome.OK
    assert verdict.facts["site"] == "Chat"
    assert record.service is not None


def test_a_portal_speaks_for_nobody():
    """And a record without trials or without a definition says nothing."""
    _, record = converse(Doors(), target(*DOORS))
    portal = msgspec.structs.replace(record, context=msgspec.structs.replace(record.context, portal=True))
    verdict = judge(portal, Knowledge())
    assert (verdict.reason, verdict.where) == (Reason.CAPTIVE_PORTAL, Where.HOST)
    for bare in (msgspec.structs.replace(record, trials=()), msgspec.structs.replace(record, service=None)):
        assert judge(bare, Knowledge()).reason is Reason.NETWORK_LOST
    spent = msgspec.structs.replace(record.context, budget_spent=True)
    assert judge(msgspec.structs.replace(record, trials=(), context=spent), Knowledge()).reason is Reason.BUDGET


def test_many_endpoints_are_named_in_part():
    """Six, and how many more there are."""
    many = tuple(endpoint(Live.TCP, address=f"192.0.2.{number}") for number in range(61, 70))
    verdict, _ = converse(Doors(), target(*many))
    assert verdict.facts["answering"].endswith("192.0.2.66:5222 (+3)")


def test_an_endpoint_that_owes_no_answer_leaves_its_group_open():
    """The rest of the service may well work."""
    world = Doors(silent=lambda ask, _: ask.port == 51820)
    verdict, _ = converse(world, target(*DOORS, SPOKEN))
    assert (verdict.outcome, verdict.rule, verdict.facts["site"]) == (
        Outcome.INSUFFICIENT,
        "service.undecided",
        "Chat",
    )


def test_the_last_rule_matches_everything():
    """A table always has an answer."""
    assert SERVICE_RULES[-1].id == "service.undecided"
