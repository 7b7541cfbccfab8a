"""Links by real packets: `hushmap run` with a deck of the `hops` experiment, in networks of tests/ways.py.

The pure lab counts seeds (tests/bench/hops.py); here a few are done by two kernels, since what Linux tells a program
of an ICMP error is the ground on which all of it stands.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import ways
from hushmap.lab.product import consent, measure, run_folders
from hushmap.model import Ask, Hop, Layer
from hushmap.net import Outcome

HERE = Path(__file__).parent
SAMPLE = (
    "DNS, injected",
    "innocent, far",
    *(
        pytest.param(name, marks=pytest.mark.heavy)
        for name in (
            "SNI, dropped in the path",
            "SNI, reset beside it, IPv6",
            "Host, block page",
            "a silent hop behind the reset",
            "its server alerts this country",
        )
    ),
)
"""After a visit that was cut its address rests for 36 s (180 at full scale), and what is lost is seen a minute apart:
those are heavy."""


def verdict_of(lab, folder, target):
    """What the product says of one target."""
    (folder / "hops.csv").write_text(f"url,category_code,source,reason\n{target},MISC,lab,a case of the lab\n")
    deck = folder / "deck.toml"
    deck.write_text(
        'name = "hops"\ntitle = "Hops"\nbaselines = ["www.baseline-a.example", "www.baseline-b.example"]\n'
        '[[part]]\nexperiment = "hops"\nlist = "hops.csv"\n'
    )
    consent(lab, stdout=subprocess.DEVNULL)
    out = folder / "out"
    process = measure(lab, str(deck), out, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    words, _ = process.communicate(timeout=240)
    (run,) = run_folders(out)
    (line,) = (run / "verdicts.jsonl").read_text().splitlines()
    return json.loads(line), words


@pytest.mark.parametrize("name", SAMPLE)
def test_the_link_is_the_censors_own(name, lab_of, tmp_path):
    """Exactly the two hops between which it stands, at 5 % bursty loss; no innocent is blocked."""
    case = next(case for case in ways.CASES if case.name == name)
    scenario, at, _ = ways.drawn(case, 5)
    with lab_of(scenario, helper=True) as lab:
        said, words = verdict_of(lab, tmp_path, scenario.expect[0].target)
    assert said["outcome"] == case.outcome, words
    link = re.findall(r"hop (\d+)", said["sentence"])
    if case.outcome == "blocked":
        assert link == [f"{at + case.wide[0]}", f"{at + case.wide[1]}"], said["sentence"]
        assert f"198.18.1.{at}" in said["sentence"] or f"2001:db8:1::{at}" in said["sentence"]


ASKS = [
    Ask(layer=Layer.TCP, address=address, port=443, ttl=ttl, source_port=21_000 + ttl)
    for address in (ways.FOUR, "2001:db8:2::11")
    for ttl in (1, 6)
] + [
    Ask(layer=Layer.TLS, address=address, port=443, sni="www.baseline-a.example", verify=False, ttl=ttl)
    for address in (ways.FOUR, "2001:db8:2::11")
    for ttl in (2, 15)
]


def test_a_router_is_told_of_a_syn_and_an_error_of_a_payload(lab_of):
    """In both families; with a TTL that suffices somebody answers instead."""
    scenario, _, hops = ways.drawn(next(case for case in ways.CASES if case.name == "innocent"), 3, loss=0.0)
    with lab_of(scenario) as lab:
        process = lab.client(
            [sys.executable, str(HERE / "net_asker.py")],
            env={"HUSHMAP_ROOTS": lab.roots, "HUSHMAP_SCALE": "5"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        out, _ = process.communicate(msgspec.json.encode(ASKS), timeout=60)
    outcomes = msgspec.json.decode(out, type=list[Outcome])
    found = [step for outcome in outcomes for step in outcome.steps if isinstance(step, Hop)]
    assert hops >= 6
    assert [step.router for step in found[:4]] == ["198.18.1.1", "198.18.1.6", "2001:db8:1::1", "2001:db8:1::6"]
    assert [step.icmp for step in found[:4]] == [(11, 0), (11, 0), (3, 0), (3, 0)]
    assert [(step.icmp, step.reached) for step in found[4:]] == [((-1, -1), False), (None, True)] * 2
