"""`python -m hushmap` is the command."""

import runpy
import sys

import pytest


def test_the_module_is_the_command(monkeypatch, capsys):
    """`python -m hushmap --version` prints the version and ends with 0."""
    monkeypatch.setattr(sys, "argv", ["hushmap", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("hushmap", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("hushmap ")
