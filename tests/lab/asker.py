"""A small client of raw sockets, run inside the lab: what it prints is what a program there sees.

It shares no code with the rooms that measure (only the DNS codec), so that the lab is proven by something else than
what it is to test. `asker.py JSON`: a list of [name, arguments...]; all run at once; the answers come as JSON.
"""

import json
import os
import socket
import ssl
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from hushmap.wire import dns as codec

IP_RECVTTL, IP_TTL, IPV6_UNICAST_HOPS = 12, 2, 16
IP_RECVERR, IPV6_RECVERR = 11, 25


def family(address):
    """The socket family of an address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def failure(error):
    """A short name of what went wrong."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message.split(" for ")[0].split(",")[0]
    if isinstance(error, TimeoutError):
        return "timeout"
    return type(error).__name__


def dns(name, server, qtype="A", wait=0.3, options=""):
    """Every answer within `wait` seconds: [addresses or failure, TTL, milliseconds]; behind these IPv6 options."""
    answers = []
    with socket.socket(family(server), socket.SOCK_DGRAM) as client:
        if family(server) == socket.AF_INET:
            client.setsockopt(socket.IPPROTO_IP, IP_RECVTTL, 1)
        if options:
            client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, bytes.fromhex(options))
        client.connect((server, 53))
        began = time.monotonic()
        client.send(codec.query(name, qtype, 4660))
        while (left := began + wait - time.monotonic()) > 0:
            client.settimeout(left)
            try:
                data, extra, _, _ = client.recvmsg(2000, 256)
            except TimeoutError:
                break
            except OSError as error:
                answers.append([failure(error), None, round((time.monotonic() - began) * 1000)])
                continue
            ttl = next((struct.unpack("i", value)[0] for _, kind, value in extra if kind == IP_TTL), None)
            answer = codec.parse(data)[3]
            answers.append([answer.failure or list(answer.addresses), ttl, round((time.monotonic() - began) * 1000)])
    return answers


def tcp(address, port, wait=1.0):
    """`ok` or the failure, and milliseconds."""
    began = time.monotonic()
    try:
        with socket.create_connection((address, port), wait):
            said = "ok"
    except OSError as error:
        said = failure(error)
    return [said, round((time.monotonic() - began) * 1000)]


def tls(name, address, wait=1.0, port=443):
    """`ok` or the failure of a handshake that names `name`."""
    context = ssl.create_default_context(cafile=os.environ["HUSHMAP_ROOTS"])
    try:
        with (
            socket.create_connection((address, port), wait) as client,
            context.wrap_socket(client, server_hostname=name),
        ):
            return "ok"
    except OSError as error:
        return failure(error)


def tls_then(name, address, control, pause):
    """The handshake, then the control name on the same address at once and after a pause, and on another port."""
    first = tls(name, address)
    at_once, other_port = tls(control, address), tcp(address, 80)[0]
    time.sleep(pause)
    return [first, at_once, other_port, tls(control, address)]


def http(host, address, path="/", wait=1.0, pieces=1):
    """[status, whether it is a notice], or the failure, of a plain request in so many segments."""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    size = -(-len(request) // pieces)
    try:
        with socket.create_connection((address, 80), wait) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for start in range(0, len(request), size):
                client.send(request[start : start + size])
                time.sleep(0.01)
            data = b""
            while piece := client.recv(65536):
                data += piece
    except OSError as error:
        return failure(error)
    return [int(data.split()[1]), b"lab notice" in data]


def hops(address, name, most):
    """For each TTL the ICMP sender, or the addresses of an answer, to a DNS question."""
    level, option, recverr = (
        (socket.IPPROTO_IPV6, IPV6_UNICAST_HOPS, IPV6_RECVERR)
        if ":" in address
        else (socket.IPPROTO_IP, IP_TTL, IP_RECVERR)
    )
    seen = []
    for ttl in range(1, most + 1):
        with socket.socket(family(address), socket.SOCK_DGRAM) as client:
            client.setsockopt(level, recverr, 1)
            client.setsockopt(level, option, ttl)
            client.connect((address, 53))
            client.settimeout(0.6)
            client.send(codec.query(name, "A", 1))
            try:
                seen.append(list(codec.parse(client.recv(2000))[3].addresses))
            except TimeoutError:
                seen.append("timeout")
            except OSError:
                seen.append(beside(client) or erring(client, recverr))
    return seen


def beside(client):
    """The addresses of an answer that came beside an error, which the kernel tells first; `None` without one."""
    client.setblocking(False)  # with a time-out Python would try again until that is over
    try:
        return list(codec.parse(client.recv(2000))[3].addresses)
    except OSError:
        return None


def erring(client, recverr):
    """Who sent the ICMP error that lies in the socket's error queue."""
    _, extra, _, _ = client.recvmsg(512, 512, socket.MSG_ERRQUEUE)
    value = next(value for _, kind, value in extra if kind == recverr)
    where = value[24:40] if client.family == socket.AF_INET6 else value[20:24]
    return socket.inet_ntop(client.family, where)


def share(address, seconds, every):
    """Share of queries that got no answer, one every so many seconds; and the longest run of losses."""
    answered = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect((address, 53))
        client.setblocking(False)
        began, sent = time.monotonic(), 0
        while (now := time.monotonic() - began) < seconds + 1.0 and (now < seconds or len(answered) < sent):
            if now < seconds and sent < now / every:
                client.send(codec.query("news-one.example", "A", sent))
                sent += 1
                continue
            try:
                answered.add(codec.question(client.recv(2000))[0])
            except BlockingIOError:
                time.sleep(every / 4)
    longest = run = 0
    for ident in range(sent):
        run = 0 if ident in answered else run + 1
        longest = max(longest, run)
    return [1 - len(answered) / sent, longest, sent]


def rtts(address, seconds, every):
    """Milliseconds from each query, one every so many seconds, to its answer; `None` where none came."""
    sent, took = {}, {}
    with socket.socket(family(address), socket.SOCK_DGRAM) as client:
        client.connect((address, 53))
        client.settimeout(every / 4)
        began = time.monotonic()
        while (now := time.monotonic() - began) < seconds + 1.0 and (now < seconds or len(took) < len(sent)):
            if now < seconds and len(sent) < now / every:
                sent[len(sent)] = now
                client.send(codec.query("news-one.example", "A", len(sent) - 1))
            try:
                ident = codec.question(client.recv(2000))[0]
                took[ident] = (time.monotonic() - began - sent[ident]) * 1000
            except TimeoutError:
                continue
    return [took.get(ident) for ident in sent]


def fetched(host, address, wait=8.0):
    """Bytes of a plain response, and seconds from the first of them to the last."""
    with socket.create_connection((address, 80), wait) as client:
        client.send(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        size = len(client.recv(1))
        began = time.monotonic()
        while piece := client.recv(65536):
            size += len(piece)
    return [size, time.monotonic() - began]


def sent(address, port, payload, wait=1.0):
    """What comes of a datagram, given in hexadecimal: a kernel refuses a closed port once it has it whole."""
    with socket.socket(family(address), socket.SOCK_DGRAM) as client:
        client.connect((address, port))
        client.settimeout(wait)
        client.send(bytes.fromhex(payload))
        try:
            return len(client.recv(65536))
        except OSError as error:
            return failure(error)


def system(name):
    """Addresses by getaddrinfo, or the failure."""
    try:
        return sorted({info[4][0] for info in socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)})
    except OSError as error:
        return failure(error)


def main():
    """Run all checks side by side."""
    checks = json.loads(sys.argv[1])
    with ThreadPoolExecutor(len(checks)) as pool:
        sys.stdout.write(json.dumps(list(pool.map(lambda check: globals()[check[0]](*check[1:]), checks))))


if __name__ == "__main__":
    main()
