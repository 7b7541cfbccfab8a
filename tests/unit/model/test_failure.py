"""Tests of hushmap.model.failure."""

from hushmap.model import CERTIFICATE, CUT, LOCAL, Failure, certificate_holds


def test_the_groups_do_not_overlap():
    """A failure that accuses the network is none of this computer, nor a certificate's."""
    assert not CUT & LOCAL
    assert not CUT & CERTIFICATE
    assert not LOCAL & CERTIFICATE


def test_values_are_names_that_no_other_failure_has():
    """Lower case with underscores, as OONI's df-007 has them."""
    assert len({failure.value for failure in Failure}) == len(Failure)
    assert all(failure.value.replace("_", "").isalnum() and failure.value.islower() for failure in Failure)


def test_what_a_handshakes_outcome_says_of_its_certificate():
    """Success holds, a certificate's own failure does not, and anything else says nothing."""
    assert certificate_holds(None) is True
    assert all(certificate_holds(failure) is False for failure in CERTIFICATE)
    assert certificate_holds(Failure.RESET) is None
