"""Which files are hidden, and how; that nothing leaks is shown in tests/lab."""

import pytest

from hushmap.lab import private
from hushmap.lab.namespaces import RefusedError


@pytest.fixture
def mounts(monkeypatch):
    """Mounts are written down, not made."""
    made = []
    monkeypatch.setattr(
        private, "mount", lambda source, target, kind="", flags=0: made.append((source, target, kind))
    )
    return made


def test_the_sockets_of_the_host_are_covered_first(mounts, monkeypatch):
    """/run becomes an empty tmpfs before any file of ours is written there."""
    covered = []
    monkeypatch.setattr(private, "_cover", lambda target, text, name: covered.append((name, text, len(mounts))))
    private.hide_host("198.51.100.53")
    assert ("tmpfs", "/run", "tmpfs") in mounts
    assert {name for name, _, _ in covered} == {"/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/hosts"}
    assert all(before == len(mounts) for _, _, before in covered)
    texts = {name: text for name, text, _ in covered}
    assert texts["/etc/resolv.conf"].startswith("nameserver 198.51.100.53\n")
    assert "hosts: files dns\n" in texts["/etc/nsswitch.conf"], "no mdns, no resolved, no myhostname"


def test_further_hosts_and_another_resolver_are_written(mounts, monkeypatch, tmp_path):
    """An ad-blocker's lines follow localhost; a resolver is named anew in the file itself."""
    covered = {}
    monkeypatch.setattr(private, "_cover", lambda target, text, name: covered.update({name: text}))
    private.hide_host("198.51.100.53", {"ads.example": "0.0.0.0"})
    assert covered["/etc/hosts"].endswith("localhost\n0.0.0.0 ads.example\n")
    private.use_resolver("198.18.4.1", str(tmp_path / "resolv.conf"))
    assert (tmp_path / "resolv.conf").read_text().startswith("nameserver 198.18.4.1\n")


def test_a_missing_file_is_a_refusal_unless_glibc_needs_none(mounts, tmp_path):
    """Without nsswitch.conf glibc asks files and DNS; without resolv.conf it would ask this computer."""
    private._cover(tmp_path / "gone", "", "/etc/nsswitch.conf")
    assert mounts == []
    with pytest.raises(FileNotFoundError):
        private._cover(tmp_path / "gone", "", "/etc/resolv.conf")


def test_what_goes_wrong_becomes_a_refusal(mounts, monkeypatch):
    """With the step that a person can look up."""

    def broken(*_):
        raise FileNotFoundError(2, "gone")

    monkeypatch.setattr(private, "_cover", broken)
    with pytest.raises(RefusedError) as refused:
        private.hide_host("198.51.100.53")
    assert refused.value.step == "private files"


def test_the_word_of_the_lab_is_kept(tmp_path):
    """It lies in a folder that is made for it."""
    private.keep_token("word", str(tmp_path / "lab" / "token"))
    assert (tmp_path / "lab" / "token").read_text() == "word"


def test_settings_that_cannot_be_written_are_left():
    """Where /proc/sys is read-only or has no such entry the kernel's defaults must do."""
    private.tune({"no/such/setting": "1"})
