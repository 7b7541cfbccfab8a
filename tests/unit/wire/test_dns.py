"""DNS messages, by example; tests/property/test_wire_dns.py has dnspython's opinion of the rest."""

import struct

import pytest
from dns.message import from_wire

from hushmap.model import Failure
from hushmap.wire import dns

QUERY = dns.query("News-One.example", "A", 0x1234)
"""26 bytes behind the header: the name (18) and type and class (4)."""
POINTER = b"\xc0\x0c"


def message(*records, flags=0x8180, questions=1, answers=None, behind=b""):
    """An answer to QUERY whose answer section holds `records` as given."""
    count = len(records) if answers is None else answers
    header = struct.pack("!6H", 0x1234, flags, questions, count, 0, 0)
    return header + (QUERY[12:] if questions else b"") + b"".join(records) + behind


def record(data, kind=1, rrclass=1, ttl=60, owner=POINTER, length=None):
    """One resource record."""
    return owner + struct.pack("!HHIH", kind, rrclass, ttl, len(data) if length is None else length) + data


def test_a_query_is_byte_for_byte_what_rfc_1035_draws():
    """Header with RD, one question, class IN."""
    assert dns.query("a.example", "AAAA", 1) == (
        b"\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + b"\x01a\x07example\x00" + b"\x00\x1c\x00\x01"
    )


def test_a_question_is_read_from_query_and_answer():
    """The name comes in lower case, the type by its name."""
    assert dns.question(QUERY) == (0x1234, "news-one.example", "A")
    assert dns.question(dns.reply(QUERY, ["192.0.2.1"])) == (0x1234, "news-one.example", "A")
    assert dns.question(dns.query("a.example", "TYPE999", 1)) == (1, "a.example", "TYPE999")


@pytest.mark.parametrize("qtype", ["", "a", "TYPE", "TYPEx", "TYPE65536", "TYPE٣", "TYPE000001", "9"])
def test_a_type_without_a_number_is_refused(qtype):
    """Only the types of the table and TYPE0 to TYPE65535 can be asked."""
    with pytest.raises(ValueError, match="no query type"):
        dns.query("a.example", qtype, 1)


@pytest.mark.parametrize("ident", [-1, 65536])
def test_a_message_id_has_16_bits(ident):
    """Another id is refused, not cut."""
    with pytest.raises(ValueError, match="16 bits"):
        dns.query("a.example", "A", ident)


def test_an_answer_keeps_what_a_judge_needs():
    """Addresses in order, the smallest TTL, CNAMEs, flags, arrival and IP TTL."""
    alias = record(b"\x03cdn\xc0\x15", kind=5, ttl=5)
    data = message(alias, record(b"\xc0\x00\x02\x01", ttl=300), record(b"\xc0\x00\x02\x02", ttl=60))
    ident, name, qtype, answer = dns.parse(data, t=1.5, ttl=56)
    assert (ident, name, qtype) == (0x1234, "news-one.example", "A")
    assert answer.addresses == ("192.0.2.1", "192.0.2.2")
    assert answer.cnames == ("cdn.example",)
    assert (answer.record_ttl, answer.ttl, answer.t, answer.flags) == (60, 56, 1.5, 0x8180)
    assert (answer.rcode, answer.failure) == (0, None)


def test_records_of_other_types_and_classes_are_passed_over():
    """A TXT record or one of class CHAOS is no address, whatever its bytes are."""
    chaos = record(b"\xc0\x00\x02\x01", rrclass=3)
    text = record(b"\x03abc", kind=16)
    assert dns.parse(message(chaos, text))[3].addresses == ()
    assert dns.parse(message(chaos, text))[3].failure is Failure.NO_ANSWER


def test_a_ttl_with_the_top_bit_is_zero():
    """RFC 2181 section 8."""
    assert dns.parse(message(record(b"\xc0\x00\x02\x01", ttl=2**31)))[3].record_ttl == 0


def test_an_address_of_the_other_family_is_kept_but_is_no_answer():
    """Injectors answer an AAAA question with an A record: it is seen, and the question stays unanswered."""
    data = message(record(bytes(16), kind=28))
    assert dns.parse(data)[3].addresses == ("::",)
    assert dns.parse(data)[3].failure is Failure.NO_ANSWER


@pytest.mark.parametrize(
    ("rcode", "failure"),
    [
        (0, Failure.NO_ANSWER),
        (1, Failure.DNS_MISBEHAVING),
        (2, Failure.SERVFAIL),
        (3, Failure.NXDOMAIN),
        (5, Failure.DNS_REFUSED),
        (15, Failure.DNS_MISBEHAVING),
    ],
)
def test_the_rcode_is_the_outcome(rcode, failure):
    """Each rcode has one failure; NOERROR without an address is one too."""
    answer = dns.parse(dns.reply(QUERY, [], rcode=rcode))[3]
    assert (answer.rcode, answer.failure) == (rcode, failure)
    assert dns.RCODE_FAILURE[rcode] == (failure if rcode else None)


def test_a_refusal_without_a_question_is_an_answer():
    """Some servers refuse with a bare header: the outcome counts, the name is unknown."""
    ident, name, qtype, answer = dns.parse(message(flags=0x8185, questions=0))
    assert (ident, name, qtype, answer.failure) == (0x1234, "", "", Failure.DNS_REFUSED)


def test_bytes_behind_an_answer_do_no_harm():
    """Authority, additional records and trailing bytes are not read."""
    assert dns.parse(message(record(b"\xc0\x00\x02\x01"), behind=b"\xff\xff"))[3].addresses == ("192.0.2.1",)


def test_the_root_is_a_dot():
    """A question for the root has the name "."."""
    assert dns.question(struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b"\0\0\x02\0\x01") == (1, ".", "NS")


def test_labels_are_escaped_like_a_master_file():
    """Octets that would be read as something else are escaped (RFC 1035 section 5.1)."""
    data = struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b'\x05a.\\"\xff\x00' + b"\0\x01\0\x01"
    assert dns.question(data)[1] == 'a\\.\\\\\\"\\255'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no whole header"),
        (QUERY[:11], "no whole header"),
        (QUERY, "query where a reply was due"),
        (message(questions=2), "2 questions"),
        (message()[:-1], "ends within its question"),
        (message()[:-5], "runs over the end"),
        (message(answers=1), "runs over the end"),
        (message(record(b"\xc0\x00\x02\x01")[:-6]), "ends within a record"),
        (message(record(b"\xc0\x00\x02", length=4)), "longer than its message"),
        (message(record(b"\xc0\x00\x02")), "has 3 bytes"),
        (message(record(b"\xc0\x00\x02\x01", kind=28)), "has 4 bytes"),
        (message(record(b"\x01a\0\0", kind=5)), "longer or shorter"),
        (message(behind=b"\xc0", answers=1), "ends within a pointer"),
        (message(record(b"\xc0\x00\x02\x01", owner=b"\xc0\x22")), "points forward or at itself"),
        (message(record(b"\xc0\x00\x02\x01", owner=b"\xc0\xff")), "points forward or at itself"),
        (message(record(b"\xc0\x00\x02\x01", owner=b"\x40a")), "unknown kind"),
        (message(record(b"\xc0\x00\x02\x01", owner=b"\x80a")), "unknown kind"),
        (message(behind=b"\x3f" + b"a" * 62, answers=1), "longer than its message"),
        (message(record(b"\xc0\x00\x02\x01", owner=(b"\x3f" + b"a" * 63) * 4 + b"\0")), "than a name may be"),
    ],
)
def test_a_malformed_answer_is_refused(data, said):
    """Each kind of damage is a ValueError that names it, never an answer."""
    with pytest.raises(ValueError, match=said):
        dns.parse(data)


def test_a_question_of_another_class_or_number_is_refused():
    """`question` wants exactly one question, of class IN."""
    with pytest.raises(ValueError, match="class 3"):
        dns.question(QUERY[:-2] + b"\0\x03")
    with pytest.raises(ValueError, match="0 questions"):
        dns.question(QUERY[:4] + b"\0\0" + QUERY[6:])


def test_a_chain_of_pointers_ends():
    """Each pointer leads before the last one, so a message of nothing but pointers is read once."""
    chain = b"".join(struct.pack("!H", 0xC000 | 12 + 2 * i) for i in range(2000))
    data = struct.pack("!6H", 1, 0x8180, 1, 0, 0, 0) + chain
    with pytest.raises(ValueError, match="points forward"):
        dns.parse(data)


def test_a_reply_answers_only_the_family_that_was_asked():
    """An A query gets the IPv4 addresses, an AAAA query the IPv6 ones, any other none."""
    both = ["192.0.2.1", "2001:db8::1"]
    for qtype, wanted in (("A", ("192.0.2.1",)), ("AAAA", ("2001:db8::1",)), ("TXT", ())):
        assert dns.parse(dns.reply(dns.query("a.example", qtype, 1), both))[3].addresses == wanted


def test_a_reply_takes_flags_rcode_and_ttl():
    """An injector's flags word is sent as it is, with the rcode in its low bits."""
    answer = dns.parse(dns.reply(QUERY, ["192.0.2.1"], rcode=3, ttl=7, flags=0x8580))[3]
    assert (answer.flags, answer.rcode, answer.record_ttl) == (0x8583, 3, 7)
    without_recursion = QUERY[:2] + b"\0\0" + QUERY[4:]
    assert dns.parse(dns.reply(without_recursion, []))[3].flags == 0x8080


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        ((message(), []), {}, "no query"),
        ((message(flags=0, questions=0), []), {}, "no query"),
        ((b"", []), {}, "no whole header"),
        ((QUERY, ["nonsense"]), {}, "does not appear to be"),
        ((QUERY, []), {"rcode": 16}, "does not fit"),
        ((QUERY, []), {"ttl": -1}, "does not fit"),
    ],
)
def test_a_reply_that_cannot_be_made_is_refused(arguments, options, said):
    """A reply to no query, or with what does not fit, is a ValueError."""
    with pytest.raises(ValueError, match=said):
        dns.reply(*arguments, **options)


def test_a_question_is_padded_to_a_block():
    """RFC 8467: every question inside TLS is as long as any other, up to 128 bytes; dnspython reads it as such."""
    for name in ("a.example", "a-name-that-is-longer.example", "a" * 60 + ".example"):
        query = dns.query(name, "A", 0)
        found = dns.padded(query)
        assert len(found) % 128 == 0
        assert dns.question(found) == dns.question(query)
        read = from_wire(found)
        assert (read.edns, read.payload, read.options[0].otype) == (0, 1232, 12)
    assert len(dns.padded(dns.query("a.example", "A", 0))) == 128


def test_thousands_of_records_are_bounded():
    """A whole message of addresses parses, and a record keeps as many as a site can have."""
    data = message(*[record(b"\xc0\x00\x02\x01")] * 4000, *[record(b"\x01a\x00", kind=5)] * 100)
    answer = dns.parse(data)[3]
    assert (len(answer.addresses), len(answer.cnames)) == (64, 64)


@pytest.mark.parametrize(("links", "read"), [(126, True), (127, False), (5000, False)])
def test_a_chain_of_pointers_is_no_longer_than_a_name(links, read):
    """Each leads back by one, as it may; thousands of records that begin there would cost seconds to read."""
    first = len(message()) + 12  # where the data of the first record begins
    chain = POINTER + b"".join(struct.pack("!H", 0xC000 | first + 2 * at) for at in range(links - 1))
    last = struct.pack("!H", 0xC000 | min(first + 2 * (links - 1), 0x3FFE))
    data = message(record(chain, kind=16), record(b"\xc0\x00\x02\x01", owner=last))
    if read:
        assert dns.parse(data)[3].addresses == ("192.0.2.1",)
    else:
        with pytest.raises(ValueError, match="too often"):
            dns.parse(data)


def test_an_https_record_is_read():
    """The first one counts, where it was asked for; a malformed one makes the message malformed."""
    https = dns.query("a.example", "HTTPS", 7)
    first, second = b"\x00\x01\x00\x00\x01\x00\x03\x02h3", b"\x00\x02\x00"
    header = struct.pack("!6H", 7, 0x8180, 1, 2, 0, 0)
    *_, found = dns.parse(header + https[12:] + record(first, kind=65) + record(second, kind=65))
    assert (found.alpn, found.hints, found.ech, found.failure, found.addresses) == (("h3",), (), False, None, ())
    with pytest.raises(ValueError, match="HTTPS"):
        dns.parse(header + https[12:] + record(b"\x00\x01", kind=65) + record(second, kind=65))
    *_, other = dns.parse(message(record(b"\x00\x01", kind=65), record(b"\xc0\x00\x02\x01")))
    assert (other.alpn, other.addresses) == ((), ("192.0.2.1",))


def test_an_answer_is_one_to_the_question():
    """A reply that repeats the question needs no second reading; one to another question is none."""
    data = message(record(b"\xc0\x00\x02\x01"))
    assert dns.answer_to(QUERY, data, t=1.5, ttl=56) == dns.parse(data, t=1.5, ttl=56)[3]
    assert dns.answer_to(dns.query("b.example", "A", 0x1234), data) is None
    assert dns.answer_to(dns.query("news-one.example", "A", 0x1234), data) == dns.parse(data)[3]
    assert dns.answer_to(dns.query("News-One.example", "A", 0x1235), data) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (QUERY, "query where a reply was due"),
        (message(record(b"\xc0\x00\x02"), behind=b"\0"), "has 3 bytes"),
        (QUERY[:2] + b"\x81\x80\x00\x02" + QUERY[6:], "2 questions"),
    ],
)
def test_what_is_no_answer_though_it_repeats_the_question(data, said):
    """A query sent back, a damaged record, a second question."""
    with pytest.raises(ValueError, match=said):
        dns.answer_to(QUERY, data)
