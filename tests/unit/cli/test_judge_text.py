"""What judging came to, as lines."""

from hushmap.cli.judge_text import JudgeText, lines
from hushmap.detect import RULES_VERSION


def test_the_counts():
    """Sites and words apart, evidence of the blocked, reasons of the undecided, what was set aside and written."""
    text = JudgeText(
        sites={"Blocked": 3, "Reachable": 2, "Not decided": 1},
        words={"Cut off by a word": 1},
        blocked={"direct": 1, "controlled": 2},
        reasons={"helper_silent": 1},
        rejects=1,
        set_aside=("x.rejected.jsonl",),
        written=("r/verdicts.jsonl",),
        seconds=3.14,
        knowledge="sha256:41aa" + "0" * 60,
        single=1,
    )
    assert list(lines(text)) == [
        f"7 of 8 records judged in 3.1 s · rules {RULES_VERSION} · fingerprints sha256 41aa00000000…",
        "  2 Reachable · 3 Blocked · 1 Not decided",
        "  words: 1 Cut off by a word",
        (
            "  of the 3 blocked: 2 controlled, 1 direct · 1 of them without an error bound: seen once, or not by a "
            "sequential test"
        ),
        "  not decided: helper silent (1)",
        "  1 line set aside in x.rejected.jsonl; no verdict rests on them",
        "  written: r/verdicts.jsonl",
    ]
