"""Asks the kernel for namespaces, mounts and TUN devices, and says which step it refused.

`os.unshare` and `os.setns` exist only from Python 3.12, `unshare -Urnm` and `ip netns` are not on every machine, and
`ip netns` writes into /run: ctypes on libc is less to depend on (refs/LAB 1). A refusal is a value that a person can
act on, so every call names its step.
"""

import ctypes
import errno
import fcntl
import os
import struct

NEWNS = 0x00020000
NEWUSER = 0x10000000
NEWPID = 0x20000000
NEWNET = 0x40000000

MS_NOSUID = 2
MS_NODEV = 4
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18

_PR_SET_PDEATHSIG = 1
_TUNSETIFF = 0x400454CA
_IFF_TUN = 0x0001
_IFF_NO_PI = 0x1000
"""No four-byte packet information before each packet: what is read is what is on the wire."""

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]

REMEDIES: dict[tuple[str, int | None], tuple[str, str]] = {
    ("user namespace", errno.ENOSPC): (
        "this system allows no user namespaces (user.max_user_namespaces is 0)",
        "sudo sysctl user.max_user_namespaces=1000, or run it with sudo",
    ),
    ("user namespace", None): (
        "this system forbids user namespaces",
        "run it with sudo, or docker run --privileged (containers)",
    ),
    ("namespaces", None): (
        "making network and mount namespaces needs CAP_SYS_ADMIN",
        "run it with sudo, or docker run --privileged (containers)",
    ),
    ("tun device", errno.ENOENT): (
        "there is no /dev/net/tun here",
        "sudo modprobe tun, or docker run --device /dev/net/tun (containers)",
    ),
    ("tun device", None): (
        "opening /dev/net/tun is not permitted here",
        "sudo chmod 666 /dev/net/tun (the default of most systems), or run it with sudo",
    ),
    ("private files", None): (
        "this system forbids mounts inside a user namespace",
        "run it with sudo, or docker run --privileged (containers)",
    ),
}
"""What a refused step means and what helps; a row with `None` stands for every other errno of that step."""


class RefusedError(OSError):
    """The system refused one step of building the lab."""

    def __init__(self, step: str, number: int) -> None:
        super().__init__(number, os.strerror(number))
        self.step = step

    @property
    def right(self) -> str:
        """The missing right, in words."""
        return f"{self._row[0]} ({self.step}: {self.strerror})"

    @property
    def remedy(self) -> str:
        """What helps."""
        return self._row[1]

    @property
    def _row(self) -> tuple[str, str]:
        fallback = ("this system refuses a step of building the lab", "run it with sudo")
        return REMEDIES.get((self.step, self.errno)) or REMEDIES.get((self.step, None)) or fallback


def _checked(step: str, result: int) -> None:
    if result != 0:
        raise RefusedError(step, ctypes.get_errno())


def unshare(flags: int, step: str = "namespaces") -> None:
    """Move this process into new namespaces of the given kinds; it must be single-threaded for `NEWUSER`."""
    _checked(step, _libc.unshare(flags))


def setns(descriptor: int, kind: int) -> None:
    """Join the namespace behind an open /proc/PID/ns file."""
    _checked("join", _libc.setns(descriptor, kind))


def die_with_parent(signal_number: int = 9) -> None:
    """Let the kernel kill this process when its parent ends, however it ends (prctl(2), PR_SET_PDEATHSIG)."""
    _checked("prctl", _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0))


def mount(source: str, target: str, kind: str = "", flags: int = 0) -> None:
    """Attach a file system; `kind` is empty for bind mounts and changes of propagation."""
    result = _libc.mount(source.encode(), target.encode(), kind.encode() or None, flags, None)
    _checked("private files", result)


def become(way: str) -> None:
    """Leave the host: new network, mount and process namespaces, by a user namespace of our own or as root.

    The process namespace is what makes the end certain: when its first process dies, the kernel kills every other,
    whoever started it. Only children of this process are inside it.
    """
    if way == "user":
        uid, gid = os.getuid(), os.getgid()
        unshare(NEWUSER, "user namespace")
        _map_ids(uid, gid)
    unshare(NEWNS | NEWNET | NEWPID)
    mount("none", "/", flags=MS_REC | MS_PRIVATE)


def _map_ids(uid: int, gid: int) -> None:
    """Be root inside as the caller outside; groups must be given up first (user_namespaces(7))."""
    try:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 (procfs needs one plain write)
                file.write(text)
    except OSError as error:
        raise RefusedError("user namespace", error.errno or errno.EPERM) from error


def open_tun(name: str) -> int:
    """A TUN device in this network namespace: what the kernel sends there is read from the descriptor."""
    try:
        descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    except OSError as error:
        raise RefusedError("tun device", error.errno or errno.EPERM) from error
    return descriptor
