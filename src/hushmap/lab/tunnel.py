"""A VPN that works: what enters its tunnel crosses the path as datagrams to one server, and goes on from there.

To the path it is one flow to one address, and no censor on it sees what is inside; to the servers its user is a
visitor from elsewhere. So a network that changes under a run is not merely dead: it answers, and answers otherwise.
"""

import os
import select
import socket
import threading

from hushmap.lab.addresses import DEVICE
from hushmap.lab.namespaces import open_tun
from hushmap.lab.netlink import Netlink

TUNNEL = "tun-vpn"
INSIDE, GATEWAY = "198.18.3.2", "198.18.3.1"
"""The client's address in the tunnel, and the server's."""
SERVER = "203.0.113.20"
PORT = 51820
"""WireGuard's usual one; own knowledge, unchecked."""
MTU = 1400
"""Room for the outer headers, so that nothing need be fragmented."""


def join() -> None:
    """The client's end, in its process: the tunnel takes the default route for all but its own datagrams."""
    tunnel = open_tun(TUNNEL)
    line = Netlink()
    line.up(TUNNEL, mtu=MTU)
    line.address(TUNNEL, INSIDE)
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, DEVICE.encode())
    line.default(TUNNEL, INSIDE, replace=True)
    line.close()
    _start(tunnel, wire, (SERVER, PORT))


def serve() -> None:
    """The server's end, in the process of the internet, where its address is one of the living."""
    tunnel = open_tun(TUNNEL)
    line = Netlink()
    line.up(TUNNEL, mtu=MTU)
    line.address(TUNNEL, GATEWAY, peer=INSIDE)
    line.close()
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.bind((SERVER, PORT))
    _start(tunnel, wire, None)


def _start(tunnel: int, wire: socket.socket, peer: tuple[str, int] | None) -> None:
    """Relay beside whatever else the process does, and until it ends."""
    os.set_blocking(tunnel, True)
    threading.Thread(target=relay, args=(tunnel, wire, peer), daemon=True).start()


def relay(tunnel: int, wire: socket.socket, peer: tuple[str, int] | None) -> None:
    """Carry packets between a tunnel and its other end, `None` until that has been heard; ends with the tunnel."""
    while True:
        ready, _, _ = select.select([tunnel, wire.fileno()], [], [])
        if tunnel in ready:
            raw = os.read(tunnel, MTU)
            if not raw:
                return
            if peer is not None:
                wire.sendto(raw, peer)
        if wire.fileno() in ready:
            raw, peer = wire.recvfrom(MTU)
            os.write(tunnel, raw)
