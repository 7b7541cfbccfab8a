"""Tests of hushmap.model.campaign."""

from datetime import date

from hushmap.model import Campaign, Dated


def test_the_first_that_is_known_of_an_event():
    """Its start, else when it was announced, else when it was reported."""
    start, announced, reported = (Dated(day=date(2015, 6, day)) for day in (3, 2, 9))
    named = {"id": "x", "name": "X", "jurisdiction": "XA"}
    assert Campaign(**named, start=start, announced=announced, reported=reported).first == start
    assert Campaign(**named, announced=announced, reported=reported).first == announced
    assert Campaign(**named, reported=reported).first == reported


def test_a_part_of_a_country_is_in_it():
    """By the first part of the code."""
    for jurisdiction in ("XA", "XA-B"):
        assert Campaign(id="x", name="X", jurisdiction=jurisdiction).country == "XA"
