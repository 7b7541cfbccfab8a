"""`hushmap lab demo --replay`: one recorded lab run through inquiry, judge, table and page again.

Only when asked for, never by itself, and under a banner: nothing is measured.
"""

from pathlib import Path

from hushmap.cli.fault import Exit, Fault


def replay_recorded(base: Path) -> int:
    """Not yet."""
    raise Fault(f"no recorded run {base}", Exit.REFUSED)
