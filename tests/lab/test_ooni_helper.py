"""A whole run in the lab whose helper is spoken to in OONI's protocol: the product at both ends, real packets between."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec

from hushmap.catalog import consent_versions
from hushmap.lab import lab as lab_module
from hushmap.lab import load_scenario
from hushmap.lab.addresses import COUNTRY, HELPER, HONEST_RESOLVER, ISP_RESOLVER, NETWORK
from hushmap.lab.scenario import Site
from unit.net.conftest import Pki

DEMO = load_scenario("demo").quiet()
NAMED = Site(name="helper.example", addresses=(HELPER,), http="refused", https="refused")
"""The helper's name, for the zone; its ports are its own."""
SCENARIO = msgspec.structs.replace(DEMO, site=(*DEMO.site, NAMED))
PORT = 8444
ASKED = {
    "https://news-one.example/": {"ok"},
    "http://wiki-two.example/": {"ok"},
    "https://named-one.example/": {"blocked", "unreachable"},
    "https://dropped-one.example/": {"blocked", "unreachable"},
    "https://refused-one.example/": {"down"},
    "https://gone-one.example/": {"down"},
}


def _deck(folder):
    """A deck of the sites that are asked about, with the lab's harmless names."""
    (folder / "sites.csv").write_text("".join(["url,category_code\n", *(f"{url},NEWS\n" for url in ASKED)]))
    deck = folder / "some.toml"
    names = json.dumps(list(SCENARIO.baselines))
    part = '[[part]]\nexperiment = "web"\nlist = "sites.csv"\n'
    deck.write_text(f'name = "some"\ntitle = "Some"\nbaselines = {names}\n{part}')
    return deck


def _hushmap(lab, *words):
    """The product in the lab's client, with settings and consents of the lab's own; what it said."""
    homes = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    command = [sys.executable, "-m", "hushmap", *words]
    own = {name: str(lab.folder / name.lower()) for name in homes}
    process = lab.client(
        command, env=own, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said, _ = process.communicate(timeout=100)
    assert process.returncode == 0, said


def test_a_run_with_oonis_helper_tells_blocked_from_reachable(lab_of, tmp_path, monkeypatch):
    """An innocent site is reachable, also by way of plain HTTP; censored ones are not; what fails for all is down."""
    pki = Pki(tmp_path)
    pki.context("helper.example")
    made = lab_module._helper_command
    more = ("--ooni", "--ooni-port", str(PORT), "--ooni-certificate", str(tmp_path / "0.pem"))
    monkeypatch.setattr(lab_module, "_helper_command", lambda *how: (*made(*how), *more))
    roots = tmp_path / "both.pem"
    with lab_of(SCENARIO, helper=True) as lab:
        version = str(max(consent_versions()))
        _hushmap(lab, "consent", "give", version, "--i-have-read", version, "--network", NETWORK)
        roots.write_bytes(Path(lab.roots).read_bytes() + pki.roots.read_bytes())
        words = ("run", str(_deck(tmp_path)), "-o", str(tmp_path / "runs"), "--seed", "1", "--roots", str(roots))
        words += ("--helper", f"https://helper.example:{PORT}", "--network", NETWORK, "--country", COUNTRY)
        _hushmap(lab, *words, "--resolver", ISP_RESOLVER, "--other-resolver", HONEST_RESOLVER)
    (folder,) = (tmp_path / "runs").iterdir()
    verdicts = [json.loads(line) for line in (folder / "verdicts.jsonl").read_text().splitlines()]
    found = {verdict["target"]: verdict["outcome"] for verdict in verdicts}
    assert {url: found[url] in ASKED[url] for url in ASKED} == dict.fromkeys(ASKED, True), found
    records = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    contexts = [record["context"] for record in records if record["kind"] == "record"]
    assert {context["helper"] for context in contexts} == {f"https://helper.example:{PORT}/"}
    assert all(any(watch["reached"] for watch in context["helper_watch"]) for context in contexts)
