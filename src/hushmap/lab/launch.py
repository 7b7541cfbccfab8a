"""The launcher: leaves the host, gives birth to client, internet and path, and ends with them.

It is a program of its own (`python -m hushmap.lab.launch JOB`) so that nobody who uses a lab is ever unshared. The
first child is process 1 of a new process namespace: when it dies everything in the lab dies, entered shells and
measurements included. It dies with the launcher (PDEATHSIG, and the end of a pipe), and the launcher ends when its
standard input does, so a killed caller leaves nothing behind.
"""

import os
import select
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import msgspec

from hushmap.lab import netlink, private
from hushmap.lab.addresses import CLIENT, CLIENT6, DEVICE, HELPER, HONEST_RESOLVER, HONEST_RESOLVER6, ISP_RESOLVER
from hushmap.lab.building import build_path
from hushmap.lab.capture import Capture
from hushmap.lab.changes import Changes
from hushmap.lab.namespaces import (
    NEWNET,
    NEWNS,
    RefusedError,
    become,
    die_with_parent,
    mount,
    open_tun,
    unshare,
)
from hushmap.lab.path import Tap, carry
from hushmap.lab.scenario import Scenario
from hushmap.lab.services.internet import living_addresses, serve
from hushmap.lab.truth import TruthLog

EXIT_REFUSED = 6
"""UX 5: this system refuses the lab."""
_BEAT_S = 0.25
"""How often the launcher looks whether a child has died."""
_CLIENT_SYSCTLS = {"ipv6/conf/all/accept_ra": "0", f"ipv6/conf/{DEVICE}/router_solicitations": "0"}
_INTERNET_SYSCTLS = _CLIENT_SYSCTLS | {
    "ipv4/icmp_ratelimit": "0",
    "ipv4/icmp_msgs_per_sec": "100000",
    "ipv6/icmp/ratelimit": "0",
    "ipv4/ip_unprivileged_port_start": "0",
}
"""A server's ICMP errors are not rate limited: one namespace stands for many servers (refs/LAB 3)."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the launcher is told."""

    folder: str
    """Holds scenario.json; truth.jsonl and roots.pem come to lie there; removed at the end."""
    way: str
    """`user`: by a user namespace; `root`: as root."""
    seed: int
    helper: tuple[str, ...] = ()
    """The command of the product's helper, started on the internet side; none if empty."""
    token: str = ""
    """What the client's processes know that they are in a lab by."""
    owner: tuple[int, int] | None = None
    """User and group that helpers drop to, if the launcher was started through sudo."""
    pcap: str = ""
    """A file that is there, to which what crosses the path is written; nothing is if empty."""


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the launcher's standard output."""

    ready: int | None = None
    """The process whose namespaces are the client's."""
    roots: str = ""
    helper: str = ""
    """The settings string that the helper printed."""
    refused: str = ""
    remedy: str = ""
    error: str = ""


def main() -> int:
    """Run one lab until standard input ends."""
    job = msgspec.json.decode(sys.argv[1], type=Job)
    try:
        return _Launcher(job).run()
    except RefusedError as refusal:
        _say(Said(refused=refusal.right, remedy=refusal.remedy))
        return EXIT_REFUSED
    finally:
        shutil.rmtree(job.folder, ignore_errors=True)


def _say(said: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


class _Launcher:
    def __init__(self, job: Job) -> None:
        self._job = job
        self._folder = Path(job.folder)
        self._scenario = msgspec.json.decode((self._folder / "scenario.json").read_bytes(), type=Scenario)
        self._children: dict[int, str] = {}
        self._alive, self._life = os.pipe()  # children read it; its end is the launcher's end

    def run(self) -> int:
        become(self._job.way)
        try:
            log = TruthLog(self._folder / "truth.jsonl")
            pid, client = self._spawn("client", self._client)
            tun_client = _received(client)
            _, internet = self._spawn("internet", lambda line: self._internet(line, log))
            tun_internet = _received(internet)
            path = build_path(self._scenario, self._job.seed, log)
            tap = self._tap()
            self._spawn("path", lambda _: carry(path, tun_client, tun_internet, self._alive, tap))
            os.close(tun_client)
            os.close(tun_internet)
            said = msgspec.json.decode(_line(internet), type=Said)
            if said.error:
                _say(said)
                return 1
            _say(msgspec.structs.replace(said, ready=pid))
            return self._watch()
        finally:
            self._end()

    def _tap(self) -> Tap | None:
        """What writes down each packet, if that is wanted."""
        if not self._job.pcap:
            return None
        return Capture(Path(self._job.pcap), f"lab {self._scenario.name}, seed {self._job.seed}").packet

    def _spawn(self, name: str, work: Callable[[socket.socket], None]) -> tuple[int, socket.socket]:
        """Fork a child that does `work` and never returns; a refusal is reported through its socket."""
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            ours.close()
            os.close(self._life)
            _child(work, theirs)
        theirs.close()
        self._children[pid] = name
        return pid, ours

    def _client(self, line: socket.socket) -> None:
        """Process 1: makes the client's namespaces, then holds them and buries the dead."""
        unshare(NEWNET | NEWNS)
        private.hide_host(ISP_RESOLVER, self._scenario.client.hosts)
        private.keep_token(self._job.token)
        try:
            mount("proc", "/proc", "proc")
        except RefusedError:  # containers mask parts of /proc: the host's then stays, and shows host process ids
            sys.stderr.write("lab: the client keeps the host's /proc\n")
        tun = open_tun(DEVICE)
        stamps = "1" if self._scenario.client.timestamps else "0"
        private.tune(_CLIENT_SYSCTLS | {"ipv4/tcp_timestamps": stamps})
        net = netlink.Netlink()
        net.up("lo")
        net.up(DEVICE)
        for address in (CLIENT, CLIENT6):
            net.address(DEVICE, address)
            net.default(DEVICE, address)
        net.close()
        socket.send_fds(line, [b"T"], [tun])
        os.close(tun)
        changes = Changes(self._scenario.change)
        while not select.select([self._alive], [], [], _BEAT_S)[0]:
            _bury()
            changes.tick()

    def _internet(self, line: socket.socket, log: TruthLog) -> None:
        unshare(NEWNET | NEWNS)
        private.hide_host(HONEST_RESOLVER)
        tun = open_tun(DEVICE)
        private.tune(_INTERNET_SYSCTLS)
        net = netlink.Netlink()
        net.up("lo")
        net.up(DEVICE)
        for address in living_addresses(self._scenario):
            net.address("lo", address)
        net.default(DEVICE, HELPER)
        net.default(DEVICE, HONEST_RESOLVER6)
        net.close()
        socket.send_fds(line, [b"T"], [tun])
        os.close(tun)

        def ready(roots: str, helper: str, error: str) -> None:
            line.sendall(msgspec.json.encode(Said(roots=roots, helper=helper, error=error)) + b"\n")

        serve(self._scenario, self._folder, log, ready, helper=self._job.helper, owner=self._job.owner)

    def _watch(self) -> int:
        """Until the caller lets go; a child that ended by itself, if only just before, is an error, said aloud."""
        while True:
            let_go = bool(select.select([sys.stdin], [], [], _BEAT_S)[0])
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid:
                name = self._children.pop(pid)
                _say(Said(error=f"the lab's {name} process ended by itself"))
                return 1
            if let_go:
                return 0

    def _end(self) -> None:
        """Kill process 1, and with it every process of the lab; it is gone only when all others were waited for."""
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        for pid in reversed(self._children):
            os.waitpid(pid, 0)


def _child(work: Callable[[socket.socket], None], line: socket.socket) -> NoReturn:
    status = 1
    try:
        die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        work(line)
        status = 0
    except RefusedError as refusal:
        line.sendall(msgspec.json.encode([refusal.step, refusal.errno]))
    except BaseException:  # noqa: BLE001 (a forked child must not return into the launcher's code; the fault is printed)
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _received(line: socket.socket) -> int:
    """The TUN device that a child made, or its refusal raised here."""
    data, descriptors, _, _ = socket.recv_fds(line, 4096, 1)
    if descriptors:
        return descriptors[0]
    if not data:
        raise RuntimeError("a lab process died at its birth; its own message stands above")
    step, number = msgspec.json.decode(data)
    raise RefusedError(step, number)


def _line(line: socket.socket) -> bytes:
    data = line.makefile("rb").readline()
    if not data:
        raise RuntimeError("the internet side died before it was ready; its own message stands above")
    return data


def _bury() -> None:
    """Wait for orphans, as process 1 must."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:  # nobody to bury
        return


if __name__ == "__main__":
    sys.exit(main())
