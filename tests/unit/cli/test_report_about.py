"""What the makers of a site say of it: a file of corrections."""

from datetime import date

import pytest

from hushmap.cli.fault import Fault
from hushmap.cli.report_about import corrections

GOOD = '[[correction]]\nversion = 2\nday = 2026-11-22\ntext = " Net-C added "\n'


def test_corrections_are_read_oldest_first(tmp_path):
    """The site as it was first published is version 1."""
    path = tmp_path / "c.toml"
    path.write_text(GOOD + '[[correction]]\nversion = 3\nday = 2026-11-24\ntext = "A date mended"\n')
    first, second = corrections(path)
    assert (first.version, first.day, first.text) == (2, date(2026, 11, 22), "Net-C added")
    assert second.version == 3
    assert corrections(None) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "no list of corrections"),
        ("correction = 3", "no list of corrections"),
        ("", "no list of corrections"),
        (GOOD.replace("2026-11-22", '"soon"'), "no list of corrections"),
        (GOOD.replace("2026-11-22", "2026-11-22T10:00:00Z"), "no list of corrections"),
        (GOOD.replace("version = 2", "version = true"), "no list of corrections"),
        (GOOD.replace(" Net-C added ", " "), "no list of corrections"),
        (GOOD + GOOD, "versions are 2, 3, 4"),
        ("correction = []", "versions are 2, 3, 4"),
    ],
)
def test_what_does_not_fit_is_said_with_its_form(tmp_path, text, said):
    """One line, with the file and what is wanted."""
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(Fault, match=said):
        corrections(path)


def test_a_file_that_cannot_be_read(tmp_path):
    """A name that leads nowhere, and bytes that are no text."""
    with pytest.raises(Fault, match="No such file"):
        corrections(tmp_path / "none.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Fault, match="no UTF-8"):
        corrections(tmp_path / "odd.toml")
