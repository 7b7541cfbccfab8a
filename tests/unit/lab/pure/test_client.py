"""The client's computer: how connections and datagrams end for a program."""

import pytest

from hushmap.lab.addresses import HONEST_RESOLVER
from hushmap.lab.pure.client import BrokenError
from hushmap.model import Failure
from hushmap.wire import dns


def outcome(address, port=443):
    """What became of a connection."""

    async def work(world):
        connection = world.client.dial(address, port)
        try:
            await connection.open()
        except BrokenError as error:
            return error.failure
        finally:
            connection.close()
        return None

    return work


def test_open_closed_and_off(in_world):
    """A server, a port that nobody listens at, and a device that is off."""
    assert in_world(outcome("198.51.100.20")) is None
    assert in_world(outcome("2001:db8:2::20")) is None
    assert in_world(outcome("198.51.100.20", 22)) is Failure.REFUSED

    async def off(world):
        world.carrier.cut = True
        return await outcome("198.51.100.20")(world)

    assert in_world(off) is Failure.NETWORK_UNREACHABLE


def test_a_router_that_refuses(in_world):
    """ICMP fails a connection that is being opened, and a lookup."""
    sites = '[[censor]]\nkind = "address-prohibited"\naddresses = ["198.51.100.20"]\n'
    assert in_world(outcome("198.51.100.20"), sites=sites) is Failure.HOST_UNREACHABLE


def test_data_is_read_before_a_reset_is_met(in_world):
    """As a kernel keeps what had come; after it nothing can be sent."""

    async def work(world):
        connection = world.client.dial("198.51.100.11", 80)
        await connection.open()
        connection.came(b"last words")
        connection.broke()
        connection.send(b"heard?")
        first = await connection.receive()
        with pytest.raises(BrokenError):
            await connection.receive()
        with pytest.raises(BrokenError) as met:
            connection.send(b"x")
        return first, met.value.failure

    assert in_world(work) == (b"last words", Failure.RESET)


def test_a_close_with_bytes_unread_resets(in_world):
    """RFC 2525 2.17."""

    async def work(world):
        connection = world.client.dial("198.51.100.11", 80)
        await connection.open()
        connection.came(b"unread")
        connection.close()
        connection.close()
        return connection.peer.over

    assert in_world(work)


def test_a_port_is_heard_until_it_is_closed(in_world):
    """What comes later is let fall."""

    async def work(world):
        from hushmap.lab.pure.question import Question

        question = Question(world.client, "news-one.example", "A", 7)
        question.send("203.0.113.53", 53)
        question.close()
        await world.clock.sleep(1)
        return question.answers

    assert in_world(work) == []


def test_a_tunnel_leads_past_every_censor(in_world):
    """What begins in it is a visitor's from elsewhere; what had begun goes on as before."""
    sites = '[[censor]]\nkind = "address-reset"\naddresses = ["198.51.100.11"]\n'
    request = b"GET / HTTP/1.1\r\nHost: www.baseline-a.example\r\n\r\n"

    async def work(world):
        before = world.client.dial("198.51.100.11", 80)
        await before.open()
        world._change("vpn")
        inside = world.client.dial("198.51.100.11", 80)
        await inside.open()
        inside.send(request)
        page = await inside.receive()
        before.send(request)
        with pytest.raises(BrokenError):
            await before.receive()
        heard = []
        port = world.client.listen(lambda data, _: heard.append(data))
        world.client.say(port, "203.0.113.53", 53, dns.query("news-one.example", "A", 1))
        await world.clock.sleep(1)
        return page[:12], len(heard), world.where(), world.verbs.resolver

    assert in_world(work, sites=sites) == (b"HTTP/1.1 200", 1, "vpn", HONEST_RESOLVER)
