"""A run of the example data is the product's own, at an invented time; the stored data are what the code gives."""

import hashlib

import make_example
import msgspec
import pytest

from house import ROOT
from hushmap.lab.example import cycles, load_example
from hushmap.lab.example_cycle import day_of, measured, seed_of
from hushmap.model import Outcome

STORED = ROOT / "results" / "example"


def stored_day(name, day):
    """The lines of one network's day as they are stored."""
    example = load_example()
    runs = [cycle.run for cycle in cycles(example, example.place(name).network) if cycle.began.day == day + 1]
    lines = make_example.unpacked(STORED / "records" / f"{name}.jsonl.zst").splitlines(keepends=True)
    return b"".join(line for line in lines if any(f'"run":"{run}"'.encode() in line for run in runs))


def test_a_run_says_where_and_when_it_is_and_that_it_is_simulated():
    """Every record has the invented network, the cycle's own time and the word that nobody can miss."""
    example = load_example()
    place = example.place("corporate-mitm-2")
    cycle = next(one for one in cycles(example, place.network) if one.number == 66)
    done = measured(place, cycle)
    assert len(done.judged) == len(place.base.expect)
    for record, verdict in done.judged:
        assert record.id.startswith(f"{cycle.run}-")
        assert record.run_started == f"{cycle.began:%Y-%m-%dT%H:%M:%SZ}"
        assert (record.vantage.country, record.vantage.asn, record.vantage.kind) == ("XI", 65546, "office")
        assert record.vantage.known["asn"] == "declared"
        assert record.annotations == {"simulated": "yes"}
        assert (verdict.outcome is Outcome.BLOCKED) == ("games-one" in record.target)
    assert seed_of(place, cycle) == 65546066


def test_a_day_has_four_cycles():
    """Those of that day and no others."""
    found = [cycle.number for cycle, _ in day_of(load_example(), "corporate-mitm-1", 2)]
    assert found == [8, 9, 10, 11]


@pytest.mark.parametrize(("name", "day"), [("henan-bare-2", 3)])
def test_a_day_of_the_stored_data_is_what_the_code_gives(name, day):
    """Equal digests of its lines; where they differ on purpose, `make example` makes the data anew."""
    kept = make_example.the_day(load_example(), name, day)
    stored = stored_day(name, day)
    assert stored.count(b"\n") == 20
    assert hashlib.sha256(kept.records.encode()).hexdigest() == hashlib.sha256(stored).hexdigest()


@pytest.mark.heavy
@pytest.mark.parametrize("name", [place.network.name for place in load_example().places])
def test_a_day_of_each_network_is_what_the_code_gives(name):
    """The same, of every network."""
    kept = make_example.the_day(load_example(), name, 16)
    assert kept.records.encode() == stored_day(name, 16)


def test_what_is_stored_is_what_the_datasheet_says():
    """Every file with its digest, and at most five megabytes in all."""
    made = msgspec.json.decode((STORED / "made.json").read_bytes())
    files = {path.relative_to(STORED).as_posix(): path for path in STORED.rglob("*") if path.is_file()}
    assert set(files) == {*made["files"], "made.json", "README.md"}
    for name, told in made["files"].items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == told["sha256"]
    assert sum(path.stat().st_size for path in files.values()) <= make_example.LIMIT
    page = files["README.md"].read_text("utf-8")
    assert page == make_example.with_facts(page, made)


def test_the_maker_writes_what_it_kept(tmp_path):
    """Records, a verdict of each, and the truth, from the days that are there; a second time the same bytes."""
    whole = load_example()
    one = next(country for country in whole.country if country.code == "XI")
    small = msgspec.structs.replace(whole, country=(msgspec.structs.replace(one, network=one.network[:1]),))
    make_example.measure_day(tmp_path, "corporate-mitm-1", 0)
    assert [path.name for path in tmp_path.iterdir()] == ["corporate-mitm-1-00.json"]
    files, again = (make_example.written(small, tmp_path, [0], tmp_path / out) for out in ("a", "b"))
    assert files == again
    assert [file.lines for file in files[:2]] == [24, 24]
    assert make_example.outcomes(tmp_path / "a") == {"insufficient": 16, "ok": 4, "blocked": 4}
    made = make_example.facts(small, tmp_path / "a", files, None, {"whole_s": 2, "processor_s": 1})
    page = make_example.with_facts(f"before\n{make_example.BEGIN}\nold\n{make_example.END}\nafter\n", made)
    assert page.startswith("before\n")
    assert page.endswith("after\n")
    assert "old" not in page
    assert "1 s of processor time" in page
    assert "the whole build took 2 s" in page
    assert "With packets: not measured in this build." in page
    assert "| records/corporate-mitm-1.jsonl.zst | 24 |" in page


def test_where_packets_say_otherwise_the_datasheet_says_it():
    """By network and target; a lab that broke is no agreement."""
    differ = {"target": "https://a.example/", "stored": ["blocked", "tls.reset.sni"], "packets": ["ok"]}
    told = [
        {"network": "one", "targets": 8, "differ": [differ]},
        {"network": "two", "targets": 0, "differ": [], "error": "the lab broke"},
    ]
    text = "\n".join(make_example.packet_lines(told))
    assert "7 of 8 targets" in text
    assert "the lab broke: two" in text
    assert "one https://a.example/: stored blocked tls.reset.sni; with packets ok" in text
