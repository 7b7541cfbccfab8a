"""The lab's servers that are no web servers: a STUN server, a Tor directory, a port that takes what it is told."""

import asyncio
from collections.abc import Sequence
from functools import partial
from ipaddress import ip_address
from typing import cast

from hushmap.lab.scenario_doors import UDP, Door
from hushmap.wire import stun, tor

_TRUTH = b"dir-key-certificate-version 3\nfingerprint 0000000000000000000000000000000000000000\n"
_DIRECTORY = (
    b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nX-Your-Address-Is: %s\r\nContent-Length: %d\r\n\r\n" + _TRUTH
)
"""A directory tells who asks from where (dir-spec): what a record must not hold."""
_PATIENCE_S = 15.0
_XOR = 0x2112
"""The cookie's first half, by which a port is masked (RFC 8489 14.2)."""


def directory(asked: bytes, asker: str) -> bytes | None:
    """What a Tor directory answers; `None`: the request is not whole, or none of its documents."""
    whole = asked.endswith(b"\r\n\r\n") and tor.asks(asked)
    return _DIRECTORY % (asker.encode(), len(_TRUTH)) if whole else None


def binding(asked: bytes, asker: tuple[str, int]) -> bytes | None:
    """A binding response with the asker's address; `None` for what is no request."""
    if not stun.asks(asked):
        return None
    address = ip_address(asker[0])
    mask = stun.COOKIE + asked[8 : stun.HEADER]
    hidden = bytes(a ^ b for a, b in zip(address.packed, mask, strict=False))
    value = bytes([0, 1 if address.version == 4 else 2]) + (asker[1] ^ _XOR).to_bytes(2, "big") + hidden
    attribute = b"\x00\x20" + len(value).to_bytes(2, "big") + value
    return b"\x01\x01" + len(attribute).to_bytes(2, "big") + asked[4 : stun.HEADER] + attribute


def said(door: Door, asked: bytes, asker: tuple[str, int]) -> bytes | None:
    """What is said at a door to what has come so far; `None`: nothing, or nothing yet."""
    if door.says == "stun":
        return binding(asked, asker)
    return directory(asked, asker[0]) if door.says == "tor_directory" else None


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, door: Door) -> None:
        self._door = door

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = said(self._door, data, (addr[0], addr[1]))
        if answer is not None:
            self._transport.sendto(answer, addr)


class Doors:
    """Every door of a scenario."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = doors
        self._open: list[asyncio.BaseTransport | asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Open them all. They close with the process, or with `close`."""
        loop = asyncio.get_running_loop()
        for door in self._doors:
            place = (door.address, door.port)
            if door.says in UDP:
                transport, _ = await loop.create_datagram_endpoint(partial(_Datagrams, door), local_addr=place)
                self._open.append(transport)
            else:
                self._open.append(await asyncio.start_server(partial(self._take, door), *place))

    async def close(self) -> None:
        """Stop listening, and let go of what is under way."""
        for each in self._open:
            each.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: read until there is an answer, or the client has said all."""
        task = asyncio.current_task()
        assert task is not None, "a server's handlers are tasks"
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        came = b""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while data := await reader.read(4096):
                    came += data
                    answer = said(door, came, writer.get_extra_info("peername")[:2])
                    if answer is not None:
                        writer.write(answer)
                        await writer.drain()
                        break
        except (OSError, TimeoutError):
            return  # the client is gone, or says nothing
        finally:
            writer.close()
