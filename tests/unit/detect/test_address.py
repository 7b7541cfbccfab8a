"""Tests of hushmap.detect.address."""

import pytest

from hushmap.detect.address import by_url, ours
from hushmap.model import Context

HELPERS = [(None, None, False), ("203.0.113.10", "203.0.113.10", False), ("https://0.th.ooni.org/", None, True)]


@pytest.mark.parametrize(("helper", "address", "far"), HELPERS)
def test_only_a_helper_of_ones_own_has_an_address_of_ours(helper, address, far):
    """One of OONI's kind compares, and nothing can be sent to it."""
    context = Context(helper=helper)
    assert (ours(context), by_url(context)) == (address, far)
