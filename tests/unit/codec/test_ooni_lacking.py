"""What an entry lacks of a step, by example."""

import msgspec

from hushmap.codec.ooni_lacking import completed, lacking, named, noted, ours_of
from hushmap.codec.ooni_shape import TcpConnect, TcpStatus
from hushmap.model import Connect, Failure
from hushmap.wire import ooni_helper

ENTRY = TcpConnect(t0=0.0, t=1.0, ip="192.0.2.1", port=80, status=TcpStatus(failure=None, success=True))
FOUND = Connect(t0=0.0, t=1.0, address="192.0.2.1", port=80)
MEANT = Connect(t0=0.0, t=1.0, address="192.0.2.1", port=81, failure=Failure.REFUSED, detail="errno 111")


def test_what_differs_is_lacking_and_completes():
    """The differing fields, and only these, make the one value of the other."""
    less = lacking(FOUND, MEANT)
    assert less == {"port": 81, "failure": "connection_refused", "detail": "errno 111"}
    assert msgspec.convert(completed(FOUND, less), Connect) == MEANT
    assert lacking(FOUND, MEANT, "port", "detail") == {"failure": "connection_refused"}


def test_an_entry_without_lack_has_no_key():
    """`x_hushmap` is written only where something is lacking."""
    assert lacking(FOUND, FOUND) == {}
    assert noted(ENTRY, {}) is ENTRY
    assert ours_of(ENTRY) == {}
    assert ours_of(noted(ENTRY, {"port": 81})) == {"port": 81}
    assert msgspec.convert(completed(FOUND, ENTRY.x_hushmap), Connect) == FOUND


def test_what_is_taken_from_a_lack_stays_in_the_entry():
    """Who takes a key out takes it from a copy."""
    entry = noted(ENTRY, {"port": 81})
    ours_of(entry).pop("port")
    assert ours_of(entry) == {"port": 81}


def test_names_of_ooni():
    """Success is null, failures have names of df-007, IPv6 stands in brackets."""
    assert named(None) is None
    assert named(Failure.TLS_ALERT) == "unknown_failure: tls_alert"
    assert ooni_helper.endpoint_text("192.0.2.1", 80) == "192.0.2.1:80"
    assert ooni_helper.endpoint_text("2001:db8::1", 443) == "[2001:db8::1]:443"
