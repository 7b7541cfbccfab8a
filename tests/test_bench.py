"""The bench's own input and table: as the bars say, each line another, the same bytes from the same seed."""

import importlib.util
import json
import random
import sys
import tomllib
from itertools import islice

import make_reference
import pytest
import reference_lab

from house import ROOT
from hushmap.lab import Wish
from hushmap.lab.addresses import HELPER
from hushmap.lab.censors import hello
from hushmap.lab.censors.catalogue import CATALOGUE, faults
from hushmap.lab.scoring import scored
from hushmap.model import Ask, Attempt, Layer, Outcome, trial_of
from scored import FINE, HIT, but, result


def _loaded(name: str):
    """A script of tests/bench, which is no package."""
    folder = ROOT / "tests" / "bench"
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location(f"bench_{name}", folder / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    return module


measurements = _loaded("measurements")
table = _loaded("table")
bench = _loaded("judge")
lab_score = _loaded("lab_score")
innocents = _loaded("innocents")
keywords = _loaded("keywords")
keywords_screening = keywords.keywords_screening
lab_speed = _loaded("lab")
web_sites = _loaded("web_sites")
DATA = measurements.field_data()
needs_data = pytest.mark.skipif(
    DATA is None, reason="no real measurements beside the checkout or in HUSHMAP_FIELD_DATA"
)


def _texts(tree):
    """Every text in a JSON tree."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from _texts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _texts(value)
    elif isinstance(tree, str):
        yield tree


@needs_data
def test_lines_are_as_the_bar_says():
    """The mean has 7 kB, 0.4 and 0.5 are both there, no two lines share an id, an input or a resolver."""
    lines = list(measurements.lines(DATA, 2_000, 1))
    assert abs(sum(map(len, lines)) / len(lines) - measurements.MEAN) <= measurements.MEAN_SLACK
    found = [json.loads(line) for line in lines]
    assert {one["test_version"][:3] for one in found} == {"0.4", "0.5"}
    for key in ("input", "report_id", "measurement_uid", "resolver_ip"):
        assert len({one[key] for one in found}) > 0.999 * len(found), key
    assert len({one["measurement_start_time"] for one in found}) > 0.99 * len(found)


@needs_data
def test_a_line_is_of_one_piece():
    """Its address and its host are the same wherever they stand, and no name of the model is left."""
    for line in measurements.lines(DATA, 300, 2):
        one = json.loads(line)
        keys = one["test_keys"]
        for row in keys["tcp_connect"]:
            ends = keys["control"]["tcp_connect"]
            assert not ends or any(end.rpartition(":")[0] in {row["ip"], f"[{row['ip']}]"} for end in ends)
        names = {query["hostname"] for query in keys["queries"]}
        assert all(name in one["input"] for name in names)
        assert not any("facebook." in text or "archive.org" in text for text in _texts(one))
        times = [event["t"] for event in keys["network_events"]]
        assert times == sorted(times)


@needs_data
def test_pages_are_as_the_bar_says():
    """Plain HTTP, bodies of 20 to 80 kB, no two alike; the test helper mostly saw the same title."""
    found = [json.loads(line) for line in measurements.pages(DATA, 60, 1)]
    bodies = [one["test_keys"]["requests"][0]["response"]["body"] for one in found]
    assert all(one["input"].startswith("http://") for one in found)
    assert len({str(body) for body in bodies}) == len(bodies)
    sizes = [len(body.encode()) for body in bodies if isinstance(body, str)]
    least, most = measurements.PAGE_SIZES
    assert least <= min(sizes)
    assert max(sizes) <= most * 1.2
    assert any(isinstance(body, dict) and body["format"] == "base64" for body in bodies)
    titles = [one["test_keys"]["control"]["http_request"]["title"] for one in found]
    assert sum(f"<title>{title}</title>" in str(body) for title, body in zip(titles, bodies, strict=True)) / 60 > 0.5


@needs_data
def test_a_seed_makes_the_same_bytes_once(tmp_path):
    """Two makings are equal, another seed differs, a second call makes nothing, and older files go."""
    few = {"count": 20, "page_count": 2}
    first = [path.read_bytes() for path in measurements.made(DATA, tmp_path / "a", **few)]
    assert [path.read_bytes() for path in measurements.made(DATA, tmp_path / "b", **few)] == first
    again = measurements.made(DATA, tmp_path / "a", **few)
    stamps = [path.stat().st_mtime_ns for path in again]
    assert [path.stat().st_mtime_ns for path in measurements.made(DATA, tmp_path / "a", **few)] == stamps
    other = measurements.made(DATA, tmp_path / "a", **few, seed=2)
    assert [path.read_bytes() for path in other] != first
    assert len(list((tmp_path / "a").iterdir())) == 1


def test_the_model_changes_what_it_knows_and_nothing_else():
    """Hosts, addresses, times and ids change, the same ones alike; a browser's version and loopback stay."""
    text = (
        '{"a":"https://www.site.org/x","b":"cdn.site.org","ip":"198.51.100.7","end":"198.51.100.7:443","at":"127.0.0.1",'
        '"ua":"Chrome/119.0.0.0 x","six":"2001:db8::1","when":"2024-01-24 14:12:13","asn":"AS64501","t0":0.041455,'
        '"t":0.056891,"th":"https://0.th.ooni.org","uid":"@uid@","n":200}'
    )
    made, _ = measurements.Model(text).line(random.Random(1))
    one, before = json.loads(made), json.loads(text)
    assert one["a"].removeprefix("https://www.").removesuffix("/x") == one["b"].removeprefix("cdn.")
    assert one["end"] == one["ip"] + ":443"
    assert 0 < one["t0"] < one["t"]
    assert len(one["uid"]) == 40
    same = {"at", "ua", "th", "n"}
    assert {key for key in before if one[key] == before[key]} == same


def test_the_table_is_kept_as_toml(tmp_path):
    """What is written is what scripts/make_reference.py reads, with the machine named; other benches' tables stay."""
    path = tmp_path / "benchmarks.toml"
    rows = [table.Row('a "b"', "1 ms", "2 ms", met=False), table.Row("c", "1.7 times", "1.8 times", met=True)]
    table.write("hushmap judge", "best of 3", rows, table=path)
    table.write("make bench-web", "once", rows[:1], [table.Share("OpenSSL", "60 %")], table=path)
    table.write("make bench-web", "twice", rows[1:], [table.Share("OpenSSL", "50 %")], table=path)
    found = tomllib.loads(path.read_text("utf-8"))
    assert list(found) == ["hushmap judge", "make bench-web"]
    judged, web = found.values()
    assert [row["verdict"] for row in judged["rows"]] == ["MISSED", "met"]
    assert judged["rows"][0]["what"] == 'a "b"'
    assert "cores" in judged["machine"]
    assert (web["how"], len(web["rows"]), web["profile"]) == ("twice", 1, [{"part": "OpenSSL", "share": "50 %"}])


def test_the_labs_score_becomes_a_page(tmp_path, monkeypatch):
    """Bars, lines, networks, what waits and what is wrong; equal results give equal bytes."""
    rows = (FINE, HIT, but(HIT, said="ok", mechanisms=(), scope=None), but(HIT, said="ok", needs="quic"))
    results = [result(*rows), result(FINE, noise="harsh", label="x harsh seed 2", seed=2), result(error="it hangs")]
    table = tmp_path / "lab-score.json"
    monkeypatch.setattr(lab_score.subprocess, "run", lambda *_, **__: None)
    monkeypatch.setattr(reference_lab, "FOLDER", tmp_path)
    words = tomllib.loads((ROOT / "docs" / "reference" / "words.toml").read_text("utf-8"))
    pages = []
    for some in (results, results[::-1]):
        lab_score.write(scored(Wish.matrix(), some, "0123"), table)
        pages.append(reference_lab.lab_score(words))
    assert pages[0] == pages[1]
    assert "revision 0123. In simulation: 3 labs, seeds 1 to 2;" in pages[0]
    headings = ["Bars", "All", "Lines", "Networks", "Measured and not counted", "Not as it should be"]
    assert [line[3:] for line in pages[0].splitlines() if line.startswith("## ")] == headings
    assert "| quic | `tls.reset.sni` | 1 | ok 1 |" in pages[0]
    assert "| untrue ok | `x clean seed 1` | https://b.example/: UNTRUE OK: said ok" in pages[0]
    assert "| broke | `x clean seed 1` | the lab broke: it hangs |" in pages[0]


def test_innocents_are_every_harmless_network_mixed():
    """Shipped innocents and twins without their censors, on every line; the same seed gives the same order."""
    some = list(islice(innocents.labs(1), 120))
    assert [cell.label for cell in some] == [cell.label for cell in islice(innocents.labs(1), 120)]
    assert {cell.noise for cell in some} == {"clean", "mild", "harsh"}
    assert {cell.twin for cell in some} == {True, False}
    assert all(cell.twin or cell.name.startswith("innocents-") for cell in some)


def test_innocents_called_blocked_are_told_with_their_lab(capsys):
    """A censored row is not counted, and one blocked innocent misses the bar."""
    found = innocents.Found()
    found.take(result(FINE, HIT, but(FINE, said="insufficient", reason="budget", rule="web.budget")))
    assert (found.targets, found.exact["clean"], found.blocked) == (2, 1, [])
    assert not innocents.report(found, first=1, began=0.0)
    found = innocents.Found()
    found.take(result(FINE, noise="harsh"))
    assert innocents.report(found, first=1, began=0.0)
    found.take(result(but(FINE, said="blocked", rule="tls.name-pair"), noise="harsh"))
    assert not innocents.report(found, first=1, began=0.0)
    assert "BLOCKED x clean seed 1 | https://a.example/" in capsys.readouterr().out


def test_a_lab_can_be_measured_again_by_its_name(capsys):
    """With the very parameters that it had."""
    assert innocents.alone("innocents-antivirus clean seed 3").rows
    assert "innocents-antivirus clean seed 3" in capsys.readouterr().out


def test_the_labs_bench_loads_every_censor_and_touches_none():
    """Each kind that acts on the path, none of them wrongly written, as a tap where it may be one."""
    censors = lab_speed.every_censor()
    assert [censor.kind for censor in censors] == [
        kind for kind, entry in CATALOGUE.items() if entry.rule is not None
    ]
    assert [fault for censor in censors for fault in faults(censor)] == []
    assert {censor.on_path for censor in censors} == {True, False}
    assert HELPER not in lab_speed._LISTED["addresses"]
    assert lab_speed.PORT not in lab_speed._LISTED["ports"]


def test_the_labs_bench_sends_a_hello_of_a_name_that_nobody_blocks():
    """Whole, so that the censors of names decide at once."""
    read = hello.read(hello.handshake(lab_speed.hello())[0])
    assert (read.whole, read.name) == (True, "fine.example")


def test_the_sites_of_the_web_bench_are_as_its_bar_says():
    """A thousand sites, 200 of them holes, half dead for everyone and half lost on the path; no address twice."""
    world = web_sites.scenario(web_sites.SITES, web_sites.HOLES)
    sites = world.site[len(web_sites.BASELINES) :]
    (drop,) = world.censor
    dead = [site for site in sites if site.dead]
    assert (len(sites), len(dead), len(drop.addresses)) == (1000, 100, 100)
    assert len({site.addresses for site in world.site}) == len(world.site)
    assert not {address for site in dead for address in site.addresses} & set(drop.addresses)
    assert sum(expect.outcomes == (Outcome.OK,) for expect in world.expect) == 800


def _run(*trials):
    return web_sites.Run(wall_s=1.0, cpu_s=1.0, memory_mb=1.0, trials=trials, score=None)


def _trial(identity, t0, t, **more):
    ask = Ask(layer=Layer.TCP, address=more.pop("address", f"192.0.2.{identity % 250}"), port=443)
    return trial_of(Attempt(id=identity, ask=ask, **more), t0=t0, t=t)


def test_the_web_bench_sees_every_broken_limit():
    """Too many flows within a second, too many at once, two at one address, and a quiet attempt that was not alone."""
    spaced = [_trial(10_000 + number, number * 0.0105, number * 0.0105 + 0.01) for number in range(200)]
    assert _run(*spaced).rude() == []
    assert "flows within a second" in _run(*(_trial(10_000 + n, n / 200, n / 200) for n in range(200))).rude()[0]
    assert any("in flight" in one for one in _run(*(_trial(10_000 + n, n / 90, 9.0) for n in range(80))).rude())
    twice = [_trial(10_000 + number, number / 10, 1.0, address="192.0.2.1") for number in range(2)]
    assert _run(*twice).rude() == ["two at once at 192.0.2.1"]
    quiet, other = _trial(10_001, 0.0, 1.0, alone=True), _trial(20_002, 0.5, 2.0)
    assert _run(quiet, other).rude() == ["trial 10001 was not alone"]


def test_courses_that_are_kept_are_those_of_a_screening():
    """A walk over the tree of courses asks and finds what a screening of the same answers does, also past what is kept."""
    cell = keywords_screening.Cell(0.05, 0.02, 0.3, pack=8)
    tree = keywords_screening.Tree(cell, cell.pack)
    for seed in range(40):
        rng = random.Random(seed)
        triggers = rng.randrange(256) & rng.randrange(256) & rng.randrange(256)
        took, found = tree.walk(triggers, rng)
        again = random.Random(seed)
        for _ in range(3):
            again.randrange(256)
        pack, asked = tree._begun(), 0
        while pack.question is not None:
            held = keywords_screening.bits(pack.question) & triggers
            pack.tell(again.random() < (1 - cell.miss if held else cell.false_hit))
            asked += 1
        assert (took, found) == (asked, keywords_screening.bits(pack.positives))


def test_a_list_is_screened_and_judged_against_its_bar(monkeypatch):
    """Tests per word with controls, the longest run, and runs without a fault; without a bar one row of information."""
    monkeypatch.setattr(keywords_screening, "WORDS", 400)
    cell = keywords_screening.Cell(0.005, 0.01, 0.05, bar=0.5, clump=2)
    assert sum(keywords_screening.drawn(cell, random.Random(3))) % 2 == 0
    rows = keywords_screening.judged(cell, keywords_screening.carried_out(cell, 2))
    assert [row.bar for row in rows] == ["at most 0.5", "at most 2 means", "at least 1 of 2", "at least 1 of 2"]
    bad = keywords_screening.Tally(costs=[0.2, 0.9], lost=[0, 1], false=[1, 1])
    assert [row.met for row in keywords_screening.judged(cell, bad)] == [False, True, True, False]
    other = keywords_screening.Cell(0.005, 0.01, 0.05, assumed=0.01)
    assert [row.verdict for row in keywords_screening.judged(other, bad)] == ["-"]


def test_the_accuracy_of_words_becomes_a_page(tmp_path, monkeypatch, capsys):
    """Parts that were measured at different times stand on one page, and a missed bar is exit code 1."""
    rows = [table.Row("tests a word", "at most 1", "0.9", met=True), table.Row("more", "-", "2", met=True)]
    worse = [table.Row("texts", "at least 9", "8", met=False)]
    parts = {"one": ("Lists", 40, lambda _runs, _jobs: rows), "two": ("Texts", 400, lambda _runs, _jobs: worse)}
    monkeypatch.setattr(keywords, "PARTS", parts)
    monkeypatch.setattr(keywords, "TABLE", tmp_path / "keyword-accuracy.toml")
    monkeypatch.setattr(keywords.subprocess, "run", lambda *_, **__: None)
    monkeypatch.setattr(make_reference, "FOLDER", tmp_path)
    codes = []
    for part in parts:
        monkeypatch.setattr(sys, "argv", ["keywords.py", "--write", "--runs", "10", part])
        codes.append(keywords.main())
    assert codes == [0, 1]
    assert "MISSED" in capsys.readouterr().out
    page = make_reference.keyword_accuracy({"pages": {"keyword-accuracy": "Words."}})
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == ["Lists", "Texts"]
    assert "40 runs a cell, seed 1" in page
    assert "| tests a word | at most 1 | 0.9 | met |" in page
    assert "| more | - | 2 | - |" in page
