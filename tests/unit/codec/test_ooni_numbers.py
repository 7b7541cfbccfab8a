"""Ids of a foreign record's trials."""

from hushmap.codec.ooni_numbers import FIRST, Numbers


def test_a_transaction_keeps_its_id_once():
    """The first trial of a transaction has its id; a second one, and what has none, is counted."""
    numbers = Numbers()
    assert [numbers.take(7), numbers.take(7), numbers.take(0), numbers.take(-1), numbers.fresh()] == [
        7,
        FIRST,
        FIRST + 1,
        FIRST + 2,
        FIRST + 3,
    ]


def test_a_transaction_never_takes_a_counted_id():
    """A transaction id in the range of counted ids is counted anew, so that no two trials share one."""
    numbers = Numbers()
    taken = [numbers.take(FIRST + 1), numbers.fresh(), numbers.take(FIRST), numbers.take(FIRST - 1)]
    assert taken == [FIRST, FIRST + 1, FIRST + 2, FIRST - 1]
