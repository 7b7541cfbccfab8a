"""What a client finds of each certificate."""

import pytest

from hushmap.lab.pure import certificates
from hushmap.lab.pure.certificates import ECHO, Names, Shown
from hushmap.lab.services import pki
from hushmap.model import Failure

DAY = 86400.0


@pytest.mark.parametrize(
    ("kind", "name", "ahead", "fault"),
    [
        ("valid", "one.example", 0.0, None),
        ("valid", None, 0.0, None),
        ("valid", "two.example", 0.0, Failure.INVALID_HOSTNAME),
        ("valid", "one.example", DAY, Failure.INVALID_CERTIFICATE),
        ("valid", "one.example", -DAY, Failure.INVALID_CERTIFICATE),
        ("expired", "one.example", 0.0, Failure.INVALID_CERTIFICATE),
        ("expired", "one.example", -2 * DAY, None),
        ("expired", "one.example", -90 * DAY, Failure.INVALID_CERTIFICATE),
        ("expired", "two.example", 0.0, Failure.INVALID_HOSTNAME),
        ("wrong-name", "one.example", 0.0, Failure.INVALID_HOSTNAME),
        ("self-signed", "two.example", 0.0, Failure.UNKNOWN_AUTHORITY),
        ("interceptor", "one.example", 0.0, Failure.UNKNOWN_AUTHORITY),
        (ECHO, "one.example", 0.0, Failure.UNKNOWN_AUTHORITY),
    ],
)
def test_faults_in_the_order_in_which_openssl_finds_them(kind, name, ahead, fault):
    """Author, name, date."""
    found = Shown("one.example", kind).fault(name, ahead)
    assert (found and found.failure) is fault


def test_the_interceptor_holds_where_its_root_is_trusted():
    """An antivirus's own store."""
    assert Shown("one.example", "interceptor").fault("one.example", 0.0, interceptor=True) is None


def test_equal_certificates_have_equal_facts_and_others_others():
    """A digest tells a site's certificate from the edge's."""
    one = Shown("one.example", "valid").facts
    assert one == Shown("one.example", "valid").facts
    assert one.sha256 != Shown("two.example", "valid").facts.sha256
    assert one.names == ("one.example",)
    assert Shown("one.example", "wrong-name").facts.names == ("another.example",)
    assert "interceptor" in Shown("one.example", "interceptor").facts.issuer


def test_no_key_is_made():
    """The authority's stand-in gives what would be shown."""
    assert Names().context("one.example", kind="expired") == Shown("one.example", "expired")


def test_a_date_is_told_by_its_number():
    """Not yet valid and expired may be this computer's clock (runner.sentinel)."""
    assert Shown("one.example", "valid").fault(None, DAY).detail == "verify 10"
    assert Shown("one.example", "valid").fault(None, -DAY).detail == "verify 9"


def test_certificates_hold_as_long_as_the_labs():
    """services/pki says when."""
    assert tuple(bound.total_seconds() for bound in pki._VALID) == certificates._VALID
