"""What the `quic` inquiry asks, where the playbooks do not tell."""

import msgspec

from hushmap.experiments.quic import QuicName
from hushmap.model import Answer, Ask, Failure, Handshake, Layer, Resolve, Role, Target, Transport, trial_of
from worlds import BASELINES, SITE, conditions

TARGET = Target(experiment="quic", text="news.example")


def test_without_a_harmless_name_that_a_server_lacks_there_is_no_twin():
    """A server's own name would be no unknown one."""
    inquiry = QuicName(TARGET, conditions(baselines=BASELINES[:1]), 10_000)
    subject = Ask(layer=Layer.TLS, transport=Transport.QUIC, address=BASELINES[0].addresses[0], port=443, sni="x")
    assert inquiry.twin(subject, "sni", 0) is None
    other = msgspec.structs.replace(subject, address=SITE)
    assert inquiry.twin(other, "sni", 0).sni == BASELINES[0].name
    assert inquiry.twin(subject, "transport", 0).transport is Transport.TCP


def told(inquiry, ipv6):
    """Tell whatever is asked: a lookup has both families, pages fail, QUIC is met with silence."""
    asked = []
    while attempts := inquiry.ask(0.05):
        for attempt in attempts:
            if attempt.pair is not None:
                return asked
            asked.append(attempt)
            if attempt.ask.layer is Layer.DNS:
                answers = (Answer(t=0.1, addresses=("2001:db8::7",) if ipv6 else (SITE,)),)
                steps = (Resolve(t0=0, t=0.1, resolver="system", name="news.example", qtype="A", answers=answers),)
            else:
                steps = (Handshake(t0=0, t=1, address=attempt.ask.address, port=443, failure=Failure.TIMEOUT),)
            inquiry.tell(trial_of(attempt, steps, t=1.0))
    return asked


def test_harmless_servers_are_asked_in_the_sites_family():
    """A baseline without such an address is no comparison, nor is one at the site's own address."""
    given = conditions(
        ipv6=True,
        resolvers=("system",),
        baselines=(
            BASELINES[0],
            msgspec.structs.replace(BASELINES[1], addresses=("2001:db8::7",)),
            msgspec.structs.replace(BASELINES[1], addresses=("2001:db8::82",)),
        ),
    )
    asked = told(QuicName(TARGET, given, 10_000), ipv6=True)
    assert asked[0].ask.qtype == "A+AAAA"
    assert {each.ask.address for each in asked if each.role is Role.BASELINE} == {"2001:db8::82"}


def test_an_address_that_cannot_be_visited_is_not_asked():
    """Without IPv6 an IPv6 address says nothing."""
    asked = told(QuicName(TARGET, conditions(), 10_000), ipv6=True)
    assert [each.ask.layer for each in asked] == [Layer.DNS]
