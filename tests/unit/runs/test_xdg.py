"""Where a person's own things lie."""

from pathlib import Path

import pytest

from hushmap.runs.errors import RunsError
from hushmap.runs.xdg import config_dir, data_dir, private_folder


def test_the_variables_are_followed_if_absolute(monkeypatch, tmp_path):
    """An absolute path is used, a relative one is ignored as the specification says."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable, folder, beneath in (
        ("XDG_CONFIG_HOME", config_dir, ".config"),
        ("XDG_DATA_HOME", data_dir, ".local/share"),
    ):
        monkeypatch.setenv(variable, str(tmp_path / "mine"))
        assert folder() == tmp_path / "mine" / "hushmap"
        for value in ("relative", ""):
            monkeypatch.setenv(variable, value)
            assert folder() == tmp_path / beneath / "hushmap"


def test_no_home_is_said(monkeypatch):
    """A system without a home folder is one line that names the variable to set."""
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    def homeless():
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(RunsError, match="set XDG_DATA_HOME to an absolute path"):
        data_dir()


def test_folders_are_private(tmp_path):
    """A folder that is made is its owner's; one that cannot be made is one line."""
    private_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunsError, match="check the permissions above it"):
        private_folder(tmp_path / "file" / "b")
