"""Tests of hushmap.model.failure."""

from hushmap.model import CERTIFICATE, CUT, LOCAL, Failure


def test_the_groups_do_not_overlap():
    """A failure that accuses the network is none of this computer, nor a certificate's."""
    assert not CUT & LOCAL
    assert not CUT & CERTIFICATE
    assert not LOCAL & CERTIFICATE


def test_values_are_names_that_no_other_failure_has():
    """Lower case with underscores, as OONI's df-007 has them."""
    assert len({failure.value for failure in Failure}) == len(Failure)
    assert all(failure.value.replace("_", "").isalnum() and failure.value.islower() for failure in Failure)
