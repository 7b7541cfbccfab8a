"""Views of another vantage are plain frozen values."""

import msgspec
import pytest

from hushmap.model import Failure, Outcome, PeerView, Visit


def test_a_view_survives_encoding():
    """It can be kept beside what was judged with it."""
    visit = Visit(
        url="https://news.example/", address="198.51.100.7", earliest=0.0, latest=1.0, step="connect",
        failure=Failure.TIMEOUT,
    )  # fmt: skip
    view = PeerView(
        record="r-0001", run="r", experiment="web", target=visit.url, outcome=Outcome.INSUFFICIENT, visits=(visit,)
    )
    assert msgspec.json.decode(msgspec.json.encode(view), type=PeerView) == view
    with pytest.raises(AttributeError):
        view.run = "s"  # type: ignore[misc]
