"""Tests of hushmap.wire.echo."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.wire import echo


@given(st.binary())
def test_what_is_said_back_is_what_came(came):
    """As bytes and as text, and nothing of it can be read in the answer."""
    body = echo.answer(came)
    assert echo.said(body) == echo.said(body.decode()) == came


def test_no_name_can_be_seen_in_an_answer():
    """A filter that looks for a host's name does not find it."""
    assert b"blocked.example" not in echo.answer(b"GET / HTTP/1.1\r\nHost: blocked.example\r\n\r\n")


@pytest.mark.parametrize("body", ["<html>", b"\xff", "好", "a", "YQ==\n", b"YQ"])
def test_another_page_is_none_of_the_echo(body):
    """Whatever is not base64 was not written by it."""
    assert echo.said(body) is None


@given(st.binary() | st.text())
def test_any_body_is_taken(body):
    """Nothing raises."""
    assert echo.said(body) is None or isinstance(echo.said(body), bytes)
