"""What judging came to, as lines."""

import msgspec

from hushmap.cli.judge_text import JudgeText, lines
from hushmap.detect import RULES_VERSION
from hushmap.judge import Parting


def test_the_counts():
    """Sites and words apart, evidence of the blocked, reasons of the undecided, what was set aside and written."""
    text = JudgeText(
        sites={"Blocked": 3, "Reachable": 2, "Not decided": 1},
        words={"Cut off by a word": 1},
        blocked={"direct": 1, "controlled": 2},
        reasons={"helper_silent": 1},
        kept={"tor": 7, "whatsapp": 12},
        claims=5000,
        partings={
            Parting(claim="anomaly", group="Not decided", why="one_attempt"): 260,
            Parting(claim="anomaly", group="Refused by the site", why="refused"): 88,
            Parting(claim="accessible", group="Blocked", why="notice"): 31,
            Parting(claim="no verdict", group="Blocked", why="notice"): 20,
            Parting(claim="down", group="Reachable", why="certificate"): 2,
        },
        rejects=1,
        set_aside=("x.rejected.jsonl",),
        written=("r/verdicts.jsonl",),
        seconds=3.14,
        knowledge="sha256:41aa" + "0" * 60,
        single=1,
    )
    assert list(lines(text)) == [
        f"7 of 27 records judged in 3.1 s · rules {RULES_VERSION} · fingerprints sha256 41aa00000000…",
        "  2 Reachable · 3 Blocked · 1 Not decided",
        "  words: 1 Cut off by a word",
        (
            "  of the 3 blocked: 2 controlled, 1 direct · 1 of them without an error bound: seen once, or not by a "
            "sequential test"
        ),
        "  not decided: helper silent (1)",
        "  OONI's verdict differs in 401 of 5,000: 260 it says anomaly, we Not decided (one attempt only) ·",
        "    88 it says anomaly, we Refused by the site (the site itself refused) · 31 it says accessible, we",
        "    Blocked (a known block notice) · 22 other",
        "    list: --differ · each record: --json",
        "  19 records of other tests kept, not judged (whatsapp 12, tor 7)",
        "  1 line set aside in x.rejected.jsonl; no verdict rests on them",
        "  written: r/verdicts.jsonl",
    ]


def test_what_is_long_is_cut():
    """A few files and tests are named; where nothing was written, nothing is named."""
    text = JudgeText(
        sites={}, words={}, blocked={}, reasons={}, kept={f"test{n}": 9 - n for n in range(9)}, claims=0, partings={},
        rejects=5, set_aside=tuple(f"{n}.rejected.jsonl" for n in range(5)), written=(), seconds=0.0, knowledge="",
    )  # fmt: skip
    first, kept, more, aside = lines(text)
    assert first.endswith("fingerprints sha256 none…")
    assert (kept + more).endswith("test7 2, ...)")
    assert aside.startswith(
        "  5 lines set aside in 0.rejected.jsonl, 1.rejected.jsonl, 2.rejected.jsonl and 2 more files;"
    )
    assert next(reversed([*lines(msgspec.structs.replace(text, set_aside=()))])).startswith("  5 lines set aside; no")
