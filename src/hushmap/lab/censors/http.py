"""Acts on unencrypted HTTP: the Host, the URL, a header, a body, an answer; or answers in the server's place."""

from abc import abstractmethod
from collections.abc import Iterator

from hushmap.lab.censors.flow import Flow
from hushmap.lab.censors.http_triggers import PORTS, Body, Header, Host, Response, Url
from hushmap.lab.censors.parameters import Censor, fields, groups
from hushmap.lab.censors.rule import SETTLED, Action, Answer, Listed
from hushmap.lab.censors.stream import Closing, Dropping, Resetting, Trigger
from hushmap.lab.packet import TCP, Packet, changed
from hushmap.lab.services.pages import NOTICE
from hushmap.wire import http

_HTML = ("Content-Type", "text/html; charset=utf-8")
_CLOSE = ("Connection", "close")
_PLAIN = (
    b"<!doctype html><html><head><title>Unavailable</title></head><body><p>Not available here.</p></body></html>\n"
)
"""The body of a forged refusal, without any notice's marks."""


class HostReset(Resetting):
    """Resets a request by its Host. Source: refs/BEYOND 2.6; refs/KEYWORDS 1 (GFWeb: HTTP Host, RST)."""

    kind = "host-reset"
    mechanism = "http.reset.host"
    trigger = Host


class HostDrop(Dropping):
    """Silences a connection by the Host of its request. Source: refs/BEYOND 2.1 (time-outs); METHOD 2."""

    kind = "host-drop"
    mechanism = "http.timeout.host"
    trigger = Host


class HostClose(Closing):
    """Ends a connection by FIN after a request for a listed Host. Source: refs/BEYOND 2.1 (FIN); METHOD 2."""

    kind = "host-close"
    mechanism = "http.close.host"
    trigger = Host


class _ByPart(Listed):
    """Names what it does after the part of the URL that it looks at."""

    @classmethod
    def named(cls, censor: Censor) -> str:
        """The mechanism, by the part."""
        return cls.mechanism.replace(".url", f".{censor.part}")


class UrlReset(_ByPart, Resetting):
    """Resets a request whose path or query holds a word. Source: refs/KEYWORDS 1 (ConceptDoppler; Rambert 2021)."""

    kind = "url-reset"
    mechanism = "http.reset.url"
    trigger = Url


class UrlDrop(_ByPart, Dropping):
    """Silences a connection by a word in its URL. Source: refs/BEYOND 2.1 (time-outs); METHOD 2."""

    kind = "url-drop"
    mechanism = "http.timeout.url"
    trigger = Url


class UrlClose(_ByPart, Closing):
    """Ends a connection by FIN after a word in its URL. Source: refs/BEYOND 2.1 (FIN); METHOD 2."""

    kind = "url-close"
    mechanism = "http.close.url"
    trigger = Url


class _ByHeader(Listed):
    """Names what it does after the header: a word in a cookie is one in a cookie."""

    @classmethod
    def named(cls, censor: Censor) -> str:
        """The mechanism, by the header looked at."""
        return cls.mechanism.replace(".header", ".cookie") if censor.header.lower() == "cookie" else cls.mechanism


class HeaderReset(_ByHeader, Resetting):
    """Resets a request by a word in a header. Source: refs/BEYOND 2.11 (cookies and headers as channels)."""

    kind = "header-reset"
    mechanism = "http.reset.header"
    trigger = Header


class HeaderDrop(_ByHeader, Dropping):
    """Silences a connection by a word in a request header. Source: refs/BEYOND 2.11; METHOD 2."""

    kind = "header-drop"
    mechanism = "http.timeout.header"
    trigger = Header


class HeaderClose(_ByHeader, Closing):
    """Ends a connection by FIN after a word in a request header. Source: refs/BEYOND 2.11; METHOD 2."""

    kind = "header-close"
    mechanism = "http.close.header"
    trigger = Header


class BodyReset(Resetting):
    """Resets a request by a word in its body. Source: refs/BEYOND 2.11 (POST bodies as a channel)."""

    kind = "body-reset"
    mechanism = "http.reset.body"
    trigger = Body


class BodyDrop(Dropping):
    """Silences a connection by a word in a request's body. Source: refs/BEYOND 2.11; METHOD 2."""

    kind = "body-drop"
    mechanism = "http.timeout.body"
    trigger = Body


class BodyClose(Closing):
    """Ends a connection by FIN after a word in a request's body. Source: refs/BEYOND 2.11; METHOD 2."""

    kind = "body-close"
    mechanism = "http.close.body"
    trigger = Body


class ResponseReset(Resetting):
    """Resets a connection by a word in the answer. Source: refs/BEYOND 2.11 (response bodies, 2008 and before)."""

    kind = "response-reset"
    mechanism = "http.reset.response"
    trigger = Response


class ResponseDrop(Dropping):
    """Silences a connection by a word in the answer. Source: refs/BEYOND 2.3 (response direction); METHOD 2."""

    kind = "response-drop"
    mechanism = "http.timeout.response"
    trigger = Response


class ResponseClose(Closing):
    """Ends a connection for both by a word in the answer. Source: refs/BEYOND 2.3 (response direction); METHOD 2."""

    kind = "response-close"
    mechanism = "http.close.response"
    trigger = Response


class _Answering(Closing):
    """A response in the server's place, and the end, to a request for a listed Host or with a word in its URL."""

    takes = fields("where")

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._answer = self.answer(censor)

    @classmethod
    def trigger_of(cls, censor: Censor) -> type[Trigger]:
        """By Host or by URL."""
        return Url if censor.where == "url" else Host

    @classmethod
    def triggers(cls) -> tuple[type[Trigger], ...]:
        """Either."""
        return Host, Url

    @classmethod
    @abstractmethod
    def answer(cls, censor: Censor) -> bytes:
        """The whole response."""

    def words(self) -> bytes:
        """The response, the same for everyone."""
        return self._answer


class BlockPage(_Answering):
    """Answers in the server's place with a notice. Source: refs/BEYOND 2.12; refs/LAB 2 (block page spoofed 200)."""

    kind = "block-page"
    mechanism = "http.blockpage"
    takes = fields("status")

    @classmethod
    def answer(cls, censor: Censor) -> bytes:
        """The lab's notice."""
        return http.response_bytes(censor.status, [_HTML, _CLOSE], NOTICE)


class HttpForged(_Answering):
    """Answers in the server's place with a bare refusal, 403 or 451.

    Source: METHOD 2 (`http.forged`); refs/BEYOND 2.12 (a real server's 403 or 451 is its own: only the pair tells).
    """

    kind = "http-forged"
    mechanism = "http.forged"
    takes = fields("status")

    @classmethod
    def answer(cls, censor: Censor) -> bytes:
        """A refusal as a server would write it."""
        return http.response_bytes(censor.status, [_HTML, _CLOSE], _PLAIN)


class HttpRedirect(_Answering):
    """Sends the client elsewhere. Source: refs/LAB 2 (spoofed 302); refs/BEYOND 2.12 (Location of another site)."""

    kind = "http-redirect"
    mechanism = "http.redirect"
    takes = fields("location")
    needs = groups(fields("location"))

    @classmethod
    def answer(cls, censor: Censor) -> bytes:
        """A 302 to the place of the notice."""
        return http.response_bytes(302, [_HTML, ("Location", censor.location), _CLOSE], b"")

    @classmethod
    def faults(cls, censor: Censor) -> Iterator[str]:
        """The place is a URL of the web."""
        if not censor.location.startswith(("http://", "https://")) or not censor.location.isprintable():
            yield "location must be an http or https URL"


class Portal(HttpRedirect):
    """A captive portal: every plain request is sent to its login page. Source: METHOD 2 (`portal`), METHOD 3."""

    kind = "portal"
    mechanism = "portal"


class HttpRewrite(Listed):
    """A proxy that writes other words into what servers answer, segment by segment and at equal length.

    Source: METHOD 2 (`http.rewritten`); own knowledge, unchecked, for how real ones do it. A word that two segments
    share stays.
    """

    kind = "http-rewrite"
    mechanism = "http.rewritten"
    takes = fields("words", "replacement", "ports", "every_port")
    needs = groups(fields("words"))
    in_path = True
    outward = False
    """Whether it writes into what clients ask."""

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._ports = frozenset(censor.ports or PORTS)
        self._every = censor.every_port
        new = censor.replacement.encode()
        self._words = {word: (old := word.encode(), new[: len(old)].ljust(len(old))) for word in censor.words}

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Change a segment that holds a word and goes the way that is written into."""
        del now
        if packet.protocol != TCP or not (self._every or flow.sport in self._ports):
            return SETTLED
        if packet.outward is not self.outward:
            return None
        payload, first = packet.payload, ""
        for word, (old, new) in self._words.items():
            if old in payload:
                payload, first = payload.replace(old, new), first or word
        return Action(self.sighting(first), replace=changed(packet, payload=payload)) if first else None


class HttpMend(HttpRewrite):
    """A proxy that writes other words into what clients ask, as one does that spells headers its own way.

    Source: METHOD 2 (`http.rewritten`); refs/OONI 1.1 (http_header_field_manipulation).
    """

    kind = "http-mend"
    outward = True
