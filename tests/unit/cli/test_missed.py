"""Missed cycles are told beside figures: a time of which nothing is known is no zero."""

import pytest

from hushmap.cli.missed import missed, missed_notes
from hushmap.report import Words
from hushmap.runs import CycleBegun, CycleOver, SeriesLog, SeriesPlan

HOUR = 3600.0
NAME = "series-20260101T0000Z-0001"


def followed(base, states, name=NAME):
    """A series of a cycle every hour, of which became what is said: a reason, or nothing where it is done."""
    plan = SeriesPlan(
        series=name, begun="2026-01-01T00:00:00Z", every=HOUR, lasting=len(states) * HOUR, deck="mine", count=1
    )
    log = SeriesLog.create(base, plan)
    for cycle, why in enumerate(states, 1):
        at = (cycle - 1) * HOUR
        if not why:
            log.add(CycleBegun(cycle=cycle, t=at, run=f"run-{cycle}"))
        log.add(CycleOver(cycle=cycle, t=at + 60, state="missed" if why else "done", why=why, run=""))
    log.close()
    return log.path


def test_a_missed_cycle_is_told_with_its_reason(tmp_path):
    """From when to when; of a series whose cycles are all done nothing is said."""
    followed(tmp_path, ["", "asleep", "vpn", ""])
    followed(tmp_path, ["", ""], name="series-20260102T0000Z-0002")
    (line,) = missed([str(tmp_path), f"{tmp_path}/"])
    assert line == (
        f"{NAME}: 2 of 4 cycles missed, which is no result: 1 Jan 2026, 00:01 UTC to 1 Jan 2026, 03:00 UTC "
        "(this computer slept, or its clock was set and a VPN was on)"
    )


def test_only_some_gaps_are_named(tmp_path):
    """The rest is where all of them are."""
    followed(tmp_path, ["", "late"] * 5)
    (line,) = missed([str(tmp_path)])
    assert line.count("not over in time") == 3
    assert line.endswith(f"; 2 more: hushmap series {NAME}")


def test_a_report_tells_them_in_its_language_and_without_reasons(tmp_path):
    """To whole hours; why somebody's computer was off is no reader's, nor what the series is called."""
    followed(tmp_path, ["", "late"] * 5)
    (line,) = missed_notes([str(tmp_path)], Words("en"))
    assert line == (
        "Cycles that were planned and missed, which is no result: 5 of 10; 1 Jan 2026, 00:00 to 02:00 UTC, "
        "1 Jan 2026, 02:00 to 04:00 UTC, 1 Jan 2026, 04:00 to 06:00 UTC, 2 more times."
    )
    (told,) = missed_notes([str(tmp_path)], Words("zh"))
    assert "10 轮中的 5 轮" in told
    assert "另有 2 段" in told
    (tmp_path / "none").mkdir()
    assert [*missed_notes([str(tmp_path / "none")], Words("en"))] == []


def test_what_is_no_folder_has_no_series(tmp_path):
    """A file, an address, a folder that is a run of no series, or damaged."""
    (tmp_path / "a.jsonl").write_text("")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("{")
    assert [*missed([str(tmp_path / "a.jsonl"), "s3://bucket/prefix", str(tmp_path / "run")])] == []


def test_a_run_that_is_given_by_its_id_tells_of_its_series(measured, hushmap, home):
    """Its folder stands among the runs; query, incidents and report say the same of it as of the folder."""
    manifest = measured / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"seed"', f'"series": "{NAME}", "cycle": 1, "seed"', 1))
    followed(measured.parent, ["", "asleep"])
    (home / "results").mkdir(exist_ok=True)
    measured.parent.rename(home / "results" / "runs")
    for words in (("query", "--by", "domain", "--csv"), ("incidents", "--csv")):
        done = hushmap(*words, measured.name)
        assert done.exit_code == 0, done.output
        assert f"hushmap: {NAME}: 1 of 2 cycles missed" in done.stderr, words
    assert hushmap("report", measured.name, "-o", "site").exit_code == 0
    assert "missed, which is no result: 1 of 2" in (home / "site" / "index.html").read_text()


@pytest.mark.parametrize("words", [("query", "--by", "domain", "--csv"), ("incidents", "--csv")])
def test_it_is_said_beside_figures(measured, hushmap, words):
    """On stderr, whoever reads stdout; of a run its own series only, and of rows it is not."""
    manifest = measured / "manifest.json"
    text = manifest.read_text().replace('"seed"', f'"series": "{NAME}", "cycle": 1, "seed"', 1)
    assert NAME in text
    manifest.write_text(text)
    followed(measured.parent, ["", "asleep"])
    verb, *more = words
    done = hushmap(verb, measured, *more)
    assert done.exit_code == 0, done.output
    assert f"hushmap: {NAME}: 1 of 2 cycles missed" in done.stderr
    assert "missed" not in done.stdout
    assert "missed" not in hushmap("query", measured, "--csv").stderr


def test_a_site_names_them_under_its_coverage(measured, hushmap, home):
    """Of the runs that it is made of; nothing there tells the series' name."""
    manifest = measured / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"seed"', f'"series": "{NAME}", "cycle": 1, "seed"', 1))
    followed(measured.parent, ["", "asleep"])
    done = hushmap("report", measured, "-o", "site")
    assert done.exit_code == 0, done.output
    page = (home / "site" / "index.html").read_text()
    assert "planned and missed, which is no result: 1 of 2; 1 Jan 2026, 00:00 to 02:00 UTC." in page
    assert NAME not in page
    assert hushmap("archive", "add", measured, "-o", "archive").exit_code == 0
    assert hushmap("report", "archive", measured, "-o", "both").exit_code == 0
    assert "which is no result: 1 of 2;" in (home / "both" / "index.html").read_text(), "beside an archive too"
