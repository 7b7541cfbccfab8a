"""OONI's API from the command line: how many, how far, and on again."""

import gzip
import json
import os
import signal
import subprocess
import sys
import textwrap

import pytest
import stamina

from hushmap.cli import gathering
from hushmap.cli.fault import Fault
from hushmap.cli.gathering import Meter, how_many, output_path, query_of
from hushmap.remote import HowFar, Query
from unit.remote.api import FakeApi
from unit.remote.serving import Answer, Server, serve

WORDS = ("fetch", "ooni", "--country", "XE", "--since", "2026-01-01", "--until", "2026-02-01")
NAME = "ooni-XE-2026-01-01-2026-02-01.jsonl.gz"
ASKED = {"country": "it", "since": "2026-01-01", "until": "2026-01-02", "test": "telegram", "domain": None}


@pytest.fixture
def server(monkeypatch):
    """The API on loopback, asked without pauses."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("hushmap.remote.ooni_api.Pace.__call__", lambda self: None)
    made = Server(answer=FakeApi([(f"u{n}", f"2026-01-02T00:00:0{n}Z") for n in range(5)]))
    stop = serve(made)
    monkeypatch.setenv("HUSHMAP_OONI_API", made.base)
    with stamina.set_testing(True, attempts=2, cap=True):
        yield made
    stop()


def ids(path):
    """Ids in a packed file."""
    return [json.loads(line)["measurement_uid"] for line in gzip.decompress(path.read_bytes()).splitlines()]


def test_all_are_fetched_and_told(hushmap, server, home):
    """How many there are comes first; then file, bytes, hash, licence, and what to do with it."""
    done = hushmap(*WORDS)
    assert done.exit_code == 0, done.stderr
    asked = "web_connectivity in XE, 1 Jan 2026 to before 1 Feb 2026"
    assert done.stderr.splitlines()[:3] == [
        f"Asking OONI's API at {server.base} for {asked}. It sees this computer's address and what is asked.",
        f"5 measurements: {asked}.",
        "Fetching up to 5, at most one request a second: about a minute.",
    ]
    assert done.stdout.startswith(f"5 measurements in {NAME} · ")
    assert f"hushmap judge {NAME}" in done.stdout
    assert ids(home / NAME) == [f"u{n}" for n in range(5)]
    assert hushmap(*WORDS).stderr.startswith(f"hushmap: {NAME}: is there already")


def test_whom_it_asks_is_told_before_it_asks(hushmap, server):
    """Also where nobody answers, or where the answer leads to another host, to which nothing is sent."""
    other = server.base.replace("127.0.0.1", "localhost")
    server.answer.meddle = lambda asked: Answer(status=302, headers={"Location": f"{other}/x"})
    done = hushmap(*WORDS)
    assert done.exit_code == 2
    first, *_, last = done.stderr.splitlines()
    assert first.startswith(f"Asking OONI's API at {server.base} for web_connectivity in XE")
    assert f"leads to another host: {other}/x" in last
    assert {asked.path for asked in server.asked} <= {"/api/v1/aggregation", "/api/v1/measurements"}


def test_a_limit_says_what_is_left(hushmap, server, home):
    """Fewer than there are: how to get the others, and then only they are fetched."""
    done = hushmap(*WORDS, "--limit", 2, "--json")
    found = json.loads(done.stdout)
    assert (found["rows"], found["matches"], found["complete"]) == (2, 5, False)
    assert "(all of them: --limit 5)" in done.stderr
    server.asked.clear()
    done = hushmap(*WORDS, "--limit", 3)
    assert f"; 2 of them are in {NAME} already." in done.stderr
    assert "There are more: the same command with --limit 5 goes on." in done.stdout
    assert [asked.query.get("measurement_uid") for asked in server.asked][2:] == ["u2"]
    assert json.loads(hushmap(*WORDS, "--json").stdout)["complete"]
    assert ids(home / NAME) == [f"u{n}" for n in range(5)]


def test_what_could_not_be_had_is_told(hushmap, server):
    """How many, and why the first."""
    server.answer.bodies["u1"] = b"{}"
    done = hushmap(*WORDS)
    assert done.stdout.startswith("4 measurements in ")
    assert "  1 more could not be had; the first: " in done.stdout
    assert "is empty; tell OONI" in done.stdout


def test_no_match_leaves_no_file(hushmap, server, home):
    """Nothing is written where nothing came."""
    server.answer.measurements.clear()
    before = set(home.iterdir())
    done = hushmap(*WORDS)
    assert (done.exit_code, set(home.iterdir())) == (0, before)
    assert done.stdout.startswith("No measurement was fetched: web_connectivity in XE")
    assert json.loads(hushmap(*WORDS, "--json").stdout)["file"] is None


def test_a_busy_api_ends_early_and_can_be_gone_on_with(hushmap, server, home):
    """Exit code 5 when something came, 2 when nothing did; the same command goes on."""
    server.answer.meddle = lambda asked: Answer(status=503) if asked.query.get("measurement_uid") == "u3" else None
    done = hushmap(*WORDS)
    assert (done.exit_code, ids(home / NAME)) == (5, ["u0", "u1", "u2"])
    assert f"try again later; 3 measurements in {NAME}: the same command goes on from there" in done.stderr
    server.answer.meddle = lambda asked: Answer(status=503) if asked.path.endswith("/measurements") else None
    assert hushmap(*WORDS[:2], "--country", "XF", *WORDS[4:]).exit_code == 2
    server.answer.meddle = None
    assert hushmap(*WORDS).exit_code == 0
    assert ids(home / NAME) == [f"u{n}" for n in range(5)]


def test_who_stops_it_is_told_how_to_go_on(hushmap, server, monkeypatch):
    """Control-C: exit code 130, and what is there."""

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(gathering, "gather", stopped)
    done = hushmap(*WORDS)
    assert done.exit_code == 130
    assert f"0 measurements in {NAME}; the same command goes on from there." in done.stderr


def test_a_person_is_asked_how_many(monkeypatch, person):
    """Only at a terminal, only where there are more than usual, and only if no limit was given."""
    answers = ["", "2,500", "some", "0"]
    asked = []
    monkeypatch.setattr(gathering, "typed_answer", lambda text: asked.append(text) or answers.pop(0))
    assert [how_many(12_345, None), how_many(12_345, None)] == [1000, 2500]
    assert asked[0].startswith("12,345 measurements match. How many")
    for _ in range(2):
        with pytest.raises(Fault, match="is no number; nothing was fetched"):
            how_many(12_345, None)
    assert [how_many(12_345, 7), how_many(9, None), how_many(None, None)] == [7, 1000, 1000]
    assert len(asked) == 4


def test_a_program_is_not_asked():
    """Without a terminal the usual number is taken."""
    assert how_many(12_345, None) == 1000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"country": "ITA"}, "--country 'ITA' is no country"),
        ({"test": "Web Connectivity"}, "--test 'Web Connectivity' is no name of a test"),
        ({"domain": "https://x.example/"}, "--domain 'https://x.example/' is no name of a site"),
        ({"since": "yesterday"}, "--since 'yesterday' is no day; write YYYY-MM-DD"),
        ({"since": "20260101"}, "--since '20260101' is no day; write YYYY-MM-DD"),
        ({"until": "2026-01-01"}, "--since is not before --until"),
    ],
)
def test_a_question_that_is_none_is_a_fault(change, said):
    """Each word is looked at before anything is sent."""
    with pytest.raises(Fault, match=said):
        query_of(**{**ASKED, **change})


def test_a_question_and_its_file(tmp_path):
    """The file is named after what is in it, or as the person says; its name tells the packing."""
    query = query_of(**{**ASKED, "domain": "www.example.com"})
    assert query == Query(
        country="IT", since="2026-01-01", until="2026-01-02", test="telegram", domain="www.example.com"
    )
    assert str(output_path(None, query)) == "ooni-IT-2026-01-01-2026-01-02-www.example.com-telegram.jsonl.gz"
    assert output_path(tmp_path / "x.jsonl.zst", query) == tmp_path / "x.jsonl.zst"
    with pytest.raises(Fault, match=r"x\.csv: the name tells how it is packed; end it in"):
        output_path(tmp_path / "x.csv", query)


class Time:
    """A clock that a test moves."""

    def __init__(self):
        self.t = 0.0

    def now(self):
        return self.t


def test_how_far_it_is_is_said_now_and_then(monkeypatch, capsys):
    """A line each ten seconds, or one that is redrawn."""
    far = HowFar(written=1, missing=2, came=1500)
    clock = Time()
    meter = Meter(clock, 10)
    meter(far)
    clock.t = 11.0
    meter(far)
    meter.end()
    assert capsys.readouterr().err == "1 of up to 10 · 1.5 kB came · 2 could not be had\n"
    monkeypatch.setattr("hushmap.cli.screen.lively", lambda: True)
    meter = Meter(clock, 10)
    meter(far)
    meter(far)
    meter.end()
    meter.end()
    shown = capsys.readouterr().err
    assert (shown.count("\r"), shown.count("\n"), len(shown)) == (2, 1, 2 * 100 + 1)


def test_a_killed_fetch_goes_on_without_doubles(hushmap, server, home):
    """SIGKILL in the middle of a measurement: the same command completes the file, each once."""
    killed = []

    def kill(asked):
        if asked.query.get("measurement_uid") == "u3" and not killed:
            killed.append(os.kill(child.pid, signal.SIGKILL))

    server.answer.meddle = kill
    code = """
        import sys
        from hushmap.remote import ooni_api
        ooni_api.Pace.__call__ = lambda self: None
        from hushmap.cli import main
        main(sys.argv[1:])
    """
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), *WORDS], env=environment, cwd=home)
    assert child.wait(60) == -signal.SIGKILL
    assert ids(home / NAME) == ["u0", "u1", "u2"]
    assert hushmap(*WORDS).exit_code == 0
    assert ids(home / NAME) == [f"u{n}" for n in range(5)]
