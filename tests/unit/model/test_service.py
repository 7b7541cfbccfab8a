"""Tests of hushmap.model.service."""

from hushmap.model import Endpoint, Live


def test_an_endpoint_is_written_as_people_write_it():
    """HTTPS's own port goes without saying; an IPv6 address stands in brackets."""
    named = Endpoint(group="g", answers=Live.HTTPS, port=443, name="chat.example")
    assert (named.text, named.verify) == ("chat.example", True)
    assert Endpoint(group="g", answers=Live.TCP, port=5222, name="chat.example").text == "chat.example:5222"
    assert Endpoint(group="g", answers=Live.TCP, port=443, address="192.0.2.1").text == "192.0.2.1:443"
    assert Endpoint(group="g", answers=Live.STUN, port=3478, address="2001:db8::1").text == "[2001:db8::1]:3478"
