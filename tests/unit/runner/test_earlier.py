"""Contacts are counted by the day, over all runs of one folder."""

from datetime import UTC, datetime, timedelta

from hushmap.model import Ask, Attempt, Layer, Target, trial_of
from hushmap.runner import earlier_trials
from hushmap.runner.allowance import Allowance, Limits
from hushmap.runs import Manifest, RunFolder

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
SITE = Target(experiment="web", text="https://news.example/")
ATTEMPT = Attempt(id=10_000, ask=Ask(layer=Layer.DNS, name="news.example", resolver="system"))


def run(base, name, hours_ago):
    """A run that asked for the site once, ten seconds after it began."""
    started = (NOW - timedelta(hours=hours_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
    folder = RunFolder.create(base, name, Manifest(run=name, started=started, deck="d", targets=(SITE,)))
    folder.journal_append(trial_of(ATTEMPT, t0=10.0, t=11.0), 0)
    folder.close()
    return folder.path


def test_trials_of_the_last_day_are_told_on_the_new_runs_clock(tmp_path):
    """What is older than a day is not told; nor is the run itself, nor a folder that is no run."""
    run(tmp_path, "20261119T1200Z-aaaa", 48)
    run(tmp_path, "20261121T1000Z-bbbb", 2)
    mine = run(tmp_path, "20261121T1200Z-cccc", 0)
    (tmp_path / "20261121T0900Z-dddd").mkdir()
    found = earlier_trials(mine, NOW)
    assert [(target, trial.t0) for target, trial in found] == [(SITE, -7190.0)]


def test_yesterdays_contacts_count_against_todays_number(tmp_path):
    """A name that was asked for as often as a day allows is not asked for again in a second run."""
    run(tmp_path, "20261121T1000Z-bbbb", 2)
    allowance = Allowance(Limits(contacts=1), harmless=frozenset(), own=frozenset())
    for target, trial in earlier_trials(tmp_path / "new", NOW):
        allowance.remember(target, trial)
    assert not allowance.contact(SITE, ATTEMPT, 0.0)
    assert allowance.contact(SITE, ATTEMPT, 86_400.0)
