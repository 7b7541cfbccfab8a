"""Acts on the ClientHello: its server name, its encrypted client hello; or leads the connection elsewhere."""

from typing import ClassVar

from hushmap.lab.censors import hello
from hushmap.lab.censors.flow import Flow
from hushmap.lab.censors.naming import Naming
from hushmap.lab.censors.parameters import Censor, fields, groups
from hushmap.lab.censors.rule import SETTLED, Answer, Listed, packed
from hushmap.lab.censors.splice import Splices
from hushmap.lab.censors.stream import Closing, Dropping, Found, Resetting, Trigger, Watch
from hushmap.lab.packet import TCP, Packet

ECH = frozenset({0xFE0D, 0xFFCE})
"""Extensions that hide the name: encrypted_client_hello, and ESNI of drafts before it (refs/BEYOND 2.8)."""


class Sni(Trigger):
    """A listed name in the ClientHello, over however many segments and records this censor puts together.

    `hellos`: own knowledge, unchecked, for filters that tell kinds of clients apart; what browsers and programs send
    differs in GREASE (RFC 8701).
    """

    ports: ClassVar = (443,)
    takes: ClassVar = fields("hellos", *Trigger.takes)

    def __init__(self, censor: Censor) -> None:
        self._naming = Naming(censor)
        self._anyone = not censor.names and not censor.words
        self._records = censor.reassembly == "records"
        self._hellos = censor.hellos

    def find(self, data: bytes, *, alone: bool) -> Found:
        """The name if it is listed; settled once the hello was read and is not."""
        seen = hello.handshake(data, records=self._records)
        if seen is None:
            return SETTLED
        message, more = seen
        said = hello.read(message)
        if said is None:
            return SETTLED
        if not (said.whole or alone) and more:
            return None
        return self.judge(said) if self._hellos in {"all", _kind(said)} else SETTLED

    def judge(self, said: hello.Hello) -> Found:
        """Whether a hello is to be acted on."""
        if said.name is None or self._naming.covers(said.name) is None:
            return SETTLED
        return said.name


def _kind(said: hello.Hello) -> str:
    """Whether the hello offers extensions that mean nothing."""
    grease = any(kind & 0x0F0F == 0x0A0A and kind >> 8 == kind & 0xFF for kind in said.extensions)
    return "grease" if grease else "plain"


class Ech(Sni):
    """An encrypted client hello; where names are given, only together with one of them in plain sight.

    Source: refs/BEYOND 2.8 (ESNI dropped in China since 2020; Russia since 2024-11 drops ECH only beside the outer
    name of one provider). Browsers send the extension as a decoy too (GREASE), and are hit as well.
    """

    needs = groups()

    def judge(self, said: hello.Hello) -> Found:
        """The outer name, or a dash, of a hello that hides another."""
        if not ECH & set(said.extensions):
            return SETTLED
        if self._anyone:
            return said.name or "-"
        return super().judge(said)


class SniReset(Resetting):
    """Resets to both ends of a connection whose hello names a listed host.

    Source: refs/BEYOND 2.6 (resets to client and server) and 2.7 (residual: client address, server address, server
    port; 180 s for TLS in the field, seconds in the lab).
    """

    kind = "sni-reset"
    mechanism = "tls.reset.sni"
    trigger = Sni


class SniDrop(Dropping):
    """Discards the ClientHello and all that follows. Source: refs/LAB 2 (SNI drop: time-out in the handshake)."""

    kind = "sni-drop"
    mechanism = "tls.timeout.sni"
    trigger = Sni


class SniClose(Closing):
    """Ends a connection by FIN after the hello. Source: refs/BEYOND 2.1 (FIN among terminating replies)."""

    kind = "sni-close"
    mechanism = "tls.close.sni"
    trigger = Sni


class Alerting(Closing):
    """A forged TLS alert, then the end. Source: METHOD 2 (`tls.alert`); own knowledge, unchecked, for its number."""

    takes = fields("alert")

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._alert = bytes((21, 3, 3, 0, 2, 2, censor.alert))  # RFC 8446 6: a fatal one

    def words(self) -> bytes:
        """The alert's record."""
        return self._alert


class SniAlert(Alerting):
    """Answers the hello with a fatal alert. Source: METHOD 2 (`tls.alert`); own knowledge, unchecked."""

    kind = "sni-alert"
    mechanism = "tls.alert.sni"
    trigger = Sni


class EchReset(Resetting):
    """Resets a connection that hides its name. Source: refs/BEYOND 2.8 (own arm beside the drop; field: drop)."""

    kind = "ech-reset"
    mechanism = "tls.reset.ech"
    trigger = Ech


class EchDrop(Dropping):
    """Silences a connection that hides its name. Source: refs/BEYOND 2.8 (drop; 120 to 180 s residual for ESNI)."""

    kind = "ech-drop"
    mechanism = "tls.timeout.ech"
    trigger = Ech


class EchClose(Closing):
    """Ends a connection that hides its name by FIN. Source: METHOD 2 (`tls.close`); refs/BEYOND 2.8."""

    kind = "ech-close"
    mechanism = "tls.close.ech"
    trigger = Ech


class EchAlert(Alerting):
    """Answers a hello that hides its name with an alert. Source: METHOD 2 (`tls.alert`); refs/BEYOND 2.8."""

    kind = "ech-alert"
    mechanism = "tls.alert.ech"
    trigger = Ech


class TlsMitm(Listed):
    """Leads a connection whose hello names a listed host to another server, which shows its own certificate.

    Source: METHOD 2 (`tls.mitm.untrusted`, `tls.mitm.trusted`); refs/LAB 2 (MITM by NAT in the path: the certificate
    is refused, the control passes). By name, so that another name at the same address still meets the true server.
    The service at `to` must show a certificate for the name of the hello, of a root that the client trusts or not.
    """

    kind = "tls-mitm"
    mechanism = "tls.mitm.untrusted"
    takes = fields("to", "trusted", *Sni.takes, *Watch.takes)
    needs = groups(*Sni.needs, fields("to"))
    in_path = True

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._watch = Watch(Sni(censor), censor)
        self._splices = Splices({len(address): address for address in packed(censor.to)})

    @classmethod
    def named(cls, censor: Censor) -> str:
        """The mechanism, by whose root the service has."""
        return "tls.mitm.trusted" if censor.trusted else cls.mechanism

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Translate what was led elsewhere; else look at the hello."""
        if packet.protocol != TCP:
            return SETTLED
        led = self._splices.led(packet, flow, now)
        if led is not None:
            return led
        self._splices.note(packet, flow)
        found = self._watch.look(packet, flow)
        return self._splices.lead(self.sighting(found), packet, flow, now) if isinstance(found, str) else found
