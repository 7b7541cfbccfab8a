"""What `hushmap campaign` prints: no more than is known of a date."""

from datetime import date

import pytest

from hushmap.cli.campaign_text import dated, lasting, list_lines, show_lines
from hushmap.model import Campaign, Dated, Document, EventKind, Precision

DAY = Dated(day=date(2015, 6, 1))
MONTH = Dated(day=date(2015, 11, 1), precision=Precision.MONTH)
ABOUT = Dated(day=date(2016, 2, 8), precision=Precision.ABOUT)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (DAY, None, "1 Jun 2015 on"),
        (None, DAY, "until 1 Jun 2015"),
        (None, None, "no date"),
        (MONTH, MONTH, "Nov 2015"),
        (MONTH, ABOUT, "Nov 2015 to about 8 Feb 2016"),
    ],
)
def test_how_long_it_lasted(start, end, text):
    """A month is told as a month, a day that is about right as such."""
    assert lasting(start, end) == text
    assert dated(MONTH) == "Nov 2015"


def test_what_is_unknown_is_said_to_be():
    """Nobody, no platform, no end; an event that comes each year says so."""
    one = Campaign(
        id="x", name="X", kind=EventKind.ANNIVERSARY, jurisdiction="XA", start=DAY, yearly=True,
        documents=(Document(what="D"),),
    )  # fmt: skip
    text = "\n".join(show_lines(one, {}))
    for told in ("By        nobody", "none is named", "not said", "and on this day of each year", "mistaken for"):
        assert told in text
    plain = Campaign(id="y", name="Y", jurisdiction="XA", start=DAY, documents=(Document(what="D"),))
    assert "End       none is known" in "\n".join(show_lines(plain, {}))
    assert "  1 Jun 2015  x  anniversary · XA · X" in "\n".join(list_lines([one], "ab" * 32))
