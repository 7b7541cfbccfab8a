"""Tests of hushmap.wire.tor."""

from hushmap.wire import tor

ASKED = tor.directory_request("192.0.2.9")
ANSWER = (
    b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nX-Your-Address-Is: 203.0.113.77\r\n\r\n"
    b"dir-key-certificate-version 3\nfingerprint 00\n"
)


def test_an_authority_is_asked_for_its_keys():
    """The document has its name in its first line."""
    assert ASKED == b"GET /tor/keys/authority HTTP/1.0\r\nHost: 192.0.2.9\r\n\r\n"
    assert tor.asks(ASKED)
    assert not tor.asks(b"GET / HTTP/1.0\r\n\r\n")
    assert tor.answers(ASKED, ANSWER)


def test_other_pages_are_no_answer():
    """A notice, a refusal, half a head, and nothing."""
    for page in (
        b"HTTP/1.0 200 OK\r\n\r\n<html>blocked</html>",
        ANSWER.replace(b" 200 ", b" 503 "),
        ANSWER.replace(b"HTTP/1.0", b"ICY/1.00"),
        ANSWER[:40],
        b"",
    ):
        assert not tor.answers(ASKED, page)


def test_the_askers_address_is_not_kept():
    """Two lines are, by which the answer is known again; of a page that breaks off the first."""
    kept = tor.bare(ANSWER)
    assert kept == b"HTTP/1.0 200 OK\n\ndir-key-certificate-version 3"
    assert tor.answers(ASKED, kept)
    assert tor.bare(kept) == kept
    assert tor.bare(ANSWER[:70]) == b"HTTP/1.0 200 OK"
    assert len(tor.bare(b"x" * 1000)) == 200
