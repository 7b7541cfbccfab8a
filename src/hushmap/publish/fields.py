"""What becomes of each field of a record that can hold text or bytes, and of the numbers that tell too much.

One table, so that it can be read, and tested whole: a field of the model that can hold text and is not in it is a
failing test, and would not leave (`reducing` refuses what it does not know). Whatever an act leaves goes through
`Making.ours` too, which replaces addresses near the person and masks what is hidden.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from hushmap.model import (
    Answer,
    Ask,
    Calibration,
    Certificate,
    Connect,
    Context,
    Endpoint,
    Exchange,
    Extract,
    Extraction,
    Fetch,
    Group,
    Handshake,
    Hop,
    Listing,
    Notice,
    Page,
    Platform,
    Post,
    PostPage,
    Record,
    Residual,
    Resolve,
    Search,
    Service,
    Sign,
    Software,
    Trial,
    Void,
)
from hushmap.publish import coarse
from hushmap.publish.hidden import Hidden
from hushmap.publish.naming import Names

DECK, LABEL, FRAME, PRECISION = "deck", "label", "frame", "time_precision"
KEPT_NOTES = frozenset({DECK, LABEL, FRAME})
"""Annotations that a run of ours makes; what else stands there is somebody's note."""

_NEAR = "addresses of the helper, resolver or routers"
_HIDDEN = "addresses of this computer, the helper's token, folders"
_ANSWERED = "clock times, mail addresses, logins and tokens"


class Making:
    """One run's copy in the making: what is hidden, the stand-ins, and what was masked so far, by kind."""

    def __init__(self, hidden: Hidden, names: Names, precision: str, *, own_vantage: bool) -> None:
        self.hidden, self.names, self.precision, self.own_vantage = hidden, names, precision, own_vantage
        self.about_words = False
        """Whether the record is about words, which may stand in a query: they are what was asked."""
        self.about_resolvers = False
        self.masked: Counter[str] = Counter()

    def ours(self, text: str) -> str:
        """A text that we, the list or the person wrote; a word that was asked about is left as it is."""
        plain = text if self.about_words else coarse.plain(text)
        self._count(_ANSWERED, plain, text)
        return self._near(plain)

    def asked(self, url: str) -> str:
        """An address of the web: somebody's query is masked, equally wherever it stands."""
        done = url if self.about_words else coarse.query(url)
        self._count("values of queries", done, url)
        return self.ours(done)

    def written(self, text: str) -> str:
        """A text that the network wrote."""
        done = coarse.written(text)
        self._count(_ANSWERED, done, text)
        return self._near(done)

    def bytes(self, data: bytes) -> bytes:
        """Bytes on the wire, at their length: stand-ins for addresses would change it."""
        told = data.decode("latin-1")
        done = (coarse.plain(told) if self.about_words else coarse.written(told)).encode("latin-1")
        hidden = self.hidden.masked(done)
        self._count(_ANSWERED, done, data)
        self._count(_HIDDEN, hidden, done)
        return hidden

    def _near(self, text: str) -> str:
        """Stand-ins for addresses near the person, and then nothing of what is hidden."""
        named = self.names.text(text)
        hidden = self.hidden.text(named)
        self._count(_NEAR, named, text)
        self._count(_HIDDEN, hidden, named)
        return hidden

    def _count(self, what: str, now: object, before: object) -> None:
        self.masked[what] += now != before

    def resolver(self, url: str) -> str:
        """Whom names are asked of; one that is itself what was asked about is no secret."""
        done = url if self.about_resolvers else coarse.resolver(url, self.names.of.__contains__)
        self._count("accounts at resolvers", done, url)
        return self.ours(done)

    def moment(self, iso: str) -> str:
        """A time, rounded down."""
        return coarse.moment(iso, self.precision)

    def gone(self, what: str, value: object, empty: Any) -> Any:
        """Leave out a value, and count it."""
        self.masked[what] += bool(value)
        return empty


Act = Callable[[Making, Any], Any]


def _ours(making: Making, value: Any) -> Any:
    return _each(making.ours, value)


def _asked(making: Making, value: Any) -> Any:
    return _each(making.asked, value)


def _resolver(making: Making, value: Any) -> Any:
    return making.resolver(value)


def _written(making: Making, value: Any) -> Any:
    return _each(making.written, value)


def _each(act: Callable[[str], str], value: Any) -> Any:
    """`act` of a text, or of every text in tuples and dicts of texts."""
    if isinstance(value, str):
        return act(value)
    if isinstance(value, tuple):
        return tuple(_each(act, one) for one in value)
    if isinstance(value, dict):
        return {_each(act, name): _each(act, one) for name, one in value.items()}
    return value


def _bytes(making: Making, value: Any) -> Any:
    return None if value is None else making.bytes(value)


def _moment(making: Making, value: Any) -> Any:
    return making.moment(value)


def _port(making: Making, value: Any) -> Any:
    return None if value is None else making.names.port(value)


def _offset(making: Making, value: Any) -> Any:
    """A computer is told from others by how its clock is off; whole seconds are what a certificate cares for."""
    del making
    return None if value is None else float(round(value))


def _gone(what: str, empty: Any = "") -> Act:
    return lambda making, value: making.gone(what, value, empty)


def _prefix_texts(making: Making, value: Any) -> Any:
    return tuple((making.ours(prefix), asn) for prefix, asn in value)


def _notes(making: Making, value: Any) -> Any:
    making.masked["notes"] += len(set(value) - KEPT_NOTES)
    kept = {name: making.ours(value[name]) for name in sorted(KEPT_NOTES & set(value))}
    return kept | {PRECISION: making.precision}


def _signs(making: Making, value: Any) -> Any:
    acts = FIELDS[Sign]
    return tuple(
        (
            making.ours(name),
            msgspec.structs.replace(
                sign, **{field: act(making, getattr(sign, field)) for field, act in acts.items()}
            ),
        )
        for name, sign in value
    )


_STEP: dict[str, Act] = {"detail": _gone("details of failures", None)}
_NOTE = _gone("notes")

FIELDS: dict[type[msgspec.Struct], dict[str, Act]] = {
    Record: {
        "id": _ours, "run": _ours, "experiment": _ours, "target": _asked, "layer": _ours, "encoding": _ours,
        "words": _ours, "category": _ours, "started": _moment, "ended": _moment, "run_started": _moment,
        "annotations": _notes, "source": _gone("sources", None),
    },
    Software: {"name": _ours, "version": _ours, "python": _gone("versions of Python"), "tls": _ours},
    Context: {
        "baseline_names": _asked, "dark": _resolver, "helper": _ours, "canaries": _ours, "clock_offset": _offset,
        "prefixes": _prefix_texts,
    },
    Calibration: {"place": _ours, "encoding": _ours, "separator": _ours},
    Residual: {"scope": _ours},
    Void: {"reason": _ours},
    Service: {"name": _ours, "title": _ours, "category": _ours},
    Group: {"name": _ours},
    Endpoint: {
        "group": _ours, "name": _asked, "address": _ours, "path": _asked, "key": _ours, "source": _NOTE,
        "date": _NOTE,
    },
    Trial: {"changed": _ours, "undone": _ours},
    Platform: {
        "id": _ours, "name": _ours, "operator": _ours, "jurisdiction": _ours, "state": _ours, "source": _ours,
        "as_of": _ours,
    },
    Search: {
        "url": _ours, "method": _ours, "form": _ours, "form_source": _ours, "encoding": _ours, "listed": _ours,
        "nonsense": _ours, "truisms": _ours, "controls": _ours, "canaries": _ours,
    },
    PostPage: {"url": _ours, "nonsense": _ours},
    Post: {
        "account": _gone("accounts of posts"), "twins": _gone("posts beside posts", ()),
        "nonsense": _gone("posts beside posts"),
    },
    Extract: {"kind": _ours, "expression": _ours, "attribute": _ours},
    Extraction: {"signs": _signs, "listed": _ours},
    Notice: {"text": _ours, "pattern": _ours, "first_seen": _ours, "last_seen": _ours, "source": _ours},
    Sign: {"kind": _ours, "value": _ours},
    Ask: {
        "name": _asked, "qtype": _ours, "resolver": _resolver, "address": _ours, "source_port": _port, "alpn": _ours,
        "sni": _asked, "host": _asked, "method": _ours, "url": _asked, "headers": _asked, "payload": _bytes,
        "hello": _ours,
    },
    Resolve: {**_STEP, "resolver": _resolver, "name": _asked, "qtype": _ours},
    Answer: {"addresses": _ours, "cnames": _written, "alpn": _written, "hints": _ours},
    Connect: {**_STEP, "address": _ours},
    Handshake: {**_STEP, "address": _ours, "sni": _asked, "version": _ours, "cipher": _ours, "alpn": _written},
    Certificate: {
        "sha256": _ours, "subject": _written, "issuer": _written, "names": _written, "not_before": _moment,
        "not_after": _moment,
    },
    Fetch: {**_STEP, "url": _asked, "protocol": _ours, "method": _ours, "host": _asked},
    Page: {
        "header_names": _written, "location": _written, "server": _written, "headers": _written, "title": _written,
        "body_sha256": _ours, "body": _gone("bodies of pages", None), "signs": _ours,
    },
    Listing: {"items": _gone("results of searches", ()), "notice": _written, "blocked_by": _written},
    Exchange: {**_STEP, "address": _ours, "received": _bytes, "protocol": _ours},
    Hop: {**_STEP, "address": _ours, "router": _ours, "received": _bytes, "source_port": _port},
}  # fmt: skip
"""By type, by field. `Vantage` is none of them: what may be told of the place is decided as a whole (`reducing`)."""
