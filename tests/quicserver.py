"""A QUIC server on loopback for tests: aioquic's connection on a socket of asyncio's, whose behaviour a test changes."""

import asyncio
import contextlib

from aioquic.buffer import Buffer
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.packet import pull_quic_header

SERVER_ID = 8


def configuration(pki, *names, alpn=("h3",), **how):
    """A server's, with a leaf of the test's authority."""
    leaf, key = pki.leaf(*names, **how)
    return QuicConfiguration(
        is_client=False, alpn_protocols=list(alpn), certificate=leaf, certificate_chain=[pki.ca], private_key=key
    )


class Peer(asyncio.DatagramProtocol):
    """One server's end of every connection that comes; `after` may change what it does next."""

    def __init__(self, config, *, deaf_from=None, on_event=None):
        self.config, self.deaf_from, self.on_event = config, deaf_from, on_event
        self.ends, self.came, self.ports = {}, [], []

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        self.came.append(data)
        self.ports.append(peer[1])
        if self.deaf_from is not None and len(self.came) > self.deaf_from:
            return
        loop = asyncio.get_running_loop()
        end = self.ends.get(peer)
        if end is None:
            header = pull_quic_header(Buffer(data=data), host_cid_length=SERVER_ID)
            end = QuicConnection(configuration=self.config, original_destination_connection_id=header.destination_cid)
            self.ends[peer] = end
        end.receive_datagram(data, peer, loop.time())
        while (event := end.next_event()) is not None:
            if self.on_event is not None:
                self.on_event(self, end, event)
        self.send(end)

    def send(self, end):
        for data, place in end.datagrams_to_send(asyncio.get_running_loop().time()):
            self.transport.sendto(data, place)


@contextlib.asynccontextmanager
async def serving(peer, host="127.0.0.1"):
    """A server at `host`, as a context that gives its port."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: peer, local_addr=(host, 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
        await asyncio.sleep(0)
