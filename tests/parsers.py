"""Every parser of Hushmap with what it reads, how that is damaged, and what must never come of it.

Whatever the bytes: a value, or a ValueError of one printable line. Some parsers owe more, and their `read` looks at
it: a record that was read can be judged, told and written; a reader of streams never raises; and a measurement in
which nothing was wrong does not become evidence of blocking because a disk or a program damaged it.
"""

import contextlib
import functools
import gzip
import io
import json
import os
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import zstandard
from aioquic.h3.connection import H3Connection
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import StreamDataReceived, StreamReset
from h2.config import H2Configuration
from h2.connection import H2Connection

import seeds
from faults import LONGEST, value_or_fault
from hostile import Document, damaged_bytes, damaged_cells, damaged_json, damaged_toml, spliced, struck_json
from hushmap import catalog, codec, model, runs
from hushmap.catalog.excluded import read_exclusions
from hushmap.catalog.exporting import exported
from hushmap.detect import TABLES, group, judge, say
from hushmap.detect.notices import notice
from hushmap.model import (
    Answer,
    Evidence,
    Extract,
    Extraction,
    Knowledge,
    Notice,
    Outcome,
    Page,
    Record,
    Sign,
    Verdict,
)
from hushmap.remote import ooni_api
from hushmap.remote.spool import STATE, Spool
from hushmap.runs.bundle import Bundle, PublishedRun, member_of, read_bundle, write_bundle
from hushmap.runs.errors import RunsError
from hushmap.runs.journal import replay
from hushmap.runs.manifest import decode_manifest
from hushmap.runs.series import read_series
from hushmap.runs.studies import StudyRegister
from hushmap.wire import (
    certificate,
    cookies,
    dns,
    echo,
    greeting,
    h2,
    h3,
    helper,
    html,
    http,
    icmp,
    listing,
    names,
    ooni_helper,
    ooni_names,
    openvpn,
    quic,
    resolver,
    signs,
    streamed,
    stun,
    svcb,
    tls,
    tor,
    url,
    wireguard,
)

Maker = Callable[[random.Random], bytes]


@dataclass(frozen=True)
class Parser:
    """One parser: makes hostile input, and reads it."""

    name: str
    make: Maker
    read: Callable[[bytes], object]


def _json(source: Callable[[], tuple[bytes, ...]]) -> Maker:
    """Damaged documents of one kind."""
    known = functools.cache(lambda: tuple(map(Document.of, source())))
    return lambda rng: damaged_json(rng.choice(known()), known(), rng)


def _bytes(source: Callable[[], tuple[bytes, ...]], *words: bytes) -> Maker:
    """Damaged bytes of one kind, one in ten from two valid ones."""
    known = functools.cache(source)

    def make(rng: random.Random) -> bytes:
        found = known()
        if rng.random() < 0.1:
            return spliced(rng.choice(found), rng.choice(found), rng)
        return damaged_bytes(rng.choice(found), words, rng)

    return make


def _lines(source: Callable[[], tuple[bytes, ...]]) -> Maker:
    """Files of several lines of which some are damaged."""
    known = functools.cache(lambda: tuple(map(Document.of, source())))

    def make(rng: random.Random) -> bytes:
        kept = [rng.choice(known()) for _ in range(rng.randint(1, 4))]
        lines = [
            one.text.encode() if rng.random() < 0.3 else damaged_json(one, known(), rng).replace(b"\n", b" ")
            for one in kept
        ]
        return b"\n".join(lines) + (b"\n" if rng.random() < 0.8 else b"")

    return make


def _structured(
    damage: Callable[[str, tuple[str, ...], tuple[str, ...], random.Random], bytes],
    source: Callable[[], tuple[bytes, ...]],
    words: tuple[bytes, ...],
    values: tuple[str, ...],
) -> Maker:
    """Documents whose structure is damaged, one in three by the byte."""
    known = functools.cache(lambda: tuple(data.decode("utf-8") for data in source()))
    by_byte = _bytes(source, *words)

    def make(rng: random.Random) -> bytes:
        return by_byte(rng) if rng.random() < 0.33 else damage(rng.choice(known()), known(), values, rng)

    return make


def _toml(source: Callable[[], tuple[bytes, ...]], *values: str) -> Maker:
    return _structured(damaged_toml, source, TOML_WORDS, values)


def _cells(source: Callable[[], tuple[bytes, ...]], *values: str) -> Maker:
    return _structured(damaged_cells, source, CSV_WORDS, values)


def _named(read: Callable[..., object], error: type[ValueError]) -> Callable[..., object]:
    """A parser with an error of its own: any other that it lets out is one that it forgot."""

    def parse(*arguments: object) -> object:
        try:
            return read(*arguments)
        except error:
            raise
        except ValueError as other:
            raise AssertionError(f"{type(other).__name__}, not {error.__name__}: {other}") from other

    return parse


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """A parser of text, which also meets lone surrogates and bytes that were taken for Latin-1."""

    def parse(data: bytes) -> object:
        try:
            text = data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        return value_or_fault(read, text)

    return parse


def _plain(read: Callable[[bytes], object]) -> Callable[[bytes], object]:
    return lambda data: value_or_fault(read, data)


# Records.


@functools.cache
def _knowledge() -> Knowledge:
    return catalog.fingerprints()


def _judged(record: object) -> Verdict | None:
    """What else a record owes: it can be written, judged and told."""
    if not isinstance(record, Record):
        return None
    codec.encode_record(record)
    if record.experiment not in TABLES:
        return None
    verdict = judge(record, _knowledge())
    say(verdict, record, "zh" if len(record.target) % 4 == 0 else "en")
    group(verdict, record)
    codec.encode_verdict(verdict)
    return verdict


def _record(read: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """A parser whose records are judged and told."""

    def parse(data: bytes) -> object:
        found = value_or_fault(read, data)
        _judged(found)
        return found

    return parse


def _any(data: bytes) -> object:
    return codec.decode_any(data, file="x.jsonl", offset=7)


ACCUSING = frozenset({Evidence.DIRECT, Evidence.CONTROLLED})


def _struck(source: Callable[[], tuple[bytes, ...]]) -> Maker:
    """Of the records of one kind, those in which nothing was wrong, with values lost or of another type."""

    @functools.cache
    def harmless() -> tuple[Document, ...]:
        found = tuple(line for line in source() if _is_ok(line))
        assert len(found) >= 2, "the seeds in which nothing is wrong are not judged so"
        return tuple(map(Document.of, found))

    return lambda rng: struck_json(rng.choice(harmless()), rng)


def _is_ok(line: bytes) -> bool:
    verdict = _judged(_any(line))
    return verdict is not None and verdict.outcome is Outcome.OK


def _innocent(data: bytes) -> object:
    """What is left of a record in which nothing was wrong accuses nobody."""
    found = value_or_fault(_any, data)
    verdict = _judged(found)
    if verdict is not None:
        assert verdict.outcome is not Outcome.BLOCKED or verdict.evidence not in ACCUSING, verdict.rule
    return found


def _exported(data: bytes) -> object:
    """A record that was read can be written for OONI, or is refused in one line; what reads back is the same."""
    record = value_or_fault(codec.decode_line, data)
    if not isinstance(record, Record):
        return record
    line = value_or_fault(codec.write_ooni, record)
    if isinstance(line, ValueError):
        return line
    assert line.count(b"\n") == 1
    back = value_or_fault(codec.read_ooni, line[:-1])  # a time of 10^300 seconds is written, and refused when read
    assert isinstance(back, ValueError) or back == msgspec.structs.replace(record, source=back.source)
    value_or_fault(codec.project, record)
    return record


def _packed(rng: random.Random) -> bytes:
    """Lines, lists and pages of JSON, packed by gzip or zstd or not, damaged before or after packing."""
    lines = [rng.choice(seeds.small()) for _ in range(rng.randint(0, 5))]
    layout = rng.randrange(4)
    if layout == 0:
        data = b"[" + b",\n ".join(lines) + b"]"
    elif layout == 1 and lines:
        data = json.dumps(json.loads(lines[0]), indent=2).encode()
    else:
        data = rng.choice((b"\n", b"\r\n", b"\n\n")).join(lines)
    if rng.random() < 0.6:
        data = damaged_bytes(data, JSON_WORDS, rng)
    packing = rng.randrange(5)
    if packing < 3:
        pack = (
            _gzip,
            _zstd,
            lambda part: _gzip(part[: len(part) // 2]) + _gzip(part[len(part) // 2 :]),
        )
        data = pack[packing](data)
        if rng.random() < 0.6:
            data = damaged_bytes(data, (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x00" * 64), rng)
    return data


JSON_WORDS = (
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b":",
    b'"',
    b"\n",
    b"\\",
    b"[[[[",
    b"\x1e",
    b"null",
    b"\n\n\n",
    b'{"v":1}',
)


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=1, mtime=0)


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=1).compress(data)


def _documents_read(data: bytes) -> object:
    """Nothing is raised for what a stream holds, and every document has its place."""
    place = -1
    for found in codec.documents(io.BytesIO(data), "x.jsonl.gz"):
        if isinstance(found, codec.Document):
            assert found.data
            assert found.offset >= place
        else:
            assert found.error.isprintable()
            assert len(found.error) <= LONGEST
        place = found.offset
    return place


# Network bytes.


def _hello(host: bytes) -> bytes:
    def vector(data: bytes, size: int) -> bytes:
        return len(data).to_bytes(size, "big") + data

    name = b"\0\0" + vector(vector(b"\0" + vector(host, 2), 2), 2)
    other = b"\0\x10" + vector(vector(b"\x02h2", 2), 2)
    body = b"\x03\x03" + bytes(32) + vector(b"", 1) + vector(b"\x13\x01\x13\x02", 2) + vector(b"\0", 1)
    message = b"\x01" + vector(body + vector(other + name, 2), 3)
    return b"".join(b"\x16\x03\x01" + vector(message[at : at + 60], 2) for at in range(0, len(message), 60))


def _dns_seeds() -> tuple[bytes, ...]:
    query = dns.query(seeds.NAME, "A", 7)
    six = dns.query(seeds.NAME, "AAAA", 8)
    alias = dns.reply(query, [seeds.ADDRESS, seeds.SECOND])
    # An alias by hand: the reply's question, then CNAME with a compressed name, then A.
    chain = bytearray(alias)
    chain[6:8] = b"\x00\x03"
    chain += b"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x07\x04edge\xc0\x11"
    return query, six, alias, dns.reply(six, [seeds.SIX]), bytes(chain)


def _dns_read(data: bytes) -> object:
    found = value_or_fault(dns.parse, data)
    if not isinstance(found, ValueError):
        assert isinstance(found[3], Answer)
    value_or_fault(dns.question, data)
    return found


PAGES = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\nServer: nginx\r\n\r\nHello, world",
    b"HTTP/1.1 302 Found\r\nLocation: https://x.test/\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n6;x=y\r\n world\r\n0\r\nT: 1\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 No Content\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n",
)
REQUESTS = (
    b"GET /search?q=x HTTP/1.1\r\nHost: www.example.org\r\nAccept: */*\r\nCookie: a=b\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: [2001:db8::7]:8080\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    b"CONNECT www.example.org:443 HTTP/1.0\r\n\r\n",
)
HTTP_WORDS = (
    b"\r\n", b"\r\n\r\n", b"\n\n", b"Content-Length: ", b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n", b"HTTP/1.1 ", b"HTTP/9.9", b" ", b"\t", b":", b"ffffffffffffffff\r\n",
    b"99999999999999999999", b"Host: a\r\nHost: b\r\n", b"Upgrade: h2c\r\nConnection: upgrade\r\n", b"101 x", b"\x00",
)  # fmt: skip


def _http_read(reader: Callable[[], Any]) -> Callable[[bytes], object]:
    """A reader of a stream never raises, in whatever pieces the bytes come."""

    def read(data: bytes) -> object:
        found = reader()
        step = 1 + len(data) // 3
        for at in range(0, len(data), step):
            found.feed(data[at : at + step])
        found.eof()
        assert found.done
        assert len(found.body) <= http.BODY_LIMIT
        return getattr(found, "request", None)

    return read


def _h2_reader() -> h2.Reader:
    return h2.Reader(streamed.request_fields("GET", "a.example", "/", ()))


@functools.cache
def _h2_seeds() -> tuple[bytes, ...]:
    """What a server says to such a request: a page, and a refusal without one."""
    said = []
    for status, body in (("200", b"<title>x</title>" * 40), ("403", b"")):
        server = H2Connection(H2Configuration(client_side=False))
        server.initiate_connection()
        server.receive_data(_h2_reader().reply())
        server.send_headers(1, [(":status", status), ("server", "x"), ("alt-svc", 'h3=":443"')], end_stream=not body)
        if body:
            server.send_data(1, body, end_stream=True)
        said.append(server.data_to_send())
    return tuple(said)


class _Line:
    """As much of a connection as HTTP/3 asks of one that sends: what is sent is kept."""

    _quic_logger = None

    def __init__(self) -> None:
        self.configuration = QuicConfiguration(is_client=False)
        self.sent: list[tuple[int, bytes, bool]] = []
        self._next = 3

    def get_next_available_stream_id(self, *, is_unidirectional: bool = False) -> int:
        assert is_unidirectional
        self._next += 4
        return self._next - 4

    def send_stream_data(self, stream_id: int, data: bytes, end_stream: bool = False) -> None:
        self.sent.append((stream_id, data, end_stream))


@functools.cache
def _h3_seeds() -> tuple[bytes, ...]:
    """What a server sends on its streams: (stream, whether it ends, length, bytes) one after the other."""
    said = []
    for status, body in ((b"200", b"<title>x</title>" * 20), (b"403", b"")):
        line = _Line()
        server = H3Connection(line)  # type: ignore[arg-type]
        server.send_headers(0, [(b":status", b"103")])
        server.send_headers(0, [(b":status", status), (b"server", b"x"), (b"a", b"b" * 90)], end_stream=not body)
        if body:
            server.send_data(0, body[:60], end_stream=False)
            server.send_data(0, body[60:], end_stream=True)
        said.append(b"".join(bytes((at, end)) + len(data).to_bytes(2, "big") + data for at, data, end in line.sent))
    return tuple(said)


_QUIC = QuicConfiguration(alpn_protocols=[h3.ALPN], verify_mode=0)


def _h3_read(data: bytes) -> object:
    """A reader of a stream never raises, whatever comes on whichever stream."""
    found = h3.Reader(QuicConnection(configuration=_QUIC), streamed.request_fields("GET", "a.example", "/", ()))
    at = 0
    while at < len(data):
        stream, flags, size = data[at], data[at + 1 : at + 2], int.from_bytes(data[at + 2 : at + 4], "big")
        ended = flags == b"\1"
        found.take(StreamDataReceived(data=data[at + 4 : at + 4 + size], end_stream=ended, stream_id=stream))
        if flags > b"\xf0":
            found.take(StreamReset(error_code=size, stream_id=stream))
        at += 4 + size
    found.eof()
    assert found.done
    assert len(found.body) <= http.BODY_LIMIT
    return found.status


LISTED = (
    b'<ul id=a><li class="x result" id="one">One &amp; <b>two</b></li><li class=result id=two>according to the law, no',
    b"<p>According. Here according to the law, 5 are left out. More order 77 of.<script>var a='<li class=result>'</script>",
    '{"a":[{"b":"news.example","c":[1,"x"]},{"b":7}],"d":"order 12 of 新闻. Then."}'.encode(),
    "<!-- <li> --><table><tr><td>a<td class='result y'>b&#x4e2d;<div class=result id='&quot;'>新闻</div></table>".encode(),
)
LISTED_WORDS = (
    b"<li class=result id=", b"</li>", b"<", b">", b"<!--", b"-->", b"<script>", b"&#", b"&#" + b"9" * 5_000 + b";", b"&amp;", b"'", b'"',
    b"<p>" * 300, b"<a x='", b"according to the law", b"order 1 of", b"[[[[", b'{"a":', b"1e999", b"9" * 5_000, b"\\ud800",
)  # fmt: skip
NOTICES = (Notice(text="according to the law"), Notice(pattern=r"order [0-9]{1,9} of"))
ITEMS = (
    Extract(kind="css", expression="li.result[id]", attribute="id"),
    Extract(kind="css", expression="#a > .result"),
    Extract(kind="css", expression="td .result"),
    Extract(kind="pointer", expression="/a", attribute="/b"),
    Extract(kind="pointer", expression="/a"),
    Extract(kind="regex", expression="id=(.)[a-z]+"),
    None,
)


def _listing_read(text: str) -> object:
    """A page of results is gone through without a fault, and no more of it is kept than is said."""
    items = ITEMS[len(text) % len(ITEMS)]
    wanted = Extraction(items=items, source_of=ITEMS[len(text) % 3], listed=("one",), notices=NOTICES)
    page = signs.Told(status=200, headers=(("link", text[:900]), ("location", text[:90])), text=text)
    found = listing.listing(wanted, page, lambda item: item)
    assert found.found <= wanted.top
    assert found.notice is None or len(found.notice) <= listing.NOTICE_LIMIT
    kinds = (("a", Sign(kind="text", value="order")), ("b", Sign(kind="regex", value="(?:a|b) [0-9]*x")))
    signs.matched((*kinds, ("c", Sign(kind="header", value="link: x"))), page)
    return found


def _small_read(data: bytes) -> object:
    """Errors of the kernel's queue, headers of STUN, what QUIC says in plain sight, cookies."""
    value_or_fault(icmp.read, data)
    value_or_fault(stun.header, data)
    quic.offers_versions(data)
    quic.is_reset(data, data[:16])
    jar, page = cookies.Jar(), url.parse("https://www.site.example/")
    jar.take(page, data.decode("latin-1"))
    jar.header(page)
    return data


SMALL = (
    bytes.fromhex("71000000020b000000000000000000000200000000cb007107") + bytes(8),
    bytes.fromhex("71000000030300000000000000000000") + b"\x0a\x00" + bytes(6) + bytes(16) + bytes(4),
    b"\x01\x01\x00\x00" + stun.COOKIE + bytes(12),
    b"a=b; Domain=.site.example; Secure; Path=/",
)
EXPRESSIONS = (
    b"(?i)access to (?:this|that) [a-z]+ page", b"a{1,3}b+?[^]x]\\d.*c", b"(a|b)?c{2}$", b"^no.*such.*page", b"[[:a:]]{,4}",
    b"#content_left > div.result[mu]", b'a b > [href^="x"].y',
)  # fmt: skip
EXPRESSION_WORDS = (
    b"(", b")", b"[", b"]", b"{", b"}", b"{2,1}", "{\u0663,\u0662}".encode(), "{\u0663}".encode(), b"|", b"*", b"+", b"?", b"(?:", b"(?i)",
    b"\\", b"\\1", b"{,}", b"{1,99999}", b"{0}", b".*", b"^", b"$", b"[^", b"-", b"(?P<x>", b"(?#", b"(?x)", b"{0,0}", b"[]",
)  # fmt: skip


def _expression_read(text: str) -> object:
    """What is taken for an expression can be run, and is soon done."""
    with contextlib.suppress(ValueError):
        model.selector(text)
    try:
        found = model.expression(text)
    except ValueError as error:
        return error  # it may quote what it cannot take: who names the file makes one line of it
    assert found.pieces
    extract = Extract(kind="regex", expression=text)
    listing.extracted(extract, "a" * 200 + "access to this page")
    signs.is_there(Sign(kind="regex", value=text), TOLD)
    return found


SERVICES = (
    b"\x00\x00\x03svc\x07example\x00",
    b"\x00\x01\x00\x00\x01\x00\x06\x02h2\x02h3\x00\x04\x00\x08" + bytes(8) + b"\x00\x05\x00\x02ab",
)
"""HTTPS records, in alias and in service mode."""


def _tls_read(data: bytes) -> object:
    word, name = tls.client_hello_sni(data)
    assert word in {"ok", "need", "bad"} or isinstance(word, str)
    tls.server_spoke(data)
    tls.alert(data)
    return name


def _greeting_seeds() -> tuple[bytes, ...]:
    """First packets and answers to them, one after the other."""
    asked = (stun.request(bytes(12)), wireguard.initiation(b"x"), openvpn.reset(bytes(8)), tor.directory_request("a"))
    answer = b"\x01\x01\x00\x00" + asked[0][4:]
    page = b"HTTP/1.0 200 OK\r\n\r\ndir-key-certificate-version 3\n"
    return (*asked, asked[0] + answer, asked[3] + page, openvpn.framed(asked[2]) + b"\x40" + bytes(25))


def _greeting_read(data: bytes) -> object:
    said = None
    for at in (0, 14, 20, 148, len(data) // 2):
        said, kept = greeting.read(data[:at], data[at:])
        assert said in {None, greeting.protocol_of(data[:at])}
        assert len(kept) <= len(data) + 2
    return said


def _echo_seeds() -> tuple[bytes, ...]:
    """First lines of a bare echo, requests to it, and a datagram that begins a connection."""
    asked = f"GET {echo.say_path(b'word')} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()
    initial = bytes((0xC3, 0, 0, 0, 1, 8)) + bytes(1200)
    return echo.tcp_say("敏感".encode()), echo.tcp_hush(b"word"), asked, asked.replace(b"GET", b"HEAD"), initial


def _echo_read(data: bytes) -> object:
    told = echo.tcp_answer(data)
    assert told is None or echo.tcp_answer(data + b"x") == told
    seen, chosen = http.parse_request(data), quic.first_id(data)
    assert chosen is None or 8 <= len(chosen) <= 20
    if seen is not None:
        pieces = echo.http_answer(seen, data)
        reader = http.ResponseReader(body_limit=1 << 20)
        reader.feed(b"".join(pieces))
        assert reader.complete
    return told


def _html_seeds() -> tuple[bytes, ...]:
    plain = seeds.PAGE.encode()
    chinese = '<meta charset="gb2312"><title>中文新闻</title><script>var a="<p>";</script>正文'.encode("gb18030")
    odd = b"<!-- a --><TITLE\n>x&#120;&#xffffffff;&nbsp;</title><style>p{}</style><p>a<br/>b<textarea></p></textarea>"
    return plain, chinese, odd, b"\xef\xbb\xbf" + plain[:200], plain.decode().encode("utf-16")[:600]


def _html_read(data: bytes) -> object:
    text = html.decode(data)
    assert len(html.visible(data, 500)) <= 500
    sketch = html.sketch(data)
    assert len(sketch) in {0, html.SKETCH_SIZE}
    title = html.title(data)
    assert title is None or (title and len(title) <= 200)
    return text


def _url_read(text: str) -> object:
    base = url.parse("https://site.example/a/b")
    value_or_fault(url.join, base, text)
    value_or_fault(url.host_of, text)
    value_or_fault(names.ascii_name, text)
    return url.parse(text)


def _resolver_read(text: str) -> object:
    found = resolver.parse(text)
    assert resolver.parse(found.text) == found
    return found


RESOLVERS = (
    b"udp://192.0.2.53:53",
    b"tls://dns.example#2001:db8::1",
    b"quic://[2001:db8::1]:8853",
    b"https://dns.example:8443/dns-query?x=1#192.0.2.1",
)
URLS = (
    b"https://www.example.org/path?q=1&r=%20#fragment", b"http://[2001:db8::7]:8080/", b"http://203.0.113.7/a/../b",
    "https://новости.example/страница".encode(), b"//other.example/x", b"/relative;a=b", b"http://xn--e1afmkfd.example:80",
)  # fmt: skip
URL_WORDS = (b"://", b"http://", b"[", b"]", b"@", b":", b"%", b"%ff", b"..", b"\\", b"#", b"?", b"xn--", b".", b":99999",
             "。".encode(), "ß".encode(), "\u200d".encode(), "\uff11".encode(), b"\xed\xa0\x80", b"0x7f.1", b" ", b"javascript:")  # fmt: skip

SPECS = (
    b"hushmap://abcdefgh01234567@203.0.113.10:8443#sha256=" + b"ab" * 32,
    b"hushmap://abcdefgh01234567@[2001:db8::10]:8443#sha256="
    + b"ab" * 32
    + b"&http=80&tls=443&tcp=7&quic=443&span=16&dark=1",
)


def _failure_read(text: str) -> object:
    return ooni_names.from_ooni(text)


def _ooni_spec_read(text: str) -> object:
    value_or_fault(ooni_helper.parse_endpoint, text)
    ooni_helper.is_ooni_spec(text)
    ooni_helper.header_name(text)
    return ooni_helper.parse_ooni_spec(text)


# Files.


@functools.cache
def _folder() -> Path:
    """Where parsers of files find theirs: in memory where the system has that, one folder a process."""
    memory = Path("/dev/shm")
    base = str(memory) if os.access(memory, os.W_OK) else None
    holder = tempfile.TemporaryDirectory(prefix="hushmap-fuzz-", dir=base)
    _holders.append(holder)
    return Path(holder.name)


_holders: list[Any] = []


def _file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    def parse(data: bytes) -> object:
        path = _folder() / name
        path.write_bytes(data)
        return value_or_fault(read, path)

    return parse


CSV_WORDS = (
    b",",
    b'"',
    b'""',
    b'",',
    b"\n",
    b"\r\n",
    b"\r",
    b'"\n"',
    b",,,,,,,,,",
    b"yes",
    b"=1+1",
    b"\xef\xbb\xbf",
    b"\xc2\xa0",
)
TOML_WORDS = (b"[[part]]\n", b"[part]\n", b"name", b" = ", b'"""', b"'''", b"[", b"]", b"{", b"}", b"#", b"1979-05-27T07:32:00Z",
              b"inf", b"nan", b"0x", b"_", b"[" * 3000, b"a." * 2000 + b"b=1\n", b"\n", b"\\u0000", b"\\uD800", b"1e999", b"=[", b"0x" + b"f" * 4_000)  # fmt: skip


def _shipped(pattern: str, *, lines: int = 12) -> Callable[[], tuple[bytes, ...]]:
    """Files that we ship, cut to their first lines."""

    def read() -> tuple[bytes, ...]:
        found = sorted(catalog.probes_dir().glob(pattern))
        assert found, pattern
        return tuple(b"\n".join(path.read_bytes().split(b"\n")[:lines]) + b"\n" for path in found)

    return read


def _campaigns() -> tuple[bytes, ...]:
    """Events under the name of the file that they are read from."""
    names = [path.stem for path in sorted(catalog.probes_dir().glob("campaigns/*.toml"))]
    texts = _shipped("campaigns/*.toml", lines=60)()
    return tuple(
        data.replace(f'id = "{name}"'.encode(), b'id = "june-4"', 1) for name, data in zip(names, texts, strict=True)
    )


def _marks() -> tuple[bytes, ...]:
    """Fingerprints under other names than the shipped ones, which are read before them."""
    return tuple(
        data.replace(b"\nlab.", b"\nfuzz.").replace(b"\nprod.", b"\nfuzz.")
        for data in _shipped("fingerprints/*.csv")()
    )


_LISTS = {
    b"service": ("service",), b"word": ("keyword", "screen", "isolate", "domain", "calibrate"), b"request": ("middlebox",),
    b"resolver": ("encrypted_dns",), b"name": ("dns", "sni", "quic", "ech", "residual", "hops"),
}  # fmt: skip
"""By the first column, what a list may be read for; any other is of sites."""


def _list_read(path: Path) -> object:
    """As one of the things that a list may be read for, which its size tells; one in sixteen as any."""
    size = path.stat().st_size
    if size % 16 == 0:
        return _list_for(catalog.EXPERIMENTS[size // 16 % len(catalog.EXPERIMENTS)], path)
    of = _LISTS.get(path.read_bytes()[:20].partition(b",")[0].strip(b'" '), ("web", "throttle", "dns", "hops", ""))
    chosen = of[size % len(of)]
    return _list_for(chosen, path) if chosen else catalog.sites_from_file(path)


def _list_for(experiment: str, path: Path) -> object:
    return catalog.read_list(path, experiment)


PLATFORM = """id = "driftwood"
name = "Driftwood"
operator = "nobody"
jurisdiction = ["XD", "XE"]
state = "lab"
source = "own knowledge, unchecked"
as_of = 2026-11-22
[search]
url = "https://driftwood.test/search?q={query}"
encoding = "gbk"
items = { kind = "css", expression = "#a > li.result[id]", attribute = "id" }
source_of = { kind = "pointer", expression = "/a/0", attribute = "/b" }
listed = ["news.example"]
top = 10
nonsense = ["qzx"]
truisms = ["{query} the"]
controls = ["weather"]
canaries = ["hushed"]
nothing = [{ kind = "regex", value = "no (?:results|pages)" }]
[post]
url = "https://driftwood.test/post/{id}"
visible = [{ kind = "text", value = "article" }]
removed = [{ kind = "status", value = "404" }, { kind = "header", value = "X-Gone: yes" }]
[[notices]]
text = "according to the law"
first_seen = "2026-11-01"
last_seen = 2026-11-02
source = "own knowledge, unchecked"
[[notices]]
pattern = "order [0-9]{1,9} of"
source = "own knowledge, unchecked"
[[captcha]]
kind = "url"
value = "verify"
"""
PLATFORM_VALUES = (
    '"undefined"', '"idna"', '"punycode"', '"utf-16"', '"big5"', '"base64"', '"ascii"', '"{query}"', '"https://x.test/{id}"',
    '"https://{query}.test/"', '"https://x.test/{query}"', '"天气"', '["天气"]', '["{query}"]', '"CN"',
    '{ kind = "regex", expression = "a{\u0663,\u0662}" }', '{ kind = "regex", expression = "(a|b)*c{1,9999}" }',
    '{ kind = "css", expression = "a > > b" }', '{ kind = "pointer", expression = "/~1/9999999" }',
    '[{ kind = "regex", value = "(a+)+" }]', '[{ kind = "header", value = ":" }]', '[{ kind = "status", value = "999" }]',
)  # fmt: skip


def _platforms() -> tuple[bytes, ...]:
    shipped = sorted(catalog.platforms_dir().glob("*.toml"))
    named = (path.read_text("utf-8").replace(f'id = "{path.stem}"', 'id = "driftwood"') for path in shipped)
    return PLATFORM.encode(), *(text.encode() for text in named)


TOLD = signs.Told(status=200, headers=(("x-gone", "yes"), ("location", "/verify")), text=seeds.PAGE * 3)


def _platform_read(path: Path) -> object:
    """A manifest that was read can be used on any page and for any word that its encoding has."""
    found = catalog.read_platform(path)
    every = (*found.captcha, *found.login)
    if found.search is not None:
        for text in (*found.search.nonsense, *found.search.controls, *found.search.canaries):
            found.search.asked(text)
        wanted = Extraction(items=found.search.items, source_of=found.search.source_of, notices=found.notices)
        listing.listing(wanted, TOLD, lambda text: text[:8])
        every += found.search.nothing
    if found.post is not None:
        every += (*found.post.visible, *found.post.removed, *found.post.hidden)
    signs.matched([(sign.kind, sign) for sign in every], TOLD)
    return found


def _services() -> tuple[bytes, ...]:
    every = sorted((catalog.probes_dir() / "services").glob("*.toml"))
    texts = (path.read_text("utf-8").replace(f'name = "{path.stem}"', 'name = "service"', 1) for path in every)
    return tuple("\n".join(text.split("\n")[:50]).encode() for text in texts)


SERVICE_VALUES = (
    '"http"', '"https"', '"tls"', '"dns"', '"stun"', '"wireguard"', '"openvpn"', '"tor_directory"', '"tcp"', '"udp"', '"every"',
    '"127.0.0.1"', '"203.0.113.7"', '"8.8.8.8"', '"2606:4700::1"', '"::ffff:8.8.8.8"', '"8.8.8.8%eth0"', '"/a b"', '"xn--a"',
    '"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="', '"\u00e9"', '"2026-W01-1"', '"20260101"',
)  # fmt: skip


def _beside(path: Path, name: str, data: bytes) -> None:
    beside = path.with_name(name)
    if not beside.exists():
        beside.write_bytes(data)


POSTS = (
    b"platform,post,account,author,twin\ndriftwood,p1,alice,,\ndriftwood,t1,carol,,yes\ndriftwood,t3,,body,yes\n",
    b"platform,post,twin,source,reason\ndriftwood,p1,,x,y\ndriftwood,t1,yes,x,y\n",
)
SEARCHES = (
    "word,platform,category_code,source,reason\nhush,driftwood,NEWS,x,y\n新闻,driftwood,POLR,x,y\n".encode(),
    b"word,platform\na b,driftwood\nhome,driftwood\nqzx,baidu-search\n",
)


def _posts_read(path: Path) -> object:
    _beside(path, "driftwood.toml", PLATFORM.encode())
    return catalog.read_list(path, "watch")


def _searches_read(path: Path) -> object:
    _beside(path, "driftwood.toml", PLATFORM.encode())
    found = catalog.read_list(path, "search")
    for target in found.targets:
        assert target.platform is not None
        assert target.platform.search is not None
        target.platform.search.asked(target.text)
    return found


WORDS = (
    "# words\nhushed\n新闻\na + b\n敏感词\n".encode(), "新闻\n敏感词\nword\n".encode("gb18030"), b"\xef\xbb\xbfone\r\ntwo\r\n",
    "дя\nцдн\n".encode("windows-1251"), "ニュース\n".encode("shift_jis"),
)  # fmt: skip


def _words_read(path: Path) -> object:
    """As one of the encodings, for one of the experiments, that the file's size tells."""
    size = path.stat().st_size
    read_as = (None, *catalog.READINGS)[size % (len(catalog.READINGS) + 1)]
    experiment = ("keyword", "isolate", "domain")[size % 3]
    places = catalog.AS_HOST if experiment == "domain" else set(model.Place)
    sent = catalog.Sent(places=(sorted(places)[size % len(places)],))
    catalog.is_table(path)
    return catalog.read_words(path, sent, experiment, read_as=read_as)


def _word_table_read(path: Path) -> object:
    return catalog.words_from_table(path, catalog.Sent())


WORD_TABLES = (
    "word,place,encoding,category_code,canary\n新闻,http_path,,NEWS,\nhushed,http_host|dns_name,punycode|upper,POLR,yes\n".encode(),
    b"word\nhushed\nb\n",
)
WORD_VALUES = (
    "http_path",
    "http_body|tcp_payload",
    "http-url",
    "all",
    "utf-8",
    "gb18030",
    "percent",
    "upper",
    "dns_name",
)
PUBLISHED_WORDS = (
    "keyword_combination,language\n新闻+敏感,zh\nhushed + word,en\n".encode(),
    "Keyword,date\n新闻,2020-01-01\nC++,2020\n".encode(),
    "新闻\nhushed\n敏感 + 词\n".encode(),
    b'a,result\n1,one\n2,"two, three"\n',
)


def _published_words(data: bytes) -> object:
    return catalog.read_published(f"list-20200101_{len(data) % 30:02}.csv", data)


@functools.cache
def _deck_files() -> tuple[bytes, ...]:
    """Exported decks: of few rows."""
    short = _short_lists()
    decks = [data.decode() for data in _shipped("decks/*.toml")()]
    made = [{name: data.decode() for name, data in short.items() if f'"{name}"' in deck} for deck in decks]
    return tuple(exported("deck", deck, lists) for deck, lists in zip(decks, made, strict=True))


def _resealed(rng: random.Random) -> bytes:
    """Exported decks with damage within and a hash that holds, and others with damage to the file."""
    told = json.loads(rng.choice(_deck_files()))
    if rng.random() < 0.4:
        return damaged_json(rng.choice(_deck_documents()), _deck_documents(), rng)
    deck, lists = told["deck"], told["lists"]
    if rng.random() < 0.5 or not lists:
        deck = damaged_toml(deck, (deck,), ('"watch"', '"keyword"', '"web"', '"x.csv"', '"../x.csv"'), rng).decode(
            "utf-8", "replace"
        )
    else:
        name = rng.choice(sorted(lists))
        lists[name] = damaged_cells(lists[name], (lists[name],), (), rng).decode("utf-8", "replace")
    return exported("deck", deck, lists)


@functools.cache
def _deck_documents() -> tuple[Document, ...]:
    return tuple(map(Document.of, _deck_files()))


def _exclusions_read(path: Path) -> object:
    found = read_exclusions([path])
    found.hit("some text %E6%96%B0 xn--fiqs8s")
    return found


def _deck_read(path: Path) -> object:
    """Its lists lie beside it, of few rows: they are another parser's."""
    for name, data in _short_lists().items():
        beside = path.with_name(name)
        if not beside.exists():
            beside.write_bytes(data)
    return catalog.open_deck(str(path))


@functools.cache
def _short_lists() -> dict[str, bytes]:
    paths = sorted(catalog.probes_dir().glob("lists/*.csv"))
    return dict(zip((path.name for path in paths), _shipped("lists/*.csv", lines=4)(), strict=True))


def _marks_read(data: bytes) -> object:
    """One file; a hundredth of them beside those that we ship, which are read before it."""
    if len(data) % 100:
        return value_or_fault(_named(lambda: catalog.read_marks("marks.csv", data), catalog.CatalogError))
    return _file("marks.csv", _named(lambda path: catalog.fingerprints([path]), catalog.CatalogError))(data)


def _journal_read(path: Path) -> object:
    found = replay(path)
    for reject in found.rejects:
        assert reject.error.isascii() or "\n" not in reject.error
    return found


def _consents_read(path: Path) -> object:
    register = runs.ConsentRegister(path)
    return register.valid(), register.history()


SETTINGS = (
    b'helper = "hushmap://abcdefgh01234567@203.0.113.10:8443#sha256=' + b"ab" * 32 + b'"\nnetwork = "AS64501 Net-A"\n'
    b'country = "XA"\nresolver = "udp://192.0.2.53:53"\nuncategorised = true\n',
)
CONSENTS = (
    b'{"kind":"given","text":1,"language":"en","network":"AS64501","risk":["POLR"],"count":3,"when":"2026-11-21T22:33:00Z"}',
    b'{"kind":"withdrawn","when":"2026-11-21T22:33:00Z","network":"AS64501"}',
)

SERIES = (
    json.dumps(
        {
            "line": "plan", "v": 1, "series": "series-20261121T2233Z-3f9c", "begun": "2026-11-21T22:33:00Z",
            "every": 3600.0, "lasting": 86400.0, "jitter": 180.0, "seed": 7, "deck": "d", "count": 3, "told": {"a": [1, "x"]},
        }
    ).encode(),
    json.dumps(
        {
            "line": "plan", "series": "series-20261121T2233Z-3f9d", "begun": "2026-11-21T22:33:00Z",
            "every": 60, "doubling": True, "lasting": 100000000, "deck": "d",
        }
    ).encode(),
    b'{"line":"begun","cycle":1,"t":0.5,"run":"20261121T2233Z-3f9c"}',
    b'{"line":"over","cycle":1,"t":900.5,"state":"done","run":"20261121T2233Z-3f9c","sealed":3}',
    b'{"line":"over","cycle":2,"t":4900.5,"state":"missed","why":"asleep","said":"x"}',
    b'{"line":"jump","t":99.5,"seconds":-5.0}',
)  # fmt: skip


def _series_made(rng: random.Random) -> bytes:
    """A plan, whole or damaged, and lines after it."""
    plan = SERIES[rng.randrange(2)]
    known = _series_known()
    first = damaged_json(known[rng.randrange(2)], known, rng).replace(b"\n", b" ") if rng.random() < 0.6 else plan
    return first + b"\n" + _series_lines(rng)


@functools.cache
def _series_known() -> tuple[Document, ...]:
    return tuple(map(Document.of, SERIES))


_series_lines = _lines(lambda: SERIES[2:])


def _series_read(path: Path) -> object:
    found = read_series(path, at=5_000.0)
    found.gaps()
    assert found.over in {True, False}
    return found


STUDIES = (
    b'{"line":"asked","campaign":"x","register":"00","question":"q","paths":["a"],"when":"2026-11-21T22:33:00Z"}',
    b'{"line":"answered","question":"q","series":["a","b"],"p":[0.5,0.01],"when":"2026-11-21T22:33:00Z"}',
)


def _studies_read(path: Path) -> object:
    return StudyRegister(path).earlier(("a",), "other")


@functools.cache
def _bundles() -> tuple[bytes, ...]:
    """Bundles of one run and of two."""
    made = []
    for ids in (("0123456789ab",), ("0123456789ab", "ba9876543210")):
        names = [f"runs/20261121T2200Z-{one}/records.jsonl" for one in ids]
        contents = [(name, b'{"v":1}\n{"v":1}\n') for name in names]
        told = Bundle(
            software="hushmap 0",
            time_precision="hour",
            own_vantage=False,
            masked={"asn": 1},
            left_out=0,
            runs=tuple(
                PublishedRun(run=name.split("/")[1], started="2026-11-21T22:00:00Z", records=2) for name in names
            ),
            members=tuple(member_of(name, io.BytesIO(data)) for name, data in contents),
        )
        file = io.BytesIO()
        write_bundle(file, told, [(name, io.BytesIO(data)) for name, data in contents])
        made.append(file.getvalue())
    return tuple(made)


API_PAGES = (
    b'{"metadata":{"count":-1,"next_url":"https://x.test/?offset=100"},"results":[{"measurement_uid":"2026_XA_w"}]}',
    b'{"results":[{"measurement_uid":"x","measurement_start_time":"2026-11-21T22:33:00.5Z"}]}',
    b'{"results":[{"measurement_uid":null,"measurement_start_time":"0001-01-01T00:00:00+23:59"}]}',
    b'{"result":{"measurement_count":7}}',
)
SPOOL = (
    b'{"kind":"begun","query":{"country":"XA","since":"2026-11-21","until":"2026-11-22"}}',
    b'{"kind":"got","uid":"x","end":0,"started":"2026-11-21T22:33:00Z"}',
    b'{"kind":"got","uid":"y","end":0,"why":"gone"}',
)
SHELF = (
    b'[{"kind":"lists","name":"x.csv","source":"https://x.test/","sha256":"00","licence":"","when":"2026","rows":7}]',
)
PUBLISHED = tuple(
    text.encode()
    for text in (
        """name,scope,other_names,location_found,pattern_type,pattern,confidence_no_fp,expected_countries,source,exp_url,notes
x.one,nat,a b,body,contains,"This site, blocked",5,XA,x,,
x.two,isp,,header.location,prefix,http://n.example/,5,,,,
x.three,fp,,dns,full,203.0.113.7,5,XA XB,,,
x.four,prod,,body,regexp,no (?:such|that) [a-z]+ page,5,,,,
""",
        r"""{"fingerprint": "a_prod_x_1", "pattern": "You (were|are) blocked\."}
{"fingerprint": "fp_x", "pattern": "Server: nginx"}
""",
        """name,location_found,pattern
isp_xa_x,body,This site was blocked
dns_nat_xa_y,dns,203.0.113.8
susp_z,header,/warn
""",
    )
)
"""Fingerprints as OONI, Censored Planet and Citizen Lab publish theirs."""
PATTERN_WORDS = (
    b"(",
    b")",
    b"[",
    b"]",
    b"(a+)+",
    b"(?=x)",
    b"\\\\",
    b"{1,99999}",
    b"*",
    b".*.*.*",
    b"|",
    b"(?P<x>",
    b"\\\\1",
)


def _linted(data: bytes) -> object:
    return catalog.lint_sites("list.csv", data)


def _published(data: bytes) -> object:
    """Fingerprints that were read can be looked for, whatever they say, in bounded time."""
    found = catalog.read_marks("marks.csv", data)
    knowledge = Knowledge(fingerprints=found.fingerprints)
    notice(Page(status=200, title="a" * 200, server="nginx", body="You are blocked (a)" + "a" * 3000), knowledge)
    return found


def _answered(data: bytes) -> object:
    """The API's answers, whatever they are."""
    api = ooni_api.Api.__new__(ooni_api.Api)
    api._base, api._get = "https://api.example", lambda url, limit: data
    query = ooni_api.Query(country="XA", since="2026-11-21", until="2026-11-22")
    page = value_or_fault(api.page, query, query.begin, 0)
    if isinstance(page, ooni_api.Page):
        assert page.last in {True, False}
        for entry in page.results:
            assert entry.uid is None or entry.uid.isascii()
            assert entry.started is None or entry.started.tzinfo is not None
    count = value_or_fault(api.count, query)
    assert count is None or isinstance(count, int)
    line = value_or_fault(api.measurement, "x")
    assert isinstance(line, ValueError) or line.count(b"\n") == 1
    return page


def _spooled(data: bytes) -> object:
    folder = _folder()
    (folder / "out.jsonl").write_bytes(b"")
    (folder / ("out.jsonl" + STATE)).write_bytes(data)
    query = ooni_api.Query(country="XA", since="2026-11-21", until="2026-11-22")
    found = value_or_fault(Spool, folder / "out.jsonl", query)
    if isinstance(found, Spool):
        found.close()
    return found


def _shelved(data: bytes) -> object:
    """The index of what was fetched."""
    before = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = str(_folder())
    try:
        shelf = _folder() / "hushmap" / "fetched"
        shelf.mkdir(parents=True, exist_ok=True)
        (shelf / "index.json").write_bytes(data)
        return value_or_fault(_named(runs.fetched_entries, RunsError), "lists")
    finally:
        if before is None:
            del os.environ["XDG_DATA_HOME"]
        else:
            os.environ["XDG_DATA_HOME"] = before


PARSERS: dict[str, Parser] = {
    parser.name: parser
    for parser in (
        Parser("codec.decode_line", _json(lambda: seeds.recorded("records.jsonl")), _record(codec.decode_line)),
        Parser("codec.read_ooni", _json(seeds.measurements), _record(codec.read_ooni)),
        Parser("codec.read_ooni struck", _struck(seeds.small), _innocent),
        Parser("codec.decode_line struck", _struck(lambda: seeds.recorded("records.jsonl")), _innocent),
        Parser(
            "codec.decode_any",
            _json(lambda: seeds.recorded("records.jsonl")[:3] + seeds.measurements()[:3]),
            _record(_any),
        ),
        Parser("codec.write_ooni", _json(lambda: seeds.recorded("records.jsonl")), _exported),
        Parser("codec.restore", _json(seeds.exported), _record(codec.read_ooni)),
        Parser("codec.documents", _packed, _documents_read),
        Parser("codec.decode_trial", _json(seeds.trials), _plain(codec.decode_trial)),
        Parser("codec.decode_verdict", _json(seeds.verdicts), _plain(codec.decode_verdict)),
        Parser("wire.dns", _bytes(_dns_seeds, b"\xc0\x0c", b"\xc0\xff", b"\x3f", b"\x00\x01\x00\x01"), _dns_read),
        Parser("wire.http response", _bytes(lambda: PAGES, *HTTP_WORDS), _http_read(http.ResponseReader)),
        Parser(
            "wire.h2",
            _bytes(_h2_seeds, b"\x00\x00\x00\x04", b"\x00\x00\x00\x01", b"\x09\x04"),
            _http_read(_h2_reader),
        ),
        Parser(
            "wire.h3",
            _bytes(_h3_seeds, b"\x00\x00\x00", b"\x00\x01", b"\x03\x00\x00\x09", b"\xff\xff", b"\x40"),
            _h3_read,
        ),
        Parser("wire.svcb", _bytes(lambda: SERVICES, b"\x00\x01", b"\x02h3", b"\xff\xff"), _plain(svcb.read)),
        Parser("wire.http request", _bytes(lambda: REQUESTS, *HTTP_WORDS), _http_read(http.RequestReader)),
        Parser("wire.http seen", _bytes(lambda: REQUESTS, *HTTP_WORDS), _plain(http.parse_request)),
        Parser(
            "wire.tls",
            _bytes(lambda: (_hello(b"www.example.org"), b"\x15\x03\x03\x00\x02\x02\x28", _hello(b"\xff" * 300))),
            _tls_read,
        ),
        Parser("wire.greeting", _bytes(_greeting_seeds, stun.COOKIE, b"GET /tor/", b"\x38", b"\x40"), _greeting_read),
        Parser(
            "wire.echo", _bytes(_echo_seeds, echo.FIRST, b"say ", b"hush 9", b"\r\n", b"==", b"/utf-8/"), _echo_read
        ),
        Parser("wire.url", _bytes(lambda: URLS, *URL_WORDS), _text(_url_read)),
        Parser(
            "wire.resolver", _bytes(lambda: RESOLVERS, b"://", b"#", b":853", b"[", b"]", b"/"), _text(_resolver_read)
        ),
        Parser(
            "wire.html",
            _bytes(_html_seeds, b"<", b">", b"<!--", b"&#", b"<title", b"</", b"&amp;", b"<script>"),
            _html_read,
        ),
        Parser("wire.listing", _bytes(lambda: LISTED, *LISTED_WORDS), _text(_listing_read)),
        Parser("wire.small", _bytes(lambda: SMALL, b"; ", b"=", b"\x00\x02", stun.COOKIE), _small_read),
        Parser("wire.helper request", _json(seeds.helper_requests), _plain(helper.decode_request)),
        Parser("wire.helper reply", _json(seeds.helper_replies), _plain(helper.decode_reply)),
        Parser(
            "wire.helper spec",
            _bytes(lambda: SPECS, b"&", b"=", b"#", b"&dark=1", b"%00", b"@"),
            _text(helper.parse_spec),
        ),
        Parser(
            "wire.certificate",
            _bytes(lambda: (seeds.certificate(), seeds.certificate("x.test"))),
            certificate.certificate,
        ),
        Parser("wire.ooni_helper request", _json(lambda: seeds.OONI_ASKS), _plain(ooni_helper.decode_request)),
        Parser("wire.ooni_helper reply", _json(seeds.ooni_replies), _plain(ooni_helper.decode_reply)),
        Parser(
            "wire.ooni_helper spec",
            _bytes(
                lambda: (b"https://0.th.example/", b"https://[2001:db8::7]:8443/x", b"203.0.113.7:443", b"ooni"),
                *URL_WORDS,
            ),
            _text(_ooni_spec_read),
        ),
        Parser(
            "wire.ooni_names",
            _bytes(lambda: seeds.FAILURES, b"unknown_failure: ", b"ssl_error: ", b"_"),
            _text(_failure_read),
        ),
        Parser(
            "catalog lists",
            _cells(_shipped("lists/*.csv", lines=5)),
            _file("list.csv", _named(_list_read, catalog.CatalogError)),
        ),
        Parser(
            "catalog platforms",
            _toml(_platforms, *PLATFORM_VALUES),
            _file("driftwood.toml", _named(_platform_read, catalog.CatalogError)),
        ),
        Parser(
            "catalog services",
            _toml(_services, *SERVICE_VALUES),
            _file("service.toml", _named(catalog.read_service, catalog.CatalogError)),
        ),
        Parser(
            "catalog posts",
            _cells(lambda: POSTS, "driftwood", "weibo-search", "body", "p1", "t1"),
            _file("posts.csv", _named(_posts_read, catalog.CatalogError)),
        ),
        Parser(
            "catalog searches",
            _cells(lambda: SEARCHES, "driftwood", "weibo-search", "weather", "qzx", "-x", "天"),
            _file("searches.csv", _named(_searches_read, catalog.CatalogError)),
        ),
        Parser(
            "catalog words",
            _bytes(
                lambda: WORDS,
                b"#",
                b"\n",
                b"\r",
                b"\xff\xfe",
                b"\xef\xbb\xbf",
                b"a@b.example",
                b"1 234 567",
                b"x" * 50_000,
            ),
            _file("words.txt", _named(_words_read, catalog.CatalogError)),
        ),
        Parser(
            "catalog word tables",
            _cells(lambda: WORD_TABLES, *WORD_VALUES),
            _file("words.csv", _named(_word_table_read, catalog.CatalogError)),
        ),
        Parser(
            "catalog published words",
            _cells(lambda: PUBLISHED_WORDS, "a + b", "keyword", "rule"),
            _plain(_named(_published_words, catalog.CatalogError)),
        ),
        Parser("catalog exported decks", _resealed, _file("exported.deck", _named(_deck_read, catalog.CatalogError))),
        Parser(
            "catalog exclusions",
            _toml(_shipped("exclusions/*.toml", lines=22), '"' + "0" * 32 + '"', '["' + "0" * 32 + '"]', "64", "2"),
            _file("hard.toml", _named(_exclusions_read, catalog.CatalogError)),
        ),
        Parser(
            "model expressions",
            _bytes(lambda: EXPRESSIONS, *EXPRESSION_WORDS),
            _text(_expression_read),
        ),
        Parser(
            "catalog campaigns",
            _toml(
                _campaigns, '"about 2015-06-01"', '"2015-06"', '"CN-GD"', "0x" + "f" * 15, '"2199-12"', '"1900-01-01"'
            ),
            _file("june-4.toml", _named(catalog.read_campaign, catalog.CatalogError)),
        ),
        Parser(
            "catalog decks",
            _toml(
                _shipped("decks/*.toml"), '"keyword"', '"web"', '"watch"', '"search"', '"lab-sites.csv"', '"x.csv"'
            ),
            _file("deck.toml", _named(_deck_read, catalog.CatalogError)),
        ),
        Parser("catalog fingerprints", _cells(_marks), _marks_read),
        Parser(
            "catalog linting",
            _cells(_shipped("lists/*.csv", lines=6)),
            _plain(_named(_linted, catalog.CatalogError)),
        ),
        Parser(
            "catalog published marks",
            _bytes(lambda: PUBLISHED, *CSV_WORDS, *PATTERN_WORDS),
            _plain(_named(_published, catalog.CatalogError)),
        ),
        Parser("remote.ooni_api", _json(lambda: API_PAGES + seeds.measurements()[:3]), _answered),
        Parser("remote.spool", _lines(lambda: SPOOL), _spooled),
        Parser("runs shelf", _json(lambda: SHELF), _shelved),
        Parser(
            "runs journal",
            _lines(lambda: seeds.recorded("journal.jsonl")),
            _file("journal.jsonl", _journal_read),
        ),
        Parser("runs manifest", _json(lambda: seeds.recorded("manifest.json")), _plain(decode_manifest)),
        Parser(
            "runs settings",
            _toml(lambda: SETTINGS, '"XA"', '"udp://192.0.2.53:53"', "365", "36500"),
            _file("settings.toml", _named(runs.load_settings, RunsError)),
        ),
        Parser("runs consents", _lines(lambda: CONSENTS), _file("consent.jsonl", _consents_read)),
        Parser("runs series", _series_made, _file("series-x.log", _named(_series_read, RunsError))),
        Parser("runs studies", _lines(lambda: STUDIES), _file("studies.jsonl", _studies_read)),
        Parser(
            "runs bundles",
            _bytes(
                _bundles,
                b"PK\x01\x02",
                b"PK\x03\x04",
                b"PK\x05\x06",
                b"PK\x06\x06",
                b"\xff\xff\xff\xff",
                b"../",
                b"bundle.json",
            ),
            _file("x.hush", _named(read_bundle, RunsError)),
        ),
    )
}
