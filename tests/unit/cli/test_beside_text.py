"""What OONI has beside a verdict, as it is printed."""

from datetime import date

import msgspec

from hushmap.analysis import Share, Theirs
from hushmap.cli.beside import Beside
from hushmap.cli.beside_text import beside_lines, beside_object

FIRST, LAST = date(2026, 10, 23), date(2026, 11, 21)


def _share(found, k, n, *limits):
    share, low, high = limits or (None, None, None)
    return Share(found=found, k=k, n=n, share=share, low=low, high=high)


THEIRS = Theirs(
    first=FIRST, last=LAST, measurements=41, left_out=3, days=12, gaps="2026-10-23 to 2026-11-08; 2026-11-20",
    ours=(_share("Blocked", 0, 17, 0.0, 0.0, 0.195), _share("Unreachable from here", 2.5, 17, 0.147, 0.03, 0.38)),
    claim=_share("anomaly", 3, 17, 0.176, 0.038, 0.434),
)  # fmt: skip
BESIDE = Beside(host="news.example.org", asn=64501, path="ooni.jsonl.gz", first=FIRST, last=LAST, theirs=THEIRS)


def _text(beside):
    return " ".join(" ".join(beside_lines(beside)).split())


def test_shares():
    """Whose, when, how many; both conclusions of bursts with intervals; what is not counted; days without any."""
    text = _text(BESIDE)
    for said in (
        "news.example.org on AS64501, 23 Oct 2026 to 21 Nov 2026: 41 measurements on 12 days",
        "not part of the verdict above",
        "anomaly in 3 of 17 bursts, 18 % (95 %: 4 to 43 %)",
        "Unreachable from here in 2.5 of 17 bursts, 15 % (95 %: 3 to 38 %)",
        "3 measurements not counted: nothing decided, or failing everywhere",
        "no data 2026-10-23 to 2026-11-08, 2026-11-20",
    ):
        assert said in text


def test_few():
    """Too few have no share; what is not known is not said."""
    few = msgspec.structs.replace(THEIRS, ours=(_share("Blocked", 1, 1),), claim=None, left_out=0, gaps="")
    text = _text(msgspec.structs.replace(BESIDE, theirs=few))
    assert "Blocked in 1 of 1 burst, too few for a share" in text
    assert not any(said in text for said in ("OONI says", "not counted", "no data", "%"))


def test_none():
    """Nothing there is said to be nothing, and to say nothing."""
    text = _text(msgspec.structs.replace(BESIDE, theirs=None))
    assert "no measurement of news.example.org on AS64501, 23 Oct 2026 to 21 Nov 2026, in ooni.jsonl.gz" in text
    assert "says nothing about" in text
    assert "is not known" in _text(msgspec.structs.replace(BESIDE, asn=None, theirs=None))


def test_object():
    """The same as data, absent as null."""
    told = beside_object(BESIDE)
    assert (told["host"], told["first"], told["theirs"]["claim"]["n"]) == ("news.example.org", "2026-10-23", 17)
    assert beside_object(msgspec.structs.replace(BESIDE, theirs=None))["theirs"] is None
