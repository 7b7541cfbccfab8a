"""Tests of hushmap.model.service."""

from hushmap.model import TACITURN, WEB, Endpoint, Live


def test_an_endpoint_is_written_as_people_write_it():
    """HTTPS's own port goes without saying; an IPv6 address stands in brackets."""
    named = Endpoint(group="g", answers=Live.HTTPS, port=443, name="chat.example")
    assert (named.text, named.verify) == ("chat.example", True)
    assert Endpoint(group="g", answers=Live.TCP, port=5222, name="chat.example").text == "chat.example:5222"
    assert Endpoint(group="g", answers=Live.TCP, port=443, address="192.0.2.1").text == "192.0.2.1:443"
    assert Endpoint(group="g", answers=Live.STUN, port=3478, address="2001:db8::1").text == "[2001:db8::1]:3478"


def test_who_keeps_silent_is_no_web_site():
    """A kind of answer is asked as a site is, or owes no answer, or neither."""
    assert not WEB & TACITURN
    assert Live.STUN not in WEB | TACITURN
