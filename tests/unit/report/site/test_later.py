"""Measurements that are rebuilt when a page wants them."""

from hushmap.report.site.later import Later


def test_each_piece_is_loaded_once_in_the_order_of_pages():
    """What the archive does not hold is simply not there."""
    asked = []

    def load(ids):
        asked.append([*ids])
        return {name: name.upper() for name in ids if name != "c"}

    later = Later(load, ["a", "b", "c", "d", "e"], many=2)
    assert [later.get(name) for name in "abcdex"] == ["A", "B", None, "D", "E", None]
    assert asked == [["a", "b"], ["c", "d"], ["e"]]
    assert (len(later), [*later]) == (5, ["a", "b", "c", "d", "e"])
    assert later["a"] == "A"
    assert asked[-1] == ["a", "b"]
