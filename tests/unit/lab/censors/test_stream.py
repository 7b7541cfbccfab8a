"""The common frame of rules on streams: what a censor of which make gets to see, and what it does about it."""

from hushmap.lab import packet as p
from hushmap.lab.censors.flow import STREAM_LIMIT
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rule import SETTLED
from hushmap.lab.censors.stream import PATIENCE, Trigger, Watch
from hushmap.lab.censors.wording import Guess


class Word(Trigger):
    """Finds `hit` anywhere, is settled by `no`, and remembers whether it was told that nothing follows."""

    ports = (443,)

    def __init__(self, censor=None):
        self.alone = None

    def find(self, data, *, alone):
        self.alone = alone
        return "hit" if b"hit" in data else SETTLED if b"no" in data else None


class Answer(Word):
    """The same in what the server says."""

    outward = False


class Unsure(Word):
    """Guesses that every second flow should be hit."""

    def find(self, data, *, alone):
        return Guess("score 0.50", 0.5)


def watch(trigger=Word, **parameters):
    """A watch of a censor with these parameters."""
    return Watch(trigger(), Censor(kind="sni-reset", **parameters))


def test_it_waits_finds_and_gives_up(talk):
    """Another port settles at once; no data, a return packet or too little keeps looking; the limit ends it."""
    flow, seen = talk.flow(), watch()
    assert seen.look(talk.segment(b"hit", port=80), talk.flow(80)) is SETTLED
    assert seen.look(talk.datagram(b"hit", port=443), flow) is SETTLED
    assert seen.look(talk.segment(seq=1000, ack=0, flags=p.SYN), flow) is None
    assert seen.look(talk.segment(b"hit", outward=False), flow) is None
    for payload, found in ((b"h", None), (b"i", None), (b"t", "hit"), (b"...", "hit")):
        packet = talk.segment(payload, seq=1001 + len(flow.sent))
        flow.take(packet)
        assert seen.look(packet, flow) == found
    flow.out.data = b"x" * STREAM_LIMIT
    assert seen.look(talk.segment(b"x"), flow) is SETTLED


def test_a_flow_that_shows_nothing_is_let_pass_in_the_end(talk):
    """After so many packets of the client, acknowledgements of a long download too; a hello byte by byte is shorter."""
    flow, seen = talk.flow(), watch()
    flow.packets = PATIENCE - 1
    assert seen.look(talk.segment(), flow) is None
    flow.packets = PATIENCE
    assert seen.look(talk.segment(), flow) is SETTLED
    flow.packets, flow.answers = 3, PATIENCE
    assert seen.look(talk.segment(), flow) is SETTLED
    rule, data = (
        talk.rule("sni-reset", names=["named.example"]),
        talk.records(talk.message("named.example", padding=1700)),
    )
    *before, last = talk.feed(rule, data, pieces=len(data))
    assert set(before) == {None}
    assert last.drop


def test_a_guess_hits_its_share_of_flows(talk):
    """Which, is the flow's own lot: a retransmission shares it, another flow draws anew."""
    seen, lots = watch(Unsure), []
    for cport in range(40000, 40400):
        flow, packet = talk.flow(cport=cport), talk.segment(b"text", cport=cport)
        flow.take(packet)
        lots.append(seen.look(packet, flow))
        assert seen.look(packet, flow) == lots[-1]
    assert set(lots) == {"score 0.50", None}
    assert 160 < lots.count(None) < 240


def test_without_reassembly_each_segment_is_all_there_is(talk):
    """A word over two segments passes, one in a later segment is found, and at the limit it looks no more."""
    flow, seen = talk.flow(), watch(reassembly="none")
    answers = []
    for payload in (b"h", b"it", b"no", b"hit"):
        packet = talk.segment(payload, seq=1001 + len(flow.sent))
        flow.take(packet)
        answers.append(seen.look(packet, flow))
    assert answers == [None, None, None, "hit"]
    assert seen._trigger.alone is True
    flow.out.data = b"x" * STREAM_LIMIT
    assert seen.look(talk.segment(b"x"), flow) is SETTLED


def test_options_hide_a_segment_from_a_censor_of_bare_headers(talk):
    """Henan's sees nothing of a client with time stamps (refs/BEYOND 2.6)."""
    stamps = bytes.fromhex("0101080a0000000100000002")
    for options, found in ((b"", "hit"), (stamps, None)):
        flow, packet = talk.flow(), talk.segment(b"hit", options=options)
        flow.take(packet)
        assert watch(bare_header=True).look(packet, flow) == found
        assert watch().look(packet, flow) == "hit"


def test_some_need_the_clients_syn_and_some_do_not(talk):
    """Data out of nowhere concern the stateless one alone."""
    for syn in (False, True):
        flow, packet = talk.flow(), talk.segment(b"hit")
        if syn:
            flow.take(talk.segment(seq=1000, ack=0, flags=p.SYN))
        flow.take(packet)
        assert watch().look(packet, flow) == "hit"
        assert watch(handshake=True).look(packet, flow) == ("hit" if syn else SETTLED)


def test_ports_are_the_protocols_own_or_others_or_all(talk):
    """What is given replaces what is usual."""
    flow, packet = talk.flow(8443), talk.segment(b"hit", port=8443)
    flow.take(packet)
    assert watch().look(packet, flow) is SETTLED
    assert watch(ports=(8443,)).look(packet, flow) == "hit"
    assert watch(every_port=True).look(packet, flow) == "hit"


def test_answers_are_watched_by_a_trigger_for_them(talk):
    """The server's stream, and only that."""
    flow, seen = talk.flow(), watch(Answer)
    out, back = talk.segment(b"hit"), talk.segment(b"hit", seq=501, outward=False)
    for packet in (out, back):
        flow.take(packet)
    assert seen.look(out, flow) is None
    assert seen.look(back, flow) == "hit"


def test_what_is_found_is_reset_dropped_or_ended(talk):
    """Three reactions to one trigger, each with the residual blocking that the censor has."""
    common = {"names": ["named.example"], "residual_s": 2.0, "residual_scope": "4-tuple"}
    for kind, drop, silence, way, flags in (
        ("sni-reset", True, False, "reset", p.RST | p.ACK),
        ("sni-close", True, False, "reset", p.FIN | p.ACK),
        ("sni-drop", True, True, "drop", None),
    ):
        (action,) = talk.feed(talk.rule(kind, **common), talk.hello("named.example"))
        assert (action.drop, action.silence) == (drop, silence)
        assert (action.burn.seconds, action.burn.scope, action.burn.way) == (2.0, "4-tuple", way)
        seen = [p.parse(each.raw).flags for each in action.inject if not each.outward]
        assert set(seen) == ({flags} if flags else set())


def test_a_retransmission_is_acted_on_again(talk):
    """The first forged packet may have been lost."""
    rule, flow = talk.rule("sni-reset", names=["named.example"]), talk.flow()
    packet = talk.segment(talk.hello("named.example"))
    first, second = (talk.show(rule, flow, packet) for _ in range(2))
    assert first.inject == second.inject != ()
