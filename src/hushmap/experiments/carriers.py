"""The attempt that holds a text in one place: always toward an address of ours, never toward a stranger.

A stranger's server is no place to try words, and only our own echo can say a word that it was told in base64. What a
library would mend or escape on its way (raw bytes in the head of a request) goes as bytes of our own making; all else
as any client would send it. Several ports of one echo take turns, since some blocks stay with a port.
"""

import re
from collections.abc import Iterable
from typing import Any

from hushmap.experiments.conditions import Conditions
from hushmap.experiments.survey import DARK_SECONDS
from hushmap.model import Ask, Direction, Encoding, Layer, Place, Transport
from hushmap.wire import carrying, echo, names, variants

PARAMETER = "q"
"""Of the query that holds a word."""
HEADER = "X-Note"
"""A header that no server reads."""
COOKIE = "note"
_HEADERS = (("Accept", "*/*"), ("Connection", "close"))
_RAW = frozenset({Encoding.UTF_8, Encoding.GB18030})
_IN_HEAD = frozenset({Place.HTTP_HOST, Place.HTTP_PATH, Place.HTTP_QUERY, Place.HTTP_HEADER, Place.HTTP_COOKIE})
CHANGED = {
    Place.DNS_NAME: "name",
    Place.TLS_SNI: "sni",
    Place.QUIC_SNI: "sni",
    Place.HTTP_HOST: "host",
    Place.HTTP_PATH: "path",
    Place.HTTP_QUERY: "query",
    Place.HTTP_HEADER: "header",
    Place.HTTP_COOKIE: "cookie",
    Place.HTTP_BODY: "body",
    Place.HTTP_RESPONSE: "response",
    Place.TCP_PAYLOAD: "payload",
    Place.TCP_ANSWER: "answer",
}
"""What the twin of an attempt changes (model.Attempt.changed)."""
_SAID = re.compile(r"/hushmap-say/.*")
"""Where a URL tells the echo what to say (wire.echo)."""
_WHOLE = 16 * 1024
"""Bytes of an answer that are read: all that is kept of an exchange (model.Exchange)."""
_SILENCE_SECONDS = 4.0
"""After which an answer counts as ended: later than a lost segment's third repeat (RTO 0.3 s, doubling)."""


def ask_for(text: str, place: Place, encoding: Encoding | None, conditions: Conditions, turn: int = 0) -> Ask | None:
    """The attempt that holds `text`; `None` without an address of ours for this place.

    `turn` chooses among the ports of one echo.

    Raises:
        ValueError: The place cannot hold the text so written (wire.carrying).
    """
    word = carrying.carry(text, place, encoding)
    if conditions.helper_address is None or not conditions.baselines:
        return None
    host = conditions.baselines[0].name
    if place is Place.DNS_NAME:
        if conditions.dark is None:
            return None
        seconds = conditions.waited(DARK_SECONDS)
        return Ask(layer=Layer.DNS, name=_name(word, host), qtype="A", resolver=conditions.dark, timeout=seconds)
    port = port_of(place, conditions, turn)
    if port is None:
        return None
    where: dict[str, Any] = {"address": conditions.helper_address, "port": port}
    if not conditions.helper and place.direction is Direction.SERVER_TO_CLIENT:
        return None  # a server that is no echo of ours says no words
    if place in {Place.TLS_SNI, Place.QUIC_SNI}:
        transport = Transport.QUIC if place is Place.QUIC_SNI else Transport.TCP
        return Ask(layer=Layer.TLS, transport=transport, sni=_name(word, host), verify=False, **where)
    if place in {Place.TCP_PAYLOAD, Place.TCP_ANSWER}:
        heard = echo.tcp_hush(word) if conditions.helper else word
        spoken = heard if place is Place.TCP_PAYLOAD else echo.tcp_say(word)
        return _exchanged(spoken, conditions, where)
    if place in _IN_HEAD and encoding in _RAW:
        return _exchanged(_head(word, place, host), conditions, where)
    return Ask(layer=Layer.HTTP, **_request(word, place, encoding, host), **where)


def twin_of(text: str, place: Place, encoding: Encoding | None, conditions: Conditions, turn: int = 0) -> Ask | None:
    """The same attempt with harmless text of the same length on the wire.

    Raises:
        ValueError: The place cannot hold the text so written, or nothing harmless is as long.
    """
    harmless = carrying.stand_in(text, conditions.baseline_word, place, encoding)
    return ask_for(harmless, place, encoding, conditions, turn)


def unfit(text: str, place: Place, encoding: Encoding | None = None) -> str | None:
    """Why `text` cannot be asked about in a place, in one clause; `None`: it can."""
    return carrying.unfit(text, place, encoding)


def alike(texts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of texts that people take for one and filters may not; each is asked about by itself."""
    return variants.linked(texts, variants.simplifier())


def spoken(ask: Ask) -> bytes | None:
    """What an attempt has an echo of ours say in clear, though it holds it only in base64; `None`: nothing."""
    if ask.payload is not None and ask.payload.startswith(echo.FIRST):
        return b"".join(echo.tcp_answer(ask.payload) or ())
    found = None if ask.url is None else _SAID.search(ask.url)
    told = None if found is None else echo.to_say(found[0])
    return None if told is None else told[0]


def turns(place: Place, conditions: Conditions) -> int:
    """How many ports of ours a text can be sent to in this place."""
    return 1 if place is Place.DNS_NAME else for_words(conditions)


def for_words(conditions: Conditions) -> int:
    """How many ports of each echo words may be sent to; where there are several, the last is the sentinel's.

    A word that is cut may be held against its port for minutes, and a sentinel there would take that for an outage.
    """
    return max(1, conditions.echo_span - 1)


def port_of(place: Place, conditions: Conditions, turn: int = 0) -> int | None:
    """Which of our ports an attempt goes to; `None`: there is no such echo, and never one for lookups."""
    if place is Place.DNS_NAME:
        return None
    if place is Place.TLS_SNI:
        first = conditions.echo_tls
    elif place is Place.QUIC_SNI:
        first = conditions.echo_quic
    elif place in {Place.TCP_PAYLOAD, Place.TCP_ANSWER}:
        first = conditions.echo_tcp
    else:
        first = conditions.echo_http
    return None if first is None else first + turn % for_words(conditions)


def _name(word: bytes, host: str) -> str:
    """A host name that holds a word: the word itself if it is a name, else a label before the baseline's name."""
    text = word.decode("ascii")
    return names.ascii_name(text if "." in text else f"{text}.{host}")


def _request(word: bytes, place: Place, encoding: Encoding | None, host: str) -> dict[str, Any]:
    """What an HTTP attempt asks for, as any client would write it."""
    root = f"http://{host}/"
    if place is Place.HTTP_BODY:
        kind, payload = _body(word, encoding)
        return {"method": "POST", "url": root, "headers": (*_HEADERS, ("Content-Type", kind)), "payload": payload}
    if place is Place.HTTP_RESPONSE:
        return {"url": f"http://{host}{echo.say_path(word, _charset(encoding))}"}
    text = word.decode("ascii")
    if place is Place.HTTP_HOST:
        name = _name(word, host)
        return {"url": f"http://{name}/"} | ({"host": name} if encoding is Encoding.UPPER else {})
    if place is Place.HTTP_PATH:
        return {"url": root + text}
    if place is Place.HTTP_QUERY:
        return {"url": f"{root}?{PARAMETER}={text}"}
    line = (HEADER, text) if place is Place.HTTP_HEADER else ("Cookie", f"{COOKIE}={text}")
    return {"url": root, "headers": (*_HEADERS, line)}


def _body(word: bytes, encoding: Encoding | None) -> tuple[str, bytes]:
    """Content type and body: a form where the word is escaped, else plain text."""
    if encoding in {Encoding.PERCENT, Encoding.PERCENT_GB18030}:
        return "application/x-www-form-urlencoded", PARAMETER.encode() + b"=" + word
    return f"text/plain; charset={_charset(encoding)}", word


def _charset(encoding: Encoding | None) -> str:
    return Encoding.GB18030.value if encoding is Encoding.GB18030 else Encoding.UTF_8.value


def _head(word: bytes, place: Place, host: str) -> bytes:
    """A request whose head has bytes that a library would escape or refuse."""
    name, target, more = host.encode("ascii"), b"/", b""
    if place is Place.HTTP_HOST:
        name = word if b"." in word else word + b"." + name
    elif place is Place.HTTP_PATH:
        target += word
    elif place is Place.HTTP_QUERY:
        target += f"?{PARAMETER}=".encode() + word
    elif place is Place.HTTP_HEADER:
        more = HEADER.encode() + b": " + word + b"\r\n"
    else:
        more = f"Cookie: {COOKIE}=".encode() + word + b"\r\n"
    lines = "".join(f"{key}: {value}\r\n" for key, value in _HEADERS).encode()
    return b"GET " + target + b" HTTP/1.1\r\nHost: " + name + b"\r\n" + lines + more + b"\r\n"


def _exchanged(payload: bytes, conditions: Conditions, where: dict[str, Any]) -> Ask:
    silence = conditions.waited(_SILENCE_SECONDS)
    return Ask(layer=Layer.RAW, payload=payload, most=_WHOLE, dwell=silence, **where)
