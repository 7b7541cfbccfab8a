"""Runs a program in a world whose clock is ahead: `python -m hushmap.lab.skewed SECONDS MODULE ARGUMENT ...`.

A client whose clock is behind is a world that is ahead, and only the world is shifted here: no right of this computer
is needed, and the product under test is not touched. What is shifted is `datetime.now` of one process, the helper's,
which tells the time in its answers; time-outs go by the monotonic clock and stay as they are.
"""

import datetime as dt
import runpy
import sys


def shifted(seconds: float) -> type[dt.datetime]:
    """A `datetime` whose `now` is ahead."""
    ahead = dt.timedelta(seconds=seconds)

    class Shifted(dt.datetime):
        """The world's time."""

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Shifted":
            """Real time and the shift."""
            return super().now(tz) + ahead

    return Shifted


def main() -> None:
    """Shift, then become the module."""
    _, seconds, module, *rest = sys.argv
    dt.datetime = shifted(float(seconds))  # type: ignore[misc]
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
