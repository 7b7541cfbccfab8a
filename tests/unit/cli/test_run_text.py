"""What a run says, as lines."""

from collections import Counter

import pytest

from hushmap.cli.run_text import (
    Summary,
    down_lines,
    group_lines,
    most_telling,
    name_of,
    progress_line,
    ready_line,
    summary_lines,
)
from hushmap.runner import Ended, Progress
from unit.cli.scene import changed
from unit.report.sample import VANTAGE


def _summary(judged, **more):
    fields = {
        "ended": Ended(code=0, reason="done", t=252.0, targets=12, sealed=12, bytes=41_000_000),
        "judged": tuple(judged),
        "words": sum(one.word for one in judged),
        "vantage": VANTAGE,
        "started": "2026-11-21T22:33:00Z",
        "stopped": "2026-11-21T22:37:12Z",
        "run": "20261121T2233Z-3f9c",
        "page": "results/runs/20261121T2233Z-3f9c/report/index.html",
    }
    return Summary(**fields | more)


def test_the_block_at_the_end(judged):
    """Counts by group, sites and words apart, with what was seen, and what to type next."""
    assert list(summary_lines(_summary(judged))) == [
        "Done in 4 min 12 s, 41 MB",
        "Net-A (AS64501), XE: declared by you and looked up · 21 Nov 2026, 22:33 to 22:37 UTC",
        "Sites",
        "    2  Reachable",
        "    3  Blocked                 encrypted connection reset, by name (1) · false DNS answer injected",
        "                               on the way (1) · block notice (1)",
        "    1  Slowed                  downloads slowed by name (1)",
        "    1  Unreachable from here   connection without answer (1)",
        "    1  Also fails elsewhere",
        "    1  Refused by the site     captcha asked by the site (1)",
        "    1  Not decided             helper silent (1)",
        "Words",
        "    1  Cut off by a word       request reset, by query (1)",
        "    1  Not triggered           no canary fired (1)",
        "One network, one hour: a reason to look closer, not yet a finding. Repeat it, or measure from a second network.",
        "  look    hushmap show news.example.org  ·  results/runs/20261121T2233Z-3f9c/report/index.html",
        "  again   hushmap run --again undecided",
        "  delete  hushmap rm 20261121T2233Z-3f9c",
    ]


@pytest.mark.parametrize(
    ("code", "reason", "head"),
    [
        (
            130,
            "stopped",
            "Stopped by you: 2 of 12, 4 min 12 s, 41 MB. Go on: hushmap run --resume 20261121T2233Z-3f9c",
        ),
        (5, "budget", "Ended early: 2 of 12, 4 min 12 s, 41 MB. Go on: hushmap run --resume 20261121T2233Z-3f9c"),
    ],
)
def test_a_run_that_ended_early_says_so_and_how_to_go_on(judged, code, reason, head):
    """The head tells how far it came; what was not measured is counted, and so are damaged lines."""
    ended = Ended(code=code, reason=reason, t=252.0, targets=12, sealed=2, bytes=41_000_000)
    text = list(summary_lines(_summary(judged[:2], ended=ended, rejects=1, helper=False)))
    assert text[0] == head
    assert ("The data limit of this run was reached (--max-data)." in text) is (reason == "budget")
    assert "   10  not measured" in text
    assert "1 damaged line set aside in rejected.jsonl; no verdict rests on any" in text
    assert "Without a helper most failures end as Not decided: docs/how-to/helper.md" in text


def test_what_was_not_measured_stands_under_its_kind(judged):
    """Sites that are left are no words, and the other way round; a kind of which nothing was measured is there too."""
    ended = Ended(code=130, reason="stopped", targets=40, sealed=2)
    text = list(summary_lines(_summary(judged[:2], ended=ended, words=26)))
    sites, words = text.index("Sites"), text.index("Words")
    assert text[words - 1] == "   12  not measured"
    assert text[words + 1] == "   26  not measured"
    assert sites < words


def test_what_is_printed_can_be_pasted(judged):
    """A run that lies elsewhere is named by its path, and what a resumed run needs again is said."""
    ended = Ended(code=130, reason="stopped", targets=40, sealed=2)
    more = {"run": "/tmp/my runs/r", "latest": False, "again": ("--helper", "…", "--roots", "a b.pem")}
    text = list(summary_lines(_summary(judged[:1], ended=ended, **more)))
    assert text[0].endswith("Go on: hushmap run --resume '/tmp/my runs/r' --helper … --roots 'a b.pem'")
    assert any(line.startswith("  look    hushmap show news.example.org --run '/tmp/my runs/r'  ·") for line in text)
    assert text[-1] == "  delete  hushmap rm '/tmp/my runs/r'"


def test_what_is_open_can_be_asked_about_again(judged):
    """Said with the run it is of and what has to be typed again; not where there is no helper to decide it by."""
    more = {"run": "/tmp/r", "latest": False, "again": ("--helper", "…")}
    assert "  again   hushmap run --again undecided --run /tmp/r --helper …" in list(
        summary_lines(_summary(judged, **more))
    )
    for none in (_summary(judged, helper=False), _summary(judged[:1])):
        assert not any(line.startswith("  again") for line in summary_lines(none))


def test_words_alone_and_nothing_at_all(judged):
    """With one kind of target there is no heading; without a verdict there is nothing to look at."""
    words = [one for one in judged if one.word]
    assert next(iter(group_lines(words))).strip().startswith("1  Cut off by a word")
    ended = Ended(code=130, reason="stopped", targets=2)
    assert list(summary_lines(_summary([], ended=ended)))[2:] == [
        "    2  not measured",
        "  delete  hushmap rm 20261121T2233Z-3f9c",
    ]


def test_what_to_look_at_first(judged):
    """A blocked site before what is unreachable, and sites before words; a word is named as it is."""
    assert most_telling(tuple(judged)) == "news.example.org"
    assert most_telling(tuple(one for one in judged if one.group == "Reachable")) == "wiki.example.org"
    assert name_of(judged[10]) == "harvest moon"


def test_progress():
    """Counters, what is repeated, pace and rest; no estimate while there is hardly anything to make it of."""
    fields = {
        "t": 60.0,
        "targets": 50,
        "sealed": 31,
        "finished": 1,
        "repeating": 4,
        "trials": 300,
        "bytes": 29_000_000,
    }
    progress = Progress(in_flight=3, **fields)
    assert progress_line(progress, Counter({"Reachable": 24, "Not decided": 3}), 0.0) == (
        "reachable 24 · not decided 3 · repeating 4   31 a minute · about 37 s left · 29 MB"
    )
    fresh = changed(progress, sealed=0, repeating=0, bytes=100)
    assert progress_line(fresh, Counter(), 0.0) == "100 bytes"
    assert "left" not in progress_line(changed(progress, sealed=2), Counter(), 0.0)
    assert "1 a minute" in progress_line(progress, Counter(), 0.0, before=30)


def test_ready():
    """What was found in order before the first target."""
    ready = ready_line(vpn=False, resolvers=("192.0.2.53",), helper=True, run="r")
    assert ready == "Ready   network up · no VPN seen · DNS server 192.0.2.53 · helper given       run r"
    other = ready_line(vpn=True, resolvers=(), helper=False, run="r")
    assert "a VPN seems to be on · DNS server unknown · no helper" in other


def test_nothing_was_measured():
    """The reason, and what is left."""
    assert down_lines(Ended(code=4, reason="captive_portal"), kept=False)[0].startswith("A sign-in page answers")
    assert down_lines(Ended(code=4, reason="network_down"), kept=True)[1].startswith(
        "Nothing was measured or judged; what was measured before is"
    )


def test_the_longest_is_told_until_there_is_a_pace():
    """Of a short run only: what may take days tells nobody anything."""
    fresh = Progress(t=60.0, targets=2, sealed=0, finished=0, repeating=0, trials=9, bytes=100, in_flight=1)
    assert "at most 9 min left" in progress_line(fresh, Counter(), 0.0, longest=600.0)
    assert "left" not in progress_line(fresh, Counter(), 0.0, longest=1e6)
    assert "left" not in progress_line(fresh, Counter(), 0.0, longest=50.0)
