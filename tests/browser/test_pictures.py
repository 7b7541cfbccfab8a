"""Pictures for people to look at: HUSHMAP_PICTURES=FOLDER keeps them; here only that they show something."""

import os
from pathlib import Path

import make_screenshots
import pytest

pytestmark = pytest.mark.heavy


def test_each_kind_of_page_has_its_pictures(browser, place, tmp_path):
    """Phone and desktop, light and dark: four pictures of each page, no two alike."""
    kept = os.environ.get("HUSHMAP_PICTURES")
    output = Path(kept) / place.name.replace(" ", "-") if kept else tmp_path
    made = make_screenshots.pictures(browser, place.base, place.pages, output)
    assert len(made) == 4 * len(place.pages)
    assert len({path.read_bytes() for path in made}) == len(made)
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in made)
