"""Hides the host's name services from a namespace: its own /run, resolv.conf, nsswitch.conf and hosts.

Unix sockets cross network namespaces: without this, nscd, systemd-resolved or D-Bus under /run would answer names
for a client that has no uplink, and the lab would measure the host (DESIGN, The lab).
"""

import errno
import os
from collections.abc import Mapping
from pathlib import Path

from hushmap.lab.addresses import TOKEN_FILE
from hushmap.lab.namespaces import MS_BIND, MS_NODEV, MS_NOSUID, RefusedError, mount

_HOSTS = "127.0.0.1 localhost\n::1 localhost\n"
_NSSWITCH = "passwd: files\ngroup: files\nhosts: files dns\nnetworks: files\nservices: files\nprotocols: files\n"
_RESOLV = "nameserver {resolver}\noptions timeout:1 attempts:3\n"
"""Three sends within about 3 s; METHOD 3 asks for at least three within a time-out."""


def hide_host(resolver: str, hosts: Mapping[str, str] | None = None) -> None:
    """Mount the private files over the host's, in this mount namespace only; `hosts` are further names of hosts."""
    lines = "".join(f"{address} {name}\n" for name, address in (hosts or {}).items())
    wanted = {
        "/etc/resolv.conf": _RESOLV.format(resolver=resolver),
        "/etc/nsswitch.conf": _NSSWITCH,
        "/etc/hosts": _HOSTS + lines,
    }
    real = {name: os.path.realpath(name) for name in wanted}
    sockets = {os.path.realpath("/run"), os.path.realpath("/var/run")}
    for folder in sorted(sockets):
        if Path(folder).is_dir():
            mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV)
    try:
        for name, text in wanted.items():
            _cover(Path(real[name]), text, name)
    except OSError as error:
        raise RefusedError("private files", error.errno or errno.EPERM) from error


def _cover(target: Path, text: str, name: str) -> None:
    """Write the file where the host's link points (under the new /run), or mount it over the host's file."""
    if Path("/run") in target.parents:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="ascii")
        return
    if not target.exists():
        if name == "/etc/nsswitch.conf":  # glibc's built-in order is files and dns: nothing to hide
            return
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    ours = Path("/run/hushmap-lab") / target.name
    ours.parent.mkdir(exist_ok=True)
    ours.write_text(text, encoding="ascii")
    mount(str(ours), str(target), flags=MS_BIND)


def use_resolver(resolver: str, path: str = "/etc/resolv.conf") -> None:
    """Name another resolver from now on; call after `hide_host`, or it would be the host's file."""
    Path(path).write_text(_RESOLV.format(resolver=resolver), encoding="ascii")


def keep_token(token: str, path: str = TOKEN_FILE) -> None:
    """Write the lab's word where only processes of this mount namespace find it; call after `hide_host`."""
    file = Path(path)
    file.parent.mkdir(exist_ok=True)
    file.write_text(token, encoding="ascii")


def tune(settings: dict[str, str]) -> None:
    """Write network sysctls of this namespace; where /proc/sys is read-only the defaults must do."""
    for name, value in settings.items():
        path = Path("/proc/sys/net") / name
        if os.access(path, os.W_OK):
            path.write_text(value, encoding="ascii")
