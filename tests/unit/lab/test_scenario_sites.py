"""Sites: where they are, and what cannot be true of one."""

import pytest

from hushmap.lab.scenario_sites import Site, site_faults


def test_everybody_is_sent_somewhere():
    """Addresses for all, for the provider's customers and for those elsewhere are all the site's."""
    site = Site(name="a.example", addresses=("1",), isp_addresses=("2",), elsewhere_addresses=("3", "1"))
    assert site.every_address == {"1", "2", "3"}
    assert site_faults([site]) == []


@pytest.mark.parametrize(
    ("sites", "words"),
    [
        ((Site(name="a.example"), Site(name="a.example")), "stands twice"),
        ((Site(name="a.example", addresses=("1",), dead=("2",)),), "dead addresses"),
        ((Site(name="a.example", strict_sni=True, alert_sni=True),), "not both"),
    ],
)
def test_what_cannot_be_true_is_said(sites, words):
    """Each fault names its site."""
    (fault,) = site_faults(sites)
    assert fault.startswith("[[site]] a.example")
    assert words in fault
