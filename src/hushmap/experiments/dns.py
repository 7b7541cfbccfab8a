"""The `dns` experiment: does each resolver tell the truth about a name?

Every resolver is asked, an address of ours that runs no resolver is asked too, and each answer is put to the only
test that settles it: does a handshake there show a certificate valid for the name (METHOD 4)? Failures and impossible
answers are put to pairs with a baseline name at the same resolver.
"""

from collections.abc import Iterator

from hushmap.detect import Doubt, Leg, doubts
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.web import Web
from hushmap.model import Ask, Layer, Target
from hushmap.wire import url


class Dns(Web):
    """The lookups of a page load, with handshakes in place of pages."""

    experiment = "dns"
    thorough = True

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(Target(experiment="dns", text=f"https://{target.text}/"), conditions, first_id)
        self.target = target

    def visit(self, page: url.Url, address: str) -> Ask:
        """A handshake naming the host, with a certificate that must hold."""
        return Ask(layer=Layer.TLS, address=address, port=page.port, sni=page.host)

    def questions(self, leg: Leg) -> Iterator[Doubt]:
        """Only those about lookups."""
        return (doubt for doubt in doubts(leg) if doubt.subject.layer is Layer.DNS)
