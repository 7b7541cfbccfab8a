"""The `middlebox` experiment: do requests that are odd, and allowed, reach a server of ours as they were sent?

Our echo says back what it read. What differs was changed on the way, which a second time shows to be no accident;
what is cut off is put to pairs with a plain request. OONI asks the same of its own helpers (refs/OONI 1.1:
http_header_field_manipulation, http_invalid_request_line), and takes every failure for tampering; here a failure of
the line is none. Nothing is asked for that a server could take as leave to answer otherwise: no upgrade, no encoding.
"""

from collections.abc import Iterator

import msgspec

from hushmap.detect import Doubt, Reaction, altered, reaction, read_tests
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.pairing import Pairing
from hushmap.model import Ask, Layer, Oddity, Target, Trial
from hushmap.sampling import Decision

MAX_REPEATS = 3
"""Attempts that say nothing before one request is given up."""
ECHOED = 8192
"""Bytes of an answer that are read: the longest request here, in base64 and under a header, has less than 3,000."""
_LONG = 1024
"""Letters of a method that no program sends, and many parsers refuse (OONI's test has the same length)."""


class Middlebox(Conversation):
    """One kind of odd request."""

    experiment = "middlebox"

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        self._pairing = Pairing(self)
        self._asks = tuple(self._odd(Oddity(target.text)))

    def wanted(self) -> Iterator[Want]:
        """Each request once; again what came back altered, or said nothing; pairs for what was cut off."""
        for ask in self._asks:
            made = [trial for trial in self.counted if trial.ask == ask and trial.pair is None]
            cut = [trial for trial in made if self._says(trial) is Reaction.HIT]
            changed = [trial for trial in made if altered(trial)]
            told = [trial for trial in made if altered(trial) == ()]
            if cut and not told and not changed:
                if not self._decided(ask):
                    yield from self._pairing.wants(Doubt(changed="header", subject=ask))
            elif (len(changed) < 2 if changed else not told) and len(made) <= MAX_REPEATS:
                yield Want(ask=ask, role=self.role, round=len(made))

    def twin(self, subject: Ask, changed: str, number: int) -> Ask | None:  # noqa: ARG002  the base's signature
        """A plain request to the same port."""
        return msgspec.structs.replace(subject, payload=self._plain())

    def _says(self, trial: Trial) -> Reaction:
        return reaction(trial, self.conditions.knowledge, self.context)

    def _decided(self, ask: Ask) -> bool:
        tests = read_tests(self.counted, self.context, self.conditions.knowledge)
        return any(test.subject == ask and test.decision in {Decision.INTERFERED, Decision.CLEAN} for test in tests)

    def _odd(self, oddity: Oddity) -> Iterator[Ask]:
        """What is sent; nothing without an echo of ours."""
        known = self.conditions
        port = known.echo_http if oddity is Oddity.HEADERS else known.echo_tcp
        if known.helper_address is None or port is None or not known.baselines:
            return
        payloads = (self._headers(),) if oddity is Oddity.HEADERS else self._lines()
        for payload in payloads:
            yield Ask(layer=Layer.RAW, address=known.helper_address, port=port, payload=payload, most=ECHOED)

    @property
    def _host(self) -> str:
        return self.conditions.baselines[0].name

    def _plain(self) -> bytes:
        """What any program might send."""
        return f"GET / HTTP/1.1\r\nHost: {self._host}\r\nAccept: */*\r\nConnection: close\r\n\r\n".encode()

    def _headers(self) -> bytes:
        """Names are read in any case (RFC 9110 5.1), methods are not (9.1): a proxy that mends them shows itself."""
        lines = (
            "GeT /odd HTTP/1.1",
            f"hOsT: {self._host}",
            "aCCepT: */*",
            "uSEr-aGEnT: hushmap",
            "X-hUSHmAP-ODd: oNe  two",
            "CoNNectIOn: close",
        )
        return "\r\n".join((*lines, "", "")).encode()

    def _lines(self) -> tuple[bytes, ...]:
        """First lines that are none of HTTP, for an echo that speaks no HTTP either."""
        end = f"\r\nHost: {self._host}\r\n\r\n"
        starts = ("XQZJ / HTTP/1.1", "GET / HTTP/9.9", "GET / one two HTTP/1.1", "Q" * _LONG + " / HTTP/1.1")
        return tuple(f"{start}{end}".encode() for start in starts)
