"""`hushmap run` from the first question to the last line, against a network that is a function."""

import json
import shlex
from pathlib import Path

import pytest

from hushmap.cli.fault import Exit
from hushmap.runs import ConsentRegister, RunFolder
from unit.cli.scene import HELPER, HOST, NETWORK, changed


def _agree(hushmap, *more):
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK, *more).exit_code == 0


def test_a_run_ends_with_a_block_of_counts_a_page_and_verdicts(measured, hushmap):
    """Two sites are measured and judged; what is blocked by name is said so, with the next steps."""
    verdicts = [json.loads(line) for line in (measured / "verdicts.jsonl").read_bytes().splitlines()]
    assert {one["target"]: one["label"] for one in verdicts} == {
        "https://site-0.example/": "Blocked by name",
        "https://site-1.example/": "Reachable",
    }
    assert b"site-0.example" in (measured / "report" / "index.html").read_bytes()
    manifest = RunFolder.open(measured).manifest
    assert (manifest.helper, manifest.off, manifest.consent[:5]) == ("203.0.113.10", {"LGBT": 1}, "1.en ")
    assert "a-token-of-the-test" not in (measured / "manifest.json").read_text()


def test_the_summary_is_on_stdout_and_progress_on_stderr(hushmap, stage, home):
    """Stdout holds only the block at the end; what happened meanwhile is on stderr."""
    _agree(hushmap)
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "-v", "--helper", HELPER)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Done in ")
    assert lines[1].startswith("Net-A (AS64501), XE: declared by you · 21 Nov 2026, 22:33 to ")
    assert "    2  Reachable" in lines
    assert lines[-2:] == [
        "  repeat  hushmap run -f sites.csv --network 'AS64501 Net-A' --country XE --helper … --every 6h --for 7d",
        "  delete  hushmap rm 20261121T2233Z-0001",
    ]
    assert any(line.startswith("  look    hushmap show site-") for line in lines)
    assert "Ready   network up · no VPN seen · DNS server 192.0.2.53 · helper given" in done.stderr
    assert "web  0/2" in done.stderr
    assert "Reachable               https://site-0.example/" in done.stderr


def test_quiet_says_nothing_on_stderr(hushmap, stage):
    """-q leaves only the block at the end."""
    _agree(hushmap)
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "-q")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Without a helper most failures end as Not decided" in done.stdout


def test_json_lines_tell_the_events(hushmap, stage):
    """--json prints start, every target with its verdict, and end; nothing else."""
    _agree(hushmap)
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events] == ["start", "notice", "target", "target", "end"]
    assert events[1]["code"] == "no_helper"
    assert events[2]["schema"] == "hushmap.verdict/1"
    assert (events[-1]["code"], events[-1]["sealed"]) == (0, 2)


def test_without_consent_nothing_is_sent(hushmap, stage, home):
    """Where nobody can be asked a run ends with exit code 3, one line with the command, and no folder."""
    done = hushmap("run", "-f", "sites.csv", "--with", "LGBT", *NETWORK)
    assert done.exit_code == Exit.CONSENT
    assert done.stderr.splitlines() == [
        (
            "hushmap: no consent for this network is on record and nobody is here to ask: nothing was sent; read the text "
            "(hushmap consent show), then: hushmap consent give 1 --network 'AS64501 Net-A' --risk LGBT"
        )
    ]
    assert (done.stdout, stage.log, (home / "results").exists()) == ("", [], False)


@pytest.mark.parametrize("answer", ["", "\n", "3\n", "yes\n"])
def test_another_number_is_no_consent(hushmap, stage, person, answer):
    """Whoever does not type the number of targets has not agreed; nothing was sent, nothing is on record."""
    done = hushmap("run", "-f", "sites.csv", *NETWORK, answer=answer)
    assert done.exit_code == Exit.CONSENT
    assert "Type the number of sites you agree to test (2)" in done.stderr
    assert done.stderr.endswith("hushmap: Stopped. Nothing was sent.\n")
    assert (stage.log, ConsentRegister().valid()) == ([], ())


def test_the_number_is_consent_and_is_asked_once(hushmap, stage, person):
    """The typed number starts the run; the second run on this network does not ask again."""
    first = hushmap("run", "-f", "sites.csv", *NETWORK, answer="2\n")
    assert first.exit_code == 0
    assert "Before anything is sent" in first.stderr
    second = hushmap("run", "-f", "sites.csv", *NETWORK)
    assert second.exit_code == 0
    assert "Before anything is sent" not in second.stderr


def test_a_dead_network_is_said_and_nothing_is_judged(hushmap, stage, home):
    """Without a network the run ends with exit code 4 and leaves no run behind."""
    _agree(hushmap)
    stage.world.outages.append((0.0, 1e9))
    done = hushmap("run", "-f", "sites.csv", *NETWORK)
    assert (done.exit_code, done.stdout) == (Exit.NOTHING, "")
    assert "The network does not work here: no harmless name could be reached." in done.stderr
    assert "Nothing was measured or judged; nothing was kept." in done.stderr
    assert list((home / "results" / "runs").iterdir()) == []


def test_a_vpn_is_refused_before_anything_is_asked(hushmap, stage, monkeypatch):
    """A run through a VPN needs to be wanted: exit code 4, and not a packet."""
    monkeypatch.setattr("hushmap.cli.place.host_facts", lambda: changed(HOST, vpn=True, interface="wg0"))
    _agree(hushmap)
    done = hushmap("run", "-f", "sites.csv", *NETWORK)
    assert (done.exit_code, stage.log) == (Exit.NOTHING, [])
    assert "a VPN seems to be on (the default route leaves by wg0)" in done.stderr
    allowed = hushmap("run", "-f", "sites.csv", *NETWORK, "--allow-vpn")
    assert allowed.exit_code == 0
    assert "a VPN seems to be on" in allowed.stderr


def test_the_printed_lines_work_when_pasted(hushmap, stage, home):
    """After -o DIR the run is named by its path, and what is printed shows, resumes and deletes it."""
    _agree(hushmap)
    stage.stop_at = 30.0
    stage.world.cut_names.add("site-0.example")
    stopped = hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, "-o", "else where")
    again = shlex.split(stopped.stdout.splitlines()[0].partition("Go on: hushmap ")[2])
    assert again[-2:] == ["--helper", "…"]
    stage.stop_at = None
    done = hushmap(*again[:-1], HELPER)
    assert done.exit_code == 0, done.output
    for name in ("look", "delete"):
        line = next(line for line in done.stdout.splitlines() if line.startswith(f"  {name} "))
        words = shlex.split(line.partition("hushmap ")[2].partition("  ·")[0])
        pasted = hushmap(*words)
        assert pasted.exit_code == 0, pasted.output
    assert list((home / "else where").iterdir()) == []


def test_ctrl_c_prints_the_block_and_resume_goes_on(hushmap, stage):
    """A run that was stopped says how far it came, ends with 130, and goes on to the same end."""
    _agree(hushmap)
    stage.world.cut_names.add("site-0.example")
    stage.stop_at = 30.0
    stopped = hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER)
    assert stopped.exit_code == Exit.INTERRUPTED
    assert stopped.stdout.startswith("Stopped by you: ")
    assert "Go on: hushmap run --resume" in stopped.stdout.splitlines()[0]
    assert "not measured" in stopped.stdout
    stage.stop_at = None
    done = hushmap("run", "--resume", "--helper", HELPER)
    assert done.exit_code == 0, done.output
    assert "    1  Blocked" in done.stdout
    assert len(list(RunFolder.open(next(Path("results/runs").iterdir())).records())) == 2
