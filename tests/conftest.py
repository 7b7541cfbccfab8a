"""How hypothesis searches here: the same examples each time in `make test`, fresh ones when a person asks.

`HYPOTHESIS_PROFILE=search pytest tests/property` looks for what the fixed examples miss.

And signals as a terminal gives them: `nohup make test &` starts everything with some ignored, all children inherit
that, and what a test of Ctrl-C sends would never arrive.
"""

import os
import signal

from hypothesis import HealthCheck, settings

SLOW_MACHINE = [HealthCheck.too_slow]
"""Two shared cores: how fast examples are made says nothing about the code."""

settings.register_profile("fixed", deadline=None, derandomize=True, database=None, suppress_health_check=SLOW_MACHINE)
settings.register_profile(
    "search", deadline=None, max_examples=2000, database=None, print_blob=True, suppress_health_check=SLOW_MACHINE
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)
