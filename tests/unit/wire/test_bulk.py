"""The download of known size."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.wire import bulk


@given(st.integers(1, bulk.LIMIT))
def test_a_path_says_its_size(size):
    """What is asked for is read back, and so many bytes are there."""
    assert bulk.size_of(bulk.path_of(size)) == size
    assert len(bulk.body_of(size)) == size


@given(st.text(max_size=40))
def test_no_other_path_asks_for_bytes(text):
    """Any other target is a site's own, and an echo gives it back."""
    assert bulk.size_of(text) is None or bulk.path_of(bulk.size_of(text)) == text


@pytest.mark.parametrize("target", ["/bytes/1024", "/hushmap-bytes/", "/hushmap-bytes/0", "/hushmap-bytes/01",
                                    "/hushmap-bytes/-1", "/hushmap-bytes/524289", "/hushmap-bytes/999999",
                                    "/hushmap-bytes/1?x", "/hushmap-bytes/1/", "/hushmap-bytes/٣"])  # fmt: skip
def test_sites_paths_and_impossible_sizes_are_no_download(target):
    """Public services have paths like /bytes/1024: those are echoed."""
    assert bulk.size_of(target) is None


@pytest.mark.parametrize("size", [0, -1, bulk.LIMIT + 1])
def test_an_impossible_size_is_refused(size):
    """Nobody asks for nothing, or for too much."""
    with pytest.raises(ValueError, match="a download has"):
        bulk.path_of(size)


def test_the_bytes_are_text_and_do_not_shrink():
    """ASCII, the same every time, and a compressor saves a quarter at most."""
    body = bulk.body_of(bulk.LIMIT)
    assert body.isascii()
    assert body == bulk.body_of(bulk.LIMIT)
    assert len(zlib.compress(body, 9)) > 0.74 * len(body)
