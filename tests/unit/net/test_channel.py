"""A byte stream, plain or inside TLS."""

import asyncio
import contextlib
import socket
import ssl

from hushmap.net.channel import Channel, TlsChannel


def test_plain_bytes_go_both_ways_and_segments_are_counted():
    """What is sent arrives, what comes is told with its size, and the end is empty."""

    async def go():
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        sizes = []
        channel = Channel(ours)
        channel.arrived = sizes.append
        with theirs:
            await channel.send(b"hello")
            assert theirs.recv(10) == b"hello"
            theirs.sendall(b"abc")
            assert await channel.receive() == b"abc"
        assert await channel.receive() == b""
        channel.close()
        return sizes

    assert asyncio.run(go()) == [3]


def _pair(pki):
    """A channel after its handshake, and the server's end of it in memory."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    client_in, client_out, server_in, server_out = (ssl.MemoryBIO() for _ in range(4))
    context = ssl.create_default_context(cafile=str(pki.roots))
    client = context.wrap_bio(client_in, client_out, server_hostname="a.example")
    server = pki.context("a.example").wrap_bio(server_in, server_out, server_side=True)
    for _ in range(3):
        for end in (client, server):
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
            server_in.write(client_out.read())
            client_in.write(server_out.read())
    return TlsChannel(ours, client, client_in, client_out), theirs, server, server_in, server_out


def test_bytes_inside_tls_arrive_whole(pki):
    """More than one record is sent and read; close_notify ends the stream; closing says goodbye."""

    async def go():
        channel, theirs, server, server_in, server_out = _pair(pki)
        loop = asyncio.get_running_loop()
        with theirs:
            await channel.send(b"x" * 40000)
            got = b""
            while len(got) < 40000:
                server_in.write(await loop.sock_recv(theirs, 65536))
                while True:
                    try:
                        got += server.read(65536)
                    except ssl.SSLWantReadError:
                        break
            server.write(b"answer")
            with contextlib.suppress(ssl.SSLWantReadError):
                server.unwrap()
            await loop.sock_sendall(theirs, server_out.read())
            assert await channel.receive() == b"answer"
            assert await channel.receive() == b""
            channel.close()
            assert await loop.sock_recv(theirs, 100) != b""
        return got

    assert asyncio.run(go()) == b"x" * 40000


def test_a_bare_end_is_an_end(pki):
    """Most servers close without close_notify: that is the end, not a fault."""

    async def go():
        channel, theirs, *_ = _pair(pki)
        theirs.close()
        assert await channel.receive() == b""
        channel.close()

    asyncio.run(go())


def test_what_tls_wants_said_while_reading_is_said(pki):
    """Bytes that reading makes due (an answer to a key update) go out before waiting."""

    async def go():
        channel, theirs, server, _, server_out = _pair(pki)
        with theirs:
            channel._outgoing.write(b"due")
            server.write(b"answer")
            theirs.send(server_out.read())
            assert await channel.receive() == b"answer"
            assert theirs.recv(10) == b"due"
            channel.close()

    asyncio.run(go())


def test_a_peer_that_is_never_out_of_words_does_not_hold_the_run():
    """What waits already is read without suspending, and all the same others get their turn."""

    async def go():
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        turns = []

        async def other():
            while True:
                turns.append(len(turns))
                await asyncio.sleep(0)

        with theirs, contextlib.closing(Channel(ours)) as channel:
            task = asyncio.create_task(other())
            for _ in range(100):
                theirs.sendall(b"x")
                await channel.receive()
            task.cancel()
        return len(turns)

    assert asyncio.run(go()) >= 5
