"""The question that any Tor directory authority answers: its keys (dir-spec, "Accessing directory documents").

The answer is plain HTTP and long; its first line is enough to know it by. Directory servers tell the asker's address
in a header, so of an answer only the two telling lines are ever kept (METHOD 5).
"""

_PATH = "/tor/keys/authority"
_START = b"GET /tor/"
_DOCUMENT = b"dir-key-certificate-version "
_LINE = 200
"""Bytes of a line that are kept."""


def directory_request(host: str) -> bytes:
    """The request, to be sent on a fresh connection to `host`'s directory port."""
    return f"GET {_PATH} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode()


def asks(data: bytes) -> bool:
    """Whether `data` is a request for a document of Tor's directory."""
    return data.startswith(_START)


def answers(sent: bytes, data: bytes) -> bool:
    """Whether `data` begins as a directory's answer to `sent` does."""
    del sent
    status, document = _lines(data)
    return status.startswith(b"HTTP/1.") and status[8:12] == b" 200" and document.startswith(_DOCUMENT)


def bare(data: bytes) -> bytes:
    """The status line and the document's first line."""
    status, document = _lines(data)
    return b"\n\n".join((status, document)) if document else status


def _lines(data: bytes) -> tuple[bytes, bytes]:
    """The first line of the head and that of the body; also of what `bare` kept."""
    head, _, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    return head.partition(b"\n")[0][:_LINE], body.partition(b"\n")[0][:_LINE]
