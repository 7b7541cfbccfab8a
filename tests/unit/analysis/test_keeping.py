"""What an archive keeps of its incidents."""

import pandas as pd
import pytest

from hushmap.analysis import changes, framed, incidents, keep, kept, kept_incidents, made_of
from hushmap.archive import Folder
from hushmap.archive.ledger import HEAD, Head, Import, encoded, marker
from hushmap.runs import RunsError
from unit.analysis.courses import course


@pytest.fixture
def place(tmp_path):
    """An archive with nothing in it."""
    folder = Folder(tmp_path / "archive")
    folder.write(HEAD, encoded(Head(schema=1)))
    return folder


def test_what_is_kept_is_read_again(place):
    """The frame that is kept under derived/ is the frame that is read."""
    frame = incidents(course("." * 60 + "x" * 30 + "." * 60))
    assert kept(place) is None
    assert keep(place, frame, made_of(place)) == "derived/incidents.parquet"
    pd.testing.assert_frame_equal(kept(place), frame, check_dtype=False)


def test_an_archive_without_incidents_keeps_that(place):
    """No incident is an answer too, and not the same as none kept."""
    keep(place, incidents(course("." * 60)), made_of(place))
    assert len(kept(place)) == 0


def test_what_was_kept_before_something_was_added_is_not_read(place):
    """After another import the frame is of another archive: nothing is read until it is made again."""
    frame = incidents(course("." * 60 + "x" * 30))
    keep(place, frame, made_of(place))
    place.write(marker("ab" * 32), encoded(Import(id="ab" * 32, made="2026-11-01T00:00:00Z", parts=(), files=())))
    assert kept(place) is None
    keep(place, frame, made_of(place))
    assert len(kept(place)) == 1


def test_what_was_added_while_they_were_made_is_not_in_them(place):
    """They are of what the archive was before its verdicts were read, so that they are made again."""
    before = made_of(place)
    place.write(marker("ab" * 32), encoded(Import(id="ab" * 32, made="2026-11-01T00:00:00Z", parts=(), files=())))
    keep(place, incidents(course("." * 60 + "x" * 30)), before)
    assert kept(place) is None


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("DETECTOR", "0"),
        ("ALPHA_OF_CHANGE", 0.5),
        ("hosts_of_services", lambda: {"a.example": "A"}),
        ("INCIDENT", {}),
    ],
)
def test_what_another_detector_found_is_not_read(place, monkeypatch, name, other):
    """Nor what was found at another chance of a false alarm, by other services, or has other columns."""
    keep(place, incidents(course("." * 60 + "x" * 30)), made_of(place))
    monkeypatch.setattr(f"hushmap.analysis.keeping.{name}", other)
    assert kept(place) is None
    assert kept_incidents(place) is None


def test_only_an_archive_keeps_anything(tmp_path):
    """A folder that is no archive has nothing that they could be made of."""
    with pytest.raises(RunsError, match="is no archive"):
        made_of(Folder(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_incidents_that_are_kept_are_those_that_were_found(place):
    """Read again they are equal in every field: with and without an onset, a lifting, a number of the network."""
    found = [
        changes(course("." * 60 + "x" * 30 + "." * 60)),
        changes(course("x" * 30)),
        changes(course("." * 60 + "x" * 30, asn=None)),
    ]
    every = tuple(one for some in found for one in some.incidents)
    assert kept_incidents(place) is None
    assert (
        {one.lifting is None for one in every} == {one.onset_last_working is None for one in every} == {True, False}
    )
    keep(place, framed(every), made_of(place))
    assert kept_incidents(place) == every
    keep(place, framed(()), made_of(place))
    assert kept_incidents(place) == ()


def test_a_file_that_is_not_as_it_is_made_keeps_nothing(place):
    """Cut off, of other columns, or with a word that there is not: it can be made again."""
    frame = incidents(course("." * 60 + "x" * 30))
    keep(place, frame.drop(columns=["domain"]), made_of(place))
    assert kept_incidents(place) is None
    keep(place, frame.assign(status="odd"), made_of(place))
    assert kept_incidents(place) is None
    place.write("derived/incidents.parquet", b"PAR1 and no more")
    assert kept_incidents(place) is None
