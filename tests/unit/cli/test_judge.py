"""`hushmap judge`: records to verdicts, any time, again."""

import gzip
import io
import json

import msgspec
import pytest

from hushmap.cli.fault import Exit
from unit.judge.foreign import measurement


def test_a_run_is_judged_again(measured, hushmap):
    """Its verdicts and page are written anew; the counts are on stdout."""
    (measured / "verdicts.jsonl").write_text("")
    done = hushmap("judge", measured)
    assert done.exit_code == 0
    assert done.stdout.startswith("2 of 2 records judged in ")
    assert "  1 Reachable · 1 Blocked" in done.stdout
    assert "  of the 1 blocked: 1 controlled" in done.stdout
    assert len((measured / "verdicts.jsonl").read_text().splitlines()) == 2


def test_a_file_of_records_with_damaged_lines(measured, hushmap, home):
    """Damaged lines are set aside beside us with their place, counted, and never a verdict."""
    records = (measured / "records.jsonl").read_bytes()
    (home / "some.jsonl").write_bytes(records + b'{"kind":"record"}\n')
    done = hushmap("judge", "some.jsonl")
    assert (done.exit_code, done.stdout.splitlines()[0].partition(" judged")[0]) == (0, "2 of 3 records")
    assert "1 line set aside in some.rejected.jsonl; no verdict rests on them" in done.stdout
    assert done.stderr.startswith("hushmap: some.jsonl:3: ")
    assert "it was set aside" in done.stderr
    reject = json.loads((home / "some.rejected.jsonl").read_text())
    assert (reject["schema"], reject["source"]) == ("hushmap.reject/1", "some.jsonl:3")


def test_json_is_one_object_a_record_in_the_order_of_the_input(measured, hushmap):
    """--json prints the judge's objects and nothing else."""
    lines = hushmap("judge", measured / "records.jsonl", measured, "--json").stdout.splitlines()
    found = [json.loads(line) for line in lines]
    assert [one["schema"] for one in found] == ["hushmap.verdict/1"] * 4
    assert [one["record"] for one in found[:2]] == [one["record"] for one in found[2:]]


def test_fail_on_makes_a_check_of_it(measured, hushmap):
    """Exit code 1 if a verdict has the outcome, else 0."""
    assert hushmap("judge", measured, "--fail-on", "blocked").exit_code == Exit.NO
    assert hushmap("judge", measured, "--fail-on", "down").exit_code == Exit.DONE


def test_more_fingerprints_change_the_knowledge(measured, hushmap, home):
    """--fingerprints adds notices; a fault in the file is one line with its place."""
    head = "name,scope,location_found,pattern_type,pattern,expected_countries,source,notes\n"
    (home / "more.csv").write_text(head + "x.title,nat,title,full,No such page here,,own,\n")
    plain = json.loads(hushmap("judge", measured, "--json").stdout.splitlines()[0])["knowledge"]
    more = hushmap("judge", measured, "--json", "--fingerprints", "more.csv").stdout.splitlines()[0]
    assert json.loads(more)["knowledge"] != plain
    (home / "more.csv").write_text(head + "x.title,nat,nowhere,full,No such page here,,own,\n")
    done = hushmap("judge", measured, "--fingerprints", "more.csv")
    assert (done.exit_code, done.stderr[:24]) == (2, "hushmap: more.csv:2:13: ")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("gone", "gone: there is no such file, folder or run"),
        ("gone/x.jsonl", "gone/x.jsonl: there is no such file or folder"),
        ("sites.csv", "hushmap: sites.csv:1:1: Expecting value: line 1 column 1 (char 0); no line of it is a record"),
        (
            "empty-folder",
            "hushmap: empty-folder: holds no file that could hold records; give one with files named *.json",
        ),
    ],
)
def test_what_cannot_be_judged_is_one_line(hushmap, home, path, said):
    """Exit code 2, one line, and nothing left behind."""
    (home / "empty-folder").mkdir()
    done = hushmap("judge", path)
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert said in done.stderr
    assert list(home.glob("*.rejected.jsonl")) == []


def test_a_run_is_found_by_its_id(measured, hushmap, home):
    """Under results/runs an id, or part of one, is enough; the page says to type it so."""
    (home / "results").mkdir()
    measured.parent.rename(home / "results" / "runs")
    assert hushmap("judge", measured.name).exit_code == 0


def test_a_folder_where_nothing_can_be_written(measured, hushmap, home, monkeypatch):
    """If what is set aside has no place, that is said."""
    (home / "some.jsonl").write_bytes((measured / "records.jsonl").read_bytes() + b"{}\n")
    (home / "some.rejected.jsonl").mkdir()
    done = hushmap("judge", "some.jsonl")
    assert done.exit_code == 2
    assert "go to a folder in which you may write" in done.stderr


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b" \n\n", "no record in none.jsonl: give a run folder, or a file of records"),
        (b"", "none.jsonl:1: it is empty; no line of it is a record: give a run folder, or a file of records"),
    ],
)
def test_a_file_without_a_record_is_said(hushmap, home, data, said):
    """Nothing was judged: exit code 2, and why."""
    (home / "none.jsonl").write_bytes(data)
    done = hushmap("judge", "none.jsonl")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"hushmap: {said}\n")


FOREIGN = b"".join(
    measurement(f"n{number}.example", blocking="http-diff" if number < 7 else False, accessible=number >= 7)
    for number in range(9)
)


@pytest.fixture
def foreign(home):
    """A file of OONI's measurements: seven with an anomaly that is none, one of another test, one damaged."""
    path = home / "2026-11.jsonl.gz"
    path.write_bytes(gzip.compress(FOREIGN + measurement(test="tor") + b"{}\n"))
    return path.name


def test_oonis_measurements_are_judged(foreign, hushmap, home):
    """Counts by group, where OONI differs and why, other tests by name, damaged lines and where they went."""
    done = hushmap("judge", foreign)
    assert done.exit_code == 0
    first, *rest = done.stdout.splitlines()
    assert first.startswith("9 of 11 records judged in ")
    assert rest == [
        "  9 Reachable",
        "  OONI's verdict differs in 7 of 9: 7 it says anomaly, we Reachable (the page is the one seen",
        "    elsewhere)",
        "    list: --differ · each record: --json",
        "  1 record of other tests kept, not judged (tor 1)",
        "  1 line set aside in 2026-11.rejected.jsonl; no verdict rests on them",
    ]
    assert done.stderr.startswith("hushmap: 2026-11.jsonl.gz:11: ")
    assert json.loads((home / "2026-11.rejected.jsonl").read_text())["source"] == "2026-11.jsonl.gz:11"


def test_json_of_foreign_records_has_oonis_conclusion(foreign, hushmap):
    """Each verdict has what OONI concluded beside, and whether we agree."""
    found = [json.loads(line) for line in hushmap("judge", foreign, "--json").stdout.splitlines()]
    assert [one["source"] for one in found] == [f"2026-11.jsonl.gz:{number}" for number in range(1, 10)]
    assert found[0]["ooni"] == {"blocking": "http-diff", "accessible": False, "agrees": False}
    assert found[8]["ooni"] == {"blocking": False, "accessible": True, "agrees": True}


def test_differ_lists_where_ooni_and_we_part(foreign, hushmap):
    """By why, with counts and the first examples; as data one object a way to part, and nothing else."""
    text = hushmap("judge", foreign, "--differ").stdout
    assert "OONI's verdict and ours differ in 7 of 9 records that have both.\n" in text
    assert "       7  it says anomaly, we Reachable (the page is the one seen elsewhere)\n" in text
    assert "https://n4.example/\n              OONI anomaly (http-diff) · Reachable · rule " in text
    assert "            2 more\n" in text
    (one,) = [json.loads(line) for line in hushmap("judge", foreign, "--differ", "--json").stdout.splitlines()]
    assert (one["schema"], one["ooni"], one["group"], one["why"], one["count"]) == (
        "hushmap.differ/1", "anomaly", "Reachable", "same_page", 7,
    )  # fmt: skip
    assert [example["source"] for example in one["examples"]] == [f"2026-11.jsonl.gz:{n}" for n in range(1, 6)]


def test_where_nothing_differs_nothing_is_listed(measured, hushmap):
    """Our own records have no other conclusion beside."""
    text = hushmap("judge", measured, "--differ").stdout
    assert text.endswith("OONI's verdict and ours differ in 0 of 0 records that have both.\n")


def test_any_number_of_processes_gives_the_same(foreign, hushmap):
    """--jobs changes nothing that is printed."""
    alone, together = (hushmap("judge", foreign, "--json", "--jobs", jobs) for jobs in (1, 2))
    assert alone.stdout == together.stdout
    assert alone.exit_code == together.exit_code == 0


def test_rules_are_printed_without_a_path(hushmap):
    """--rules needs nothing to judge."""
    done = hushmap("judge", "--rules")
    assert done.exit_code == 0
    assert done.stdout.startswith("rules ")
    assert "web_connectivity\n" in done.stdout


def test_stdin_is_judged(hushmap, measured, home):
    """`-` is what comes on stdin; our own records too, which are kept meanwhile, since they are read twice."""
    done = hushmap("judge", "-", answer=FOREIGN)
    assert done.stdout.startswith("9 of 9 records judged in ")
    path = measured / "records.jsonl"
    ours, piped = hushmap("judge", path, "--json").stdout, hushmap("judge", "-", "--json", answer=path.read_bytes())
    assert piped.exit_code == 0
    assert piped.stdout == ours.replace('"records.jsonl:', '"stdin:')


def test_a_folder_of_mixed_content(foreign, measured, hushmap, home):
    """Records of any kind in a folder are judged, runs among them; what is none is set aside in one file."""
    data = home / "data"
    (data / "deep").mkdir(parents=True)
    (data / "a.jsonl").write_bytes(FOREIGN)
    (data / "b.json").write_bytes(b"[" + measurement() + b"]")
    (data / "empty.json").touch()
    (data / "deep" / "binary.gz").write_bytes(bytes(range(256)) * 9)
    (data / "notes.txt").write_text("not looked at")
    (data / "old.rejected.jsonl").write_text("{}\n")
    (home / "runs").rename(data / "runs")
    done = hushmap("judge", "data")
    assert done.stdout.startswith("12 of 14 records judged in ")
    assert "2 lines set aside in data.rejected.jsonl" in done.stdout
    assert (
        done.stderr
        == "hushmap: data/deep/binary.gz:1: no .gz file, whatever its name says; it was set aside: write it anew, or judge without it\n"
    )
    sources = [json.loads(line)["source"] for line in (home / "data.rejected.jsonl").read_text().splitlines()]
    assert sources == ["deep/binary.gz:1", "empty.json:1"]


def test_exit_code_2_only_if_nothing_was_read(foreign, hushmap, home):
    """One good input among bad ones is judged; the bad ones are notes."""
    (home / "bad.json").write_bytes(b"\x00" * 99)
    (home / "blank.json").write_bytes(b"\n")
    done = hushmap("judge", "bad.json", foreign, "blank.json")
    assert done.exit_code == 0
    assert [line.partition(";")[0] for line in done.stderr.splitlines()] == [
        "hushmap: bad.json:1: no text: binary data, or text in UTF-16",
        "hushmap: 2026-11.jsonl.gz:11: Object missing required field `test_name`",
        "hushmap: no record in blank.json: give a run folder, or a file of records",
    ]
    done = hushmap("judge", "bad.json", "blank.json")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)


def test_many_damaged_inputs_are_a_number(hushmap, home):
    """Ten are told one by one, the others counted."""
    (home / "good.jsonl").write_bytes(FOREIGN)
    for number in range(15):
        (home / f"bad{number}.json").write_bytes(b"")
    (home / "bad0.json").write_bytes(b"{}\n{\n")
    done = hushmap("judge", "good.jsonl", *(f"bad{number}.json" for number in range(15)))
    assert done.exit_code == 0
    assert done.stderr.splitlines()[10:] == ["hushmap: 5 more were damaged; each stands in what was set aside"]
    for number in range(15):
        lines = [json.loads(line) for line in (home / f"bad{number}.rejected.jsonl").read_text().splitlines()]
        assert [line["source"].partition(":")[0] for line in lines] == [f"bad{number}.json"] * (1 + (number == 0))


def test_an_address_is_opened_by_the_one_place_for_it(hushmap, monkeypatch):
    """s3:// and https:// PATHs are inputs like any other; sources have their whole name."""
    from hushmap.runs import Input

    asked = []

    def found(path, say, leads):
        asked.append(path)
        yield Input(name="s3://bucket/x.jsonl", open=lambda: io.BytesIO(FOREIGN))

    monkeypatch.setattr("hushmap.cli.given.inputs", found)
    lines = hushmap("judge", "s3://bucket/", "--json", "--jobs", 1).stdout.splitlines()
    assert json.loads(lines[0])["source"] == "s3://bucket/x.jsonl:1"
    assert asked == ["s3://bucket/"]


def test_a_file_that_may_not_be_read(foreign, hushmap, home, monkeypatch):
    """Permission denied is one line with the remedy; the others are judged."""
    from hushmap.runs import RunsError, inputs

    def locked(path, say, leads):
        for one in inputs(path):
            yield msgspec.structs.replace(one, open=refuse) if one.name.endswith("a.jsonl") else one

    def refuse():
        raise RunsError("data/a.jsonl", "Permission denied", "check its permissions")

    monkeypatch.setattr("hushmap.cli.given.inputs", locked)
    (home / "data").mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        (home / "data" / name).write_bytes(FOREIGN)
    done = hushmap("judge", "data")
    assert done.stdout.startswith("9 of 10 records judged")
    assert done.stderr.startswith(
        "hushmap: data/a.jsonl:1: Permission denied; check its permissions; it was set aside"
    )
    (home / "a.jsonl").write_bytes(FOREIGN)
    done = hushmap("judge", "a.jsonl")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)


NOTICE = "<html><title>Notice</title><p>" + "This address cannot be opened from here by order. " * 8 + "</p></html>"
STRANGE = b"".join(
    measurement(f"www.{name}.example", scheme="http", body=NOTICE, blocking="http-diff", accessible=False)
    for name in ("press", "school", "shop", "forum")
)


def test_pages_of_unrelated_sites_are_proposed(hushmap, home):
    """--propose writes rows that accuse nobody until a person says so, however many processes judge."""
    (home / "strange.jsonl").write_bytes(STRANGE)
    for jobs in (1, 2):
        done = hushmap("judge", "strange.jsonl", "--propose", f"proposed-{jobs}.csv", "--jobs", jobs)
        assert done.exit_code == 0
        assert "1 page may be notices; none counts for any verdict:\n" in done.stderr
    one, two = (home / f"proposed-{jobs}.csv" for jobs in (1, 2))
    assert one.read_text() == two.read_text()
    assert one.read_text().splitlines()[0].startswith("name,scope,")
    assert ",vbw," in one.read_text().splitlines()[1]
    plain = json.loads(hushmap("judge", "strange.jsonl", "--json").stdout.splitlines()[0])
    again = json.loads(hushmap("judge", "strange.jsonl", "--json", "--fingerprints", one).stdout.splitlines()[0])
    assert plain["outcome"] == again["outcome"] != "blocked"
    one.write_text(one.read_text().replace(",vbw,", ",nat,"))
    again = json.loads(hushmap("judge", "strange.jsonl", "--json", "--fingerprints", one).stdout.splitlines()[0])
    assert again["outcome"] == "blocked"


def test_a_file_that_is_there_is_not_written_over(measured, hushmap, home):
    """It may hold what a person confirmed; where there is nothing to propose, nothing is written."""
    (home / "mine.csv").touch()
    done = hushmap("judge", measured, "--propose", "mine.csv")
    assert (done.exit_code, done.stderr) == (
        2,
        "hushmap: mine.csv: is there already; take another name, or move it away\n",
    )
    done = hushmap("judge", measured, "--propose", "new.csv")
    assert done.stderr.endswith("no fingerprint knows: new.csv was not written.\n")
    assert not (home / "new.csv").exists()


def test_a_folder_that_cannot_be_listed_to_its_end(hushmap, home, monkeypatch):
    """What was found before is judged, and that there is more is said; where nothing was, exit code 2."""
    from hushmap.runs import RunsError, inputs

    def locked(path, say, leads):
        yield from inputs(path)
        raise RunsError("data/deep", "Permission denied", "check the name and its permissions")

    (home / "data").mkdir()
    (home / "data" / "a.jsonl").write_bytes(FOREIGN)
    (home / "none").mkdir()
    monkeypatch.setattr("hushmap.cli.given.inputs", locked)
    done = hushmap("judge", "data", "none")
    assert done.exit_code == 0
    assert done.stdout.startswith("9 of 9 records judged")
    assert done.stderr.splitlines() == [
        "hushmap: data/deep: Permission denied; check the name and its permissions; what follows it was not read",
        (
            "hushmap: none: holds no file that could hold records; give one with files named *.json, *.jsonl, *.gz, *.zst, "
            "*.hush"
        ),
    ]
