"""`hushmap show`: one target, or all."""

import json

import pytest

from unit.judge.foreign import measurement


def test_without_a_target_all_are_listed(measured, hushmap):
    """The last run's targets with their labels."""
    text = hushmap("show", "-o", measured.parent).stdout
    assert f"run {measured.name} · 2 verdicts" in text
    assert "Blocked by name" in text


@pytest.mark.parametrize(
    "name", ["site-0.example", "https://site-0.example/", "HTTPS://site-0.example", "{run}-0000"]
)
def test_one_target_by_host_address_or_record(measured, hushmap, name):
    """A host, the whole address and a record's id lead to the same verdict."""
    verdicts = [json.loads(line) for line in (measured / "verdicts.jsonl").read_text().splitlines()]
    first = next(one for one in verdicts if one["target"] == "https://site-0.example/")
    done = hushmap("show", name if "{" not in name else first["record"], "-o", measured.parent, "--run", "0001")
    assert done.exit_code == 0
    assert done.stdout.startswith("https://site-0.example/: Blocked by name\n")


def test_json_is_record_verdict_and_text(measured, hushmap):
    """--json has the whole record, the judge's object and what may be said."""
    one = json.loads(hushmap("show", "site-0.example", "--json", "--run", measured).stdout)
    assert set(one) == {"record", "verdict", "text"}
    assert one["verdict"]["schema"] == "hushmap.verdict/1"
    assert set(one["text"]) == {"label", "sentence", "limits"}
    assert len(one["record"]["trials"]) > 10


def test_all_steps_of_all_targets(measured, hushmap):
    """--steps without a target shows every attempt of the run."""
    text = hushmap("show", "--steps", "-o", measured.parent).stdout
    assert "https://site-0.example/: " in text
    assert "\n\nhttps://site-" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [("site-01.example", "did you mean site-"), ("ite-1", "did you mean site-1.example"), ("zzz", "see all of them")],
)
def test_a_target_that_is_not_there_names_the_nearest(measured, hushmap, name, said):
    """One line, exit code 2."""
    done = hushmap("show", name, "-o", measured.parent)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_run_without_verdicts_says_how_to_go_on(measured, hushmap):
    """A run that was stopped before its first target was finished has nothing to show."""
    (measured / "records.jsonl").unlink()
    done = hushmap("show", "-o", measured.parent)
    assert done.exit_code == 2
    assert f"go on with it: hushmap run --resume {measured.name}" in done.stderr


@pytest.fixture
def foreign(home):
    """A file of OONI's measurements."""
    lines = [measurement(f"n{number}.example", blocking="http-diff", accessible=False) for number in range(3)]
    (home / "x.jsonl").write_bytes(b"".join(lines) + measurement("n1.example") + measurement(test="tor") + b"{}\n")
    return "x.jsonl"


def test_one_foreign_record_is_explained(foreign, hushmap):
    """Sentence, evidence, OONI's conclusion and why ours is another, the attempts, and how to see more."""
    text = hushmap("show", "x.jsonl:1", "--from", foreign).stdout
    assert text.startswith("https://n0.example/: Reachable\n")
    assert "  OONI says  anomaly (http-diff); we do not agree: the page is the one seen elsewhere\n" in text
    assert "  1          system DNS               192.0.2.7 " in text
    assert "elsewhere, system DNS" in text
    record = text[text.index("  record ") :].split()[1]
    assert text.endswith(f"all steps: hushmap show {record} --from x.jsonl --steps · as data: --json\n")
    steps = hushmap("show", record, "--from", foreign, "--steps").stdout
    assert "look up n0.example A at system: 192.0.2.7\n" in steps
    assert "connect to 192.0.2.7 port 443: done\n" in steps
    one = json.loads(hushmap("show", record, "--from", foreign, "--json").stdout)
    assert one["verdict"]["ooni"] == {"blocking": "http-diff", "accessible": False, "agrees": False}


def test_an_agreement_is_said_too(foreign, hushmap):
    """Where both say the same, the person need not compare."""
    assert "OONI says  accessible; we agree\n" in hushmap("show", "x.jsonl:4", "--from", foreign).stdout


def test_all_records_of_a_site_in_an_input(foreign, hushmap, monkeypatch):
    """A host may have several; more than can be read are a number."""
    text = hushmap("show", "n1.example", "--from", foreign).stdout
    assert text.count("https://n1.example/: Reachable\n") == 2
    monkeypatch.setattr("hushmap.cli.finding.MOST", 1)
    done = hushmap("show", "n1.example", "--from", foreign)
    assert done.stderr == (
        "hushmap: the first 1 of 2 records of n1.example; others may say otherwise: "
        "hushmap incidents x.jsonl; each with its id: hushmap judge x.jsonl --json\n"
    )


def test_an_input_without_a_target_is_listed(foreign, hushmap, home):
    """All records with their labels; the only one of a file is shown itself."""
    text = hushmap("show", "--from", foreign).stdout
    assert text.startswith("x.jsonl · 4 verdicts\n")
    assert text.endswith("One of them: hushmap show TARGET --from x.jsonl\n")
    (home / "one.json").write_bytes(measurement())
    assert hushmap("show", "--from", "one.json").stdout.startswith("https://a.example/: Reachable\n")
    assert hushmap("show", "--from", foreign, "--steps").stdout.count("times in seconds since") == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x.jsonl:5", "--from", "x.jsonl"), "x.jsonl:5: a record of the test tor, which is kept and not judged"),
        (("x.jsonl:6", "--from", "x.jsonl"), "x.jsonl:6: Object missing required field `test_name`"),
        (("n1.exampl", "--from", "x.jsonl"), "did you mean n1.example"),
        (("--from", "gone.jsonl"), "gone.jsonl: there is no such file, folder or run"),
        (("--from", "x.jsonl", "--run", "x"), "--run and --from are two places; give one"),
    ],
)
def test_what_cannot_be_shown_of_an_input_is_one_line(foreign, hushmap, words, said):
    """Exit code 2, with what is wrong."""
    done = hushmap("show", *words)
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert said in done.stderr


def test_a_run_may_be_given_as_an_input(measured, hushmap):
    """--from takes what judge takes: a run folder too."""
    assert hushmap("show", "--from", measured).stdout == hushmap("show", "--run", measured).stdout


def test_a_record_is_shown_with_the_fingerprints_that_judged_it(foreign, hushmap, home):
    """`--fingerprints` is judge's own: the verdict names another knowledge with it."""
    columns = "name,scope,location_found,pattern_type,pattern,expected_countries,source,notes"
    (home / "mine.csv").write_text(f"{columns}\nmine.one,nat,title,full,Closed by order,,a test,\n")
    shown = [
        json.loads(hushmap("show", "x.jsonl:1", "--from", foreign, "--json", *more).stdout)["verdict"]["knowledge"]
        for more in ((), ("--fingerprints", "mine.csv"))
    ]
    assert shown[0] != shown[1]


def test_one_bad_record_of_an_input_hides_no_other(hushmap, home, monkeypatch):
    """A line that cannot be read is passed over; one that meets a bug of ours is a note, or the fault if it is alone."""
    from hushmap.cli import show

    lines = [measurement(f"n{number}.example") for number in range(3)]
    (home / "x.jsonl").write_bytes(lines[0] + b"{}\n" + lines[1] + lines[2])
    real = show.judge_one

    def broken(record, *rest, **how):
        if "n1." in record.target:
            raise KeyError("n1")
        return real(record, *rest, **how)

    monkeypatch.setattr(show, "judge_one", broken)
    done = hushmap("show", "--from", "x.jsonl")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "x.jsonl · 2 verdicts")
    assert done.stderr == "hushmap: x.jsonl:3: a fault of hushmap, please report it: KeyError: 'n1'\n"
    done = hushmap("show", "n1.example", "--from", "x.jsonl")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)


def test_with_ooni(measured, hushmap, home):
    """Below the verdict stands what OONI has of the same host on the same network; the verdict is the same."""
    (home / "ooni.jsonl").write_bytes(measurement("site-0.example"))
    alone = hushmap("show", "site-0.example", "--run", measured)
    beside = hushmap("show", "site-0.example", "--run", measured, "--with-ooni", "ooni.jsonl")
    assert beside.exit_code == 0, beside.stderr
    assert beside.stdout.startswith(alone.stdout)
    assert "  OONI beside  " in beside.stdout.removeprefix(alone.stdout)
    one = json.loads(
        hushmap("show", "site-0.example", "--run", measured, "--with-ooni", "ooni.jsonl", "--json").stdout
    )
    assert one["with_ooni"]["host"] == "site-0.example"


@pytest.mark.parametrize("words", [(), ("site-0.example", "--from", "x.jsonl")])
def test_with_ooni_needs_a_target_of_a_run(hushmap, words):
    """Beside a list, or beside OONI's own measurements, it is refused."""
    done = hushmap("show", *words, "--with-ooni", "ooni.jsonl")
    assert done.exit_code == 2
    assert "hushmap show TARGET --with-ooni" in done.stderr
