"""One DNS question on its way in a pure lab: what counts as its answer is the measuring room's own (net.Lookup)."""

import asyncio

from hushmap.lab.pure.client import Client
from hushmap.model import Answer, Failure
from hushmap.net import Lookup
from hushmap.wire import dns


class Question:
    """Sent as often as is wished; listens until it is closed."""

    def __init__(self, client: Client, name: str, qtype: str, ident: int, resolver: str = "") -> None:
        self._client = client
        self.lookup = Lookup(client, name, qtype, resolver, dns.query(name, qtype, ident))
        self._port = client.listen(self._heard)
        self._waiter: asyncio.Future[None] | None = None

    @property
    def now(self) -> float:
        """The time."""
        return self._client.now()

    @property
    def answers(self) -> list[Answer]:
        """What came, in order."""
        answers: list[Answer] = self.lookup.answers
        return answers

    @property
    def failure(self) -> Failure | None:
        """What ICMP said."""
        failure: Failure | None = self.lookup.failure
        return failure

    def send(self, address: str, port: int) -> None:
        """Send it once more."""
        self.lookup.last_sent, self.lookup.sent = self.now, self.lookup.sent + 1
        self._client.say(self._port, address, port, self.lookup.message)

    def close(self) -> None:
        """Listen no more."""
        self._client.deafen(self._port)

    async def wait(self, until: float) -> None:
        """Until something comes, or until then."""
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        timer = loop.call_at(until, self._wake)
        try:
            await self._waiter
        finally:
            timer.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _heard(self, data: bytes | Failure, ttl: int) -> None:
        if isinstance(data, Failure):
            self.lookup.failure = data
        else:
            self.lookup.read(data, ttl)
        self._wake()
