"""What makers add is nothing unless they do."""

from hushmap.report.site.added import Added
from unit.report.site.added import REPLACES, making
from unit.report.site.books import making as plain
from unit.report.site.building import whole


def test_by_default_nothing_is_added():
    """No event, no case, nobody else's measurement."""
    assert Added() == plain().added
    assert not any((Added().register, Added().cases, Added().studies, Added().others, Added().replaces))


def test_a_corrected_edition_names_the_one_it_replaces():
    """On every page."""
    pages = [text for path, text in whole(making(replaces=REPLACES)).items() if path.endswith(".html")]
    assert all("Replaces version 1, page 0a1b2c3d" in text for text in pages)
    assert not any("Replaces version" in text for text in whole(making()).values())
