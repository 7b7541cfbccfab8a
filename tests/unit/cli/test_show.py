"""`hushmap show`: one target, or all."""

import json

import pytest


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
