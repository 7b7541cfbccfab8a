#!/usr/bin/env python3
"""Makes docs/images/grid.svg: targets by networks, from a site of the example data.

    scripts/make_grid.py [FILE...]      of these records, or of four networks of results/example

The picture is the one that `hushmap report` writes, unchanged: what README shows is what a reader would get.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hushmap.cli.report import command as report

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "images" / "grid.svg"
TITLE = "A month on four invented networks"
NETWORKS = ("isp-resolver-1", "isp-resolver-2", "isp-resolver-3", "open-1")
"""Three that differ a little and one that blocks nothing; their names recall no country."""


def main(arguments: Sequence[str]) -> int:
    """Make a site, and keep its grid."""
    records = [Path(name) for name in arguments]
    records = records or [ROOT / "results" / "example" / "records" / f"{name}.jsonl.zst" for name in NETWORKS]
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        report.main([*map(str, records), "-o", str(site), "--title", TITLE], standalone_mode=False)
        picture = (site / "img" / "grid.svg").read_bytes()
    TARGET.write_bytes(picture)
    sys.stdout.write(f"{TARGET.name}: {len(picture):,} bytes, of {len(records)} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
