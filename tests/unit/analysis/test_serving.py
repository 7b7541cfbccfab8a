"""Which hosts belong to which service."""

from hushmap.analysis import hosts_of_services


def test_a_host_has_the_service_that_names_it():
    """Hosts of the shipped services belong to one of them each."""
    owners = hosts_of_services()
    assert owners["web.whatsapp.com"].startswith("whatsapp")
    assert all(name and "." in name for name in owners)
