"""What is asked about words: where in the traffic, in which writing, how reliable the answers are, what was found.

A word is a string of characters; what travels are bytes in one place of one message. Truth about words is per place,
encoding and direction, so these are part of every answer.
"""

from enum import StrEnum

import msgspec


class Place(StrEnum):
    """Where in the traffic a word is put."""

    DNS_NAME = "dns-name"
    TLS_SNI = "tls-sni"
    QUIC_SNI = "quic-sni"
    HTTP_HOST = "http-host"
    HTTP_PATH = "http-path"
    HTTP_QUERY = "http-query"
    HTTP_HEADER = "http-header"
    """A header that no server reads."""
    HTTP_COOKIE = "http-cookie"
    HTTP_BODY = "http-body"
    """The body of a request."""
    HTTP_RESPONSE = "http-response"
    """The body of the answer: the request that makes our echo say it holds it only in base64."""
    TCP_PAYLOAD = "tcp-payload"
    TCP_ANSWER = "tcp-answer"
    """What our echo says on a bare connection; it is told so in base64."""

    @classmethod
    def _missing_(cls, value: object) -> "Place | None":
        """`http-url` was the name of `http-path` in records and lists of before it had a sister, the query."""
        return cls.HTTP_PATH if value == "http-url" else None

    @property
    def is_name(self) -> bool:
        """Whether what stands there is a host name."""
        return self in {Place.DNS_NAME, Place.TLS_SNI, Place.QUIC_SNI, Place.HTTP_HOST}

    @property
    def direction(self) -> "Direction":
        """Which way the word travels."""
        answers = {Place.HTTP_RESPONSE, Place.TCP_ANSWER}
        return Direction.SERVER_TO_CLIENT if self in answers else Direction.CLIENT_TO_SERVER


class Direction(StrEnum):
    """Which way a word travels on a connection that was opened from here."""

    CLIENT_TO_SERVER = "client_to_server"
    SERVER_TO_CLIENT = "server_to_client"


class Encoding(StrEnum):
    """How characters become bytes in a place. Which of these a place can hold is `wire.carrying`'s."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"
    """The Chinese national standard of 2005; holds GBK and GB 2312."""
    PERCENT = "percent"
    """%-escapes of UTF-8 (RFC 3986 section 2.1)."""
    PERCENT_GB18030 = "percent-gb18030"
    PUNYCODE = "punycode"
    """The ASCII form of a domain name (RFC 3492)."""
    UPPER = "upper"
    """As by default, in capital letters: does case matter?"""


def place_key(place: str | None, encoding: str | None) -> str:
    """Under which a run keeps what it knows of a place: its name, with the encoding where that was chosen."""
    return f"{place or ''}/{encoding}" if encoding else place or ""


class Rates(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How often one attempt misleads. A method is given limits from above, never estimates (refs/STATISTICS 1).

    Raises:
        ValueError: unless both are above 0 and together below 1: else a hit would say nothing.
    """

    false_hit: float
    """The chance that a harmless attempt looks hit."""
    miss: float
    """The chance that an attempt that holds a trigger passes."""

    def __post_init__(self) -> None:
        if not (self.false_hit > 0 and self.miss > 0 and self.false_hit + self.miss < 1):
            raise ValueError(f"need 0 < false_hit, miss and a sum below 1, not {self.false_hit}, {self.miss}")


class Residual(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """How a hit is held against what follows: whose flows, and for how long."""

    scope: str
    """`none`, or what a harmless flow must share with the trigger to be cut too: `4-tuple`, `3-tuple`, `2-tuple`."""
    low: float = 0.0
    high: float | None = None
    """Seconds that it lasts, at least and at most; `None`: longer than was waited for."""
    prolonged: bool | None = None
    """Whether trying again begins it anew; `None`: not known."""


class Calibration(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What planted words showed of one place: what a hit and a pass there are worth (METHOD 3)."""

    place: str
    encoding: str = ""
    false_hits: tuple[int, int] = (0, 0)
    """(hits, attempts) of harmless text."""
    misses: tuple[int, int] = (0, 0)
    """(passes, attempts) of a canary alone, after it fired once."""
    fired: bool = False
    ascii: bool = True
    """Whether the canary was written in ASCII, which is the same in every writing: it then proves the place alone."""
    separator: str | None = None
    """What may stand between the words of a pack; `None`: none kept words apart and let the canary fire."""
    positions: tuple[int, int] = (0, 0)
    """(fired, tried): positions of a pack, first to last, at which the canary was cut off."""
    capacity: int = 0
    """Characters in a pack in which the canary still fired at every position; 0: words are not packed here."""
    ports: tuple[int, ...] = ()
    """Ports of our echo on which the canary fired, by their distance from its first; only these are used."""
    residual: Residual | None = None

    @property
    def packs(self) -> bool:
        """Whether words may be asked about together: matching is not anchored, and every position is seen."""
        fired, tried = self.positions
        return self.fired and self.separator is not None and fired == tried > 0 and self.capacity > 0


class Trigger(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The smallest thing found to be acted upon, in one place, encoding and direction."""

    kind: str
    """`word`, `and` (all of `parts`), `domain` (see `pattern`), or `classifier`: no set of words explains it."""
    parts: tuple[str, ...] = ()
    """Strings that must all be there."""
    unless: tuple[str, ...] = ()
    """Strings that lift it where all of them stand too; nearly always one."""
    ordered: bool | None = None
    """Whether the parts must come in this order; `None`: not known, or there is one."""
    pattern: str | None = None
    """Of a domain: `exact`, `suffix` (the name and all under it), `substring` ... (sampling.permuting); `parts` has
    the name."""
    expression: str | None = None
    """The regular expression of that, in lower case."""
    place: str
    encoding: str = ""
    direction: str = Direction.CLIENT_TO_SERVER.value
    mechanism: str | None = None
    hits: tuple[int, int] = (0, 0)
    """(cut off, attempts) with the trigger alone."""
    harmless: tuple[int, int] = (0, 0)
    """(cut off, attempts) of harmless text of the same length in the same place."""
    error_bound: float | None = None
    helper: str = ""
    """Toward whom: `own helper` or `address`, never which."""
    frame: str = ""
    """From what it was sampled: a list's name and hash, or a text's hash."""
    first_seen: str = ""
    last_seen: str = ""
    """UTC of the first and last attempt that it cut off, `YYYY-MM-DDTHH:MM:SSZ`."""
    proof: tuple[int, ...] = ()
    """Ids of the trials."""
