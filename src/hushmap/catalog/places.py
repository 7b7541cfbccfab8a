"""Where the shipped data lies: in a wheel inside the package, in a checkout beside `src`.

pyproject's force-include puts the checkout's `probes/` into the wheel as `hushmap/probes`; an editable install and
the tests read the checkout's own.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def probes_dir(package: Path = _PACKAGE) -> Path:
    """The folder `probes` that belongs to this installation."""
    packaged = package / "probes"
    return packaged if packaged.is_dir() else package.parent.parent / "probes"
