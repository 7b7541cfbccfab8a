"""Forged TCP packets: where they land, and what tells injectors apart."""

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.forge import SEGMENT, Style, ending, resets


def seen(injections, *, outward):
    """The injected packets of one direction, parsed."""
    return [p.parse(each.raw, outward=outward) for each in injections if each.outward is outward]


def test_resets_land_on_both_ends_of_a_connection(talk):
    """The client gets one at the next byte it expects and two ahead, the server one for either order of arrival."""
    forged = resets(talk.segment(b"hello"))
    back, on = seen(forged, outward=False), seen(forged, outward=True)
    assert [each.seq for each in back] == [501, 501 + 1460, 501 + 4380]
    assert {(each.source, each.sport, each.target, each.ack) for each in back} == {
        (talk.server, 443, talk.client, 1006)
    }
    assert [each.seq for each in on] == [1001, 1006]
    assert {(each.ack, each.flags) for each in on} == {(501, p.RST | p.ACK)}
    assert all(each.flags & p.RST for each in back)


def test_a_bare_acknowledgement_is_reset_too(talk):
    """Without payload both of the server's sequence numbers are one."""
    assert [each.seq for each in seen(resets(talk.segment()), outward=True)] == [1001]


def test_a_reset_of_a_syn_is_what_a_closed_port_sends(talk):
    """RFC 9293 3.5.2: sequence number zero, acknowledging the SYN, to the client only; whatever the style."""
    syn = talk.segment(seq=1000, ack=0, flags=p.SYN)
    for style in (Style(), Style(bare=True, resets=2)):
        (only,) = resets(syn, style)
        packet = p.parse(only.raw, outward=False)
        assert (packet.seq, packet.ack, packet.flags, only.outward) == (0, 1001, p.RST | p.ACK, False)


@pytest.mark.parametrize(
    ("style", "seqs", "to_server"),
    [
        (Style(resets=1), [501], 2),
        (Style(resets=2), [501, 1961], 2),
        (Style(resets=3, advance=False), [501, 501, 501], 2),
        (Style(sides="client"), [501, 1961, 4881], 0),
    ],
)
def test_how_many_where_and_to_whom_is_a_style(talk, style, seqs, to_server):
    """One, several at one or at advancing sequence numbers; to both sides or the client alone."""
    forged = resets(talk.segment(b"hello"), style)
    assert [each.seq for each in seen(forged, outward=False)] == seqs
    assert len(seen(forged, outward=True)) == to_server


def test_the_stamp_of_an_injector_is_in_each_packet(talk):
    """TTL, identification, "do not fragment", flags and payload, as the devices of refs/BEYOND 2.6 have them."""
    henan = Style(resets=1, sides="client", ttl=64, ident=1, payload=bytes.fromhex("01020304050607080900"))
    (only,) = resets(talk.segment(b"hello"), henan)
    packet = p.parse(only.raw, outward=False)
    assert (packet.payload.hex(), packet.flags) == ("01020304050607080900", p.RST | p.ACK)
    assert (int.from_bytes(only.raw[4:6], "big"), only.raw[6] & 0x40, only.raw[8]) == (1, 0, 64)
    first = Style(resets=1, bare=True, ttl=99, df=True)
    (bare, *_) = seen(resets(talk.segment(b"hello"), first), outward=False)
    assert (bare.flags, bare.ack, bare.raw[8], bare.raw[6] & 0x40) == (p.RST, 0, 99, 0x40)


def test_an_answers_word_resets_both_ends_too(talk):
    """From a packet of the server, its own numbers go on to the client."""
    forged = resets(talk.segment(b"bad", seq=501, ack=1006, outward=False))
    assert [each.seq for each in seen(forged, outward=False)] == [501, 504]
    assert [each.seq for each in seen(forged, outward=True)] == [1006, 2466, 5386]


def test_an_end_is_a_fin_for_the_client_and_a_reset_for_the_server(talk):
    """The client reads the end of the stream; the server does not see the request."""
    forged = ending(talk.segment(b"GET"))
    (fin,), (reset,) = seen(forged, outward=False), seen(forged, outward=True)
    assert (fin.seq, fin.ack, fin.flags, fin.payload) == (501, 1004, p.FIN | p.ACK, b"")
    assert (reset.seq, reset.ack, reset.flags) == (1001, 501, p.RST | p.ACK)
    assert seen(ending(talk.segment(b"GET"), style=Style(sides="client")), outward=True) == []


def test_an_end_after_the_servers_own_words_is_at_their_place(talk):
    """Forged from the server's packet it goes to the client too, in that packet's stead."""
    forged = ending(talk.segment(b"bad", seq=501, ack=1006, outward=False))
    (fin,), (reset,) = seen(forged, outward=False), seen(forged, outward=True)
    assert (fin.seq, fin.ack) == (501, 1006)
    assert (reset.seq, reset.ack) == (1006, 501)


@pytest.mark.parametrize("size", [1, SEGMENT, SEGMENT + 1, 3 * SEGMENT])
def test_an_answer_comes_in_segments_that_fit_any_path(talk, size):
    """Put together at their sequence numbers they are the answer; the last one ends the connection."""
    answer = bytes(range(256)) * 20
    said = seen(ending(talk.segment(b"GET"), answer[:size]), outward=False)
    assert b"".join(each.payload for each in said) == answer[:size]
    assert [each.seq for each in said] == [501 + SEGMENT * number for number in range(len(said))]
    assert [bool(each.flags & p.FIN) for each in said] == [False] * (len(said) - 1) + [True]
    assert all(len(each.raw) <= 1280 for each in said)
