"""`hushmap keyword`: what exactly is cut off, from the first question to what is printed."""

import json

import pytest

from hushmap.cli.fault import Exit
from hushmap.runs import RunFolder
from unit.cli.scene import HELPER, NETWORK

OURS = (*NETWORK, "--helper", HELPER, "--canary", "kw-canary")


@pytest.fixture
def filtered(hushmap, stage):
    """A network that cuts what holds one of two words, and a consent."""
    stage.world.cut_words |= {"kw-canary", "kw-left"}
    assert hushmap("consent", "give", 1, "--i-have-read", 1, "--risk", "none", *NETWORK).exit_code == 0
    return stage


def test_a_text_is_taken_apart(filtered, hushmap, home):
    """The word that is cut off in it is named with its counts, and the run lies where every run does."""
    done = hushmap("keyword", "isolate", "a calm text with kw-left in it", *OURS)
    assert done.exit_code == 0, done.output
    assert "a calm text with kw-left in it in http-path: Cut off by a word" in done.stdout
    assert "“kw-left” · cut off" in done.stdout
    assert "words   " in done.stderr
    manifest = RunFolder.open(next((home / "results" / "runs").iterdir())).manifest
    assert [one.experiment for one in manifest.targets] == ["calibrate", "isolate"]
    assert [part.list for part in manifest.parts] == ["--canary", "keyword isolate"]


def test_events_carry_triggers(filtered, hushmap):
    """--json prints the events of a run; a target tells its triggers."""
    done = hushmap("keyword", "isolate", "a calm text with kw-left in it", *OURS, "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    found = [event for event in events if event["event"] == "target"]
    assert [one["test"] for one in found] == ["calibrate", "isolate"]
    assert (found[1]["outcome"], found[1]["place"], found[1]["canary"]) == ("blocked", "http-path", False)
    assert [trigger["parts"] for trigger in found[1]["triggers"]] == [["kw-left"]]
    assert (events[-1]["event"], events[-1]["code"]) == ("end", 0)


def test_a_place_is_calibrated(filtered, hushmap):
    """The canary fires; without one there is nothing to calibrate by."""
    done = hushmap("keyword", "calibrate", *OURS, "--json")
    assert done.exit_code == 0, done.output
    assert [json.loads(line)["outcome"] for line in done.stdout.splitlines() if '"target"' in line] == ["ok"]
    none = hushmap("keyword", "calibrate", *NETWORK, "--helper", HELPER)
    assert none.exit_code == Exit.USAGE
    assert none.stderr.startswith("hushmap: nothing to calibrate by was named: give a word that is known to be cut")


def test_a_name_goes_where_names_go(filtered, hushmap):
    """A domain is asked about as a name; another place is one line."""
    filtered.world.cut_words.add("blocked.example")
    done = hushmap("keyword", "domain", "blocked.example", *OURS)
    assert done.exit_code == 0, done.output
    assert "blocked.example in tls-sni" in done.stdout
    wrong = hushmap("keyword", "domain", "blocked.example", *OURS, "--place", "http-path")
    assert wrong.exit_code == Exit.USAGE
    assert "is a name, and goes where names go" in wrong.stderr


def test_a_plan_sends_nothing_and_names_every_word(hushmap, stage, home):
    """--plan prints place, host, rate and duration of what was typed, and how to start it."""
    (home / "article.txt").write_text("a calm text\nof two lines")
    done = hushmap("keyword", "isolate", "article.txt", "kw-left too", *OURS, "--plan", "--place", "http-body")
    assert (done.exit_code, stage.log) == (0, [])
    text = done.stdout
    assert "2 texts and 1 canary" in text
    assert "in http-body of what goes to helper 203.0.113.10: kw-canary, " in text
    assert "that sets the pace" in " ".join(text.split())
    assert text.splitlines()[-1].startswith(
        "Start: hushmap keyword isolate article.txt 'kw-left too' --canary kw-canary"
    )
    shown = hushmap("keyword", "domain", "a.example", *OURS, "--plan", "--json")
    plan = json.loads(shown.stdout)
    assert (plan["experiments"], plan["words"]) == (
        {"calibrate": 1, "domain": 1},
        {"tls-sni": ["kw-canary", "a.example"]},
    )


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("none.txt", None, "none.txt: there is no such file"),
        ("./text", None, "./text: there is no such file"),
        ("big", b"x" * 64_001, "big: is longer than 64,000 bytes"),
        ("odd", b"calm\n\xff\xff", "odd:2: is not UTF-8; save it as UTF-8, or say --read-as NAME"),
        ("empty", b" \n", "is empty; write a text"),
        ("bell", b"a\x07b", "holds a character that cannot be seen"),
    ],
)
def test_what_cannot_be_a_text_is_one_line(hushmap, stage, home, name, data, why):
    """Nothing is sent, least of all the name of a file that is not there."""
    if data is not None:
        (home / name).write_bytes(data)
    done = hushmap("keyword", "isolate", name, *OURS)
    assert (done.exit_code, stage.log) == (Exit.USAGE, [])
    assert why in done.stderr.splitlines()[-1]


def test_a_text_may_be_longer_than_any_name(hushmap, stage):
    """What no file can be called is a text."""
    done = hushmap("keyword", "isolate", "calm " * 200, *OURS, "--plan")
    assert done.exit_code == 0, done.output
    assert "… (1,000 characters: --all)" in " ".join(done.stdout.split())
    assert hushmap("keyword", "isolate", "a\0b", *OURS, "--plan").exit_code == Exit.USAGE


def test_all_of_a_plan_names_every_text_in_full(hushmap, stage):
    """--plan --all prints every first request with the whole text, as the plan says; a run has no --all."""
    text = "calm " * 40 + "end"
    short = hushmap("keyword", "isolate", text, *OURS, "--plan")
    assert f"hushmap keyword isolate '{text}' --canary kw-canary" in short.stdout
    assert "--plan --all" in short.stdout
    every = hushmap("keyword", "isolate", text, *OURS, "--plan", "--all")
    assert (every.exit_code, stage.log) == (0, [])
    assert any(line.endswith(f"   for {text}") for line in every.stdout.splitlines())
    whole = json.loads(hushmap("keyword", "isolate", text, *OURS, "--plan", "--all", "--json").stdout)
    assert {None, "kw-canary", text} == {ask["target"] for ask in whole["asks"]}
    for verb in (("domain", "a.example"), ("calibrate",)):
        assert "sentinel" in hushmap("keyword", *verb, *OURS, "--plan", "--all").stdout
    alone = hushmap("keyword", "isolate", text, *OURS, "--all")
    assert (alone.exit_code, stage.log) == (Exit.USAGE, [])
    assert "add --plan, or leave --all out" in alone.stderr


def test_without_a_server_of_ones_own_it_refuses(hushmap, stage):
    """Exit code 2, one line, nothing sent."""
    done = hushmap("keyword", "isolate", "a calm text", *NETWORK)
    assert (done.exit_code, stage.log) == (Exit.USAGE, [])
    assert "words are sent to a server of your own and to nobody else" in done.stderr
