"""Checks of platforms: kept, by what the manifest says, and good for a day."""

from hushmap.model import Platform, Section
from hushmap.runs import PlatformChecks

ONE = Platform(id="p", name="P")
CHANGED = Platform(id="p", name="P", operator="Somebody")


def test_a_check_is_good_for_its_manifest_and_its_day(tmp_path):
    """One that did not pass ends an earlier one; another manifest of the same id is not checked by it."""
    checks = PlatformChecks(tmp_path / "checks.jsonl")
    assert checks.last(ONE, Section.SEARCH) is None
    assert not checks.passed_on(ONE, Section.SEARCH, "2026-11-23")
    checks.add(ONE, Section.SEARCH, "2026-11-23T01:00:00Z")
    assert checks.passed_on(ONE, Section.SEARCH, "2026-11-23")
    assert not checks.passed_on(ONE, Section.SEARCH, "2026-11-24")
    assert not checks.passed_on(CHANGED, Section.SEARCH, "2026-11-23")
    checks.add(ONE, Section.SEARCH, "2026-11-23T02:00:00Z", ("captcha",))
    assert not checks.passed_on(ONE, Section.SEARCH, "2026-11-23")
    assert checks.last(ONE, Section.SEARCH).amiss == ("captcha",)


def test_each_part_of_a_manifest_is_checked_by_itself(tmp_path):
    """That searches are read says nothing of posts; a check that names no part, as older ones, is of searches."""
    checks = PlatformChecks(tmp_path / "checks.jsonl")
    checks.add(ONE, Section.SEARCH, "2026-11-23T01:00:00Z")
    assert checks.last(ONE, Section.POST) is None
    checks.add(ONE, Section.POST, "2026-11-23T02:00:00Z", ("post",))
    assert checks.passed_on(ONE, Section.SEARCH, "2026-11-23")
    assert not checks.passed_on(ONE, Section.POST, "2026-11-23")
    checks.add(ONE, Section.POST, "2026-11-23T03:00:00Z")
    assert checks.passed_on(ONE, Section.POST, "2026-11-23")
    assert b'"part"' not in checks.path.read_bytes().splitlines()[0]


def test_checks_lie_with_the_persons_own_things(tmp_path, monkeypatch):
    """In the data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    PlatformChecks().add(ONE, Section.POST, "2026-11-23T01:00:00Z")
    assert (tmp_path / "hushmap/platform-checks.jsonl").is_file()
