"""The internet side as a computer: what it says to packets."""

from hushmap.lab.pure import tls
from hushmap.lab.pure.client import BrokenError
from hushmap.model import Failure


def talk(address, port, *said):
    """What a server says to these words, and how it ends."""

    async def work(world):
        connection = world.client.dial(address, port)
        heard = b""
        try:
            await connection.open()
            for words in said:
                connection.send(words)
                await world.clock.sleep(0.2)
            while data := await connection.receive():
                heard += data
        except BrokenError as error:
            return heard, error.failure
        return heard, None

    return work


def test_a_page_in_the_clear(in_world):
    """In two segments; the server then closes."""
    heard, end = in_world(talk("198.51.100.11", 80, b"GET / HT", b"TP/1.1\r\nHost: www.baseline-a.example\r\n\r\n"))
    assert heard.startswith(b"HTTP/1.1 200")
    assert end is None


def test_hellos_are_met_with_a_flight_an_alert_a_reset(in_world):
    """By what the site does to names that it does not know."""
    assert in_world(talk("198.51.100.20", 443, tls.hello("news-one.example"), tls.alert(0)))[0] == tls.flight(0)
    assert in_world(talk("198.51.100.22", 443, tls.hello("other.example")))[0] == tls.alert(112)
    assert in_world(talk("198.51.100.21", 443, tls.hello("other.example"))) == (b"", Failure.RESET)


def test_what_is_no_tls_is_ended(in_world):
    """A request in the clear at port 443."""
    assert in_world(talk("198.51.100.20", 443, b"GET / HTTP/1.1\r\n\r\n")) == (b"", None)


def test_a_page_within_tls(in_world):
    """After the client's Finished."""
    request = tls.sealed(b"GET / HTTP/1.1\r\nHost: news-one.example\r\n\r\n")
    heard, _ = in_world(talk("198.51.100.20", 443, tls.hello("news-one.example"), tls.FINISHED + request))
    bodies = [body for kind, body in tls.Records().feed(heard) if kind == tls.DATA]
    assert b"".join(bodies).startswith(b"HTTP/1.1 200")


def test_a_client_that_leaves_is_let_go(in_world):
    """Without a word, in mid-answer, or after a reset."""

    async def work(world):
        for words in (b"", b"GET / HTTP/1.1\r\nHost: slow-one.example\r\n\r\n"):
            connection = world.client.dial("198.51.100.24", 443)
            await connection.open()
            connection.send(tls.hello("slow-one.example"))
            await connection.receive()
            connection.send(tls.FINISHED + tls.sealed(words))
            await world.clock.sleep(0.3)
            connection.peer.abort() if words else connection.close()
        await world.clock.sleep(30)
        return len(world.internet._connections)

    assert in_world(work) == 0


def test_a_datagram_that_is_no_question_is_let_fall(in_world):
    """Nor is one to another port answered."""

    async def work(world):
        heard = []
        port = world.client.listen(lambda data, _: heard.append(data))
        world.client.say(port, "203.0.113.53", 53, b"no question")
        world.client.say(port, "203.0.113.53", 54, b"no question")
        await world.clock.sleep(1)
        return heard

    assert in_world(work) == []
