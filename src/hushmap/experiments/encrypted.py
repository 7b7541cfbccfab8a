"""The `encrypted_dns` experiment: can a resolver be asked inside TLS from here, and does it answer?

The survey is that of a page (survey.py) with handshakes in place of pages: look the resolver's name up, shake hands
with it at its own port. Where its certificate holds it is asked for a harmless name, here and by the helper. Whatever
fails before is put to the same pairs as for a site: another name at the same address, also toward an echo of ours.
Whoever cannot be connected to at a port of their own is asked for at the web's, too: then the port is to blame, and
not IPv6 of this line.
"""

from collections.abc import Iterator

from hushmap.detect import Leg, Talk, question_open
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Want
from hushmap.experiments.sending import MAX_REPEATS
from hushmap.experiments.web import Web
from hushmap.model import Ask, Attempt, Failure, Layer, Side, Target, Transport, Trial, is_address, is_public
from hushmap.wire import resolver, url

ALPN = {"tls": ("dot",), "https": ("h2", "http/1.1"), "quic": ("doq",)}
"""What a client of each protocol offers (IANA's ALPN registry; RFC 9250 section 4.1.1)."""
_WEB_PORT = 443


class EncryptedDns(Web):
    """One resolver, by the name that its certificate must have."""

    experiment = "encrypted_dns"

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        server = resolver.parse(target.text)
        if not server.encrypted or server.address or is_address(server.host):
            raise ValueError(f"{target.text!a:.120} is no resolver by name that is asked inside TLS")
        page = f"https://{server.host}:{server.port}/"
        super().__init__(Target(experiment=self.experiment, text=page), conditions, first_id)
        self.target = target
        self._server = server

    def visit(self, page: url.Url, address: str) -> Ask:  # noqa: ARG002  the base's signature
        """A handshake naming the resolver, with a certificate that must hold."""
        server = self._server
        transport = Transport.QUIC if server.transport == "quic" else Transport.TCP
        return Ask(
            layer=Layer.TLS,
            address=address,
            port=server.port,
            sni=server.host,
            transport=transport,
            alpn=ALPN[server.transport],
        )

    def _legs(self) -> list[Leg]:
        """The one host; a resolver redirects nobody."""
        return [self._talk]

    @property
    def _talk(self) -> Talk:
        return Talk(self.record(), self.conditions.knowledge)

    def _survey(self, leg: Leg) -> Iterator[Want]:
        yield from super()._survey(leg)
        for address in leg.addresses:
            trial = leg.last(address)
            if trial is None:
                continue
            if trial.failed is None:
                yield from self._questions(leg, trial)
            elif self._perhaps_the_port(trial):
                ask = Ask(layer=Layer.TCP, address=address, port=_WEB_PORT, host=self._server.host)
                yield Want(ask=ask, role=self.role, changed="port", causes=(trial.id,))

    def _perhaps_the_port(self, trial: Trial) -> bool:
        """Whether an address may be at home at the web's port though the resolver's is silent.

        Over QUIC that tells the port from QUIC or the name no better; but over IPv6 it shows that the line has IPv6.
        """
        if self._server.port == _WEB_PORT:
            return False
        if trial.ask.transport is Transport.QUIC:
            silent = trial.failed is not None and trial.failed.failure is Failure.TIMEOUT
            return silent and ":" in (trial.ask.address or "")
        return _unconnected(trial)

    def _questions(self, leg: Leg, trial: Trial) -> Iterator[Want]:
        """A harmless question at an address where the certificate held; again, if it was cut off.

        Where no question so much as connects, the handshake is asked for again: a forged refusal may have been lost.
        """
        address = trial.ask.address
        if not self.conditions.baselines or address is None:
            return
        ask = Ask(
            layer=Layer.DNS,
            name=self.conditions.baselines[0].name,
            resolver=self._server.at(address).text,
        )
        made = [trial for trial in self.counted if trial.ask == ask and trial.side is Side.HERE]
        for number in range(min(len(made), MAX_REPEATS) + 1):
            if all(map(question_open, made[:number])):
                yield Want(ask=ask, role=self.role, round=number, causes=(trial.id,))
        if self.conditions.helper and is_public(address):
            yield Want(ask=ask, role=self.role, side=Side.HELPER, causes=(trial.id,))
        if len(made) > MAX_REPEATS and all(map(_unconnected, made)) and trial.t0 < made[-1].t0:
            causes = tuple(each.id for each in made)
            yield Want(ask=trial.ask, role=self.role, round=len(leg.attempts(address)), causes=causes)

    def _contact(self, attempt: Want | Attempt) -> str | None:
        """A question shows the resolver's name, not the one that is asked for."""
        if attempt.side is Side.HERE and (attempt.ask.resolver or "").startswith(self._server.transport + "://"):
            return self._server.host
        return super()._contact(attempt)


def _unconnected(trial: Trial) -> bool:
    return trial.connect is not None and trial.connect.failure is not None
