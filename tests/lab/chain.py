"""A chain of eight kernel routers between a client and a server: what the lab's virtual hops are measured against.

`chain.py FILE`: leaves the host as a lab does, makes ten network namespaces and the wires between them, sends the
probes of prober.py, writes what both ends saw into FILE (a pcapng that is there) and prints what prober.py does. All
of it ends with this process: the namespaces are nobody else's. Settings that real routers need: refs/LAB 3.
"""

import json
import os
import socket
import struct
import sys
from ipaddress import ip_address
from pathlib import Path

import prober

from hushmap.lab import netlink, private
from hushmap.lab.addresses import CLIENT, CLIENT6, hop
from hushmap.lab.capture import Capture
from hushmap.lab.namespaces import NEWNET, RefusedError, become, setns, unshare

ROUTERS = 8
REFUSED = 6
LAST = ("198.18.2.100", "2001:db8:9::100")
_BEFORE = {
    "ipv6/conf/default/accept_dad": "0", "ipv6/conf/default/dad_transmits": "0", "ipv6/conf/default/accept_ra": "0",
    "ipv6/conf/default/router_solicitations": "0", "ipv4/conf/all/rp_filter": "0", "ipv4/conf/default/rp_filter": "0",
    "ipv4/icmp_ratelimit": "0", "ipv4/icmp_msgs_per_sec": "100000", "ipv6/icmp/ratelimit": "0",
    "ipv4/ip_unprivileged_port_start": "0",
}  # fmt: skip
"""Before there are links: else IPv6 is dead past the first hop, and hops vanish."""
_FORWARD = {"ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1"}
_NEWLINK, _NEWROUTE, _CREATE, _EXCLUSIVE = 16, 24, 0x400, 0x200
_IFNAME, _LINKINFO, _NET_NS_FD = 3, 18, 28
_INFO_KIND, _INFO_DATA, _VETH_PEER = 1, 2, 1
_DST, _OIF, _GATEWAY, _PREFSRC = 1, 4, 5, 7
_MAIN, _STATIC, _EVERYWHERE, _LINK, _UNICAST = 254, 4, 0, 253, 1
"""rtnetlink(7), veth(4)."""
_NEW_DEVICE = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
_ETH_P_ALL = 3
_IP = {0x0800, 0x86DD}
_ROOM = 4 << 20
"""Bytes that a sniffer keeps until it is read: all of it."""


class Wires(netlink.Netlink):
    """What a router needs beyond what a lab's client does: pairs of devices, and ways through a neighbour."""

    def pair(self, name, peer, namespace):
        """A virtual cable: one end here, the other in the namespace of that descriptor."""
        word = netlink._attribute
        there = _NEW_DEVICE + word(_IFNAME, peer.encode() + b"\0") + word(_NET_NS_FD, struct.pack("=I", namespace))
        kind = word(_INFO_KIND, b"veth\0") + word(_INFO_DATA, word(_VETH_PEER, there))
        body = _NEW_DEVICE + word(_IFNAME, name.encode() + b"\0") + word(_LINKINFO, kind)
        self._send(_NEWLINK, body, _CREATE | _EXCLUSIVE)

    def way(self, device, target, gateway, source):
        """To one address, or to all if there is none: by a neighbour, or to the neighbour itself."""
        word = netlink._attribute
        raw = b"" if target is None else ip_address(target).packed
        scope = _EVERYWHERE if gateway else _LINK
        family = netlink._family(gateway or target)
        body = struct.pack("=BBBBBBBBI", family, len(raw) * 8, 0, 0, _MAIN, _STATIC, scope, _UNICAST, 0)
        body += word(_OIF, struct.pack("=I", socket.if_nametoindex(device)))
        for kind, address in ((_DST, target), (_GATEWAY, gateway), (_PREFSRC, source)):
            body += word(kind, ip_address(address).packed) if address else b""
        self._send(_NEWROUTE, body, _CREATE)


def namespace(forwards):
    """A new network namespace, entered; its descriptor."""
    unshare(NEWNET)
    private.tune(_BEFORE | (_FORWARD if forwards else {}))
    if forwards and Path("/proc/sys/net/ipv4/ip_forward").read_text("ascii").strip() != "1":
        raise RefusedError("network setup", 30)
    wires = Wires()
    wires.up("lo")
    wires.close()
    return os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def right(number):
    """Addresses of the internet-facing side of a router; 0 is the client."""
    return (CLIENT, CLIENT6) if number == 0 else (f"198.18.2.{number}", f"2001:db8:9::{number:x}")


def left(number):
    """Addresses of the client-facing side, by which it answers; the last is the server's."""
    return LAST if number > ROUTERS else hop(number)


def build():
    """The namespaces of client, routers and server, in their order, with addresses and ways."""
    places = [namespace(0 < number <= ROUTERS) for number in range(ROUTERS + 2)]
    for number, place in enumerate(places[:-1]):
        setns(place, NEWNET)
        wires = Wires()
        wires.pair("right", "left", places[number + 1])
        wires.close()
    for number, place in enumerate(places):
        setns(place, NEWNET)
        wires = Wires()
        for device, ours, theirs in (
            ("left", left(number), right(number - 1)),
            ("right", right(number), left(number + 1)),
        ):
            if (device == "left" and number == 0) or (device == "right" and number > ROUTERS):
                continue
            wires.up(device)
            for mine, neighbour in zip(ours, theirs, strict=True):
                wires.address(device, mine)
                wires.way(device, neighbour, None, mine)
        for mine, back, on, client in zip(left(number), right(number - 1), left(number + 1), right(0), strict=True):
            if 1 < number <= ROUTERS:
                wires.way("left", client, back, mine)
            wires.way("left" if number > ROUTERS else "right", None, back if number > ROUTERS else on, None)
        wires.close()
    wires = Wires()
    for address in prober.SERVERS.values():
        wires.address("lo", address)
    wires.close()
    return places


def sniffer(device):
    """Hears all that passes a device of this namespace."""
    heard = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_ALL))
    heard.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
    heard.bind((device, _ETH_P_ALL))
    heard.setblocking(False)
    return heard


def write(heard, capture, *, at_client):
    """Everything that a sniffer has heard of IP."""
    while True:
        try:
            packet, about = heard.recvfrom(65536)
        except BlockingIOError:
            return
        if about[1] in _IP:
            capture.packet(packet, at_client, None)


def main():
    """Build, probe, write."""
    places = build()
    servers = [socket.create_server((address, prober.OPEN), family=family, backlog=64)
               for family, address in ((socket.AF_INET, prober.SERVERS[4]), (socket.AF_INET6, prober.SERVERS[6]))]  # fmt: skip
    ends = {False: sniffer("left")}
    setns(places[0], NEWNET)
    ends[True] = sniffer("right")
    ports = prober.probed()
    capture = Capture(Path(sys.argv[1]), "eight kernel routers")
    for at_client, heard in ends.items():
        write(heard, capture, at_client=at_client)
    for server in servers:
        server.close()
    sys.stdout.write(json.dumps(ports))


if __name__ == "__main__":
    try:
        try:
            become("user")
        except RefusedError:
            if os.geteuid() != 0:
                raise
            become("root")
        main()
    except RefusedError as refusal:
        sys.stderr.write(f"{refusal.right}. Remedy: {refusal.remedy}.\n")
        sys.exit(REFUSED)
