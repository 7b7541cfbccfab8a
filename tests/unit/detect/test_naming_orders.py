"""What a notice says of its order."""

import pytest

from hushmap.detect.naming_orders import dated


@pytest.mark.parametrize(
    ("notice", "order", "day"),
    [
        ("Results are not shown under order 47/2026 of 12 March 2026.", "47/2026", "2026-03-12"),
        ("\u547d\u4ee42026-47\u53f7\uff0c2026\u5e743\u670812\u65e5\u3002", "2026-47", "2026-03-12"),
        ("\u547d\u4ee42026-47\u53f7,2026\u5e7413\u670812\u65e5", "2026-47", None),
        ("Blocked by decision No. 27-31/A of 24.02.2022", "27-31/A", "2022-02-24"),
        ("\u2116 12-B, 2022-02-24", "12-B", "2022-02-24"),
        ("order of 99 March 2026", None, None),
        ("in order to obey the law", None, None),
        ("nothing", None, None),
        ("There are no 18+ results.", None, None),
        ("Nothing2 see, orders5 are late", None, None),
    ],
)  # fmt: skip
def test_order_and_date_are_read_from_a_notice(notice, order, day):
    """As far as it names them, in the ways that are known; an impossible date is none."""
    told = dated(notice)
    assert told.order == order
    assert told.day == day
