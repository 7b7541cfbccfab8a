"""What a censor remembers: streams put together, flows, and tables that forget."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab import packet as p
from hushmap.lab.censors.flow import STREAM_LIMIT, Flow, Stream, Table

C, S = b"\xc6\x12\0\2", b"\xc6\x33\x64\x14"


def segment(payload=b"", *, seq=1001, flags=p.ACK, outward=True):
    """One TCP segment."""
    ends = ((C, 40000), (S, 443)) if outward else ((S, 443), (C, 40000))
    return p.parse(p.tcp(*ends, seq=seq, ack=1, flags=flags, payload=payload), outward=outward)


SYN = segment(seq=1000, flags=p.SYN)


@given(
    st.binary(min_size=1, max_size=300), st.lists(st.integers(0, 300), max_size=6), st.randoms(use_true_random=False)
)
def test_a_stream_is_whole_however_it_was_cut_and_ordered(data, cuts, chance):
    """Segments in any order, some twice, give the bytes that were sent."""
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [(start, data[start:end]) for start, end in pairwise(edges)]
    pieces += chance.sample(pieces, 1)
    chance.shuffle(pieces)
    stream = Stream()
    stream.feed(SYN)
    for start, piece in pieces:
        stream.feed(segment(piece, seq=1001 + start))
    assert (stream.data, stream.start) == (data, 1001)


def test_overlapping_segments_extend_the_stream():
    """A retransmission that also holds what follows is read from where the stream ended; holes wait."""
    stream = Stream()
    for seq, payload in ((1001, b"abc"), (1002, b"bcdef"), (1010, b"far"), (1010, b"farther"), (1010, b"f")):
        stream.feed(segment(payload, seq=seq))
    assert stream.data == b"abcdef"
    stream.feed(segment(b"ghi", seq=1007))
    assert stream.data == b"abcdefghifarther"


def test_sequence_numbers_may_wrap():
    """A stream that begins just below 2**32 goes on at zero; data beside the SYN count (RFC 7413)."""
    stream = Stream()
    stream.feed(segment(b"x", seq=2**32 - 3, flags=p.SYN))
    stream.feed(segment(b"a", seq=2**32 - 1))
    stream.feed(segment(b"bc", seq=0))
    assert stream.data == b"xabc"
    assert stream.start == 2**32 - 2
    stream = Stream()
    stream.feed(segment(seq=2**32 - 1, flags=p.SYN))
    assert stream.start == 0


def test_a_stream_is_kept_to_its_limit():
    """What lies far ahead is not kept, nor more than so many pieces behind a hole; a long stream ends at its limit."""
    stream = Stream()
    stream.feed(segment(b"x" * 1000))
    stream.feed(segment(b"far", seq=1001 + 10 * STREAM_LIMIT))
    stream.feed(segment(b"old", seq=1))
    for number in range(1, 40):
        stream.feed(segment(b"x" * 1000, seq=1001 + 1000 * number))
    assert STREAM_LIMIT <= len(stream.data) < STREAM_LIMIT + 1000
    stream = Stream()
    stream.feed(SYN)
    for number in range(1000):
        stream.feed(segment(b"x", seq=1010 + 2 * number))
    assert len(stream._pieces) == 64


def test_a_flow_learns_from_its_packets():
    """It knows whether a SYN was seen and whether data came, and keeps both directions apart."""
    flow = Flow(C, S, 40000, 443, 0.0)
    flow.take(SYN)
    assert (flow.shaken, flow.begun, flow.packets) == (True, False, 1)
    flow.take(segment(b"hello"))
    flow.take(segment(b"answer", seq=5, outward=False))
    assert (flow.begun, flow.packets, flow.sent, flow.back.data) == (True, 2, b"hello", b"answer")
    flow.kept["rule"] = 1
    flow.forget()
    assert (flow.sent, flow.back.data, flow.kept, flow.begun) == (b"", b"", {}, True)


def test_datagrams_are_counted_and_not_put_together():
    """Each is a message of its own."""
    flow = Flow(C, S, 40000, 53, 0.0, protocol=p.UDP)
    flow.take(p.parse(p.udp((C, 40000), (S, 53), b"question")))
    assert (flow.packets, flow.sent) == (1, b"")


def test_a_fate_is_even_and_the_same_each_time():
    """By hash of ends, seed and purpose: equal for equal ones, spread over 0 to 1 for others."""
    fates = [Flow(C, S, port, 443, 0.0).fate(1, "x") for port in range(2000)]
    assert fates == [Flow(C, S, port, 443, 9.0).fate(1, "x") for port in range(2000)]
    assert all(0 <= fate < 1 for fate in fates)
    for low in (0.0, 0.25, 0.5, 0.75):
        assert 400 < sum(low <= fate < low + 0.25 for fate in fates) < 600
    assert Flow(C, S, 1, 443, 0.0).fate(1, "x") != Flow(C, S, 1, 443, 0.0).fate(2, "x")
    assert Flow(C, S, 1, 443, 0.0).fate(1, "x") != Flow(C, S, 1, 443, 0.0).fate(1, "y")


def test_a_table_forgets_what_is_idle_and_what_is_too_much():
    """Used entries stay, idle ones expire, and the least recently used goes when it is full."""
    table = Table(limit=3, idle=10.0)
    for number in range(3):
        table.put(number, str(number), 0.0)
    assert table.get(0, 5.0) == "0"
    table.put(3, "3", 6.0)
    assert [table.get(number, 6.0) for number in range(4)] == ["0", None, "2", "3"]
    assert table.get(0, 16.0) is None
    table.put(9, "9", 30.0)
    assert len(table) == 1
    assert table.get(7, 30.0) is None
