"""The `middlebox` experiment: what is sent, that our own echoes take it, and what is repeated."""

import asyncio

import pytest

from boxes import TCP, Echoes
from hushmap.detect import say
from hushmap.experiments import open_inquiry
from hushmap.experiments.middlebox import Middlebox
from hushmap.model import Evidence, Failure, Layer, Outcome, Reason, Target
from hushmap.servers.echo import http_echo, tcp_echo
from worlds import HELPER, conditions, converse

HEADERS = Target(experiment="middlebox", text="odd-headers")
LINES = Target(experiment="middlebox", text="odd-request-line")
GIVEN = conditions(echo_tcp=TCP)


def mended(data):
    """What a proxy makes of header names."""
    head, _, rest = data.partition(b"\r\n")
    return head + b"\r\n" + rest.replace(b"aCCepT", b"Accept")


def test_odd_requests_go_to_our_own_echoes():
    """One request with odd headers to the one, four odd first lines to the other; without an echo nothing."""
    (ask,) = (attempt.ask for attempt in open_inquiry(HEADERS, GIVEN, 1).ask(0.05))
    assert (ask.layer, ask.address, ask.port, ask.host) == (Layer.RAW, HELPER, 8080, None)
    assert b"hOsT: www.baseline-a.example\r\n" in ask.payload
    assert len(open_inquiry(LINES, GIVEN, 1).ask(0.05)) == 4
    for lacking in ({"helper_address": None}, {"echo_tcp": None}, {"baselines": ()}):
        assert open_inquiry(LINES, conditions(**{"echo_tcp": TCP, **lacking}), 1).ask(0.05) == ()
    with pytest.raises(ValueError, match="odd-body"):
        open_inquiry(Target(experiment="middlebox", text="odd-body"), GIVEN, 1)


def test_what_arrives_as_it_was_sent_is_asked_once():
    """And said so."""
    for target, count in ((HEADERS, 1), (LINES, 4)):
        verdict, record = converse(Echoes(), target, GIVEN)
        assert (verdict.outcome, verdict.rule, verdict.mechanisms) == (Outcome.OK, "odd.intact", ())
        assert len(record.trials) == count
        assert "arrived as they were sent" in say(verdict, record).sentence


def test_what_is_altered_is_seen_twice():
    """A second time is no accident; the sentence names what differed."""
    verdict, record = converse(Echoes(changes=mended), HEADERS, GIVEN)
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "odd.rewritten")
    assert (verdict.evidence, verdict.mechanisms) == (Evidence.DIRECT, ("http.rewritten",))
    assert (verdict.counts.subject, len(record.trials)) == ((2, 2), 2)
    saying = say(verdict, record)
    assert "arrived altered (header names in another spelling)" in saying.sentence
    assert saying.label == "Altered on the way"
    assert say(verdict, record, "zh").label == "途中被改动"


def test_once_altered_is_not_said():
    """The next ones came as they were sent: nothing but that is known."""
    worlds = [Echoes()]
    worlds[0].changes = lambda data: mended(data) if worlds[0].asked == 1 else data
    verdict, record = converse(worlds[0], HEADERS, GIVEN)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.OK, ())
    assert len(record.trials) == 4


def test_half_an_answer_and_a_broken_line_are_no_manipulation():
    """They are asked again, and then given up."""
    verdict, record = converse(Echoes(loses=3), HEADERS, GIVEN)
    assert (verdict.outcome, verdict.reason, len(record.trials)) == (Outcome.INSUFFICIENT, Reason.NO_RULE, 4)
    first = Echoes(breaks=lambda _, count: Failure.TIMEOUT if count == 1 else None)
    verdict, _ = converse(first, HEADERS, GIVEN)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.OK, ())
    always = Echoes(breaks=lambda _, __: Failure.RESET)
    verdict, _ = converse(always, HEADERS, GIVEN)
    assert verdict.outcome is Outcome.INSUFFICIENT


def test_what_is_cut_where_plain_requests_pass_is_blocked():
    """By the sequential test, as anything else."""
    cut = Echoes(breaks=lambda sent, _: Failure.RESET if b"GeT" in sent else None)
    verdict, record = converse(cut, HEADERS, GIVEN)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("tcp.reset.payload",))
    assert (verdict.evidence, verdict.counts.subject) == (Evidence.CONTROLLED, (5, 5))
    assert (
        "requests of an unusual form to a server of ours were cut off, 5 of 5 times; plain requests to it passed"
        in say(verdict, record).sentence
    )


class Writer:
    """Takes what a server writes."""

    said = b""

    def write(self, data):
        """Keep it."""
        self.said += data

    async def drain(self):
        """Nothing waits."""


@pytest.mark.parametrize(("target", "echo"), [(HEADERS, http_echo), (LINES, tcp_echo)])
def test_our_own_echoes_say_every_odd_request_back(target, echo):
    """A server of ours that refused one would be taken for a middlebox."""

    async def heard(payload):
        reader, writer = asyncio.StreamReader(), Writer()
        reader.feed_data(payload)
        reader.feed_eof()
        await echo(reader, writer)
        return writer.said

    asks = [attempt.ask for attempt in Middlebox(target, GIVEN, 1).ask(0.05)]
    answers = {ask.payload: asyncio.run(heard(ask.payload)) for ask in asks}
    verdict, _ = converse(Echoes(answers=answers.get), target, GIVEN)
    assert verdict.rule == "odd.intact"
