"""The lab's resolvers over QUIC (RFC 9250): the same words as over TLS, on UDP port 853."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.asyncio.server import serve
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import QuicEvent, StreamDataReceived
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hushmap.lab.scenario_sites import Site
from hushmap.lab.services import encrypted
from hushmap.lab.services.encrypted import Inside
from hushmap.lab.services.pki import Authority

_NO_ERROR = 0


class _Asked(QuicConnectionProtocol):
    """One client's connection: each of its streams is a question."""

    def __init__(self, *given: Any, inside: Inside, site: Site, **named: Any) -> None:
        super().__init__(*given, **named)
        self._inside, self._site = inside, site
        self._seen: dict[int, bytes] = defaultdict(bytes)
        self._asker = ""

    def datagram_received(self, data: bytes | str, addr: Any) -> None:
        """Know who asks."""
        self._asker = str(addr[0])
        super().datagram_received(data, addr)

    def quic_event_received(self, event: QuicEvent) -> None:
        """Answer a question that is whole."""
        if not isinstance(event, StreamDataReceived):
            return
        self._seen[event.stream_id] += event.data
        if not event.end_stream:
            return
        if self._site.resolver == "error":
            self._quic.close(error_code=_NO_ERROR)
            self.transmit()
            return
        try:
            said = self._inside.message(self._site, self._seen.pop(event.stream_id)[2:], self._asker)
        except ValueError:  # no question
            said = b""
        if said is not None:
            self._quic.send_stream_data(event.stream_id, len(said).to_bytes(2, "big") + said, end_stream=True)
            self.transmit()


async def serve_doq(sites: Sequence[Site], authority: Authority, inside: Inside) -> list[Any]:
    """Listen at every resolver's addresses; ends with the process, or when what is returned is closed."""
    return [
        await serve(
            address,
            encrypted.PORT,
            configuration=_configuration(site, authority),
            create_protocol=partial(_Asked, inside=inside, site=site),
        )
        for site in sites
        if site.resolver != "none" and site.https != "refused"
        for address in sorted(site.every_address - set(site.dead))
    ]


def _configuration(site: Site, authority: Authority) -> QuicConfiguration:
    """The certificate of the site's other servers."""
    pem = Path(authority.pem(site.name, kind=site.https)).read_bytes()
    return QuicConfiguration(
        is_client=False,
        alpn_protocols=["doq"],
        certificate=x509.load_pem_x509_certificate(pem),
        private_key=load_pem_private_key(pem, password=None),
    )
