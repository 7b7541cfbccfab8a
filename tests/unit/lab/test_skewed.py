"""A world whose clock is ahead."""

import datetime as dt
import subprocess
import sys

from hushmap.lab.skewed import shifted


def test_now_is_ahead_and_all_else_is_as_it_was():
    """Only the present is shifted; a date is that date."""
    later = shifted(86400.0)
    assert dt.timedelta(hours=23) < later.now(dt.UTC) - dt.datetime.now(dt.UTC) < dt.timedelta(hours=25)
    assert later(2026, 1, 1, tzinfo=dt.UTC) == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_a_module_runs_in_that_world(tmp_path):
    """It sees its own arguments, and the shifted time, however it imports it."""
    (tmp_path / "told.py").write_text(
        "import sys\nfrom datetime import UTC, datetime\nprint(sys.argv[1:], datetime.now(UTC).year)\n"
    )
    command = [sys.executable, "-m", "hushmap.lab.skewed", "3155760000", "told", "a", "--b"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=20).stdout
    year = dt.datetime.now(dt.UTC).year
    assert said in {f"['a', '--b'] {year + 99}\n", f"['a', '--b'] {year + 100}\n"}
