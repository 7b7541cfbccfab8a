"""Refusals of the kernel, in words; what the calls do is shown in tests/lab."""

import errno
import os

import pytest

from hushmap.lab import namespaces
from hushmap.lab.namespaces import REMEDIES, RefusedError


@pytest.mark.parametrize(
    ("step", "number", "right", "remedy"),
    [
        ("user namespace", errno.EPERM, "forbids user namespaces", "sudo"),
        ("user namespace", errno.ENOSPC, "max_user_namespaces is 0", "sysctl"),
        ("tun device", errno.ENOENT, "no /dev/net/tun", "modprobe tun"),
        ("tun device", errno.EACCES, "not permitted", "chmod 666 /dev/net/tun"),
        ("namespaces", errno.EPERM, "CAP_SYS_ADMIN", "sudo"),
        ("private files", errno.EPERM, "mounts", "sudo"),
        ("something new", errno.EIO, "a step", "sudo"),
    ],
)
def test_a_refusal_names_the_right_and_the_remedy(step, number, right, remedy):
    """And the step with the system's own words."""
    refusal = RefusedError(step, number)
    assert right in refusal.right
    assert step in refusal.right
    assert os.strerror(number) in refusal.right
    assert remedy in refusal.remedy


def test_every_row_of_the_table_is_a_whole_sentence_part():
    """Right and remedy are one line each."""
    assert all("\n" not in text and text for row in REMEDIES.values() for text in row)


def test_a_failed_call_becomes_a_refusal(tmp_path):
    """Mounting onto what is not there, joining what is no namespace."""
    with pytest.raises(RefusedError) as mounted:
        namespaces.mount("none", str(tmp_path / "nowhere"), "tmpfs")
    assert mounted.value.step == "private files"
    (tmp_path / "file").write_text("")
    descriptor = os.open(tmp_path / "file", os.O_RDONLY)
    try:
        with pytest.raises(RefusedError, match="Invalid"):
            namespaces.setns(descriptor, namespaces.NEWNET)
    finally:
        os.close(descriptor)


def test_a_missing_device_becomes_a_refusal(monkeypatch):
    """Where containers leave out /dev/net/tun, that is what is said."""

    def absent(*_):
        raise FileNotFoundError(errno.ENOENT, "gone")

    monkeypatch.setattr(namespaces.os, "open", absent)
    with pytest.raises(RefusedError) as refused:
        namespaces.open_tun("wan")
    assert (refused.value.step, refused.value.errno) == ("tun device", errno.ENOENT)
