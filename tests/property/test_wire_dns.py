"""DNS both ways against dnspython, and hostile messages against nothing but the clock."""

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from hypothesis import assume, given
from hypothesis import strategies as st

from faults import value_or_fault
from hushmap.model import Answer
from hushmap.wire import dns as ours
from strategies import ADDRESSES, HOSTS

IDENTS = st.integers(0, 65535)
TYPES = st.sampled_from(sorted(ours.TYPES)) | st.integers(256, 65535).map("TYPE{}".format)
RAW_NAMES = st.lists(st.binary(min_size=1, max_size=20), max_size=4).map(lambda labels: dns.name.Name([*labels, b""]))
"""Names with any octets in their labels."""


def text_of(name):
    """A name as our reader writes it."""
    return name.to_text(omit_final_dot=True).lower()


@given(HOSTS, TYPES, IDENTS)
def test_dnspython_reads_our_queries(name, qtype, ident):
    """Every query is what dnspython would have sent, byte for byte."""
    data = ours.query(name, qtype, ident)
    theirs = dns.message.make_query(name, qtype, id=ident)
    assert data == theirs.to_wire()
    assert ours.question(data) == (ident, name, ours._TYPE_NAMES.get(dns.rdatatype.from_text(qtype), qtype))


@st.composite
def messages(draw):
    """Answers by dnspython: CNAMEs, addresses of either family, compressed names, any flags and rcode."""
    name = draw(RAW_NAMES)
    qtype = draw(st.sampled_from(["A", "AAAA", "CNAME", "TXT"]))
    reply = dns.message.make_response(dns.message.make_query(name, qtype, id=draw(IDENTS)))
    reply.flags = draw(st.integers(0, 0x7FF).map(lambda bits: (bits & 0x7F) << 4)) | dns.flags.QR
    reply.set_rcode(draw(st.integers(0, 15)))
    owner, ttls = name, st.integers(0, 2**31 - 1)
    for target in draw(st.lists(RAW_NAMES, max_size=2, unique=True)):
        reply.answer.append(dns.rrset.from_rdata(owner, draw(ttls), rdata("CNAME", target.to_text())))
        owner = target
    for kind, version in (("A", 4), ("AAAA", 6)):
        found = draw(
            st.lists(ADDRESSES.filter(lambda text, v=version: (":" in text) == (v == 6)), max_size=3, unique=True)
        )
        if found:
            reply.answer.append(dns.rrset.from_rdata(owner, draw(ttls), *[rdata(kind, text) for text in found]))
    if draw(st.booleans()):
        reply.answer.append(dns.rrset.from_text(owner, 5, "IN", "TXT", '"v=1"'))
    return reply


def rdata(kind, text):
    """One rdata of class IN."""
    return dns.rdata.from_text("IN", kind, text)


def sections(reply, kind):
    """(text, TTL) of every record of a type in the answer section."""
    wanted = dns.rdatatype.from_text(kind)
    return [(item, rrset.ttl) for rrset in reply.answer if rrset.rdtype == wanted for item in rrset]


@given(messages())
def test_we_read_what_dnspython_writes(reply):
    """Id, question, flags, rcode, addresses, CNAMEs and TTL agree."""
    ident, name, qtype, answer = ours.parse(reply.to_wire(), t=2.5, ttl=64)
    assert (ident, name) == (reply.id, text_of(reply.question[0].name))
    assert qtype == dns.rdatatype.to_text(reply.question[0].rdtype)
    addresses = sections(reply, "A") + sections(reply, "AAAA")
    assert sorted(answer.addresses) == sorted(item.address for item, _ in addresses)
    assert sorted(answer.cnames) == sorted(text_of(item.target) for item, _ in sections(reply, "CNAME"))
    assert answer.record_ttl == min((ttl for _, ttl in addresses), default=None)
    assert (answer.rcode, answer.flags) == (int(reply.rcode()), int(reply.flags))
    wanted = bool(sections(reply, qtype))
    assert (answer.failure is None) == (answer.rcode == 0 and wanted)
    assert (answer.t, answer.ttl) == (2.5, 64)


@given(
    HOSTS, st.sampled_from(["A", "AAAA"]), st.lists(ADDRESSES, max_size=4, unique=True), st.integers(0, 15), IDENTS
)
def test_dnspython_reads_our_replies(name, qtype, addresses, rcode, ident):
    """A reply holds the question and the addresses of its family, in order."""
    data = ours.reply(ours.query(name, qtype, ident), addresses, rcode=rcode, ttl=30)
    theirs = dns.message.from_wire(data)
    wanted = [text for text in addresses if (":" in text) == (qtype == "AAAA")]
    assert (theirs.id, theirs.rcode(), text_of(theirs.question[0].name)) == (ident, rcode, name)
    assert [item.address for rrset in theirs.answer for item in rrset] == wanted
    assert ours.parse(data)[3].addresses == tuple(wanted)


def outcome(data):
    """What `parse` makes of any bytes: a tuple or None for a ValueError of one line."""
    found = value_or_fault(ours.parse, data)
    if isinstance(found, ValueError):
        return None
    ident, name, qtype, answer = found
    assert isinstance(answer, Answer)
    assert name.isascii()
    return ident, name, qtype


@given(messages(), st.data())
def test_a_damaged_answer_is_refused_or_read_as_dnspython_reads_it(reply, data):
    """After any change of bytes: what dnspython accepts we accept, with the same id and question."""
    wire = bytearray(reply.to_wire())
    for _ in range(data.draw(st.integers(1, 3))):
        wire[data.draw(st.integers(0, len(wire) - 1))] = data.draw(st.integers(0, 255))
    found = outcome(bytes(wire))
    try:
        theirs = dns.message.from_wire(bytes(wire), ignore_trailing=True)
    except Exception:  # noqa: BLE001  (whatever dnspython dislikes it may dislike; there is nothing to compare)
        return
    assume(theirs.flags & dns.flags.QR and theirs.opcode() == 0 and len(theirs.question) == 1)
    assume(theirs.question[0].rdclass == dns.rdataclass.IN)
    assert found is not None
    assert found[:2] == (theirs.id, text_of(theirs.question[0].name))


@given(messages())
def test_an_answer_cut_anywhere_is_refused(reply):
    """No proper prefix is an answer unless it holds all that was counted."""
    wire = reply.to_wire()
    whole = ours.parse(wire)
    for end in range(len(wire)):
        assert outcome(wire[:end]) is None
    assert ours.parse(wire + b"\xff" * 9) == whole


@given(st.binary(max_size=600) | st.binary(max_size=600).map(lambda tail: b"\0\1\x81\x80\0\1\xff\xff\0\0\0\0" + tail))
def test_any_bytes_end_in_a_value_or_a_fault(data):
    """Nothing but a ValueError comes out, from any reader of messages."""
    outcome(data)
    value_or_fault(ours.question, data)
    value_or_fault(ours.reply, data, ["192.0.2.1"])


@given(st.text(max_size=80))
def test_any_text_is_a_name_or_is_refused(text):
    """A query can be made for it, and is read by dnspython, or a ValueError says why not."""
    data = value_or_fault(ours.query, text, "A", 1)
    if isinstance(data, bytes):
        assert text_of(dns.message.from_wire(data).question[0].name) == ours.question(data)[1]


@st.composite
def replies(draw):
    """(query, what may be a reply to it): to another question now and then, its letters in other cases, damaged."""
    name, qtype, ident = draw(HOSTS), draw(st.sampled_from(["A", "AAAA", "HTTPS", "TYPE999"])), draw(IDENTS)
    query = ours.query(name, qtype, ident)
    asked = draw(st.sampled_from([query, ours.query(name.upper(), qtype, ident), ours.query(name, "A", ident)]))
    data = bytearray(ours.reply(asked, draw(st.lists(ADDRESSES, max_size=3)), rcode=draw(st.integers(0, 15))))
    for at in draw(st.lists(st.integers(0, len(data) - 1), max_size=2)):
        data[at] = draw(st.integers(0, 255))
    return query, bytes(data[: draw(st.integers(0, len(data)) | st.just(len(data)))])


@given(replies(), st.booleans())
def test_an_answer_is_what_parse_and_a_comparison_find(pair, pad):
    """Whatever repeats the question byte by byte is read as if it were read from the start."""
    query, data = (ours.padded(pair[0]) if pad else pair[0]), pair[1]

    def slowly():
        *asked, answer = ours.parse(data, t=1.0, ttl=9)
        ident, name, qtype = ours.question(query)
        return answer if asked in ([ident, name, qtype], [ident, "", ""]) else None

    found = value_or_fault(lambda: ours.answer_to(query, data, t=1.0, ttl=9))
    expected = value_or_fault(slowly)
    assert type(found) is type(expected)
    assert found == expected or isinstance(found, Exception)
