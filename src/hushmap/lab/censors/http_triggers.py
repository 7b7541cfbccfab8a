"""What censors of unencrypted HTTP look for: a Host, or words in the URL, a header, a body, an answer."""

import re
from typing import ClassVar

from hushmap.lab.censors.naming import Naming
from hushmap.lab.censors.parameters import Censor, fields
from hushmap.lab.censors.rule import SETTLED
from hushmap.lab.censors.stream import Finding, Trigger
from hushmap.lab.censors.wording import Wording
from hushmap.wire import http

PORTS = (80,)


class Host(Trigger):
    """A listed name in the Host header of the first request."""

    ports: ClassVar = PORTS

    def __init__(self, censor: Censor) -> None:
        self._naming = Naming(censor)

    def find(self, data: bytes, *, alone: bool) -> Finding:
        """The Host if it is listed; settled once the header is complete and it is not."""
        request = http.parse_request(data)
        if request is None or (b"\r\n\r\n" not in data and not alone):
            return None
        host = (request.host or "").partition(":")[0].lower()
        return host if self._naming.covers(host) is not None else SETTLED


class _Words(Trigger):
    """What a censor of words finds in one part of an exchange."""

    ports: ClassVar = PORTS
    takes = Wording.takes
    needs = Wording.needs

    escapes: ClassVar = False
    """Whether it undoes percent-escapes where the censor does not say."""

    def __init__(self, censor: Censor) -> None:
        self._wording = Wording(censor, escapes=self.escapes)


class Url(_Words):
    """A word in the path or query of the first request, or in one of them."""

    takes = fields(*_Words.takes, "part")
    escapes = True

    def __init__(self, censor: Censor) -> None:
        super().__init__(censor)
        self._part = censor.part

    def find(self, data: bytes, *, alone: bool) -> Finding:
        """The word, percent-decoded as a server would read it if this censor does that."""
        line, end, _ = data.partition(b"\r\n")
        if not end and not alone:
            return None
        target = _target(line)
        path, _, query = target.partition(b"?")
        return self._wording.within({"url": target, "path": path, "query": query}[self._part]) or SETTLED


def _target(line: bytes) -> bytes:
    """The path and query of a request line; a piece of one is all that a censor of pieces has."""
    whole = _LINE.fullmatch(line)
    return whole[1] if whole else line


_LINE = re.compile(rb"[A-Za-z]+ +(.*?)(?: +HTTP/[0-9.]+)?", re.DOTALL)


class Header(_Words):
    """A word in a request header other than Host, or in one of a given name."""

    takes = fields(*_Words.takes, "header")

    def __init__(self, censor: Censor) -> None:
        super().__init__(censor)
        self._header = censor.header.lower().encode()

    def find(self, data: bytes, *, alone: bool) -> Finding:
        """The word; settled once the header is complete without it."""
        head, end, _ = data.partition(b"\r\n\r\n")
        if http.parse_request(data) is None or not (end or alone):
            return None
        parted = (line.partition(b":") for line in head.split(b"\n")[1:])
        named = ((name.strip().lower(), value.strip()) for name, _, value in parted)
        kept = (value for name, value in named if (name == self._header if self._header else name != b"host"))
        return self._wording.within(b"\n".join(kept)) or SETTLED


class Body(_Words):
    """A word in the body of the first request."""

    escapes = True

    def find(self, data: bytes, *, alone: bool) -> Finding:
        """The word as soon as it is there; settled once the body is complete without it."""
        request = http.parse_request(data)
        if request is None:
            return None
        whole = request.complete or alone
        if self._wording.waits and not whole:
            return None
        return self._wording.within(request.body) or (SETTLED if whole else None)


class Response(_Words):
    """A word in the body of an answer, within the first 16 kB.

    Source: refs/BEYOND 2.11 (GFW response filtering until 2009, with a success below 51 %).
    """

    outward: ClassVar = False

    def find(self, data: bytes, *, alone: bool) -> Finding:
        """The word as soon as it is there."""
        body = data if alone else data.partition(b"\r\n\r\n")[2]
        return self._wording.within(body)
