"""What the trials about one resolver show; tests/playbooks/test_encrypted.py has the verdicts."""

import msgspec
import pytest

from hushmap.detect.encrypted import ENCRYPTED_RULES, Talk, answered, at, cut, question_open
from hushmap.detect.web import WEB_RULES
from hushmap.model import (
    Answer,
    Ask,
    Connect,
    Context,
    Failure,
    Handshake,
    HelperWatch,
    Knowledge,
    Layer,
    Outcome,
    Record,
    Resolve,
    Side,
    Trial,
)

WHERE = "tls://dns.example#198.51.100.7"


def question(number, *, failure=None, told=("203.0.113.81",), hello=None, side=Side.HERE):
    """A question put to the resolver: what became of its handshake and of its lookup."""
    shaken = Handshake(t0=0.1, t=0.2, address="198.51.100.7", port=853, sni="dns.example", failure=hello)
    answers = () if failure else (Answer(t=0.3, addresses=told, rcode=0),)
    lookup = Resolve(t0=0.2, t=0.3, resolver=WHERE, name="www.a.example", qtype="A", answers=answers, failure=failure)
    connected = Connect(t0=0.0, t=0.1, address="198.51.100.7", port=853)
    steps = (connected, shaken) if hello else (connected, shaken, lookup)
    ask = Ask(layer=Layer.DNS, name="www.a.example", resolver=WHERE)
    return Trial(id=number, ask=ask, steps=steps, side=side)


def talk(*trials, target="tls://dns.example"):
    """What a record of these trials is to its rules."""
    record = Record(
        id="r-1", run="r", experiment="encrypted_dns", target=target, started="", ended="", run_started="",
        context=Context(), trials=trials,
    )  # fmt: skip
    return Talk(record, Knowledge())


@pytest.mark.parametrize(
    ("trial", "said"),
    [
        (question(1), (True, False, False)),
        (question(1, told=("10.0.0.1",)), (False, False, False)),
        (question(1, failure=Failure.DNS_REFUSED), (False, False, False)),
        (question(1, failure=Failure.RESET), (False, True, True)),
        (question(1, hello=Failure.RESET), (False, False, True)),
        (question(1, hello=Failure.INVALID_HOSTNAME), (False, False, True)),
    ],
)
def test_what_a_question_says(trial, said):
    """Answered, cut off behind a certificate that held, and whether it is worth another."""
    assert (answered(trial), cut(trial), question_open(trial)) == said
    assert at(trial.ask) == "198.51.100.7"


def test_questions_are_not_trials_about_the_resolver():
    """They carry another name; lookups of its own name do not count as questions, at whichever resolver."""
    own = msgspec.structs.replace(question(3), ask=Ask(layer=Layer.DNS, name="dns.example", resolver=WHERE))
    found = talk(question(1), question(2, side=Side.HELPER), own)
    assert [trial.id for trial in found.questions] == [1]
    assert [trial.id for trial in found.there] == [2]
    assert [trial.id for trial in found.trials] == [3]
    assert found.loads("198.51.100.7")
    assert not found.loads("198.51.100.8")


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("tls://dns.example", "https://dns.example:853/"),
        ("quic://dns.example:8853", "https://dns.example:8853/"),
        ("https://dns.example/dns-query", "https://dns.example:443/"),
        ("what is this", "https://:443/"),
    ],
)
def test_a_resolver_has_the_port_of_its_protocol(target, url):
    """Whatever a damaged record says, there is something to look at."""
    assert talk(target=target).url == url


def test_a_record_of_nothing_is_undecided():
    """The table ends in a rule that always matches."""
    rulings = (rule.applies(talk()) for rule in ENCRYPTED_RULES)
    first = next(ruling for ruling in rulings if ruling is not None)
    assert first.outcome is Outcome.INSUFFICIENT


def test_the_rules_of_a_site_keep_their_ids_and_sentences():
    """What is the same is called the same."""
    theirs = {rule.id: rule.what for rule in WEB_RULES}
    shared = [rule for rule in ENCRYPTED_RULES if rule.id in theirs]
    assert len(shared) > 15
    assert all(rule.what == theirs[rule.id] for rule in shared)


@pytest.mark.parametrize(
    ("here", "there", "outcome"),
    [
        ("EEEE", "E", Outcome.DOWN),
        ("EEET", "E", Outcome.DOWN),
        ("EETT", "E", Outcome.INSUFFICIENT),
        ("EEEE", "T", Outcome.INSUFFICIENT),
        ("TTTT", "E", Outcome.INSUFFICIENT),
    ],
)
def test_one_silence_among_ends_is_the_lines(here, there, outcome):
    """A resolver that closes on everyone is down, though the line lost a question; silence at an end decides nothing."""
    failures = {"E": Failure.EOF, "T": Failure.TIMEOUT}
    made = [question(number, failure=failures[letter]) for number, letter in enumerate(here, 1)]
    made += [question(9, failure=failures[letter], side=Side.HELPER) for letter in there]
    visit = Ask(layer=Layer.TLS, address="198.51.100.7", port=853, sni="dns.example")
    made.append(Trial(id=8, ask=visit, steps=question(8).steps[:2], side=Side.HELPER))
    record = Record(
        id="r-1", run="r", experiment="encrypted_dns", target="tls://dns.example", started="", ended="",
        run_started="", context=Context(helper_watch=(HelperWatch(t=0.0, reached=True),)), trials=tuple(made),
    )  # fmt: skip
    rule = next(rule for rule in ENCRYPTED_RULES if rule.id == "encrypted.cut")
    said = rule.applies(Talk(record, Knowledge()))
    assert said is not None
    assert said.outcome is outcome
