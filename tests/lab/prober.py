"""Probes with small TTLs, the same in front of virtual and of real routers; who answers is read from the packets.

`prober.py`: sends them all at once from the namespace it is in, waits until each has met its end, and prints which
was sent from which port.
"""

import json
import select
import socket
import sys
import time

SERVERS = {4: "198.51.100.20", 6: "2001:db8:2::20"}
CLOSED, OPEN = 33434, 80
TTLS = range(1, 10)
SIZES = (40, 1300, 3000)
"""One that is quoted whole, one that is not, one that goes in fragments."""
_WAIT_S = 3.0
_LEVELS = {4: (socket.IPPROTO_IP, 2, 11), 6: (socket.IPPROTO_IPV6, 16, 25)}
"""Level, and there the TTL and the wish to hear of errors (ip(7), ipv6(7))."""


def sent(protocol, family, ttl, size):
    """A probe on its way."""
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
    probe = socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6, kind)
    level, hops, errors = _LEVELS[family]
    probe.setblocking(False)
    probe.setsockopt(level, hops, ttl)
    probe.setsockopt(level, errors, 1)
    probe.connect_ex((SERVERS[family], CLOSED if protocol == "udp" else OPEN))
    if protocol == "udp":
        probe.send(bytes(size))
    return probe


def probed():
    """[protocol, family, TTL, size, local port] of each probe, once all have met their end or time is up."""
    kinds = [("udp", family, ttl, size) for family in (4, 6) for ttl in TTLS for size in SIZES]
    kinds += [("tcp", family, ttl, 0) for family in (4, 6) for ttl in TTLS]
    probes = {kind: sent(*kind) for kind in kinds}
    waiting = select.poll()
    for probe in probes.values():
        waiting.register(probe, select.POLLIN | select.POLLOUT * (probe.type == socket.SOCK_STREAM))
    left, until = len(probes), time.monotonic() + _WAIT_S
    while left and (rest := until - time.monotonic()) > 0:
        for descriptor, _ in waiting.poll(rest * 1000):
            waiting.unregister(descriptor)
            left -= 1
    ports = [[*kind, probe.getsockname()[1]] for kind, probe in probes.items()]
    for probe in probes.values():
        probe.close()
    return ports


if __name__ == "__main__":
    sys.stdout.write(json.dumps(probed()))
