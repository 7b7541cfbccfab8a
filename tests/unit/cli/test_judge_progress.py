"""How far judging has come."""

import io

from rich.console import Console

from hushmap.cli.judge_progress import HowFar


class Ticking:
    """A clock that tests set."""

    t = 100.0

    def now(self):
        """What it is set to."""
        return self.t


def test_a_line_every_ten_seconds(capsys):
    """Elsewhere than at a terminal: share, records, pace, what is left; what is quick says nothing."""
    clock = Ticking()
    progress = HowFar(clock, 10_000)
    for t, read in ((101.0, 500), (110.0, 2000), (112.0, 0), (120.0, 2500), (130.0, 5000)):
        clock.t = t
        progress.step(read, 100)
    progress.close()
    assert capsys.readouterr().err.splitlines() == [
        "judge  25 % · 200 records · 20 a second · 30 s left",
        "judge  50 % · 400 records · 20 a second · 20 s left",
        "judge  100 % · 500 records · 17 a second · 0 s left",
    ]


def test_without_a_size_only_the_pace_is_said(capsys):
    """A pipe has no end that is known."""
    clock = Ticking()
    progress = HowFar(clock, None)
    clock.t = 4100.0
    progress.step(50, 8_000_000)
    assert capsys.readouterr().err == "judge  8,000,000 records · 2,000 a second\n"


def test_what_takes_long_is_told_in_minutes(capsys):
    """Nobody needs the seconds of an hour."""
    clock = Ticking()
    progress = HowFar(clock, 100)
    clock.t = 160.0
    progress.step(1, 8)
    assert capsys.readouterr().err == "judge  1 % · 8 records · 0 a second · 2 hours left\n"


def test_a_bar_at_a_terminal():
    """Drawn after a second, and taken away."""
    clock, stream = Ticking(), io.StringIO()
    progress = HowFar(clock, 100, Console(file=stream, force_terminal=True, width=120))
    progress.step(10, 1)
    assert stream.getvalue() == ""
    clock.t = 102.0
    progress.step(40, 7)
    progress.step(50, 7)
    progress.close()
    assert "100 % · 15 records · 8 a second" in stream.getvalue()
