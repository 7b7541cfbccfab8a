"""What `hushmap.open` gives: the tables, and the frames that are made of verdicts.

`incidents` has the columns of `INCIDENT`, `rates` those that were asked for and `RATE`; `dtypes` has what pandas has
of each.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from hushmap.analysis.changed import NEEDED, incidents
from hushmap.analysis.counting import MIN_N
from hushmap.analysis.serving import hosts_of_services
from hushmap.analysis.shares import rates
from hushmap.archive import Filters, Tables
from hushmap.sampling import ALPHA_OF_CHANGE

_OF_STREAMS = ("network", "target", "category", "experiment", "outcome", "mechanism", "label")
"""Filters by which a stream would lose attempts that it consists of."""


class Opened(Tables):
    """The four tables of what was opened, with what follows from them."""

    def incidents(
        self, filters: Filters | None = None, *, alpha: float = ALPHA_OF_CHANGE, **fields: Any
    ) -> pd.DataFrame:
        """What stopped working and began to work again, one row each: the columns of `analysis.INCIDENT`.

        Times are datetime64 in UTC and are the edges of intervals; `asn` is Int64; counts are int64, shares float64.

        Args:
            filters: only these lines, hosts and days.
            alpha: the chance that a stream without a change has a confirmed one.
            fields: filters by keyword: `country=("XE",)`.

        Raises:
            ValueError: A filter would take attempts out of a course.
        """
        asked = [name for name in _OF_STREAMS if fields.get(name) or getattr(filters, name, ())]
        if asked:
            raise ValueError(
                f"{asked[0]} would take attempts out of a course: choose by country, asn, domain and day"
            )
        frame = self.frame("verdicts", filters, NEEDED, **fields)
        return incidents(frame, services=hosts_of_services(), alpha=alpha)

    def rates(
        self, by: Sequence[str], filters: Filters | None = None, *, min_n: int = MIN_N, **fields: Any
    ) -> pd.DataFrame:
        """How often something was found blocked, one row for each value of `by` and each experiment.

        The columns are those of `by`, `experiment`, `found` and `analysis.RATE`; a share is of bursts of which
        something was decided, and stands only where there were `min_n` of them.

        Raises:
            ValueError: There is no such column.
        """
        return rates(self.where("verdicts", filters, **fields), by, min_n)
