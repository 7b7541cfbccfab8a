"""What the lab's resolvers inside TLS say: over TLS (RFC 7858) and over HTTPS (RFC 8484), each as its site is set.

The web servers listen and show certificates (services/web.py); here is what is said once a connection stands. The
honest ones know the scenario's zone. Whatever the others do, to everyone or to this country, is their own affair.
"""

import asyncio
import struct

from hushmap.lab.scenario_sites import Site
from hushmap.lab.services.dns import Zone
from hushmap.wire import dns, http

PORT = 853
TARGET = "/dns-query"
_REFUSED = 5
_MEDIA = "application/dns-message"
_PAGE = b"<!doctype html><html><body>Nothing is resolved here.</body></html>\n"


class Inside:
    """The answers of every resolver inside TLS."""

    def __init__(self, zone: Zone, clients: frozenset[str]) -> None:
        """`clients` ask from here."""
        self._zone, self._clients = zone, clients

    def message(self, site: Site, query: bytes, asker: str) -> bytes | None:
        """The message that comes back; `None`: the question is not answered."""
        if site.resolver == "silent" or (site.resolver == "silent-here" and asker in self._clients):
            return None
        if site.resolver == "refuses" or (site.resolver == "refuses-here" and asker in self._clients):
            return dns.reply(query, (), rcode=_REFUSED)
        return _PAGE if site.resolver == "junk" else self._zone.answer(query, asker, isp=False)

    def over_https(self, site: Site, request: http.Request, asker: str) -> bytes | None:
        """The response to a posted question; `None`: none comes."""
        if site.resolver == "error":
            return http.response_bytes(404, [("Connection", "close")], _PAGE)
        try:
            message = self.message(site, request.body, asker)
        except ValueError:
            return http.response_bytes(400, [("Connection", "close")], _PAGE)
        headers = [("Content-Type", _MEDIA), ("Connection", "close")]
        return None if message is None else http.response_bytes(200, headers, message)

    async def over_tls(self, site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer what comes, message by message, until the client ends or there is nothing to say."""
        asker = writer.get_extra_info("peername")[0]
        try:
            while site.resolver != "error":
                (size,) = struct.unpack("!H", await reader.readexactly(2))
                message = self.message(site, await reader.readexactly(size), asker)
                if message is None:
                    await reader.read()
                    break
                writer.write(struct.pack("!H", len(message)) + message)
                await writer.drain()
        except (ValueError, OSError, asyncio.IncompleteReadError):  # the client has ended, or speaks no DNS
            pass
        finally:
            writer.close()
