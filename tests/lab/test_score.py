"""`hushmap lab score` by real packets: two labs side by side in a tiny scenario; and, heavy, every network once."""

import os
import sys
import threading
import time

import pytest

import strangers
from hushmap.lab import QUICK_S, LabRefusedError, Wish, jobs_at_once, score_labs
from hushmap.lab.scoring_faults import MECHANISM, OUTCOME, SCOPE
from hushmap.lab.scoring_text import bar_lines, wrong_text

TINY = """
name = "tiny"
baselines = ["www.baseline-a.example", "www.baseline-b.example"]
[path]
delay_ms = 10.0
[[censor]]
kind = "sni-reset"
on_path = true
names = ["named-one.example"]
[[site]]
name = "www.baseline-a.example"
addresses = ["198.51.100.11"]
http = "page"
[[site]]
name = "www.baseline-b.example"
addresses = ["198.51.100.12"]
http = "page"
[[site]]
name = "news-one.example"
addresses = ["198.51.100.20"]
[[site]]
name = "named-one.example"
addresses = ["198.51.100.56"]
[[expect]]
target = "https://news-one.example/"
outcomes = ["ok"]
category = "NEWS"
[[expect]]
target = "https://named-one.example/"
outcomes = ["blocked"]
mechanisms = ["tls.reset.sni"]
scope = "all"
category = "GRP"
[[expect]]
target = "https://gone-one.example/"
outcomes = ["down"]
"""


def scored(wish, jobs, **options):
    """The score, or a skip where this system refuses the lab."""
    try:
        return score_labs(wish, jobs=jobs, **options)
    except LabRefusedError as refusal:
        if os.environ.get("HUSHMAP_LAB") == "required":
            pytest.fail(f"HUSHMAP_LAB=required, but: {refusal}")
        pytest.skip(str(refusal))


def test_two_labs_side_by_side_do_not_meet(tmp_path):
    """One has a censor and its twin has none, at the same addresses: each is found to be what it is."""
    file = tmp_path / "tiny.toml"
    file.write_text(TINY)
    found = scored(Wish(scenarios=(str(file),), twins=True), jobs=2, out=tmp_path / "runs", pcap=tmp_path / "packets")
    (censored, twin) = found.results
    assert [result.error for result in found.results] == ["", ""]
    assert [row.said for row in censored.rows] == ["ok", "blocked", "down"]
    assert [row.said for row in twin.rows] == ["ok", "ok", "down"]
    assert censored.rows[1].acts > 0
    assert [row.acts for row in twin.rows] == [0, 0, 0]
    assert found.whole.exact.k == 6
    assert found.whole.both.k == 1
    assert len(list((tmp_path / "runs").iterdir())) == 2
    acts = {
        file.name: {said.split(":")[0] for *_, comments in strangers.capture(file) for said in comments}
        for file in (tmp_path / "packets").iterdir()
    }
    assert acts == {"tiny-clean-seed-1.pcapng": {"sni-reset"}, "tiny-clean-uncensored-seed-1.pcapng": set()}
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lab ")]


@pytest.mark.heavy
def test_every_network_of_the_catalogue_is_judged_within_the_bars(capsys):
    """`lab score --quick`: nobody innocent is accused, nothing acted on is called ok, no lab breaks, no bar is refuted.

    What it took and what a site cost is printed: a bar of time hangs on the machine, and of contacts on chance.
    A target that the tool leaves open may be left open by chance, and the bars bound how often; the rest may not be.
    A share counts as missed where its whole interval lies below the bar: a busy machine delays a dozen of 441 innocents.
    What a measurement costs is held to its bar by the whole matrix: of 80 sites the 95th percentile is chance.
    """
    began = time.monotonic()
    found = scored(Wish(), jobs=jobs_at_once())
    with capsys.disabled():
        said = [f"\n{time.monotonic() - began:.0f} s of the {QUICK_S:.0f} s that a quick look may take"]
        said += [line for line in bar_lines(found.bars) if "contacts" in line]
        sys.stdout.write("\n".join([*said, ""]))
    bounded = {OUTCOME, MECHANISM, SCOPE}
    assert [f"{one.lab}: {wrong_text(one)}" for one in found.wrong if one.kind not in bounded] == []
    missed = [bar for bar in found.bars if bar.looked_at and not bar.met and not bar.chance]
    assert [bar for bar in missed if not bar.name.startswith("contacts")] == []
    assert found.whole.targets > 400
