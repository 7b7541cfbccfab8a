"""How hypothesis searches here: the same examples each time in `make test`, fresh ones when a person asks.

`HYPOTHESIS_PROFILE=search pytest tests/property` looks for what the fixed examples miss.
"""

import os

from hypothesis import HealthCheck, settings

SLOW_MACHINE = [HealthCheck.too_slow]
"""Two shared cores: how fast examples are made says nothing about the code."""

settings.register_profile("fixed", deadline=None, derandomize=True, database=None, suppress_health_check=SLOW_MACHINE)
settings.register_profile(
    "search", deadline=None, max_examples=2000, database=None, print_blob=True, suppress_health_check=SLOW_MACHINE
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
