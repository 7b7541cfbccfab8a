"""Verdicts as small numbers."""

from hushmap.report.explore.columns import Line, gathered, narrow
from unit.report.explore.explored import FINE, ROWS, row, tables


def test_every_verdict_about_a_target_is_in_the_columns_in_order_of_time():
    """Canaries and calibrations are left out, and counted as left out."""
    columns = gathered(tables())
    assert (len(columns), columns.left) == (8, 2)
    assert (columns.minute[1:] >= columns.minute[:-1]).all()
    assert {one.target for one in columns.targets} == {"https://a.example/", "https://b.example/", "some word"}
    assert {one.part for one in columns.targets} == {"sites", "words"}
    assert sorted(columns.labels) == ["", "group"]


def test_the_numbers_mean_what_the_rows_say():
    """Of each row target, network and kind come back."""
    columns = gathered(tables())
    told = set()
    for at in range(len(columns)):
        pair = columns.pair[at]
        target, network = columns.targets[columns.pair_target[pair]], columns.networks[columns.pair_network[pair]]
        told.add((target.target, network.asn, columns.kinds[columns.kind[at]].label))
    meant = {(one["target"], one["asn"], one["verdict_label"]) for one in ROWS if one["record"][0] == "r"}
    assert told == meant


def test_an_unknown_network_is_one_for_each_run():
    """Unknown equals nothing; a known name equals itself."""
    unknown = [row(f"r{n}", 1, n, None, FINE, run=f"run-{n}", network=None) for n in (1, 2)]
    named = [row(f"n{n}", 1, n, None, FINE, run=f"run-{n}", network="Home") for n in (3, 4)]
    columns = gathered(tables((*unknown, *named)))
    assert sorted(one.run for one in columns.networks) == ["", "run-1", "run-2"]


def test_a_thing_is_called_as_the_newest_row_calls_it():
    """A name that is lacking is taken from an older one; a list that gives no category takes none away."""
    rows = (
        row("r1", 1, 8, 64501, FINE, network="Old", category=None),
        row("r2", 2, 8, 64501, FINE, network="New", category="NEWS"),
        row("r3", 3, 8, 64501, FINE, network=None, category=None),
    )
    columns = gathered(tables(rows))
    assert [one.name for one in columns.networks] == ["New"]
    assert [one.category for one in columns.targets] == ["NEWS"]


def test_nothing_gives_empty_columns():
    """There is no first verdict, and nothing breaks."""
    columns = gathered(tables(()))
    assert (len(columns), columns.targets, columns.networks) == (0, (), ())


def test_numbers_take_as_few_bytes_as_they_need():
    """A few kinds fit into one byte each."""
    columns = gathered(tables())
    assert columns.kind.dtype.itemsize == 1
    assert narrow(columns.minute, 70_000).dtype.itemsize == 4


def test_a_network_has_the_name_that_a_site_gives_it():
    """With a number the name makes no second network of it."""
    assert Line(asn=64501, country="XE", name="Any").id == "as64501-xe"
    assert Line(run="r").id.startswith("run-")
