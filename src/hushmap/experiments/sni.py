"""The `sni` experiment: is a name in a ClientHello enough to have a handshake cut?

The handshake goes to the helper's echo port, which answers for any name, so that neither the site nor its address is
part of the question; without a helper, to the site's own address. refs/OONI 1.1 (sni_blocking) asks a third party.
"""

from collections.abc import Iterator

from hushmap.experiments.conversation import Want
from hushmap.experiments.sending import Sending
from hushmap.model import SYSTEM_RESOLVER, Ask, Layer
from hushmap.wire import names


class Sni(Sending):
    """One name in one ClientHello."""

    experiment = "sni"

    def before(self) -> Iterator[Want]:
        """Without an address of ours, the site's own has to be looked up."""
        if self.conditions.echo_tls is None:
            name = names.ascii_name(self.target.text)
            yield Want(ask=Ask(layer=Layer.DNS, name=name, qtype="A", resolver=SYSTEM_RESOLVER), role=self.role)

    def subject(self) -> tuple[Ask, str] | None:
        """The handshake, once it is known where it goes."""
        name = names.ascii_name(self.target.text)
        address, port = self.conditions.helper_address, self.conditions.echo_tls
        if address is None or port is None:
            lookups = [step for trial in self.counted for step in trial.resolves if step.addresses]
            if not lookups:
                return None
            address, port = lookups[0].addresses[0], 443
        return Ask(layer=Layer.TLS, address=address, port=port, sni=name, verify=False), "sni"
