"""Events become a bar, lines or JSON."""

import io
import json

import pytest
from rich.console import Console

from hushmap.cli import reporting
from hushmap.cli.reporting import Bar, JsonLines, Lines, Told, reporter
from hushmap.runner import Ended, Notice, Progress, Started, TargetDone


def _told(judged):
    return Told(name="web", ready="Ready", clock=lambda t: f"22:33:{t:02.0f}", judge=lambda record: judged[0])


def _progress(t, sealed=0):
    return Progress(t=t, targets=3, sealed=sealed, finished=0, repeating=0, trials=1, bytes=5, in_flight=1)


def _events(judged):
    return [
        Started(run="r", t=1.0, targets=3, helper=True),
        _progress(2.0),
        Notice(t=3.0, code="slowed", text="slow\x1b[2J"),
        TargetDone(index=0, record=judged[0].record),
        _progress(5.0, 1),
        _progress(13.0, 1),
        Ended(code=0, reason="done", t=14.0, targets=3, sealed=1),
    ]


def _all(report, judged):
    for event in _events(judged):
        report(event)
    report.close()


def test_lines_come_every_ten_seconds(judged, capsys):
    """Without a terminal: ready, notices at once, how far it is at most every ten seconds; escapes are shown."""
    _all(Lines(_told(judged), verbose=True), judged)
    assert capsys.readouterr().err.splitlines() == [
        "Ready",
        "web  0/3   5 bytes",
        "  22:33:03  slow\\u001b[2J",
        "  Blocked by name         https://news.example.org/",
        "web  1/3   blocked 1   5 a minute · 5 bytes",
    ]


def test_quiet_lines_say_nothing(judged, capsys):
    """-q: nothing; the counters go on all the same."""
    told = _told(judged)
    _all(Lines(told, quiet=True), judged)
    assert capsys.readouterr().err == ""
    assert told.groups["Blocked"] == 1


def test_a_bar_is_drawn_and_taken_away(judged):
    """At a terminal: a bar, notices above it, and no trace of the bar at the end."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=120, highlight=False, markup=False)
    _all(Bar(_told(judged), verbose=True, console=console), judged)
    text = stream.getvalue()
    assert "Ready" in text
    assert "slow\\u001b[2J" in text
    assert "Blocked by name         https://news.example.org/" in text
    assert "1/3" in text


def test_json_lines_are_the_events(judged, capsys):
    """start, notice, target with the judge's object, end; progress is for people."""
    _all(JsonLines(_told(judged)), judged)
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["event"] for one in found] == ["start", "notice", "target", "end"]
    assert (found[2]["label"], found[2]["index"]) == ("Blocked by name", 0)


@pytest.mark.parametrize(
    ("as_json", "quiet", "lively", "kind"),
    [
        (True, False, True, JsonLines),
        (False, False, True, Bar),
        (False, True, True, Lines),
        (False, False, False, Lines),
    ],
)
def test_the_reporter_that_fits(judged, monkeypatch, as_json, quiet, lively, kind):
    """JSON if asked for, a bar where a person looks, else lines."""
    monkeypatch.setattr(reporting.screen, "lively", lambda: lively)
    found = reporter(_told(judged), as_json=as_json, quiet=quiet, verbose=False)
    assert isinstance(found, kind)
    found.close()
