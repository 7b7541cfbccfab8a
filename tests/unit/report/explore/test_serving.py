"""Serving on this computer."""

import socket
import threading
import urllib.request

import pytest

from hushmap.report.explore import serving


async def _app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def test_it_says_where_it_listens_and_answers_there(monkeypatch):
    """Port 0 is any; it stops when it is told to."""
    servers, told, answers = [], threading.Event(), []
    made = serving._Server.__init__
    monkeypatch.setattr(serving._Server, "__init__", lambda self, *more: (servers.append(self), made(self, *more))[1])
    address = []
    worker = threading.Thread(
        target=serving.serve, args=(_app, "127.0.0.1", 0, lambda text: (address.append(text), told.set()))
    )
    worker.start()
    try:
        assert told.wait(20)
        with urllib.request.urlopen(address[0]) as answer:
            answers.append(answer.read())
    finally:
        for server in servers:
            server.should_exit = True
        worker.join(20)
    assert answers == [b"ok"]


def test_an_address_that_is_taken_is_an_error():
    """And nobody is told that it listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = []
        with pytest.raises(OSError, match="cannot be used"):
            serving.serve(_app, "127.0.0.1", taken.getsockname()[1], told.append)
        assert told == []
