"""Echo servers: what was said comes back."""

import asyncio
import ssl

import pytest

from hushmap.detect import Reaction, reaction
from hushmap.detect.echo import foreign
from hushmap.experiments.carriers import ask_for
from hushmap.model import Attempt, Context, Knowledge, Place, trial_of
from hushmap.net import Clock, Limits, Net, Own
from hushmap.servers import echo as echoes
from hushmap.servers.echo import READS, REQUEST_LIMIT, TCP_LIMIT, http_echo, tcp_echo
from hushmap.servers.helper import DOWNLOAD_BURST
from hushmap.wire import bulk, carrying, echo
from worlds import conditions

REQUESTS = [
    b"GET /word?q=1 HTTP/1.1\r\nHost: word.example\r\n\r\n",
    "GET /字 HTTP/1.1\r\nHost: 字.example\r\nX: 字\r\n\r\n".encode(),
    b"POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4\r\n\r\nbody",
    b"GET / HTTP/1.0\n\n",
]


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_request_comes_back_whole_as_text(serving, talk, request_):
    """200, text/plain, and in base64 the very bytes: whatever a word does to the request, the server does not care."""

    async def go():
        async with serving() as (_, spec):
            return await talk(spec.http_port, request_)

    head, _, body = asyncio.run(go()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"text/plain; charset=utf-8" in head
    assert b"nosniff" in head
    assert echo.said(body) == request_


def test_a_head_request_has_no_body(serving, talk):
    """HEAD is answered with a header alone."""

    async def go():
        async with serving() as (_, spec):
            return await talk(spec.http_port, b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")

    assert asyncio.run(go()).endswith(b"\r\n\r\n")


def test_a_request_without_end_gets_413():
    """No more is taken than a header may be long."""

    async def go():
        reader = asyncio.StreamReader()
        reader.feed_data(b"GET / HTTP/1.1\r\nX: " + b"x" * REQUEST_LIMIT)
        written = []
        writer = type("Writer", (), {"write": lambda self, data: written.append(data)})()
        await http_echo(reader, writer)
        return written

    assert asyncio.run(go())[0].startswith(b"HTTP/1.1 413 ")


class Dripping:
    """A reader of a client that says one byte at a time and never ends."""

    def __init__(self, data):
        self.data, self.reads = data, 0

    async def read(self, most):
        self.reads += 1
        return self.data[self.reads - 1 : self.reads] or b"x"


class Writing:
    """A writer that remembers."""

    def __init__(self):
        self.written = []

    def write(self, data):
        self.written.append(data)

    async def drain(self):
        return None


@pytest.mark.parametrize("serve", [http_echo, tcp_echo])
@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\nX: ", b"hushmap-echo say ", b"hushmap-echo hush 99999\r\n", b"\0"]
)
def test_a_client_that_says_single_bytes_is_let_go(serve, data):
    """After so many pieces, whatever they are: nobody keeps the server busy with one connection."""
    reader, writer = Dripping(data), Writing()
    asyncio.run(serve(reader, writer))
    assert reader.reads == READS
    said = b"".join(writer.written)
    assert len(said) == (0 if serve is http_echo else READS)


def test_a_client_that_says_nothing_is_let_go(monkeypatch):
    """It counts among the few of its source, and a censor may have kept its end from us."""
    monkeypatch.setattr(echoes, "IDLE_SECONDS", 0.01)

    async def go():
        for serve in (http_echo, tcp_echo):
            with pytest.raises(TimeoutError):
                await serve(asyncio.StreamReader(), Writing())

    asyncio.run(go())


def test_what_is_no_request_gets_no_answer():
    """A client that leaves in mid-request is let go."""

    async def go():
        reader = asyncio.StreamReader()
        reader.feed_data(b"GET / HT")
        reader.feed_eof()
        await http_echo(reader, None)

    asyncio.run(go())


def test_a_download_of_known_size(serving, talk):
    """One path of the echo's own gives so many bytes, as text under the same headers; HEAD is echoed as ever."""

    async def go():
        async with serving() as (_, spec):
            asked = f"GET {bulk.path_of(100_000)} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()
            return await talk(spec.http_port, asked), await talk(spec.http_port, asked.replace(b"GET", b"HEAD"))

    whole, header = asyncio.run(go())
    head, _, body = whole.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"text/plain" in head
    assert b"Content-Length: 100000" in head
    assert body == bulk.body_of(100_000)
    assert header.endswith(b"Content-Length: 0\r\n\r\n")


def test_one_download_too_many_is_told_so(serving, talk):
    """A source beyond its number gets 429, at once and whole; words are still echoed."""
    asked = f"GET {bulk.path_of(9)} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()

    async def go():
        async with serving() as (_, spec):
            said = [await talk(spec.http_port, asked) for _ in range(int(DOWNLOAD_BURST) + 15)]
            return said, await talk(spec.http_port, REQUESTS[0])

    said, echoed = asyncio.run(go())
    assert all(one.endswith(bulk.body_of(9)) for one in said[: int(DOWNLOAD_BURST)])
    assert said[-1].startswith(b"HTTP/1.1 429 ")
    assert echoed.endswith(echo.answer(REQUESTS[0]))


def test_an_echo_without_downloads_gives_the_request_back():
    """Whoever serves no downloads serves none by mistake."""

    async def go():
        reader = asyncio.StreamReader()
        asked = f"GET {bulk.path_of(9)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        reader.feed_data(asked)
        written = []
        writer = type("Writer", (), {"write": lambda self, data: written.append(data)})()
        await http_echo(reader, writer)
        return asked, written[0]

    asked, written = asyncio.run(go())
    assert written.endswith(echo.answer(asked))


@pytest.mark.parametrize("name", ["anything.example", "word.test"])
def test_any_name_gets_a_handshake_and_an_echo(serving, talk, name):
    """TLS with a certificate of its own for every SNI, and HTTP inside."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    async def go():
        async with serving() as (_, spec):
            return await talk(spec.tls_port, REQUESTS[0], context, server_hostname=name)

    assert asyncio.run(go()).endswith(echo.answer(REQUESTS[0]))


def test_tcp_echoes_up_to_its_bound(serving):
    """Bytes come back until the client closes, and no more than 64 kB."""

    async def go():
        async with serving() as (_, spec):
            reader, writer = await asyncio.open_connection("127.0.0.1", spec.tcp_port)
            writer.write(b"\x00word")
            first = await reader.readexactly(5)
            writer.write(b"y" * (TCP_LIMIT - 5))
            rest = await reader.readexactly(TCP_LIMIT - 5)
            end = await reader.read()
            writer.close()
            return first, len(rest), end

    assert asyncio.run(go()) == (b"\x00word", TCP_LIMIT - 5, b"")


def test_an_answer_says_in_clear_what_it_was_told_in_base64(serving, talk):
    """Over HTTP and on a bare connection, on each port of the row; its end comes after a pause."""
    word = "敏感".encode()
    asked = f"GET {echo.say_path(word)} HTTP/1.1\r\nHost: a.example\r\n\r\n".encode()

    async def go():
        async with serving(span=2, scale=50.0) as (_, spec):
            said = [await talk(spec.http_port + number, asked) for number in range(2)]
            reader, writer = await asyncio.open_connection("127.0.0.1", spec.tcp_port + 1)
            writer.write(echo.tcp_say(word))
            bare = await reader.read()
            writer.close()
            return said, bare

    said, bare = asyncio.run(go())
    assert {each.partition(b"\r\n\r\n")[2] for each in said} == {word + echo.END}
    assert bare == word + echo.END


def test_the_end_of_a_word_waits():
    """What was injected behind the word is there before the answer is whole."""

    async def go():
        reader, at, loop = asyncio.StreamReader(), [], asyncio.get_running_loop()
        reader.feed_data(echo.tcp_say(b"word"))

        class Writer:
            def write(self, data):
                at.append((data, loop.time()))

            async def drain(self):
                return None

        await tcp_echo(reader, Writer(), 0.05)
        return at

    (word, first), (end, last) = asyncio.run(go())
    assert (word, end) == (b"word", echo.END)
    assert last - first >= 0.04


def test_a_word_in_clear_comes_back_in_base64(serving):
    """Also if it comes in pieces; what never comes whole goes back as it is."""
    told = echo.tcp_hush(b"word")

    async def go(pieces):
        async with serving() as (_, spec):
            reader, writer = await asyncio.open_connection("127.0.0.1", spec.tcp_port)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            writer.write_eof()
            answer = await reader.read()
            writer.close()
            return answer

    assert asyncio.run(go([told[:5], told[5:]])) == echo.answer(b"word") + echo.END
    assert asyncio.run(go([told[:-1]])) == told[:-1]


WAYS = [(place, way) for place in Place for way in carrying.encodings(place) if place is not Place.DNS_NAME]


@pytest.mark.parametrize("text", ["敏感-kw", "a" * 60])
def test_a_word_in_any_place_and_writing_is_answered_as_the_rules_expect(serving, text):
    """What the experiments ask, the measuring room sends, this echo answers and the rules read fit together."""
    context = Context(helper="127.0.0.1")

    async def go():
        async with serving(quic_port=0, span=2, scale=10.0) as (_, spec):
            ports = {f"echo_{name}": port for name, port in spec.echoes.items()}
            given = conditions(helper_address="127.0.0.1", echo_span=2, **ports)
            net = Net(Clock(), limits=Limits(dwell=0.1), own=Own())
            asks = [ask_for(text, *way, given, turn) for turn, way in enumerate(WAYS)]
            return [(ask, await net.ask(ask)) for ask in asks]

    for way, (ask, outcome) in zip(WAYS, asyncio.run(go()), strict=True):
        assert outcome.undone is None, (way, outcome)
        trial = trial_of(Attempt(id=1, ask=ask), outcome.steps)
        assert trial.failed is None, (way, trial.failed)
        assert reaction(trial, Knowledge(), context) is Reaction.PASSED, (way, trial)
        assert not foreign(trial, context)


def test_the_longest_text_of_each_place_comes_back_whole(serving):
    """No bound on the way is below what a place is said to hold."""
    context = Context(helper="127.0.0.1")
    ways = [way for way in WAYS if not way[0].is_name]

    async def go():
        async with serving(scale=10.0) as (_, spec):
            ports = {f"echo_{name}": port for name, port in spec.echoes.items()}
            given = conditions(helper_address="127.0.0.1", **ports)
            net = Net(Clock(), own=Own())
            asks = [ask_for("A" * carrying.capacity(way[0]), *way, given) for way in ways]
            return [(ask, await net.ask(ask)) for ask in asks]

    for way, (ask, outcome) in zip(ways, asyncio.run(go()), strict=True):
        trial = trial_of(Attempt(id=1, ask=ask), outcome.steps)
        assert (outcome.undone, trial.failed) == (None, None), (way, outcome.detail)
        assert reaction(trial, Knowledge(), context) is Reaction.PASSED, way
