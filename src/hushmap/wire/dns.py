"""DNS messages <-> values: a lean template for queries, a lean reader for answers, replies for servers and censors.

A measurement opens a fresh socket for each query, so what is left to pay is the message code: dnspython needs 160 us
a query and answer (refs/LAB 4), this a tenth. It reads only what a measurement uses (RFC 1035 section 4), and
dnspython checks it both ways in the tests.
"""

import ipaddress
import re
import struct
from collections.abc import Sequence

from hushmap.model import Answer, Failure
from hushmap.wire import svcb
from hushmap.wire.names import ascii_name

TYPES: dict[str, int] = {
    "A": 1,
    "NS": 2,
    "CNAME": 5,
    "SOA": 6,
    "PTR": 12,
    "MX": 15,
    "TXT": 16,
    "AAAA": 28,
    "SRV": 33,
    "SVCB": 64,
    "HTTPS": 65,
    "ANY": 255,
}
"""Query types by name (IANA, DNS parameters); others are written TYPE123 as in RFC 3597 section 5."""

_TYPE_NAMES = {number: name for name, number in TYPES.items()}

RCODE_FAILURE: dict[int, Failure | None] = {
    **dict.fromkeys(range(16), Failure.DNS_MISBEHAVING),
    0: None,
    2: Failure.SERVFAIL,
    3: Failure.NXDOMAIN,
    5: Failure.DNS_REFUSED,
}
"""What each rcode of the header (RFC 1035 section 4.1.1) means as the outcome of a look-up."""

RESPONSE = 0x8000
"""The QR bit of the flags word."""
TRUNCATED = 0x0200
"""The TC bit: the same question by TCP gets the whole answer."""

_CLASS_IN = 1
_RD = 0x0100
_REPLY_FLAGS = 0x8180
"""QR, RD, RA: what a resolver's plain answer has."""
_HEADER = struct.Struct("!6H")
_QUESTION = struct.Struct("!2H")
_QUESTION_TAIL = struct.Struct("!B2H")
"""The root label that ends a name, and what follows it in a question."""
_RECORD = struct.Struct("!HHIH")
_ADDRESS = struct.Struct("!IH4B")
"""TTL, length and octets of an A record."""
_DECIMAL = tuple(map(str, range(256)))
_WIRE_NAME_LIMIT = 255
"""Octets of a name, RFC 1035 section 2.3.4."""
_JUMPS = 127
"""Pointers that one name may follow: so many labels fit in its 255 octets."""
_TTL_LIMIT = 0x7FFFFFFF
"""RFC 2181 section 8: a TTL with the top bit set counts as zero."""
_ADDRESS_BYTES = {1: 4, 28: 16}
_KEPT = 64
"""Addresses and aliases of one answer that are kept: a message has room for thousands, and each would go into the
record. Public sites name some ten, pools for clients to choose from some thirty (own knowledge, unchecked)."""
_OPT = struct.Struct("!BHHIH2H")
_BLOCK = 128
"""RFC 8467 section 4.1: a question inside TLS is padded to a multiple of so many bytes."""
_UDP_SIZE = 1232
"""RFC 6891 6.2.3, and what fits every path (DNS flag day 2020); over TLS nobody looks at it."""
_PADDING = 12
"""RFC 7830: the option's code."""

_TEXT: tuple[str, ...] = tuple(
    f"\\{byte:03d}"
    if byte <= 0x20 or byte >= 0x7F
    else f"\\{chr(byte)}"
    if chr(byte) in '"().;\\@$'
    else chr(byte).lower()
    for byte in range(256)
)
"""How each octet of a label is written: master-file escapes (RFC 1035 section 5.1), letters in lower case."""
_PLAIN = re.compile(rb"[A-Za-z0-9_-]+").fullmatch
"""Labels of which no octet needs an escape: all but a few."""
_FIRST_NAME = b"\xc0\x0c"
"""A pointer to what stands right behind the header."""
_USUAL = _FIRST_NAME + _QUESTION.pack(1, _CLASS_IN)
"""How nearly every record begins: the name that was asked, type A."""
_BARE = struct.pack("!4H", 1, 0, 0, 0)
"""The counts of a message that holds one question and nothing else."""


def type_number(qtype: str) -> int:
    """The number of a query type; ValueError if it has none."""
    number = TYPES.get(qtype)
    if number is not None:
        return number
    digits = qtype.removeprefix("TYPE")
    if digits == qtype or not digits.isascii() or not digits.isdigit() or len(digits) > 5 or int(digits) > 0xFFFF:
        raise ValueError(f"{qtype!a:.40} is no query type")
    return int(digits)


def query(name: str, qtype: str, ident: int) -> bytes:
    """A query for `name`, recursion desired, with message id `ident`.

    Raises:
        ValueError: `name` is no host name, `qtype` no query type, or `ident` not 16 bits.
    """
    if not 0 <= ident <= 0xFFFF:
        raise ValueError(f"a message id has 16 bits; {ident} has more")
    labels = "".join([f"{chr(len(label))}{label}" for label in ascii_name(name).split(".")])
    tail = _QUESTION_TAIL.pack(0, type_number(qtype), _CLASS_IN)
    return _HEADER.pack(ident, _RD, 1, 0, 0, 0) + labels.encode("ascii") + tail


def padded(query: bytes) -> bytes:
    """`query`, which has no records, with one that pads it: inside TLS its length would tell of the name."""
    empty = len(query) + _OPT.size
    padding = -empty % _BLOCK
    head = bytearray(query[: _HEADER.size])
    head[11] = 1  # ARCOUNT
    opt = _OPT.pack(0, 41, _UDP_SIZE, 0, 4 + padding, _PADDING, padding)
    return bytes(head) + query[_HEADER.size :] + opt + bytes(padding)


def question(data: bytes) -> tuple[int, str, str]:
    """(id, name in lower case, query type) of a query or an answer.

    Raises:
        ValueError: Malformed, or not exactly one question of class IN.
    """
    ident, _, questions, _, _, _ = _header(data)
    if questions != 1:
        raise ValueError(f"a DNS message has {questions} questions, not one")
    name, qtype, _ = _read_question(data)
    return ident, name, qtype


def parse(data: bytes, *, t: float = 0.0, ttl: int | None = None) -> tuple[int, str, str, Answer]:
    """(id, name in lower case, query type, Answer) of a reply that came at `t` with the IP TTL `ttl`.

    A reply without a question, which some refusing servers send, has name and type "". Every address record of the
    answer section is taken, of either family, up to 64; its failure is NO_ANSWER if none is of the type asked for.

    Raises:
        ValueError: Malformed, or no reply.
    """
    ident, flags, questions, records, _, _ = _header(data)
    if not flags & RESPONSE:
        raise ValueError("a DNS message is a query where a reply was due")
    if questions > 1:
        raise ValueError(f"a DNS message has {questions} questions, not one")
    name, qtype, offset = _read_question(data) if questions else ("", "", _HEADER.size)
    return ident, name, qtype, _answer(data, flags, qtype, records, offset, t, ttl)


def answer_to(query: bytes, data: bytes, *, t: float = 0.0, ttl: int | None = None) -> Answer | None:
    """What `data`, a reply with the id of `query`, answers to its question; `None` where it asks another.

    The same as `parse` and a comparison of what both ask. Nearly every reply repeats the question byte by byte, and
    of what was written here nothing need be read again.

    Raises:
        ValueError: As `parse`.
    """
    size = len(query)
    repeated = data.startswith(query[_HEADER.size :], _HEADER.size) and query.startswith(_BARE, 4)
    if repeated and data.startswith(query[:2]):
        _, flags, questions, records, _, _ = _HEADER.unpack_from(data)
        if flags & RESPONSE and questions == 1:
            number = int.from_bytes(query[-4:-2], "big")
            return _answer(data, flags, _TYPE_NAMES.get(number) or f"TYPE{number}", records, size, t, ttl)
    *asked, answer = parse(data, t=t, ttl=ttl)
    ident, name, qtype = question(query)
    return answer if asked in ([ident, name, qtype], [ident, "", ""]) else None


def _answer(data: bytes, flags: int, qtype: str, records: int, offset: int, t: float, ttl: int | None) -> Answer:
    """What the answer section says, which begins at `offset`."""
    addresses: list[str] = []
    cnames: list[str] = []
    times: list[int] = []
    wanted = 0
    service: svcb.Service | None = None
    last = len(data) - len(_USUAL) - _ADDRESS.size
    for _ in range(records):
        if _HEADER.size < offset <= last and data.startswith(_USUAL, offset):
            seconds, length, a, b, c, d = _ADDRESS.unpack_from(data, offset + len(_USUAL))
            if length == 4:
                addresses.append(f"{_DECIMAL[a]}.{_DECIMAL[b]}.{_DECIMAL[c]}.{_DECIMAL[d]}")
                times.append(seconds if seconds <= _TTL_LIMIT else 0)
                wanted += qtype == "A"
                offset += len(_USUAL) + _ADDRESS.size
                continue
        kind, seconds, value, offset = _read_record(data, offset)
        if kind == "CNAME":
            cnames.append(value)
        elif kind == "HTTPS":
            service = service or (svcb.read(bytes.fromhex(value)) if qtype == kind else None)
        elif value:
            addresses.append(value)
            times.append(seconds)
        wanted += bool(kind) and kind == qtype
    rcode = flags & 0xF
    return Answer(
        t=t,
        rcode=rcode,
        addresses=tuple(addresses[:_KEPT]),
        cnames=tuple(cnames[:_KEPT]),
        ttl=ttl,
        record_ttl=min(times) if times else None,
        alpn=service.alpn if service is not None else (),
        hints=service.hints if service is not None else (),
        ech=service is not None and service.ech,
        flags=flags,
        failure=RCODE_FAILURE[rcode] if rcode or wanted else Failure.NO_ANSWER,
    )


def reply(
    query: bytes, addresses: Sequence[str], *, rcode: int = 0, ttl: int = 60, flags: int | None = None
) -> bytes:
    """A reply to `query` with those of `addresses` whose family was asked for.

    `flags` replaces the whole flags word (an injector's fingerprint); `rcode` is set in it either way.

    Raises:
        ValueError: `query` is malformed or itself a reply, or an address is none.
    """
    ident, query_flags, questions, _, _, _ = _header(query)
    if query_flags & RESPONSE or questions != 1:
        raise ValueError("a DNS message is no query with one question")
    _, qtype, end = _read_question(query)
    parsed = [ipaddress.ip_address(text) for text in addresses]
    packed = [address.packed for address in parsed if qtype == ("A" if address.version == 4 else "AAAA")]
    if not 0 <= rcode <= 0xF or not 0 <= ttl <= _TTL_LIMIT:
        raise ValueError(f"rcode {rcode} or TTL {ttl} does not fit a reply")
    word = (_REPLY_FLAGS & ~_RD | query_flags & _RD) if flags is None else flags & 0xFFFF
    head = _HEADER.pack(ident, word & ~0xF | rcode, 1, len(packed), 0, 0)
    records = b"".join(
        _FIRST_NAME + _RECORD.pack(TYPES[qtype], _CLASS_IN, ttl, len(octets)) + octets for octets in packed
    )
    return head + query[_HEADER.size : end] + records


def _header(data: bytes) -> tuple[int, int, int, int, int, int]:
    if len(data) < _HEADER.size:
        raise ValueError(f"a DNS message of {len(data)} bytes has no whole header")
    ident, flags, questions, answers, authorities, more = _HEADER.unpack_from(data)
    return ident, flags, questions, answers, authorities, more


def _read_question(data: bytes) -> tuple[str, str, int]:
    name, offset = _read_name(data, _HEADER.size)
    if offset + _QUESTION.size > len(data):
        raise ValueError("a DNS message ends within its question")
    number, rrclass = _QUESTION.unpack_from(data, offset)
    if rrclass != _CLASS_IN:
        raise ValueError(f"a DNS question has class {rrclass}, not IN")
    return name, _TYPE_NAMES.get(number) or f"TYPE{number}", offset + _QUESTION.size


def _read_record(data: bytes, offset: int) -> tuple[str, int, str, int]:
    """(type name or "" for another class, TTL, address, CNAME, HTTPS in hex, or "", offset behind it)."""
    if data[offset : offset + 2] == _FIRST_NAME and offset > _HEADER.size:
        offset += 2  # nearly every record: the name behind the header, which was read before
    else:
        _, offset = _read_name(data, offset)
    if offset + _RECORD.size > len(data):
        raise ValueError("a DNS message ends within a record")
    number, rrclass, seconds, length = _RECORD.unpack_from(data, offset)
    offset += _RECORD.size
    end = offset + length
    if end > len(data):
        raise ValueError("a DNS record is longer than its message")
    if rrclass != _CLASS_IN:
        return "", 0, "", end
    value = ""
    if number in _ADDRESS_BYTES:
        if length != _ADDRESS_BYTES[number]:
            raise ValueError(f"a DNS address record has {length} bytes")
        octets = data[offset:end]
        value = ".".join(map(str, octets)) if length == 4 else str(ipaddress.IPv6Address(octets))
    elif number == TYPES["CNAME"]:
        value, behind = _read_name(data, offset)
        if behind != end:
            raise ValueError("a DNS CNAME record is longer or shorter than its name")
    elif number == TYPES["HTTPS"]:
        value = data[offset:end].hex()
    kind = _TYPE_NAMES.get(number) or f"TYPE{number}"
    return kind, seconds if seconds <= _TTL_LIMIT else 0, value, end


def _read_name(data: bytes, offset: int) -> tuple[str, int]:
    """(name as text, offset behind it as it stands there).

    RFC 1035 section 4.1.4: a pointer leads to a *prior* occurrence. Each must lead before the one followed last (the
    first: before the name itself), so no chain is longer than the message. Nor longer than a name has labels: a
    message of 64 kB can hold thousands of names that all begin with the same thousands of pointers.
    """
    labels: list[str] = []
    behind = 0
    floor = offset
    size = 1
    jumps = 0
    while True:
        if offset >= len(data):
            raise ValueError("a DNS name runs over the end of its message")
        length = data[offset]
        if length >= 0xC0:
            if offset + 1 >= len(data):
                raise ValueError("a DNS name ends within a pointer")
            target = (length & 0x3F) << 8 | data[offset + 1]
            jumps += 1
            if target >= floor or jumps > _JUMPS:
                raise ValueError("a DNS name points forward or at itself, or too often")
            behind = behind or offset + 2
            floor = offset = target
            continue
        if length > 63:
            raise ValueError("a DNS name has a label of an unknown kind")
        offset += 1
        if length == 0:
            return ".".join(labels) or ".", behind or offset
        size += length + 1
        if offset + length > len(data) or size > _WIRE_NAME_LIMIT:
            raise ValueError("a DNS name is longer than its message or than a name may be")
        label = data[offset : offset + length]
        plain = _PLAIN(label) is not None
        labels.append(label.decode("ascii").lower() if plain else "".join([_TEXT[byte] for byte in label]))
        offset += length
