"""What a site shows of runs: what their published copy has, and no more."""

import pytest

from hushmap.publish import Refusal
from hushmap.publish.reducing import reduced
from hushmap.runs import CopyRegister, RunFolder


def read_manifest(run):
    """What a run says of itself."""
    return RunFolder.open(run).manifest


def _files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_of_runs_the_published_copy_is_shown(hushmap, measured, home):
    """Nothing that publish takes out stands in any file of the site, unless the makers ask for it."""
    assert hushmap("report", measured, "-o", "site", "--json").exit_code == 0
    assert hushmap("report", measured, "-o", "own", "--as-recorded").exit_code == 0
    site, own = (b"\n".join(_files(home / name).values()).decode(errors="replace") for name in ("site", "own"))
    run = read_manifest(measured)
    kept = [run.run, run.started[:16].replace("T", " "), "203.0.113.10"]
    assert [text for text in kept if text in site] == []
    assert [text for text in kept if text not in own] == []
    assert str(measured.parent) not in site, "where it lies on this computer"
    assert "These are whole hours" in site
    assert "These are whole hours" not in own
    assert "--as-recorded" in (home / "own" / "data.html").read_text()
    targets = [(home / name / "downloads" / "targets.csv").read_text() for name in ("site", "own")]
    assert targets[0] == targets[1], "the copy says what the run says"


def test_what_may_not_leave_is_left_out_and_said(hushmap, measured, monkeypatch, home):
    """To who makes the site, and on its first page; where nothing may leave there is no site."""
    monkeypatch.setattr("hushmap.publish.copying.reduced", _refusing(1))
    done = hushmap("report", measured, "-o", "site")
    assert (done.exit_code, "1 record left out" in done.stderr) == (0, True), done.output
    assert "1 measurement is left out" in (home / "site" / "index.html").read_text()
    monkeypatch.setattr("hushmap.publish.copying.reduced", _refusing(9))
    done = hushmap("report", measured, "-o", "other")
    assert (done.exit_code, "for your own eyes: --as-recorded" in done.stderr) == (2, True)


def _refusing(number):
    """As publish reduces, but for the first records."""
    left = [Refusal.PERSONAL] * number
    return lambda *given: left.pop() if left else reduced(*given)


def test_a_run_and_its_copy_are_not_counted_twice(hushmap, measured, home):
    """The register of copies tells that they are the same."""
    made = hushmap("publish", measured, "-o", "net-a.hush", "--yes-i-read-it")
    assert made.exit_code == 0, made.output
    done = hushmap("report", "net-a.hush", measured, "-o", "site")
    assert (done.exit_code, "leave out one of the two" in done.stderr) == (2, True)
    CopyRegister().path.unlink()
    assert hushmap("report", "net-a.hush", measured, "-o", "site").exit_code == 0, "nobody can know"


@pytest.mark.parametrize(("given", "said"), [("hour", "whole hours,"), ("day", "whole days,")])
def test_manifests_tell_what_was_cut(hushmap, measured, home, given, said):
    """Not the times, which may be midnights by chance."""
    words = ("--own-vantage", "--yes-i-read-it", "--time-precision", given)
    assert hushmap("publish", measured, "-o", "net-a.hush", *words).exit_code == 0
    assert hushmap("report", "net-a.hush", "-o", "site").exit_code == 0
    assert said in "".join(path.read_text() for path in (home / "site" / "networks").iterdir())
