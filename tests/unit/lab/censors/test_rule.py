"""What rules share: flows that put a stream together, name matching, forged resets and pages."""

from ipaddress import ip_address
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab import packet as p
from hushmap.lab.censors.rule import (
    SETTLED,
    STREAM_LIMIT,
    Action,
    Flow,
    Sighting,
    forged_page,
    match,
    on_stream,
    resets,
)

C, S = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed


def flow(port=443):
    """A flow to this port."""
    return Flow(C, S, 40000, port, 0.0)


def segment(payload=b"", *, seq=1001, flags=p.PSH | p.ACK, ack=501, outward=True, port=443):
    """One TCP segment between client and server."""
    ends = ((C, 40000), (S, port)) if outward else ((S, port), (C, 40000))
    return p.parse(p.tcp(*ends, seq=seq, ack=ack, flags=flags, payload=payload), outward=outward)


SYN = segment(seq=1000, flags=p.SYN, ack=0)


@given(
    st.binary(min_size=1, max_size=300), st.lists(st.integers(0, 300), max_size=6), st.randoms(use_true_random=False)
)
def test_a_stream_is_whole_however_it_was_cut_and_ordered(data, cuts, chance):
    """Segments in any order, some twice, give the bytes that the opener sent."""
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [(start, data[start:end]) for start, end in pairwise(edges)]
    pieces += chance.sample(pieces, 1)
    chance.shuffle(pieces)
    seen = flow()
    seen.feed(SYN)
    for start, piece in pieces:
        seen.feed(segment(piece, seq=1001 + start))
    assert seen.sent == data


def test_overlapping_segments_extend_the_stream():
    """A retransmission that also holds what follows is read from where the stream ended."""
    seen = flow()
    for seq, payload in ((1001, b"abc"), (1002, b"bcdef"), (1010, b"far")):
        seen.feed(segment(payload, seq=seq))
    assert seen.sent == b"abcdef"


def test_sequence_numbers_may_wrap():
    """A stream that begins just below 2**32 goes on at zero."""
    seen = flow()
    seen.feed(segment(seq=2**32 - 3, flags=p.SYN, ack=0))
    seen.feed(segment(b"ab", seq=2**32 - 2))
    seen.feed(segment(b"cd", seq=0))
    assert seen.sent == b"abcd"


def test_a_stream_is_kept_to_its_limit():
    """What lies far ahead is not kept, and a long stream ends near the limit."""
    seen = flow()
    seen.feed(segment(b"x" * 1000))
    seen.feed(segment(b"far", seq=1001 + 10 * STREAM_LIMIT))
    for number in range(1, 40):
        seen.feed(segment(b"x" * 1000, seq=1001 + 1000 * number))
    assert STREAM_LIMIT <= len(seen.sent) < STREAM_LIMIT + 1000


def test_a_name_is_covered_by_itself_a_parent_or_a_word():
    """`b.example` covers what is under it and not what merely ends alike; words match anywhere."""
    names = frozenset({"b.example"})
    assert match("b.example", names, ()) == "b.example"
    assert match("www.B.example.", names, ()) == "b.example"
    assert match("ab.example", names, ()) is None
    assert match("x-kw-one.example", names, ("kw-one",)) == "kw-one"


def test_resets_land_on_both_ends_of_a_connection():
    """The client gets one at the next byte it expects and two ahead, the server one for either order of arrival."""
    packet = segment(b"hello")
    back = [p.parse(each.raw, outward=False) for each in resets(packet) if not each.outward]
    on = [p.parse(each.raw) for each in resets(packet) if each.outward]
    assert [each.seq for each in back] == [501, 501 + 1460, 501 + 4380]
    assert {(each.source, each.sport, each.target, each.ack) for each in back} == {(S, 443, C, 1006)}
    assert [each.seq for each in on] == [1001, 1006]
    assert all(each.flags & p.RST for each in back + on)


def test_a_bare_acknowledgement_is_reset_too():
    """Without payload both of the server's sequence numbers are one."""
    assert [p.parse(each.raw).seq for each in resets(segment()) if each.outward] == [1001]


def test_a_reset_of_a_syn_is_what_a_closed_port_sends():
    """RFC 9293 3.5.2: sequence number zero, acknowledging the SYN, to the client only."""
    (only,) = resets(SYN)
    seen = p.parse(only.raw, outward=False)
    assert (seen.seq, seen.ack, seen.flags, only.outward) == (0, 1001, p.RST | p.ACK, False)


def test_a_forged_page_ends_the_connection_on_both_sides():
    """The client reads a response and the end; the server is reset."""
    page, reset = forged_page(segment(b"GET"), b"HTTP/1.1 403 Forbidden\r\n\r\n")
    seen = p.parse(page.raw, outward=False)
    assert (seen.seq, seen.ack, bool(seen.flags & p.FIN)) == (501, 1004, True)
    assert seen.payload.startswith(b"HTTP/1.1 403")
    assert p.parse(reset.raw).flags & p.RST
    assert reset.outward


def test_a_stream_rule_waits_finds_and_gives_up():
    """Another port settles at once; no data, a return packet or too little keeps looking; the limit ends it."""

    def act(found):
        return Action(Sighting("tls.reset.sni", found))

    seen = flow()
    assert on_stream(segment(b"x", port=80), flow(80), 443, lambda _: "hit", act) is SETTLED
    assert on_stream(SYN, seen, 443, lambda _: "hit", act) is None
    assert on_stream(segment(b"x", outward=False), seen, 443, lambda _: "hit", act) is None
    assert on_stream(segment(b"x"), seen, 443, lambda _: None, act) is None
    assert on_stream(segment(b"x"), seen, 443, lambda _: SETTLED, act) is SETTLED
    assert on_stream(segment(b"x"), seen, 443, lambda _: "hit", act).sighting.what == "hit"
    seen.sent = b"x" * STREAM_LIMIT
    assert on_stream(segment(b"x"), seen, 443, lambda _: None, act) is SETTLED
    datagram = p.parse(p.udp((C, 40000), (S, 443), b"x"))
    assert on_stream(datagram, seen, 443, lambda _: "hit", act) is SETTLED
