"""`hushmap campaign`: the register of dated events, told with its sources."""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from hushmap.catalog import campaign_hash, campaigns_hash
from hushmap.runs import Foreseen, ForeseenRegister, StudyRegister

ROOT = Path(__file__).resolve().parents[3]
FIELD = Path(os.environ.get("HUSHMAP_FIELD_DATA", ROOT.parent / "shared" / "data")) / "keywords"


def test_the_register_is_listed_by_date(hushmap):
    """One event a line, with where and how many claims; the hash of the whole stands below; JSON has each whole."""
    lines = hushmap("campaign", "list").stdout.splitlines()
    assert any("1 Jun 2015  mps-netpolice-batch1" in line and "3 claims" in line for line in lines)
    assert any("Nov 2015  gd-net-oriole" in line for line in lines)
    assert "register sha256 " in lines[-1]
    objects = [json.loads(line) for line in hushmap("campaign", "list", "--json").stdout.splitlines()]
    assert {"june-4", "gd-net-oriole"} <= {one["id"] for one in objects}


def test_an_event_is_shown_with_its_claims_as_claims(hushmap):
    """Who says it, of which time, and what nothing of ours has in common with it; by a part of its id too."""
    text = hushmap("campaign", "show", "batch1").stdout
    assert "about 758,000 items deleted · Ministry of Public Security, China, 31 May 2015" in text
    assert "counted 1 Jan 2015 to 31 May 2015" in text
    assert "70,000 or more cases" in text
    assert "none is a measurement" in text
    assert text.count("Not to be compared:") == 3
    assert "http://news.sina.com.cn/" in text
    assert json.loads(hushmap("campaign", "show", "june-4", "--json").stdout)["yearly"] is True


def test_what_is_not_in_the_register_is_refused(hushmap):
    """One line, exit code 2; a part that several share is told with all of them."""
    assert hushmap("campaign", "show", "nothing-like-it").exit_code == 2
    several = hushmap("campaign", "show", "mps")
    assert several.exit_code == 2
    assert "mps-netpolice-batch1, mps-netpolice-batch2" in several.stderr


@pytest.fixture
def additions(home):
    """A year of additions, with a burst in the first days of June."""
    start = date(2015, 1, 1)
    rows = [f"{start + timedelta(days=day)},prurient,2" for day in range(0, 364, 30)]
    rows += [f"2015-06-0{day},prurient,90" for day in (1, 2, 3, 4, 5)]
    (home / "additions.csv").write_text("\n".join(["date,category,n", *rows, "2015-12-31,gambling,1", ""]))
    return "additions.csv"


def test_a_study_tells_every_test(additions, hushmap):
    """Retrospective unless it was foreseen; the sentence of the test, the claims beside it; JSON has all."""
    asked = ("campaign", "study", additions, "--campaign", "batch1", "--days", "8", "--by", "category")
    text = hushmap(*asked).stdout
    assert "  Retrospective: " in text
    assert "prurient: 5 updates with 450 things" in text
    assert "some 758,000 pieces" in " ".join(text.split())
    told = json.loads(hushmap(*asked, "--json").stdout)
    assert (told["schema"], told["campaign"]) == ("hushmap.study/1", "mps-netpolice-batch1")
    assert told["register"] == campaigns_hash()
    assert "回溯研究" in hushmap(*asked, "--lang", "zh").stdout


def test_a_window_that_is_not_in_the_series_is_refused(additions, hushmap):
    """One line with the remedy, exit code 2."""
    done = hushmap("campaign", "study", additions, "--campaign", "gd-net-oriole")
    assert done.exit_code == 2
    assert "is not within the series" in done.stderr


def test_what_was_foreseen_is_told_as_such(additions, hushmap):
    """Only if it was kept before the first day of the series, as it is now, and nothing else was chosen with it."""
    assert "with a window of 8 days" in hushmap("campaign", "foresee", "batch1", "--days", "8").stdout
    asked = ("campaign", "study", additions, "--campaign", "batch1", "--days", "8")
    assert "Retrospective" in hushmap(*asked).stdout, "the data are older than what was kept"
    kept = ForeseenRegister()
    kept.path.unlink()
    kept.add(
        Foreseen(
            campaign="mps-netpolice-batch1",
            sha256=campaign_hash("mps-netpolice-batch1"),
            days=8,
            when="2014-12-31T00:00:00Z",
        )
    )
    assert "Pre-registered" in hushmap(*asked).stdout
    for chosen in (("--since", "2015-01-01"), ("--until", "2015-12-31"), ("--days", "9")):
        assert "Pre-registered" not in hushmap(*asked, *chosen).stdout
    begun = hushmap(*asked, "--by", "category", "--start", "prurient=2015-06-01").stdout
    assert "Retrospective" in begun


def test_what_was_read_otherwise_than_foreseen_is_retrospective(additions, hushmap):
    """Columns, rows and days that were chosen with the data, or kept and then not used; the same are pre-registered."""
    Path("days.txt").write_text("\n".join(f"{date(2015, 1, 1) + timedelta(days=day)}" for day in range(365)))
    choices = (
        ("--by", "category"),
        ("--count", "n"),
        ("--order", "date"),
        ("--where", "category=prurient"),
        ("--observed", "days.txt"),
    )
    asked = ("campaign", "study", additions, "--campaign", "batch1", "--days", "8")
    for chosen in choices:
        kept = hushmap("campaign", "foresee", "batch1", "--days", "8", *chosen)
        assert f"read with {' '.join(chosen)} at" in kept.stdout
        (line,) = ForeseenRegister().all()
        ForeseenRegister().path.unlink()
        ForeseenRegister().add(msgspec.structs.replace(line, when="2014-12-31T00:00:00Z"))
        assert "Pre-registered" in hushmap(*asked, *chosen).stdout, chosen
        assert "Retrospective" in hushmap(*asked).stdout, chosen
        others = next(other for other in choices if other != chosen)
        assert "Retrospective" in hushmap(*asked, *chosen, *others).stdout, chosen
        ForeseenRegister().path.unlink()


@pytest.mark.parametrize("verb", [("foresee", "batch1"), ("study", "additions.csv", "--campaign", "batch1")])
@pytest.mark.parametrize("days", ["0", "36601", "3000000", "99999999999"])
def test_a_window_of_so_many_days_is_none(additions, hushmap, verb, days):
    """One line and exit code 2, whatever the calendar can hold; nothing is kept of it."""
    done = hushmap("campaign", *verb, "--days", days)
    assert done.exit_code == 2, done.output
    assert "--days" in done.stderr
    assert [*ForeseenRegister().all(), *StudyRegister().all()] == []


def test_observed_days_that_were_written_later_are_noticed(additions, hushmap):
    """The first sentence tells; another content of the file is another question, and counts."""
    Path("days.txt").write_text("\n".join(f"{date(2015, 1, 1) + timedelta(days=day)}" for day in range(365)))
    chosen = ("batch1", "--days", "8", "--observed", "days.txt")
    hushmap("campaign", "foresee", *chosen)
    (line,) = ForeseenRegister().all()
    ForeseenRegister().path.unlink()
    ForeseenRegister().add(msgspec.structs.replace(line, when="2014-12-31T00:00:00Z"))
    asked = ("campaign", "study", additions, "--campaign", *chosen)
    assert "Pre-registered: " in hushmap(*asked).stdout
    Path("days.txt").write_text("\n".join(f"{date(2015, 1, 1) + timedelta(days=day)}" for day in range(300)))
    later = hushmap(*asked).stdout
    assert "Pre-registered in part: " in later
    assert "Other questions were put to this series before" in later
    told = json.loads(hushmap(*asked, "--json").stdout)
    assert (told["preregistered"], told["observed_changed"]) == (True, True)
    Path("days.txt").unlink()
    assert hushmap("campaign", "foresee", *chosen).exit_code == 0, "it may be written as the data come"


def test_shares_of_what_was_measured_are_studied(tested, hushmap):
    """By day, against what was to be expected; in points, with what the series would have shown, in each language."""
    asked = ("campaign", "study", tested, "--campaign", "batch1", "--days", "8", "--shares", "web", "--by", "network")
    text = " ".join(hushmap(*asked).stdout.split())
    assert "Shares are of bursts of web:" in text
    assert "all together: Blocked in 100.0 % of 32 bursts in the window, in 25.0 % of 208 bursts on the" in text
    assert "35.0 % was to be expected" in text
    assert "Of 59 other windows 0 lay as far above" in text
    assert "That is more than usual: consistent with the campaign, which need not have caused it." in text
    assert "percentage points greater in" in text
    assert "at the start +64" in text
    assert "Measured in CN, XE: all together is of all these countries" in text
    told = json.loads(hushmap(*asked, "--json").stdout)
    assert told["measured_in"] == ["CN", "XE"]
    assert (told["experiment"], told["sought"], told["tests"][0]["share"]["tests"]) == ("web", "Blocked", 32)
    roles = {one["name"]: one["role"] for one in told["tests"]}
    assert roles == {"": "whole", "64501": "control", "64502": "target"}, "the campaign was in the second's country"
    assert "个百分点" in hushmap(*asked, "--lang", "zh").stdout
    staggered = hushmap(*asked, "--start", "64501=2015-06-01", "--start", "64502=2015-06-03").stdout
    assert "all localities, each in its own window: Blocked in" in " ".join(staggered.split())


def test_a_study_is_kept_before_its_data_are_read(additions, hushmap):
    """With the register's hash; one whose data cannot be read was asked all the same."""
    assert hushmap("campaign", "study", additions, "--campaign", "batch1", "--by", "colour").exit_code == 2
    (asked,) = StudyRegister().all()
    assert (asked.campaign, asked.register) == ("mps-netpolice-batch1", campaigns_hash())
    assert asked.paths[0].endswith("/additions.csv")


def test_other_questions_of_one_series_count_together(additions, hushmap):
    """Another window is another question, and the same again is not; a copy of the table is the same series."""
    asked = ("--campaign", "batch1", "--json", "--days")
    first = json.loads(hushmap("campaign", "study", additions, *asked, "8").stdout)
    assert first["earlier"] == 0
    assert json.loads(hushmap("campaign", "study", additions, *asked, "8").stdout) == first
    Path("copy.csv").write_bytes(Path(additions).read_bytes())
    second = json.loads(hushmap("campaign", "study", "copy.csv", *asked, "9").stdout)
    assert second["earlier"] == len([one for one in first["tests"] if one["adjusted"] is not None])
    text = hushmap("campaign", "study", additions, "--campaign", "batch1", "--days", "10").stdout
    assert "Other questions were put to this series before: the 2 tests" in " ".join(text.split())


def test_localities_are_given_with_their_starts(additions, hushmap):
    """Each by the name of its series; what is none is told."""
    asked = ("campaign", "study", additions, "--campaign", "batch1", "--days", "8", "--by", "category")
    told = json.loads(
        hushmap(*asked, "--start", "prurient=2015-06-01", "--start", "gambling=2015-08-07", "--json").stdout
    )
    assert [one["role"] for one in told["tests"]][:3] == ["together", "locality", "locality"]
    for wrong, said in (
        ("prurient", "write NAME=YYYY-MM-DD"),
        ("prurient=June", "is no day"),
        ("east=2015-06-01", "there is no series 'east'; there are gambling, prurient; give --by COLUMN\n"),
    ):
        done = hushmap(*asked, "--start", wrong)
        assert done.exit_code == 2
        assert said in done.stderr


def test_localities_of_the_register_have_their_own_starts(home, hushmap):
    """Those that it knows by the day; of others nothing is known, so that they are no controls, and that is said."""
    start = date(2015, 1, 1)
    rows = [f"{start + timedelta(days=day)},{of},1" for day in range(0, 364, 30) for of in ("Yunnan", "Elsewhere")]
    rows += [f"2015-08-{day:02},Yunnan,5" for day in range(7, 12)]
    (home / "places.csv").write_text("\n".join(["date,province,n", *rows, ""]))
    asked = ("campaign", "study", "places.csv", "--campaign", "batch2", "--days", "8")
    told = json.loads(hushmap(*asked, "--by", "province", "--json").stdout)
    roles = [(one["role"], one["name"], one["start"]) for one in told["tests"]]
    assert roles == [("together", "", "2015-08-07"), ("locality", "Yunnan", "2015-08-07")]
    text = " ".join(hushmap(*asked, "--by", "province").stdout.split())
    assert "Localities of which the register has a start: Yunnan (2015-08-07)." in text
    assert "do not name every place in which it went on: the other localities of the 139 accounts" in text
    assert "neither tested nor controls, for it may have gone on there too: Elsewhere." in text
    whole = hushmap(*asked).stdout
    assert "Left out" not in whole
    assert "do not name every place" in " ".join(whole.split())
    shown = hushmap("campaign", "show", "batch2").stdout
    assert "Yunnan, from 7 Aug 2015" in shown


WORKED = {
    "yy_high_list_snapshots.csv --campaign mps-netpolice-batch1 --days 8 --until 2016-09-30": (
        "Retrospective",
        "577 things of 1,504 things in all",
        "p = 0.0017",
        "by things in place of updates p = 0.005",
        "consistent with the campaign, which need not have caused it",
    ),
    "livestream_2015_2016_daily_by_category.csv --campaign mps-netpolice-batch1 --days 8 --by category "
    "--since 2015-06-01": (
        "prurient: 4 updates with 558 things of 569 things",
        "No time before the window is in the series",
    ),
    "yy_high_list_snapshots.csv --campaign mps-netpolice-batch2 --days 8 --until 2016-09-30": (
        "0 updates with 0 things",
        "p = 1.00",
        "no sign of the campaign",
    ),
    "yy_high_list_snapshots.csv --campaign gd-net-oriole --until 2016-09-30": (
        "10 updates with 15 things",
        "p = 0.93",
        "3 times as many updates as on its other days in 92 of 100",
    ),
}
"""The commands of docs/tutorial/campaign.md, and what they say on the public counts."""


@pytest.mark.parametrize("typed", WORKED)
def test_the_worked_case_says_what_the_tutorial_says(typed, hushmap):
    """577 additions in eight days, p of 0.005; nulls in August and for Net Oriole; retrospective, and no cause."""
    if not FIELD.is_dir():
        pytest.skip(f"no field data at {FIELD}: set HUSHMAP_FIELD_DATA")
    words = typed.split()
    assert f"$ hushmap campaign study {typed}\n" in (ROOT / "docs/tutorial/campaign.md").read_text("utf-8")
    text = " ".join(hushmap("campaign", "study", FIELD / words[0], *words[1:]).stdout.split())
    for said in WORKED[typed]:
        assert said.lower() in text.lower(), said
